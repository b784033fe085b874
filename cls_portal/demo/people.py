"""The accounts, and the roles that each holds."""

from django.utils import timezone

from cls_portal.accounts.models import User
from cls_portal.core.history import save_as
from cls_portal.demo.accounts import ACCOUNTS
from cls_portal.demo.diary import as_of
from cls_portal.demo.stage import Stage
from contracts.enums import Role
from contracts.models import Department, Membership, Region


def create_people() -> dict[str, User]:
    """By key; each has existed, and come, since its day, before which nobody else may speak in its name."""
    users = {}
    for account in ACCOUNTS:
        create = User.objects.create_superuser if account.key == "administrator" else User.objects.create_user
        with as_of(account.since):
            users[account.key] = create(
                account.email,
                account.password,
                first_name=account.first_name,
                last_name=account.last_name,
                job_title=account.job_title,
                last_login=timezone.now(),
            )
    return users


def give_role(*, stage: Stage, key: str, role: str, **scope) -> None:
    save_as(Membership(user=stage.users[key], role=role, **scope), user=stage.users["administrator"])


def give_coordination(*, stage: Stage, key: str) -> None:
    """On the territory: the same person goes on from one contract to the next."""
    give_role(stage=stage, key=key, role=Role.COORDINATOR, territory=stage.territory)


def give_ars_roles(*, stage: Stage) -> None:
    give_role(stage=stage, key="department", role=Role.ARS_REFERENT, department=Department.objects.get(pk="28"))
    give_role(stage=stage, key="region", role=Role.ARS_REFERENT, region=Region.objects.get(pk="24"))
    give_role(stage=stage, key="national", role=Role.NATIONAL_READER)


def give_local_roles(*, stage: Stage) -> None:
    organisation = stage.organisations["tournesol"]
    give_role(stage=stage, key="pilot", role=Role.PILOT, contract=stage.contract, organisation=organisation)
    give_role(stage=stage, key="reader", role=Role.READER, contract=stage.contract)
