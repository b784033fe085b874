"""What is said of a contract in the regional table, by rules that nobody chooses."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from actions.enums import DraftingState, Status, TermUsage
from actions.models import ActionTerm, ReviewComment
from cls_portal.core.dates import MonthsBefore, months_before, today
from contracts.enums import ContractState, DocumentKind, TermKind
from contracts.models import Contract, ReferenceTerm
from tests.actions.region import LAST_YEAR, make_sound, page, said_of, shown, tell_news
from tests.factories import (
    make_action,
    make_amendment,
    make_axis,
    make_contract,
    make_document,
    make_given_review,
    make_review,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_said_of_a_contract_that_goes_well(national_reader):
    contract = make_contract(end_date=months_before(today(), -13))
    make_sound(contract)

    assert said_of(national_reader, contract) == set()


def test_a_contract_ends_within_twelve_months_its_avenants_counted(national_reader):
    soon, extended, past = (make_contract(end_date=today() + timedelta(days)) for days in (300, 300, -10))
    make_amendment(extended, new_end_date=today() + timedelta(500))
    over = make_contract(end_date=today() + timedelta(-10), state=ContractState.EXPIRED)

    found = shown(national_reader, "?alerte=echeance")

    assert {soon.title, past.title} == set(found)
    assert "echeance" not in said_of(national_reader, over)
    assert "passée" in page(national_reader)


def test_a_report_is_awaited_of_each_contract_that_ran_last_year(national_reader):
    late = make_contract()
    new = make_contract(start_date=date(LAST_YEAR + 1, 1, 1))
    drafted = make_contract(state=ContractState.DRAFTING)
    sound = make_contract()
    make_sound(sound)
    make_document(late, kind=DocumentKind.ANNUAL_REPORT, year=LAST_YEAR - 1)
    make_document(late, kind=DocumentKind.ANNUAL_REPORT, year=LAST_YEAR, as_of=date(LAST_YEAR, 6, 30))

    assert shown(national_reader, "?alerte=bilan") == [late.title]
    html = page(national_reader)
    assert f"Bilan {LAST_YEAR} manquant" in html
    assert html.count("Sans objet") == len([new, drafted])
    assert ">Reçu</a>" in html


def test_a_contract_is_silent_after_the_months_that_it_chose(national_reader):
    heard_of, forgotten, patient = make_contract(), make_contract(), make_contract(silent_after_months=12)
    for contract, days in ((heard_of, 20), (forgotten, 240), (patient, 240)):
        tell_news(make_action(contract, status=Status.IN_PROGRESS), today() - timedelta(days))
    new = make_contract(start_date=today() - timedelta(30), signed_on=today() - timedelta(30))

    assert shown(national_reader, "?alerte=silence") == [forgotten.title]
    assert "silence" not in said_of(national_reader, new)
    assert "Sans nouvelle, 7\u00a0mois" in page(national_reader)


def test_months_are_counted_back_by_the_database_as_by_the_portal():
    contract = make_contract(silent_after_months=6)
    for day in (date(2026, 8, 31), date(2024, 8, 30), date(2026, 3, 1)):
        found = Contract.objects.annotate(since=MonthsBefore(day, "silent_after_months")).get(pk=contract.pk)
        assert found.since == months_before(day, 6)


def test_mental_health_is_looked_for_in_the_plan(national_reader):
    without, archived, sound = make_contract(), make_contract(), make_contract()
    make_sound(sound)
    make_sound(archived).__class__.objects.filter(contract=archived).update(drafting_state=DraftingState.ARCHIVED)
    own = make_contract()
    term = ReferenceTerm.objects.create(kind=TermKind.THEME, label="Santé mentale des jeunes", contract=own)
    ActionTerm.objects.create(action=make_action(own), term=term, usage=TermUsage.THEME)

    assert set(shown(national_reader, "?alerte=sante-mentale")) == {without.title, archived.title}


def test_an_axis_without_fiche_is_said(national_reader):
    empty, full = make_contract(), make_contract()
    make_action(axis=make_axis(full))
    make_action(axis=make_axis(empty))
    make_axis(empty, title="Axe à écrire")

    assert shown(national_reader, "?alerte=axe-vide") == [empty.title]


def test_a_review_under_way_and_remarks_that_wait_are_said(national_reader):
    submitted, returned, answered, sound = (make_contract() for _ in range(4))
    make_review(submitted)
    make_given_review(returned)
    settled = make_given_review(answered)
    ReviewComment.objects.filter(part__review=settled).update(settled_at=timezone.now())

    assert shown(national_reader, "?alerte=avis") == [submitted.title]
    assert shown(national_reader, "?alerte=remarques") == [returned.title]
    assert said_of(national_reader, sound).isdisjoint({"avis", "remarques"})
