"""The attendance of a meeting, on one sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions.meeting.sheet import MeetingSheet
from actions.views.meetings import meeting_crumbs, meeting_to_edit
from cls_portal.core.conflicts import (
    Comparison,
    Difference,
    compare,
    conflict_on,
    put,
    settled,
    stamp_read,
    stored_words,
    typed_words,
)
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import SAVED_BY_OTHERS, add_service_errors, save_anew
from contracts.enums import Presence
from contracts.forms.meetings import AttendanceForm
from contracts.models import Attendance, Meeting
from contracts.services import record_attendance, stamp_of_sheet

GUEST_SENT = "presence_guest_"
TAKEN_OFF = "Retiré de la feuille"


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_to_edit(request, slug, pk)
    if request.method != "POST":
        return AttendanceSheet(request, meeting).show()
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    if request.POST.get("geste") == "tous":
        return AttendanceSheet(request, meeting).all_present()
    return save_anew(
        lambda: AttendanceSheet(request, meeting).save(), lambda: AttendanceSheet(request, meeting).show_again()
    )


def guests_sent(data) -> set[int]:
    numbers = (key.removeprefix(GUEST_SENT) for key in data if key.startswith(GUEST_SENT))
    return {int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) < 10}


def compare_guests(form: AttendanceForm, base: AttendanceForm, gone: set[int], found: Comparison) -> None:
    """The guests taken off the sheet since it was read. One whom it did not hold any more is put back on purpose."""
    for line in base.guest_lines:
        if line.pk not in gone:
            continue
        before, typed = base.guest_words(line, stored_words), form.guest_words(line, typed_words)
        taken = {name: [] for name in form.guest_names(f"guest_{line.pk}")}
        if before == typed or not form.cleaned_data[f"presence_guest_{line.pk}"]:
            found.only_theirs.append(f"{line} ({TAKEN_OFF.lower()})")
            found.merged |= taken
        else:
            name = f"name_guest_{line.pk}"
            found.differences.append(Difference(name, f"Invité\u00a0: {line}", before, typed, TAKEN_OFF, taken))


class AttendanceSheet:
    def __init__(self, request: HttpRequest, meeting: Meeting):
        self.request, self.meeting = request, meeting
        self.seats = MeetingSheet(meeting, request.user).members
        self.stamp = stamp_of_sheet(meeting)

    def form(self, data=None, lines=None) -> AttendanceForm:
        lines = [*self.meeting.attendances.all(), *self.taken_off(data or {})] if lines is None else lines
        return AttendanceForm(data, seats=self.seats, lines=lines)

    def taken_off(self, data) -> list[Attendance]:
        """The guests that the page sent had a line, which somebody has deleted since."""
        keys = guests_sent(data)
        gone = Attendance.history.filter(meeting=self.meeting.pk, id__in=keys, history_type="-") if keys else []
        return [row.instance for row in gone]

    def save(self) -> HttpResponse:
        data = settled(self.request.POST)
        form = self.form(data)
        if not form.is_valid():
            return self.show(form)
        if stamp_read(data) != self.stamp:
            base = self.form(lines=self.lines_at(stamp_read(data)))
            found = compare(form, self.form(), base, skip=form.not_sent)
            compare_guests(form, base, {line.pk for line in self.taken_off(data)}, found)
            if found.differences:
                return self.conflict(found, form)
            form = self.form(put(data.copy(), found.merged))
            form.full_clean()
        return self.write(form)

    def all_present(self) -> HttpResponse:
        """Shown, not saved yet: those of whom nothing is said are present, the others stay as typed."""
        data = self.request.POST.copy()
        for seat in self.seats:
            data[f"presence_{seat.pk}"] = data.get(f"presence_{seat.pk}") or Presence.PRESENT
        form = self.form(data)
        form.is_valid()
        return self.show(form)

    def show_again(self) -> HttpResponse:
        form = self.form(settled(self.request.POST))
        form.add_error(None, SAVED_BY_OTHERS)
        return self.show(form, status=409)

    def lines_at(self, stamp: int) -> list[Attendance]:
        """The sheet as it was read."""
        rows = Attendance.history.filter(meeting=self.meeting.pk, history_id__lte=stamp).order_by("history_id")
        last = {row.id: row for row in rows}
        return [row.instance for row in last.values() if row.history_type != "-"]

    def write(self, form: AttendanceForm) -> HttpResponse:
        def record() -> str:
            record_attendance(
                meeting=self.meeting,
                user=self.request.user,
                seats=form.seats_said,
                guests=form.guests_said,
                read_stamp=self.stamp,
            )
            return f"{self.meeting.get_absolute_url()}#t-membres"

        try:
            url, written = once(self.request, record)
        except ValidationError as error:
            add_service_errors(form, error)
            return self.show(form)
        messages.success(self.request, "Les présences sont enregistrées." if written else ALREADY_SENT)
        return redirect(url)

    def conflict(self, found: Comparison, form: AttendanceForm) -> HttpResponse:
        line = self.meeting.attendances.order_by("-pk").first()
        conflict = conflict_on(line or self.meeting, found, form.data)
        conflict.stamp = self.stamp
        context = self.context() | {"conflict": conflict, "cancel_url": self.request.path}
        return render(self.request, "generic/conflict.html", context, status=409)

    def context(self) -> dict:
        title = f"Présences\u00a0: {self.meeting}"
        return {
            "contract": self.request.contract,
            "meeting": self.meeting,
            "title": title,
            "submission": new_key(),
            "crumbs": [*meeting_crumbs(self.meeting), ("Présences", "")],
        }

    def show(self, form: AttendanceForm | None = None, *, status: int = 200) -> HttpResponse:
        version = stamp_read(self.request.POST) if form else self.stamp
        context = self.context() | {"form": form or self.form(), "version": version}
        return render(self.request, "actions/meeting/attendance.html", context, status=status)
