"""The queue of the background tasks as in production, in the database, worked off when the test says so."""

import pytest
from django_tasks_db.models import DBTaskResult

from cls_portal.settings import TASK_QUEUES

DATABASE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": TASK_QUEUES}}


@pytest.fixture
def queue(settings, db):
    """`work()` runs what is queued, as if the time of each had come."""
    settings.TASKS = DATABASE_QUEUE
    return work


def work() -> int:
    """One pass: what a task queues in turn waits for the next one. Answers how many tasks ran."""
    queued = list(DBTaskResult.objects.order_by("enqueued_at"))
    DBTaskResult.objects.all().delete()
    for row in queued:
        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    return len(queued)
