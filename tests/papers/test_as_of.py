"""The same dossier made again shows the data of its day, whatever was changed, deleted or told since."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from actions.enums import Status
from actions.models import FollowUp, Measurement
from actions.papers.dossier import Dossier
from actions.papers.sections import SECTIONS, Choice
from actions.services.lifecycle import delete_action
from cls_portal.core.dates import today
from cls_portal.core.history import save_as
from cls_portal.demo.diary import as_of
from contracts.enums import DecisionState
from tests.factories import (
    make_action,
    make_agenda_item,
    make_body,
    make_contract,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_membership,
)
from tests.factories.full_action import make_full_action

pytestmark = pytest.mark.django_db

THEN = date(2026, 3, 12)
EVERYTHING = tuple(section.key for section in SECTIONS)


@pytest.fixture
def told():
    """A contract, its fiche and its committee, all told before that day."""
    with as_of(THEN - timedelta(days=60)):
        contract = make_contract()
        fiche = make_full_action(contract, code="1.1", title="Intitulé d’alors", parts=2)
        body = make_body(contract)
        earlier = make_held_meeting(body, number=1, starts_at=datetime(2026, 1, 8, 13, tzinfo=UTC), state="validee")
        make_decision(earlier, text="Décider d’alors.")
        make_meeting(body, number=2, starts_at=datetime(2026, 3, 20, 13, tzinfo=UTC))
    return contract, fiche, body


def dossier(contract, body, on) -> Dossier:
    user = make_membership("coordinator", contract=contract).user
    return Dossier(body.meetings.get(number=2), user, Choice(0, on, EVERYTHING))


def test_fiches_parts_and_news_are_those_of_the_day(told):
    contract, fiche, body = told
    fiche.title, fiche.status, fiche.status_reason = "Intitulé d’après", Status.DROPPED, "Sans objet"
    save_as(fiche, user=None)
    fiche.steps.first().delete()
    fiche.funding_lines.all().delete()
    indicator = fiche.indicators.first()
    Measurement.objects.create(indicator=indicator, date=date(2026, 1, 31), value=Decimal(99))
    FollowUp.objects.create(
        action=fiche, date=THEN, author_name="A", status=fiche.status, progress=0, reason="x", headline="Dit après"
    )

    then, now = dossier(contract, body, THEN), dossier(contract, body, today())

    sheet = next(each for each in then.plan.sheets if each.action.pk == fiche.pk)
    assert (sheet.action.title, sheet.action.status) == ("Intitulé d’alors", Status.IN_PROGRESS)
    assert len(sheet.steps) == 2
    assert [str(line.funder) for line in sheet.action.funding_lines.all()] == [
        str(p.organisation) for p in sheet.pilots
    ]
    assert Decimal(99) not in [each.value for each in sheet.readings[0].measurements]
    assert [point.headline for point in sheet.action.printed_news] == ["Point 1", "Point 0"]
    assert str(then.money.total.amounts[0]) == "24000.20"
    assert (now.money, now.plan.sheets[0].action.title) == (None, "Intitulé d’après")


def test_a_fiche_deleted_since_is_still_there_and_one_added_since_is_not(told):
    contract, fiche, body = told
    make_action(contract, title="Venue après")
    titles = {sheet.action.title for sheet in dossier(contract, body, THEN).plan.sheets}
    delete_action(action=fiche, user=None)

    assert {sheet.action.title for sheet in dossier(contract, body, THEN).plan.sheets} == titles
    assert "Intitulé d’alors" in titles
    assert "Venue après" not in titles


def test_a_fiche_deleted_since_keeps_its_news_and_its_highlight(told):
    contract, fiche, body = told
    with as_of(THEN - timedelta(days=20)):
        point = FollowUp.objects.get(action=fiche, headline="Point 1")
        FollowUp.objects.filter(pk=point.pk).update(done="Deux lycées **formés**.", next_steps="Un troisième.")

    def news():
        shown = dossier(contract, body, THEN)
        told = [said for _part, lines in shown.progress for sheet, said in lines if sheet.action.code == "1.1"]
        sheet = next(each for each in shown.plan.sheets if each.action.code == "1.1")
        return told, [
            (each.headline, each.done, each.next_steps, each.author_name) for each in sheet.action.printed_news
        ]

    before = news()
    delete_action(action=fiche, user=None)

    assert news() == before
    assert ("Point 1", "Deux lycées **formés**.", "Un troisième.") in [each[:3] for each in before[1]]


def test_decisions_have_the_state_of_the_day(told):
    contract, _fiche, body = told
    decision = body.meetings.get(number=1).decisions.get()
    decision.state, decision.settled_on = DecisionState.DONE, today()
    save_as(decision, user=None)
    make_decision(decision.meeting, text="Décider d’après.")

    assert [(quote.decision.text, quote.is_open) for quote in dossier(contract, body, THEN).quotes] == [
        ("Décider d’alors.", True)
    ]
    assert [quote.is_open for quote in dossier(contract, body, today()).quotes] == [False, True]


def test_a_past_day_costs_the_same_number_of_queries_whatever_the_plan(told, django_assert_max_num_queries):
    contract, _fiche, body = told
    with as_of(THEN - timedelta(days=10)):
        for _ in range(4):
            make_full_action(contract, parts=2)
    past = dossier(contract, body, THEN)

    with django_assert_max_num_queries(60):
        [(sheet.steps, sheet.pilots, sheet.audience, sheet.money, sheet.indicators) for sheet in past.plan.sheets]
        assert all([past.changes, past.quotes, past.progress, past.indicators])


def test_decisions_of_several_bodies_are_told_apart_beside_their_number(told):
    contract, _fiche, body = told
    group = make_body(contract, name="groupe de travail")
    other = make_decision(make_held_meeting(group, number=1, starts_at=datetime(2026, 1, 9, 13, tzinfo=UTC)))
    type(other.meeting).objects.filter(pk=other.meeting_id).update(state="validee")
    alone = dossier(contract, body, today())
    assert not alone.has_foreign_quotes
    make_agenda_item(body.meetings.get(number=2)).decisions.add(other)

    shown = dossier(contract, body, today())

    assert shown.has_foreign_quotes
    page = render_to_string("pdf/papers/dossier/_decisions.html", {"dossier": shown})
    assert "1.1<small>Groupe de travail</small>" in page
    assert f"1.1<small>{body.heading}</small>" in page
    assert "<small>Groupe de travail</small>" not in render_to_string(
        "pdf/papers/dossier/_decisions.html", {"dossier": alone}
    )
