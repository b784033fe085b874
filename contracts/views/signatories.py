"""The signatories of a contract and what they commit to."""

from django.views.decorators.http import require_POST

from cls_portal.core.models import Deletion
from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import SignatoryForm
from contracts.models import Signatory
from contracts.services import create_signatory, delete_signatory, move_signatory, update_signatory
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin, move_and_return

SECTION = ("Signataires et engagements", "signatories")


class SignatoryList(SettingsMixin, ListBase):
    """In full, for all who are in the scope; the coordination finds its deeds beside each signatory."""

    model = Signatory
    template_name = "contracts/signatories.html"
    title = "Signataires et engagements"

    def get_queryset(self):
        return super().get_queryset().select_related("organisation", "representative", "amendment")


class SignatoryCreate(EditFormMixin, CreateBase):
    model = Signatory
    form_class = SignatoryForm
    section = SECTION
    title = "Ajouter un signataire"
    success_message = "Le signataire est ajouté."

    def save(self, form) -> Signatory:
        return create_signatory(contract=self.contract, user=self.request.user, **form.cleaned_data)


class SignatoryEdit(EditFormMixin, UpdateBase):
    model = Signatory
    form_class = SignatoryForm
    section = SECTION
    success_message = "Le signataire est enregistré."

    def get_title(self) -> str:
        return f"Modifier le signataire {self.object}"

    def save(self, form) -> Signatory:
        return update_signatory(signatory=form.instance, user=self.request.user)


class SignatoryDelete(EditMixin, DeleteBase):
    model = Signatory
    section = SECTION

    def delete_object(self) -> Deletion:
        return delete_signatory(signatory=self.object, user=self.request.user)


@require_POST
def signatory_move(request, slug: str, pk: int):
    return move_and_return(request, slug, pk, model=Signatory, mover=move_signatory, back="contracts:signatories")
