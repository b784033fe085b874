"""One organisation: all its parts in the contract, on one screen."""

from actions.organisation import OrganisationParts
from cls_portal.core.views import DetailBase
from contracts.models import Organisation
from contracts.permissions import can_manage_members
from contracts.views.base import SettingsMixin
from contracts.views.organisations import SECTION


class OrganisationDetail(SettingsMixin, DetailBase):
    model = Organisation
    template_name = "actions/organisation/detail.html"
    context_object_name = "organisation"
    section = SECTION

    def get_context_data(self, **kwargs) -> dict:
        mine = self.object
        members = mine.memberships.filter(contract=self.contract).select_related("user")
        return super().get_context_data(
            parts=OrganisationParts(mine, self.contract, self.request.user),
            members=members if can_manage_members(self.request.user, self.contract) else None,
            contacts=mine.contacts.all(),
            **kwargs,
        )
