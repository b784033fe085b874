"""A fiche edited section by section; when two people collide, the second chooses field by field."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.fiche.editing import SectionEditor
from actions.fiche.sections import BY_KEY, Section, following
from actions.fiche.state import FicheState, state_at
from actions.models import Action
from actions.permissions import can_edit_action
from actions.review.on_fiche import open_remarks
from actions.views.base import action_crumbs, get_action
from cls_portal.core.conflicts import Comparison, conflict_on, settled, stamp_read
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import SAVED_BY_OTHERS, save_anew


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int, section: str) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_edit_action(request.user, action))
    chosen = BY_KEY.get(section)
    if chosen is None or chosen.form is None:
        raise Http404
    if request.method != "POST":
        return show(request, SectionEditor(chosen, FicheState(action, request.user)), version=action.version)
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    return save_anew(
        lambda: submit(request, get_action(request, slug, pk), chosen),
        lambda: show_again(request, get_action(request, slug, pk), chosen),
    )


def submit(request: HttpRequest, action: Action, section: Section) -> HttpResponse:
    data = settled(request.POST)
    read_version = stamp_read(data)
    editor = SectionEditor(section, FicheState(action, request.user), data)
    if "ajouter" in data:
        return show(request, editor.with_one_more_row(data["ajouter"]), version=read_version)
    if not editor.is_valid():
        return show(request, editor, version=read_version)
    if read_version != action.version:
        base = state_at(action, read_version, request.user)
        if found := editor.compared(SectionEditor(section, base) if base else None):
            return show_conflict(request, editor, found)
    return save(request, editor, action)


def save(request: HttpRequest, editor: SectionEditor, action: Action) -> HttpResponse:
    section, after = editor.section, following(editor.section)
    goes_on = "suite" in request.POST and after
    url = address(action, after) if goes_on else f"{action.get_absolute_url()}#{section.anchor}"
    if not editor.has_changed():
        messages.info(request, "Rien n’a changé.")
        return redirect(url)

    def write() -> str:
        editor.save(read_version=action.version, user=request.user)
        return url

    try:
        url, written = once(request, write)
    except ValidationError:
        return show(request, editor, version=action.version)
    messages.success(
        request, f"La section «\u202f{section.title}\u202f» est enregistrée." if written else ALREADY_SENT
    )
    return redirect(url)


def address(action: Action, section: Section) -> str:
    return reverse("actions:edit", args=[action.contract.slug, action.pk, section.key])


def show(request: HttpRequest, editor: SectionEditor, *, version: int, status: int = 200) -> HttpResponse:
    action = editor.state.action
    remarks = open_remarks(action, request.user, editor.section.key).get(editor.section.key, [])
    context = page_context(editor) | {"version": version, "action": action, "remarks": remarks}
    return render(request, "actions/edit.html", context, status=status)


def show_again(request: HttpRequest, action: Action, section: Section) -> HttpResponse:
    data = settled(request.POST)
    editor = SectionEditor(section, FicheState(action, request.user), data)
    editor.form.add_error(None, SAVED_BY_OTHERS)
    return show(request, editor, version=stamp_read(data), status=409)


def show_conflict(request: HttpRequest, editor: SectionEditor, found: Comparison) -> HttpResponse:
    action = editor.state.action
    context = page_context(editor) | {
        "conflict": conflict_on(action, found, editor.data, without=["suite"]),
        "title": f"{editor.section.title}, fiche {action.code or action.title}",
        "cancel_url": action.get_absolute_url(),
    }
    return render(request, "generic/conflict.html", context, status=409)


def page_context(editor: SectionEditor) -> dict:
    action, section = editor.state.action, editor.section
    return {
        "contract": action.contract,
        "section": section,
        "heading": section.title,
        "page_title": f"{section.title}, fiche {action.code or action.title}",
        "following": following(section),
        "editor": editor,
        "form": editor.form,
        "formsets": editor.formsets,
        "crumbs": action_crumbs(action, "Modifier"),
        "here": address(action, section),
        "submission": new_key(),
    }
