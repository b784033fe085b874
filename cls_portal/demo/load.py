"""Loading the demonstration, whole or not at all."""

from datetime import date
from random import Random

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.demo.accounts import ACCOUNTS
from cls_portal.demo.chartres import tell_chartres
from cls_portal.demo.diary import Diary
from cls_portal.demo.mayenne import tell_mayenne
from cls_portal.demo.people import create_people, give_ars_roles
from cls_portal.demo.stage import Stage
from cls_portal.demo.stages import tell_stages
from cls_portal.demo.towns import CHAMPIGNY, PANTIN, tell_town
from contracts.models import Contract


def is_empty() -> bool:
    return not (User.objects.exists() or Contract.objects.exists())


def is_loaded() -> bool:
    return User.objects.filter(email=ACCOUNTS[0].email).exists()


@transaction.atomic
def load(last_day: date) -> None:
    """The same story every time, drawn from fixed seeds; nothing happens after `last_day`."""
    diary, users = Diary(last_day), create_people()
    chartres = Stage(rng=Random("chartres"), users=users, coordinator=users["chartres"])  # noqa: S311 — a story
    mayenne = Stage(rng=Random("mayenne"), users=users, coordinator=users["mayenne"])  # noqa: S311 — a story
    diary.on(date(2019, 9, 2), give_ars_roles, stage=chartres)
    tell_chartres(diary=diary, stage=chartres)
    tell_mayenne(diary=diary, stage=mayenne)
    for town in (PANTIN, CHAMPIGNY):
        stage = Stage(rng=Random(town.folder), users=users, coordinator=users["towns"])  # noqa: S311 — a story
        tell_town(diary=diary, stage=stage, town=town)
    tell_stages(diary=diary, users=users)
    diary.play()
