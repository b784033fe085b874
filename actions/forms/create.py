"""What is needed to open a fiche: only its title is compulsory."""

from django import forms

from actions.forms.choices import PickField
from cls_portal.core.forms import PortalForm
from contracts.models import Contract, Organisation


class ActionCreateForm(PortalForm):
    title = forms.CharField(label="Intitulé", max_length=300, help_text="Il commence le plus souvent par un verbe.")
    code = forms.CharField(label="Numéro", max_length=20, required=False, help_text="Libre\u00a0: 2.1.3, A, FA 12…")
    axis = PickField(label="Axe", required=False)
    pilot = PickField(label="Structure pilote", required=False, help_text="Elle pourra être précisée ensuite.")

    def __init__(self, data=None, *, contract: Contract, axis: str = ""):
        super().__init__(data, initial={"axis": axis})
        self.fields["axis"].label = contract.axis_label.capitalize()
        self.fields["axis"].among(contract.axes.all(), empty=contract.without_axis)
        self.fields["pilot"].among(Organisation.objects.filter(territory=contract.territory_id))
