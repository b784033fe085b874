"""The attendance of a meeting, on one sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions.meeting.sheet import MeetingSheet
from actions.views.meetings import meeting_crumbs, meeting_to_edit
from cls_portal.core.conflicts import Comparison, compare, conflict_on, put, settled, stamp_read
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.versioning import StaleVersionError
from cls_portal.core.views import add_service_errors
from contracts.forms.meetings import AttendanceForm
from contracts.models import Attendance, Meeting
from contracts.services import record_attendance, stamp_of_sheet


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_to_edit(request, slug, pk)
    if request.method != "POST":
        return AttendanceSheet(request, meeting).show()
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    try:
        return AttendanceSheet(request, meeting).save()
    except StaleVersionError:  # saved by somebody else between the reading and the writing
        return AttendanceSheet(request, meeting).save()


class AttendanceSheet:
    def __init__(self, request: HttpRequest, meeting: Meeting):
        self.request, self.meeting = request, meeting
        self.seats = MeetingSheet(meeting, request.user).members
        self.stamp = stamp_of_sheet(meeting)

    def form(self, data=None, lines=None) -> AttendanceForm:
        lines = self.meeting.attendances.all() if lines is None else lines
        return AttendanceForm(data, seats=self.seats, lines=lines)

    def save(self) -> HttpResponse:
        data = settled(self.request.POST)
        form = self.form(data)
        if not form.is_valid():
            return self.show(form)
        if stamp_read(data) != self.stamp:
            base = self.form(lines=self.lines_at(stamp_read(data)))
            found = compare(form, self.form(), base, skip=form.not_sent)
            if found.differences:
                return self.conflict(found, form)
            form = self.form(put(data.copy(), found.merged))
            form.full_clean()
        return self.write(form)

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

    def show(self, form: AttendanceForm | None = None) -> HttpResponse:
        version = stamp_read(self.request.POST) if form else self.stamp
        context = self.context() | {"form": form or self.form(), "version": version}
        return render(self.request, "actions/meeting/attendance.html", context)
