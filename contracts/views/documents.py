"""The files of a contract: listed, uploaded, sent as attachments to those who may read the contract."""

from urllib.parse import quote

from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cls_portal.core.uploads import plain_file_name
from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import DocumentFilterForm, DocumentForm, UploadForm
from contracts.models import Document
from contracts.services import add_document, update_document
from contracts.services.production import jobs_shown
from contracts.views.base import ContractMixin, EditMixin, get_contract, within

SECTION = ("Documents", "documents")


class DocumentPageMixin(EditMixin):
    """« Documents » is a tab of its own, not a part of « Paramètres »."""

    section = SECTION

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [(SECTION[0], self.url(SECTION[1]))]


class DocumentList(ContractMixin, ListBase):
    model = Document
    template_name = "contracts/documents.html"
    title = "Documents"

    def get_queryset(self):
        self.filter_form = DocumentFilterForm(self.request.GET)
        self.filter_form.is_valid()
        wanted = self.filter_form.cleaned_data
        found = super().get_queryset().select_related("uploaded_by")
        for word in wanted.get("q", "").split():
            found = found.filter(Q(title__contains_folded=word) | Q(original_name__contains_folded=word))
        return found.filter(kind=wanted["nature"]) if wanted.get("nature") else found

    def get_context_data(self, **kwargs) -> dict:
        jobs = jobs_shown(self.contract, self.request.user)[:20]
        is_filtered = any(self.filter_form.cleaned_data.values())
        return super().get_context_data(filter_form=self.filter_form, is_filtered=is_filtered, jobs=jobs, **kwargs)


class DocumentCreate(DocumentPageMixin, CreateBase):
    model = Document
    form_class = UploadForm
    title = "Déposer un document"
    submit = "Déposer"
    success_message = "Le document est déposé."

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        return {name: value for name, value in kwargs.items() if name != "instance"}

    def save(self, form) -> Document:
        return add_document(contract=self.contract, user=self.request.user, **form.cleaned_data)


class DocumentEdit(DocumentPageMixin, UpdateBase):
    model = Document
    form_class = DocumentForm
    slug_field = slug_url_kwarg = "public_id"
    success_message = "Le document est enregistré."

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"contract": self.contract}

    def get_title(self) -> str:
        return f"Modifier le document {self.object}"

    def save(self, form) -> Document:
        return update_document(document=form.instance, user=self.request.user)


class DocumentDelete(DocumentPageMixin, DeleteBase):
    """The file stays on the disk: the deletion can be undone."""

    model = Document
    slug_field = slug_url_kwarg = "public_id"


@require_safe
def document(request, slug: str, public_id):
    """Always an attachment, in a sandbox: a browser never shows it inside the portal, whatever it holds."""
    contract = get_contract(request, slug)
    kept = get_object_or_404(within(contract, Document.objects.visible_to(request.user)), public_id=public_id)
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier de ce document n’est plus sur le serveur.") from error
    response = FileResponse(content, content_type=kept.content_type)
    plain = plain_file_name(kept.original_name)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept.original_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
