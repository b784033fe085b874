"""Reading a part of a round, remarking on its fields, answering the remarks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.review import AnswerForm, ChecklistForm, RemarkForm
from actions.models import Action, ReviewComment, ReviewedPart
from actions.permissions import can_review, can_submit_review
from actions.review.part import Line, PartSheet
from actions.review.viewer import Viewer
from actions.services.remarks import (
    answer_remark,
    change_remark,
    delete_remark,
    fill_checklist,
    mark_read,
    settle_remark,
    write_remark,
)
from actions.views.bulk import numbers
from actions.views.review import get_review, review_crumbs
from cls_portal.core.permissions import denied, require
from cls_portal.core.views import add_service_errors

NOT_YOURS = "Les remarques sont lues par l’ARS, par la coordination, et par les pilotes de la fiche."


def get_sheet(request: HttpRequest, slug: str, pk: int, part_pk: int) -> PartSheet:
    review = get_review(request, slug, pk)
    viewer = Viewer(request.user, review.contract)
    part = get_object_or_404(ReviewedPart, review=review, pk=part_pk)
    if not viewer.parts(review).filter(pk=part.pk).exists():
        require(denied(NOT_YOURS))
    part.review = review
    return PartSheet(viewer, review, part)


@require_http_methods(["GET", "HEAD", "POST"])
def review_part(request: HttpRequest, slug: str, pk: int, part_pk: int) -> HttpResponse:
    """Read by both sides; what is sent is the grid of the ARS, and whether the part is read."""
    sheet = get_sheet(request, slug, pk, part_pk)
    if request.method == "POST":
        return read_part(request, sheet)
    line = opened_line(request, sheet)
    if request.htmx and "champ" in request.GET:
        if line is None:
            raise Http404
        return show_line(request, sheet, line)
    return show_part(request, sheet)


def opened_line(request: HttpRequest, sheet: PartSheet) -> Line | None:
    """The field on which one writes, its form opened: a new remark, a draft, or the answer to a remark."""
    line = sheet.line(request.GET.get("champ", ""))
    if line is None or "fermer" in request.GET:
        if line:
            line.focused = True
        return line
    chosen = chosen_comment(request, line)
    if "reponse" in request.GET:
        if chosen and chosen.part.review.is_given and sheet.viewer.is_coordinator:
            line.form, line.answered = AnswerForm(comment=chosen), chosen.pk
    elif sheet.writes:
        is_draft = chosen is not None and chosen.part_id == sheet.part.pk
        line.form, line.edited = RemarkForm(comment=chosen if is_draft else None), chosen.pk if is_draft else None
    return line


def chosen_comment(request: HttpRequest, line: Line) -> ReviewComment | None:
    wanted = numbers([request.GET.get("reponse", request.GET.get("remarque", ""))])
    return next((comment for comment in line.comments if comment.pk in wanted), None)


def context_of(sheet: PartSheet) -> dict:
    return {"contract": sheet.review.contract, "review": sheet.review, "part": sheet.part, "sheet": sheet}


def show_line(request: HttpRequest, sheet: PartSheet, line: Line, status: int = 200) -> HttpResponse:
    return render(request, "actions/review/_line.html", context_of(sheet) | {"line": line}, status=status)


def show_part(request: HttpRequest, sheet: PartSheet, checklist: ChecklistForm | None = None) -> HttpResponse:
    previous, following = sheet.neighbours
    fiche = sheet.part.fiche
    context = context_of(sheet) | {
        "crumbs": review_crumbs(sheet.review, (sheet.part.name, "")),
        "previous": previous,
        "following": following,
        "checklist": checklist or (ChecklistForm(stored=sheet.checklist) if sheet.writes else None),
        "action": Action.objects.filter(pk=fiche, contract=sheet.review.contract).first() if fiche else None,
    }
    return render(request, "actions/review/part.html", context)


def read_part(request: HttpRequest, sheet: PartSheet) -> HttpResponse:
    require(can_review(request.user, sheet.review.contract))
    form = ChecklistForm(request.POST, stored=sheet.checklist)
    if sheet.has_checklist and not form.is_valid():
        return show_part(request, sheet, form)
    deed = request.POST.get("geste", "")
    try:
        if sheet.has_checklist:
            fill_checklist(part=sheet.part, user=request.user, answers=form.answers)
        if deed in ("lue", "non_lue"):
            mark_read(part=sheet.part, user=request.user, read=deed == "lue")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(sheet.review)
    if name := request.POST.get("champ"):
        return redirect(f"{sheet.part.get_absolute_url()}?champ={name[:60]}#f-{name[:60]}")
    if deed == "lue":
        return redirect(sheet.neighbours[1] or sheet.review)
    messages.success(request, "La grille est enregistrée.")
    return redirect(sheet.part)


@require_POST
def review_remark(request: HttpRequest, slug: str, pk: int, part_pk: int) -> HttpResponse:
    """A remark written on a field, or a draft changed."""
    sheet = get_sheet(request, slug, pk, part_pk)
    require(can_review(request.user, sheet.review.contract))
    line = sheet.lines.get(request.POST.get("champ", ""))
    if line is None:
        raise Http404
    wanted = numbers([request.POST.get("remarque", "")])
    comment = next((each for each in line.comments if each.pk in wanted and each.part_id == sheet.part.pk), None)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            if comment:
                change_remark(comment=comment, user=request.user, **form.cleaned_data)
            else:
                write_remark(part=sheet.part, user=request.user, field=line.field.name, **form.cleaned_data)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            return written(request, sheet, line)
    line.form, line.edited = form, comment.pk if comment else None
    return refused(request, sheet, line)


def written(request: HttpRequest, sheet: PartSheet, line: Line) -> HttpResponse:
    """The field as it is now, the focus back on it."""
    if not request.htmx:
        return redirect(f"{sheet.part.get_absolute_url()}#{line.anchor}")
    fresh = PartSheet(sheet.viewer, sheet.review, sheet.part)
    now = fresh.line(line.field.name) or Line(line.field, None)
    now.focused = True
    return show_line(request, fresh, now)


def refused(request: HttpRequest, sheet: PartSheet, line: Line) -> HttpResponse:
    if request.htmx:
        return show_line(request, sheet, line, status=422)
    return show_part(request, sheet)


def get_comment(request: HttpRequest, slug: str, pk: int) -> tuple[PartSheet, ReviewComment, Line]:
    """A remark that this person may read, at its field, on the page of the round where it is read."""
    comment = get_object_or_404(ReviewComment.objects.select_related("part"), pk=pk)
    shown = ReviewedPart.objects.filter(fiche=comment.part.fiche, pk__in=numbers([request.POST.get("part", "")]))
    part = shown.first() or comment.part
    sheet = get_sheet(request, slug, part.review_id, part.pk)
    found = next((each for each in sheet.comments if each.pk == pk), None)
    if found is None:
        raise Http404
    return sheet, found, sheet.line(found.field)


@require_POST
def remark_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sheet, comment, line = get_comment(request, slug, pk)
    require(can_review(request.user, sheet.review.contract))
    try:
        delete_remark(comment=comment)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return written(request, sheet, line)


@require_POST
def remark_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sheet, comment, line = get_comment(request, slug, pk)
    require(can_submit_review(request.user, sheet.review.contract))
    form = AnswerForm(request.POST, comment=comment)
    if form.is_valid():
        data = form.cleaned_data
        try:
            answer_remark(comment=comment, user=request.user, answer=data["answer"], text=data["answer_text"])
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            return written(request, sheet, line)
    line.form, line.answered = form, comment.pk
    return refused(request, sheet, line)


@require_POST
def remark_settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sheet, comment, line = get_comment(request, slug, pk)
    require(can_review(request.user, sheet.review.contract))
    try:
        settle_remark(comment=comment, user=request.user, settled="rouvrir" not in request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return written(request, sheet, line)
