"""The papers of a meeting before their validation: who does not sit in the body finds their words nowhere."""

from datetime import timedelta

import pytest
from django.db import models
from django.urls import reverse

from actions.models import AgendaFiche, DecisionFiche
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import sign
from contracts.enums import MeetingState, PaperKind
from contracts.journal import followed_models
from contracts.models import AgendaItem, Attendance, Decision, Document, Meeting
from tests.factories import (
    make_action,
    make_agenda_item,
    make_body,
    make_decision,
    make_document,
    make_held_meeting,
    make_member,
    make_organisation,
)
from tests.people import signed_in

CANARY = "Zibeline"


@pytest.fixture
def meeting(contract) -> Meeting:
    """Held, with the canary in each of its papers, and in their histories."""
    meeting = make_held_meeting(make_body(contract), minutes=f"Compte rendu {CANARY}")
    owner, fiche = make_organisation(contract, name="CPAM"), make_action(contract, title="Dépister")
    item = make_agenda_item(meeting, title=f"Point {CANARY}", notes=f"Notes {CANARY}")
    decision = make_decision(meeting, text=f"Décision {CANARY}", owner=owner, owner_detail=CANARY, outcome=CANARY)
    AgendaFiche.objects.create(item=item, action=fiche)
    DecisionFiche.objects.create(decision=decision, action=fiche)
    Attendance.objects.create(meeting=meeting, name=f"Invitée {CANARY}", presence="present")
    make_document(contract, meeting=meeting, title=f"Relevé {CANARY}", original_name=f"{CANARY}.pdf")
    for model in (Meeting, AgendaItem, Decision, Attendance, Document):
        row = model.objects.get()
        sign(row, user=None, reason=f"Relu {CANARY}")
        row.save()
    return meeting


PAGES = [
    *("contract", "actions:governance", "actions:decisions", "actions:plan", "actions:calendar", "actions:indicators"),
    *("actions:export", "contracts:documents", "contracts:journal", "contracts:organisations", "contracts:settings"),
]


def everything(user, meeting: Meeting) -> dict[str, str]:
    """What this person is answered at each address where the papers might show."""
    contract, owner = meeting.body.contract, Decision.objects.get().owner
    client = signed_in(user)
    addresses = [reverse(name, args=[contract.slug]) for name in PAGES]
    addresses += [f"{address}?q={CANARY[:-1]}" for address in addresses]
    addresses += [f"{reverse('contracts:journal', args=[contract.slug])}?nature={kind}" for kind in followed_models()]
    addresses += [
        reverse("actions:decisions_export", args=[contract.slug]) + "?format=csv",
        reverse("actions:organisation", args=[contract.slug, owner.pk]),
        reverse("actions:detail", args=[contract.slug, DecisionFiche.objects.get().action_id]),
        reverse("actions:history", args=[contract.slug, DecisionFiche.objects.get().action_id]),
        meeting.body.get_absolute_url(),
        meeting.get_absolute_url(),
    ]
    return {address: body_of(client.get(address)) for address in addresses}


def body_of(response) -> str:
    assert response.status_code == 200
    return b"".join(response).decode(errors="replace")


def leaks(user, meeting: Meeting) -> list[str]:
    return [address for address, text in everything(user, meeting).items() if CANARY in text]


def test_a_reader_who_does_not_sit_in_the_body_finds_nothing_of_its_papers(meeting, reader, pilot, national_reader):
    make_member(make_body(meeting.body.contract), user=reader)  # sitting in another body opens nothing

    assert leaks(reader, meeting) == []
    assert leaks(pilot, meeting) == []
    assert leaks(national_reader, meeting) == []


def test_who_sits_in_the_body_reads_its_papers_and_their_history(meeting, reader):
    make_member(meeting.body, user=reader)

    found = leaks(reader, meeting)

    assert meeting.get_absolute_url() in found
    assert f"{reverse('contracts:journal', args=[meeting.body.contract.slug])}?nature=decision" in found
    assert reverse("contracts:documents", args=[meeting.body.contract.slug]) in found


def test_the_coordination_and_the_ars_read_them_also_once_deleted(meeting, coordinator, ars_referent):
    journal = reverse("contracts:journal", args=[meeting.body.contract.slug]) + "?nature=meeting"
    delete_with_way_back(meeting, user=None)

    for person in (coordinator, ars_referent):
        assert f"Relu {CANARY}" in body_of(signed_in(person).get(journal))


