"""The workbook comes in: sending it, choosing sheets and columns, seeing what would change, confirming."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions.permissions import can_edit_plan
from actions.services.import_references import ImportRefusedError
from actions.services.importing import StalePreviewError, confirm_import
from actions.views.base import plan_crumb
from actions.workbook.fields import BY_KEY, IDENTIFIER
from actions.workbook.forms import ColumnsForm, ConfirmForm, SheetsForm, UploadForm
from actions.workbook.preview import (
    Choices,
    Preview,
    build_preview,
    default_choices,
    guess_columns,
    guess_headers,
    used_columns,
)
from actions.workbook.screens import LISTS, glimpse, new_things, parts_sentence, sentence_of, summary_of
from cls_portal.core.imports.annotate import annotate
from cls_portal.core.imports.drafts import read_draft, start_draft
from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.models import ImportDraft
from cls_portal.core.permissions import require
from contracts.models import Contract, Document
from contracts.services import trash_of
from contracts.views.base import get_contract

PER_PAGE = 50
STEPS = ["Classeur", "Feuilles", "Colonnes", "Aperçu"]
PAGES = [
    "actions/import/upload.html",
    "actions/import/sheets.html",
    "actions/import/columns.html",
    "actions/import/preview.html",
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _contract(request: HttpRequest, slug: str) -> Contract:
    contract = get_contract(request, slug)
    require(can_edit_plan(request.user, contract))
    return contract


def _draft(request: HttpRequest, slug: str, public_id) -> tuple[Contract, ImportDraft]:
    contract = _contract(request, slug)
    drafts = ImportDraft.objects.visible_to(request.user).filter(root=trash_of(contract.pk))
    return contract, get_object_or_404(drafts, public_id=public_id)


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _show(request: HttpRequest, contract: Contract, step: int, **context) -> HttpResponse:
    form = context.get("form")
    return render(
        request,
        PAGES[step],
        {
            "contract": contract,
            "crumbs": [plan_crumb(contract), ("Reprendre un classeur", "")],
            "steps": list(enumerate(STEPS, start=1)),
            "step": step + 1,
            **context,
        },
        status=422 if form is not None and form.is_bound and form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    contract = _contract(request, slug)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            draft = start_draft(upload=form.cleaned_data["file"], root=trash_of(contract.pk), user=request.user)
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            return redirect("actions:import_sheet", contract.slug, draft.public_id)
    return _show(request, contract, 0, form=form)


@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    contract, draft = _draft(request, slug, public_id)
    if draft.done_at:
        return redirect("actions:import_preview", contract.slug, draft.public_id)
    workbook = read_draft(draft)
    choices = Choices.from_json(draft.choices) if draft.choices else default_choices(workbook)
    form = SheetsForm(_sent(request), workbook=workbook, choices=choices, guesses=guess_headers(workbook))
    if form.is_bound and form.is_valid():
        found = form.headers()
        if found != choices.sheets or not choices.mapping:
            choices = Choices(sheets=found)
            choices.mapping = guess_columns(workbook, choices, contract)
            choices.erase = IDENTIFIER in choices.mapping.values() or not found
        choices.parts = form.parts()
        draft.choices = choices.to_json()
        draft.save(update_fields=["choices"])
        following = "columns" if found else "preview"
        return redirect(f"actions:import_{following}", contract.slug, draft.public_id)
    rows = [glimpse(form, *row) for row in form.rows]
    return _show(request, contract, 1, form=form, draft=draft, sheets=rows)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    contract, draft = _draft(request, slug, public_id)
    if draft.done_at or not draft.choices.get("sheets"):
        return redirect("actions:import_sheet", contract.slug, draft.public_id)
    workbook, choices = read_draft(draft), Choices.from_json(draft.choices)
    used = used_columns(workbook, choices)
    initial = {"erase": choices.erase}
    form = ColumnsForm(_sent(request), columns=used, mapping=choices.mapping, initial=initial)
    if form.is_bound and form.is_valid():
        choices.mapping, choices.erase = form.mapping(), form.cleaned_data["erase"]
        draft.choices = choices.to_json()
        draft.save(update_fields=["choices"])
        return redirect("actions:import_preview", contract.slug, draft.public_id)
    rows = [(column, form[f"to{number}"], _why(choices, column)) for number, column in enumerate(used)]
    return _show(request, contract, 2, form=form, draft=draft, columns=rows)


def _why(choices: Choices, column) -> str:
    chosen = BY_KEY.get(choices.mapping.get(column.heading.key, ""))
    return chosen.why_ignored if chosen else ""


def _preview(contract: Contract, draft: ImportDraft) -> Preview:
    return build_preview(read_draft(draft), Choices.from_json(draft.choices), contract, draft.name)


@require_GET
def preview(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    contract, draft = _draft(request, slug, public_id)
    if draft.done_at:
        return _result(request, contract, draft)
    if not Choices.from_json(draft.choices).is_ready:
        return redirect("actions:import_sheet", contract.slug, draft.public_id)
    return _show_preview(request, contract, draft)


def _show_preview(request: HttpRequest, contract: Contract, draft: ImportDraft, error: str = "") -> HttpResponse:
    found = _preview(contract, draft)
    shown = request.GET.get("voir", "")
    shown = shown if shown in LISTS else ("problemes" if found.problems else "reprises")
    page = Paginator(LISTS[shown].rows(found), PER_PAGE).get_page(request.GET.get("page"))
    return _show(
        request,
        contract,
        3,
        draft=draft,
        preview=found,
        error=error,
        lists=summary_of(found),
        shown=shown,
        page_obj=page,
        sentence=sentence_of(found),
        parts_sentence=parts_sentence(found),
        new_things=new_things(found),
        accepted=len(found.changing()),
        ways={"all": ConfirmForm.ALL, "sound": ConfirmForm.SOUND},
    )


@require_POST
def confirm(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    contract, draft = _draft(request, slug, public_id)
    form = ConfirmForm(request.POST)
    if not Choices.from_json(draft.choices).is_ready:
        return redirect("actions:import_sheet", contract.slug, draft.public_id)
    if not form.is_valid():
        return _show_preview(
            request, contract, draft, "Dites ce qui est à reprendre, avec l’un des boutons de la page."
        )
    only_sound = form.cleaned_data["mode"] == ConfirmForm.SOUND
    seen = form.cleaned_data["seen"]
    try:
        confirm_import(draft=draft, contract=contract, user=request.user, seen=seen, only_sound=only_sound)
    except StalePreviewError:
        text = (
            "Le plan a changé depuis l’aperçu. Rien n’est repris\u00a0: vérifiez l’aperçu, mis à jour, puis confirmez."
        )
        return _show_preview(request, contract, draft, text)
    except ImportRefusedError as error:
        return _show_preview(request, contract, draft, str(error))
    messages.success(request, "Le classeur est repris dans le plan d’actions.")
    return redirect("actions:import_preview", contract.slug, draft.public_id)


def _result(request: HttpRequest, contract: Contract, draft: ImportDraft) -> HttpResponse:
    result = draft.result
    actions = contract.actions.filter(pk__in=[*result["created"], *result["changed"]]).in_plan_order()
    page = Paginator(actions.select_related("axis"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "actions/import/result.html",
        {
            "contract": contract,
            "crumbs": [plan_crumb(contract), ("Reprendre un classeur", "")],
            "draft": draft,
            "result": result,
            "document": Document.objects.filter(contract=contract, pk=result["document"]).first(),
            "created": set(result["created"]),
            "page_obj": page,
        },
    )


@require_GET
def problems(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    """The workbook with its problems, to be corrected and sent again."""
    contract, draft = _draft(request, slug, public_id)
    if not Choices.from_json(draft.choices).is_ready:
        return redirect("actions:import_sheet", contract.slug, draft.public_id)
    workbook = read_draft(draft)
    found = build_preview(workbook, Choices.from_json(draft.choices), contract, draft.name)
    with draft.file.open("rb") as file:
        content = annotate(file, workbook, found.problems)
    stem = draft.name.rpartition(".")[0]
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{stem} - problèmes.xlsx")
    return response
