"""Deleting a contract."""

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.models import Deletion
from contracts.models import Contract, Meeting
from contracts.services.meetings import cancel_awaited


@transaction.atomic
def delete_contract(*, contract: Contract, user: User | None) -> Deletion:
    """With its fiches, its parts and the roles held on it; files stay on the disk, structures in the territory.

    Those convened to its meetings learn first that they are not awaited.
    """
    cancel_awaited(Meeting.objects.filter(body__contract=contract), user=user)
    return delete_with_way_back(contract, user=user, root=contract.territory.trash)
