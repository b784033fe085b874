"""The avenants of a contract."""

from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import AmendmentForm
from contracts.models import Amendment
from contracts.services import create_amendment, delete_amendment, next_number, update_amendment
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin

SECTION = ("Avenants", "amendments")
RULE = (
    "Un avenant qui donne une nouvelle date de fin proroge le contrat\u00a0: sa fin est celle du dernier avenant "
    "signé, et un contrat en vigueur devient prorogé. Sans date de signature, l’avenant est en préparation."
)


class AmendmentList(SettingsMixin, ListBase):
    model = Amendment
    template_name = "contracts/amendments.html"
    title = "Avenants"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(rule=RULE, **kwargs)


class AmendmentCreate(EditFormMixin, CreateBase):
    model = Amendment
    form_class = AmendmentForm
    section = SECTION
    title = "Ajouter un avenant"
    intro = RULE
    success_message = "L’avenant est ajouté."

    def get_initial(self) -> dict:
        return {"number": next_number(self.contract)}

    def save(self, form) -> Amendment:
        return create_amendment(contract=self.contract, user=self.request.user, **form.cleaned_data)


class AmendmentEdit(EditFormMixin, UpdateBase):
    model = Amendment
    form_class = AmendmentForm
    section = SECTION
    intro = RULE
    success_message = "L’avenant est enregistré."

    def get_title(self) -> str:
        return f"Modifier\u00a0: {self.object}"

    def save(self, form) -> Amendment:
        return update_amendment(amendment=form.instance, user=self.request.user)


class AmendmentDelete(EditMixin, DeleteBase):
    model = Amendment
    section = SECTION

    def delete_object(self):
        return delete_amendment(amendment=self.object, user=self.request.user)
