"""During the meeting: the notes of all its points on one page, saved as they are typed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from actions.forms.meetings import NotesForm, notes_name
from actions.meeting.sheet import MeetingSheet, agenda_of
from actions.views.meetings import meeting_crumbs, meeting_to_edit
from cls_portal.core.conflicts import LARGEST_KEY, Comparison, compare, conflict_on, put, settled
from cls_portal.core.versioning import state_at, with_stamp
from cls_portal.core.views import SAVED_BY_OTHERS, add_service_errors, save_anew
from contracts.models import AgendaItem, Meeting
from contracts.services import write_notes

NOTES = "notes_"


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_to_edit(request, slug, pk)
    if request.method != "POST":
        return Session(request, meeting).show()
    return save_anew(lambda: Session(request, meeting).save(), lambda: Session(request, meeting).show_again())


def stamp_name(item: AgendaItem) -> str:
    return f"stamp_{item.pk}"


class Session:
    """One request on the page; `data` is what was typed, the choices of a conflict put in their place."""

    def __init__(self, request: HttpRequest, meeting: Meeting):
        self.request, self.meeting = request, meeting
        self.data: QueryDict = settled(request.POST)
        self.items = list(with_stamp(agenda_of(meeting)))

    @property
    def typed(self) -> list[AgendaItem]:
        """The points whose notes were sent: others may have been added since the page was read."""
        return [item for item in self.items if notes_name(item) in self.data]

    @property
    def homeless(self) -> list[str]:
        """What was typed under points that somebody has deleted since."""
        known = {notes_name(item) for item in self.items}
        keys = [key for key in self.data if key.startswith(NOTES) and key not in known]
        return [self.data[key].strip() for key in keys if self.data[key].strip()]

    def stamp_read(self, item: AgendaItem) -> int:
        text = self.data.get(stamp_name(item), "")
        return min(int(text), LARGEST_KEY) if text.isascii() and text.isdigit() and len(text) < 12 else 0

    def save(self) -> HttpResponse:
        form = NotesForm(self.data, items=self.typed)
        if not form.is_valid():
            return self.show(form)
        found = self.compared(form)
        if found.differences:
            return self.conflict(found)
        self.data = put(self.data.copy(), found.merged)
        form = NotesForm(self.data, items=self.typed)
        form.full_clean()
        try:
            self.write(form)
        except ValidationError as error:
            add_service_errors(form, error)
            return self.show(form)
        return self.saved()

    def show_again(self) -> HttpResponse:
        form = NotesForm(self.data, items=self.typed)
        form.add_error(None, SAVED_BY_OTHERS)
        return self.show(form, status=409)

    def compared(self, form: NotesForm) -> Comparison:
        stale = [item for item in self.typed if self.stamp_read(item) != item.stamp]
        read = [past for item in stale if (past := state_at(item, self.stamp_read(item)))]
        others = {notes_name(item) for item in self.typed} - {notes_name(item) for item in stale}
        return compare(form, NotesForm(items=self.items), NotesForm(items=read), skip=others)

    @transaction.atomic
    def write(self, form: NotesForm) -> None:
        for item in self.typed:
            if form.notes_of(item) != item.notes:
                write_notes(item=item, user=self.request.user, read_stamp=item.stamp, notes=form.notes_of(item))

    def saved(self) -> HttpResponse:
        url = self.page_asked()
        if self.request.htmx:
            return HttpResponseClientRedirect(url) if url else self.states()
        for text in self.homeless:
            messages.warning(self.request, f"Un point a été supprimé pendant votre saisie. Vos notes\u00a0: {text}")
        if not url:
            messages.success(self.request, "Les notes sont enregistrées.")
        return redirect(url or self.request.path)

    def page_asked(self) -> str:
        """Where the button pressed leads; one comes back from there to the point."""
        slug, deciding, settling = self.request.contract.slug, self.data.get("decider"), self.data.get("suite")
        for item in self.items:
            if str(item.pk) == deciding:
                return f"{reverse('actions:decision_create', args=[slug, self.meeting.pk])}?point={item.pk}"
        for item in self.items if settling else []:
            if decision := next((each for each in item.decisions.all() if str(each.pk) == settling), None):
                return f"{reverse('actions:decision_settle', args=[slug, decision.pk])}?point={item.pk}"
        return ""

    def states(self, in_conflict: set[str] = frozenset()) -> HttpResponse:
        """What became of each point: the stamp of its next saving, and whether somebody else wrote in it."""
        stored = {item.pk: item for item in with_stamp(agenda_of(self.meeting))}
        states = [
            (stored[item.pk], self.stamp_read(item) if clashes else stored[item.pk].stamp, clashes)
            for item in self.typed
            if item.pk in stored
            for clashes in [notes_name(item) in in_conflict]
        ]
        context = {"states": states, "homeless": self.homeless}
        return render(self.request, "actions/meeting/_note_states.html", context)

    def conflict(self, found: Comparison) -> HttpResponse:
        """Saving by itself only says so: the person compares when they choose to."""
        clashing = {difference.name for difference in found.differences}
        if self.request.htmx and "comparer" not in self.data:
            return self.states(clashing)
        data = self.data.copy()
        for item in self.typed:
            data[stamp_name(item)] = str(item.stamp)
        record = next(item for item in self.typed if notes_name(item) in clashing)
        context = self.context() | {
            "conflict": conflict_on(record, found, data, without=["comparer"]),
            "title": f"Notes de séance, {self.meeting}",
            "cancel_url": self.request.path,
        }
        response = render(self.request, "generic/conflict.html", context, status=200 if self.request.htmx else 409)
        return reswap(retarget(response, "body"), "innerHTML") if self.request.htmx else response

    def context(self) -> dict:
        return {"contract": self.request.contract, "crumbs": [*meeting_crumbs(self.meeting), ("Séance", "")]}

    def show(self, form: NotesForm | None = None, *, status: int = 200) -> HttpResponse:
        form = form or NotesForm(items=self.items)
        sheet = MeetingSheet(self.meeting, self.request.user)
        stamps = {item.pk: self.stamp_read(item) if form.is_bound else item.stamp for item in self.items}
        rows = [
            (line, form[notes_name(line.item)], stamps[line.item.pk])
            for line in sheet.agenda
            if notes_name(line.item) in form.fields
        ]
        context = self.context() | {
            "meeting": self.meeting,
            "form": form,
            "rows": rows,
            "sheet": sheet,
            "homeless": self.homeless,
        }
        status = 200 if self.request.htmx else status
        response = render(self.request, "actions/meeting/session.html", context, status=status)
        return reswap(retarget(response, "body"), "innerHTML") if self.request.htmx else response
