"""The terms that the contract adds to the reference lists."""

from django.http import Http404

from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.enums import TermKind
from contracts.forms.contract import TermForm
from contracts.models import ReferenceTerm
from contracts.services import create_term, update_term
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin

SECTION = ("Listes de référence", "terms")


class TermList(SettingsMixin, ListBase):
    """Every list, its common terms and the contract's own."""

    model = ReferenceTerm
    template_name = "contracts/terms.html"
    title = "Listes de référence"
    paginate_by = None

    def get_queryset(self):
        return ReferenceTerm.objects.available_in(self.contract)

    def get_context_data(self, **kwargs) -> dict:
        terms = list(self.object_list)
        lists = [
            {
                "kind": kind,
                "common": [term for term in terms if term.kind == kind and not term.contract_id],
                "own": [term for term in terms if term.kind == kind and term.contract_id],
            }
            for kind in TermKind
        ]
        return super().get_context_data(lists=lists, **kwargs)


class TermCreate(EditFormMixin, CreateBase):
    """In the list of the address."""

    model = ReferenceTerm
    form_class = TermForm
    section = SECTION
    success_message = "Le terme est ajouté à la liste."

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in TermKind:
            raise Http404
        self.kind = TermKind(kwargs["kind"])

    def get_title(self) -> str:
        return f"Ajouter à la liste\u00a0: {self.kind.label}"

    def save(self, form) -> ReferenceTerm:
        return create_term(
            contract=self.contract, user=self.request.user, kind=self.kind, label=form.cleaned_data["label"]
        )


class TermEdit(EditFormMixin, UpdateBase):
    model = ReferenceTerm
    form_class = TermForm
    section = SECTION
    success_message = "Le terme est enregistré, partout où il sert."

    def get_title(self) -> str:
        return f"Modifier le terme {self.object}"

    def save(self, form) -> ReferenceTerm:
        return update_term(term=form.instance, user=self.request.user)


class TermDelete(EditMixin, DeleteBase):
    model = ReferenceTerm
    section = SECTION
