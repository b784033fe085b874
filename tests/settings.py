"""The site's settings with a fast password hasher, mails in memory and throw-away folders for files."""

import os
import tempfile
from pathlib import Path

os.environ["DEBUG"] = "1"

from cls_portal.settings import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
_FOLDER = Path(tempfile.mkdtemp(prefix="portail-cls-tests-"))
MEDIA_ROOT, STATIC_ROOT, MAIL_FOLDER = _FOLDER / "media", _FOLDER / "static", _FOLDER / "mails"
STATIC_ROOT.mkdir()  # whitenoise warns when it is missing
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": TASK_QUEUES}}  # noqa: F405
if "postgresql" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # Two runs at the same moment on one server never meet: each has databases of its own, removed at its end.
    DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_portail_cls_{os.getpid()}"  # noqa: F405
elif not os.environ.get("CI"):
    # A developer's run makes the tables from the models, ten times faster; CI and PostgreSQL play the migrations.
    DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False  # noqa: F405