def test_a_meeting_that_was_deleted_shows_no_more_than_before(meeting, reader):
    contract = meeting.body.contract
    delete_with_way_back(meeting, user=None)

    for name in ("contracts:journal", "actions:governance", "contracts:documents"):
        assert CANARY not in body_of(signed_in(reader).get(reverse(name, args=[contract.slug])))


def test_the_drafts_of_validated_minutes_stay_with_those_who_followed_them(meeting, reader):
    meeting.state, meeting.minutes = MeetingState.VALIDATED, "Texte relu."
    meeting.save()

    assert "Texte relu." in body_of(signed_in(reader).get(meeting.get_absolute_url()))
    journal = reverse("contracts:journal", args=[meeting.body.contract.slug])
    assert CANARY not in body_of(signed_in(reader).get(journal))


def test_an_agenda_that_is_read_by_all_does_not_quote_the_drafts_it_follows(meeting, reader, coordinator):
    after = make_held_meeting(meeting.body, starts_at=meeting.starts_at + timedelta(90), state=MeetingState.VALIDATED)
    item = make_agenda_item(after, title="Suites données")
    item.decisions.set(meeting.decisions.all())

    read, followed = (body_of(signed_in(user).get(after.get_absolute_url())) for user in (reader, coordinator))

    assert "Suites données" in read
    assert CANARY not in read
    assert f"Décision {CANARY}" in followed


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.HELD])
def test_a_dossier_that_quotes_decisions_not_validated_stays_with_the_body(meeting, reader, coordinator, state):
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    after = make_held_meeting(meeting.body, starts_at=meeting.starts_at + timedelta(90), state=MeetingState.VALIDATED)
    dossier = make_document(meeting.body.contract, meeting=after, paper=PaperKind.FILE)

    def who_reads():
        return [user for user in (reader, coordinator) if dossier in Document.objects.visible_to(user)]

    assert who_reads() == [coordinator]
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.VALIDATED)
    assert who_reads() == [reader, coordinator]


def test_the_filters_of_the_decisions_do_not_tell_whom_and_what_the_drafts_concern(meeting, reader, coordinator):
    address = reverse("actions:decisions", args=[meeting.body.contract.slug])
    owner, link = Decision.objects.get().owner_id, DecisionFiche.objects.get()

    choices = {user: signed_in(user).get(address).context["form"].fields for user in (reader, coordinator)}

    for name, key in (("responsable", owner), ("fiche", link.action_id)):
        assert list(choices[reader][name].queryset) == []
        assert [row.pk for row in choices[coordinator][name].queryset] == [key]


@pytest.mark.parametrize("paper", [PaperKind.DECISIONS, PaperKind.MINUTES])
def test_a_draft_kept_before_the_validation_is_not_shared_by_it(meeting, reader, coordinator, paper):
    def keep():
        address = reverse("actions:paper_keep", args=[meeting.body.contract.slug, meeting.pk])
        signed_in(coordinator).post(address, {"paper": paper.value})
        return Document.objects.filter(paper=paper).latest("pk")

    draft = keep()
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.VALIDATED)
    final = keep()

    assert set(Document.objects.visible_to(reader).filter(paper=paper)) == {final}
    assert set(Document.objects.visible_to(coordinator).filter(paper=paper)) == {draft, final}
    assert signed_in(reader).get(draft.get_absolute_url()).status_code == 404


def test_the_history_of_a_document_of_no_meeting_is_read_by_all(contract, reader):
    make_document(contract, title="Délibération")

    journal = reverse("contracts:journal", args=[contract.slug]) + "?nature=document"
    assert "Délibération" in body_of(signed_in(reader).get(journal))


PAPERS = (Meeting, Decision, AgendaItem)


def test_every_record_that_refers_to_a_paper_says_so_to_the_journal():
    """A new one would otherwise show its drafts to all who read the contract."""
    without = [
        name
        for name, model in followed_models().items()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in PAPERS
        if not hasattr(model._default_manager.get_queryset(), "meeting_path")
    ]

    assert without == []
    assert hasattr(Meeting.objects.all(), "meeting_path")
