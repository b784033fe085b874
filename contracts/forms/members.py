"""Inviting a person, changing their role."""

from django import forms

from cls_portal.accounts.models import User
from cls_portal.core.forms import PortalFormMixin
from contracts.enums import Role
from contracts.models import Contract, Organisation
from contracts.models.membership import PILOT_NEEDS_ORGANISATION

ROLE_CHOICES = [
    (Role.COORDINATOR.value, "Coordination\u00a0: modifie le contrat et son plan, invite des personnes"),
    (Role.PILOT.value, "Pilotage\u00a0: donne des nouvelles des fiches que sa structure pilote, lit le reste"),
    (Role.READER.value, "Lecture\u00a0: lit tout le contrat, ne modifie rien"),
]


class RoleForm(PortalFormMixin, forms.Form):
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect, choices=ROLE_CHOICES)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Structure",
        required=False,
        empty_label="Aucune",
        help_text="Nécessaire pour un pilotage\u00a0: celle dont la personne pilote les fiches.",
    )

    def __init__(self, *args, contract: Contract, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(territory=contract.territory_id)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("role") == Role.PILOT and cleaned.get("organisation", self) is None:
            self.add_error("organisation", PILOT_NEEDS_ORGANISATION)
        return cleaned


class InvitationForm(RoleForm):
    email = User._meta.get_field("email").formfield()
    first_name = User._meta.get_field("first_name").formfield(required=True)
    last_name = User._meta.get_field("last_name").formfield(required=True)
    job_title = User._meta.get_field("job_title").formfield()

    field_order = ["email", "first_name", "last_name", "job_title", "role", "organisation"]
