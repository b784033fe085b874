"""Opening the next generation of a contract."""

from django.urls import reverse

from cls_portal.core.permissions import require
from cls_portal.core.submissions import first_result
from cls_portal.core.views import CreateBase
from contracts.forms.renewal import RenewalForm
from contracts.models import Contract
from contracts.permissions import can_edit_contract, can_renew_contract
from contracts.services import renew_contract
from contracts.views.base import SettingsMixin


class ContractRenew(SettingsMixin, CreateBase):
    model = Contract
    form_class = RenewalForm
    template_name = "contracts/renew.html"
    permission = can_edit_contract
    title = "Ouvrir la génération suivante"
    submit = "Ouvrir le nouveau contrat"
    success_message = "Le nouveau contrat est ouvert, en élaboration. Dites maintenant ce que devient chaque fiche."

    def dispatch(self, request, *args, **kwargs):
        """The second click of the same form finds the contract renewed: it is led to what the first one opened."""
        if request.method != "POST" or not first_result(request):
            require(can_renew_contract(request.user, self.contract))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        following = Contract(territory=self.contract.territory, generation=self.contract.generation + 1)
        return super().get_form_kwargs() | {"contract": self.contract, "instance": following}

    def get_cancel_url(self) -> str:
        return self.url("settings")

    def get_success_url(self) -> str:
        return reverse("actions:renewal", args=[self.object.slug])

    def save(self, form: RenewalForm) -> Contract:
        data = form.cleaned_data
        return renew_contract(
            contract=self.contract,
            user=self.request.user,
            axes=form.axes_said,
            bodies=data.get("bodies", ()),
            **{name: data[name] for name in (*form.Meta.fields, "perimeter", "signatories", "objectives")},
        )
