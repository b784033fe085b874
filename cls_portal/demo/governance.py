"""The bodies of a contract and the meetings they held: told as the coordination would have written them down."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from actions.enums import DecisionEffect
from actions.services.agenda import add_to_agenda
from actions.services.decisions import Change, record_decision
from cls_portal.core.models import MailState
from cls_portal.core.outbox import ADDRESS_REFUSED
from cls_portal.demo.content import read
from cls_portal.demo.diary import Diary
from cls_portal.demo.stage import Stage
from contracts.enums import BodyRole, Presence
from contracts.models import BodyMember, Contact, Decision, GoverningBody, Meeting
from contracts.services import (
    add_member,
    create_body,
    create_meeting,
    hold_meeting,
    record_attendance,
    settle_decision,
    validate_minutes,
    write_minutes,
)
from contracts.services.agenda import write_notes
from contracts.services.attendance import Guest, Seat
from contracts.services.convocation import convene
from contracts.services.invitations import mails_of

PREPARED_BEFORE = timedelta(days=35)


def tell_governance(*, diary: Diary, stage: Stage, folder: str, settled_on: date) -> None:
    """`settled_on`: the day when the bodies are set up; the meeting without a day comes after the last day."""
    data = read(f"{folder}/governance.toml")
    diary.on(settled_on, create_bodies, stage=stage, bodies=data["bodies"])
    for number, facts in enumerate(data["meetings"]):
        key = f"{facts['body']}-{number}"
        day = facts.get("day") or next_thursday(diary.last_day + timedelta(days=21))
        prepared = min(day - PREPARED_BEFORE, diary.last_day)
        diary.on(max(prepared, settled_on), prepare_meeting, stage=stage, key=key, held_on=day, facts=facts)
        if "day" in facts:
            diary.on(day, tell_meeting, stage=stage, key=key, facts=facts)
        if "convocation" in facts:
            diary.on(diary.last_day, convene_members, stage=stage, key=key, message=facts["convocation"])
        if "validated" in facts:
            diary.on(facts["validated"], validate, stage=stage, key=key)
        for rank, decision in enumerate(facts.get("decisions", []), start=1):
            if "done" in decision:
                diary.on(decision["done"], settle, stage=stage, key=key, rank=rank, facts=decision)


def next_thursday(day: date) -> date:
    return day + timedelta(days=(3 - day.weekday()) % 7)


def create_bodies(*, stage: Stage, bodies: list[dict[str, Any]]) -> None:
    for facts in bodies:
        told = {name: value for name, value in facts.items() if name not in {"key", "axis", "members", "persons"}}
        axis = stage.axes.get(facts.get("axis", ""))
        body = create_body(contract=stage.contract, user=stage.coordinator, axis=axis, **told)
        stage.bodies[facts["key"]] = body
        for role, organisations in facts["members"].items():
            for organisation in organisations:
                seat(stage, body, organisation, BodyRole(role))
        for name in facts.get("persons", []):
            person = Contact.objects.get(organisation__territory=stage.territory, last_name=name)
            add_member(body=body, user=stage.coordinator, person=person, started_on=timezone.localdate())


def seat(stage: Stage, body: GoverningBody, key: str, role: BodyRole) -> None:
    speaker, deputy = speakers_of(stage, key)
    add_member(
        body=body,
        user=stage.coordinator,
        organisation=stage.organisations[key],
        representative=speaker,
        deputy=deputy,
        role=role,
        started_on=timezone.localdate(),
    )


def speakers_of(stage: Stage, key: str) -> tuple[Contact | None, Contact | None]:
    """A signatory is spoken for by who signed; another organisation by its first two contacts."""
    signatory = stage.contract.signatories.filter(organisation=stage.organisations[key]).first()
    contacts = stage.contacts.get(key, [])
    if signatory and signatory.representative:
        return signatory.representative, contacts[0] if contacts else None
    return (contacts[0] if contacts else None), (contacts[1] if len(contacts) > 1 else None)


def prepare_meeting(*, stage: Stage, key: str, held_on: date, facts: dict[str, Any]) -> None:
    starts = timezone.make_aware(datetime.combine(held_on, time.fromisoformat(facts.get("hour", "14:30"))))
    meeting = create_meeting(
        body=stage.bodies[facts["body"]],
        user=stage.coordinator,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place=facts["place"],
    )
    stage.meetings[key] = meeting
    for point in facts["agenda"]:
        add_to_agenda(
            meeting=meeting,
            user=stage.coordinator,
            title=point["title"],
            expected=point.get("expected", "information"),
            duration=point.get("duration"),
            presenter=point.get("presenter", ""),
            fiches=[stage.fresh(code) for code in point.get("fiches", [])],
            decisions=open_decisions(meeting) if point.get("follows") else [],
        )


def open_decisions(meeting: Meeting) -> list[Decision]:
    return list(Decision.objects.filter(meeting__body=meeting.body).open().in_number_order())


def convene_members(*, stage: Stage, key: str, message: str) -> None:
    """All have their mail but one, whose address the server refuses: what the coordination then reads and does."""
    meeting = stage.meetings[key]
    meeting.refresh_from_db()
    convene(meeting=meeting, read_version=meeting.version, user=stage.coordinator, message=message)
    mails = mails_of(meeting)
    mails.update(state=MailState.SENT, tried_at=timezone.now(), attempts=1)
    mails.filter(pk=mails.last().pk).update(state=MailState.GIVEN_UP, problem=ADDRESS_REFUSED)


def tell_meeting(*, stage: Stage, key: str, facts: dict[str, Any]) -> None:
    meeting = hold_meeting(meeting=stage.meetings[key], user=stage.coordinator)
    for item, point in zip(meeting.agenda.all(), facts["agenda"], strict=True):
        if "notes" in point:
            stamp = item.history.first().history_id
            write_notes(item=item, user=stage.coordinator, read_stamp=stamp, notes=point["notes"])
    record_attendance(
        meeting=meeting,
        user=stage.coordinator,
        seats=[seat_of(stage, member, facts) for member in meeting.body.members.present().in_order()],
        guests=[Guest(presence=Presence.PRESENT, organisation_name=name) for name in facts.get("guests", [])],
        read_stamp=0,
    )
    for decision in facts.get("decisions", []):
        stage.decisions[key, len(stage.decisions_of(key)) + 1] = decide(stage, meeting, decision)
    meeting.refresh_from_db()
    write_minutes(
        meeting=meeting, read_version=meeting.version, user=stage.coordinator, minutes=facts["minutes"].strip()
    )


def seat_of(stage: Stage, member: BodyMember, facts: dict[str, Any]) -> Seat:
    excused = [stage.organisations[key] for key in facts.get("excused", [])]
    represented = [stage.organisations[key] for key in facts.get("represented", [])]
    if member.organisation in excused:
        return Seat(member, Presence.EXCUSED)
    if member.organisation in represented:
        return Seat(member, Presence.REPRESENTED, represented_by=str(member.deputy or "Direction"))
    return Seat(member, Presence.PRESENT)


def decide(stage: Stage, meeting: Meeting, facts: dict[str, Any]):
    codes = stage.to_postpone if facts.get("postpones_all") else facts.get("fiches", [])
    effect = DecisionEffect(facts.get("effect", DecisionEffect.NONE))
    outcome = record_decision(
        meeting=meeting,
        user=stage.coordinator,
        kind=facts["kind"],
        text=facts["text"],
        owner=stage.organisations.get(facts.get("owner", "")),
        owner_detail=facts.get("owner_detail", ""),
        due_on=facts.get("due"),
        changes=[Change(stage.fresh(code), effect, facts.get("new_date")) for code in codes],
    )
    return outcome.decision


def settle(*, stage: Stage, key: str, rank: int, facts: dict[str, Any]) -> None:
    decision = stage.decisions[key, rank]
    decision.refresh_from_db()
    settle_decision(
        decision=decision,
        read_version=decision.version,
        user=stage.coordinator,
        state=facts.get("state", "appliquee"),
        outcome=facts.get("outcome", ""),
        settled_on=facts["done"],
    )


def validate(*, stage: Stage, key: str) -> None:
    validate_minutes(meeting=stage.meetings[key], user=stage.coordinator)
