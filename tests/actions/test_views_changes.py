"""The page « Depuis le dernier COPIL »."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from actions.enums import Status
from actions.models import DecisionFiche
from actions.plan.change_words import difference, then_words
from cls_portal.core.dates import months_before, today
from cls_portal.demo.diary import as_of
from contracts.enums import BodyKind, MeetingState
from contracts.models import Contract
from tests.actions.past import day
from tests.factories import make_body, make_decision, make_held_meeting, make_indicator, make_measurement, make_meeting
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


@pytest.fixture
def copil(contract):
    body = make_body(contract, kind=BodyKind.STEERING)
    return make_held_meeting(body, state=MeetingState.VALIDATED, starts_at=datetime(2025, 1, 11, 9, tzinfo=UTC))


def read(client, contract: Contract, **params) -> str:
    response = client.get(reverse("actions:changes", args=[contract.slug]), params)
    assert response.status_code == 200
    text = strip_tags(response.content.decode().replace("<", " <"))
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def page(contract, reader):
    return lambda **params: read(signed_in(reader), contract, **params)


def test_by_default_since_the_last_comite_de_pilotage_held(story, copil, page, contract):
    make_held_meeting(copil.body, starts_at=datetime(2025, 1, 5, 9, tzinfo=UTC))
    make_held_meeting(make_body(contract, kind=BodyKind.TECHNICAL), starts_at=datetime(2025, 2, 1, 9, tzinfo=UTC))
    fiche = story.create(1, "Ville marchable", code="1.4")
    story.news(20, fiche, Status.DONE)

    text = page()

    assert "Depuis le comité du 11 janvier 2025" in text
    assert "1.4 Ville marchable Non démarrée Réalisée 21/01/2025" in text


@pytest.mark.parametrize(("signed_on", "start"), [(None, months_before(today(), 6)), (today() - timedelta(9), None)])
def test_without_a_committee_since_six_months_or_the_signature(story, page, contract, signed_on, start):
    contract.signed_on = signed_on
    contract.save()
    start = start or signed_on

    assert f'name="du" value="{start}"' in signed_in(story.user).get(address(contract)).content.decode()


def address(contract: Contract) -> str:
    return reverse("actions:changes", args=[contract.slug])


def test_a_committee_is_chosen_by_its_link(story, copil, page):
    earlier = make_held_meeting(copil.body, starts_at=datetime(2025, 1, 5, 9, tzinfo=UTC))

    assert "Depuis le comité du 5 janvier 2025" in page(reunion=earlier.pk)
    assert "Depuis le comité du 11 janvier 2025" in page(du="2025-01-11", reunion=earlier.pk)


def test_every_section_says_what_moved_and_counts_it(story, copil, page):
    moved, delayed, dropped, silent = (story.create(1, title) for title in ("Une", "Deux", "Trois", "Quatre"))
    gone = story.create(1, "Partie")
    story.edit(2, delayed, end_date=day(50))
    story.news(3, silent, progress=25)
    story.news(20, moved, progress=50)
    story.news(20, delayed, Status.POSTPONED, new_date=day(90), reason="Recrutement")
    story.news(20, dropped, Status.DROPPED, reason="Sans financement")
    story.create(21, "Cinq")
    story.delete(22, gone)
    with as_of(day(23)):
        make_measurement(make_indicator(moved, title="Séances", target=20), date=day(15))
        decision = make_decision(copil, text="Recruter", due_on=day(30))
        DecisionFiche.objects.create(decision=decision, action=moved)

    text = page(du=day(10).isoformat(), au=day(40).isoformat())

    for expected in (
        "Fiches qui ont avancé ou changé de statut 1",
        "Une Non démarrée En cours, 50 % 21/01/2025",
        "Deux 20/02/2025 Reportée au 01/04/2025 Recrutement 21/01/2025",
        "Trois Non démarrée Abandonnée Sans financement 21/01/2025",
        "1 ajoutée, 1 supprimée",
        "Partie Supprimée",
        "Séances personnes 12 20 16/01/2025",
        "0 close depuis, 1 ouverte, dont 1 en retard",
        "Quatre En cours, 25 % 04/01/2025",
    ):
        assert re.search(rf"{re.escape(expected)}", text), f"{expected!r} is not in {text}"


def test_nothing_that_moved_is_said(story, copil, page):
    story.create(1)

    assert "Rien n’a bougé dans le plan" in page()


def test_a_plan_taken_up_on_the_way_says_since_when(story, copil, page, contract):
    story.create(30)
    contract.history.update(history_date=datetime(2025, 1, 30, 9, tzinfo=UTC))

    assert "Le portail connaît ce plan depuis le 31 janvier 2025" in page()


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"du": "2030-01-01", "au": ""}, "Cette date est à venir"),
        ({"au": "9999-12-31"}, "n’est pas plausible"),
        ({"du": "31/02/2025"}, "Saisissez une date valide"),
        ({"du": "2025-02-01", "au": "2025-01-01"}, "La fin doit venir après le début."),
        ({"du": "2025-02-01", "au": "2025-02-01"}, "La fin doit venir après le début."),
        ({"reunion": "abc"}, "Ce comité n’est pas parmi ceux que le contrat a tenus"),
        ({"reunion": "9" * 40}, "Ce comité n’est pas parmi ceux que le contrat a tenus"),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_kept(page, contract, reader, params, sentence):
    assert sentence in page(**params)
    html = signed_in(reader).get(address(contract), params).content.decode()
    assert all(f'value="{value}"' in html for name, value in params.items() if name != "reunion" and value)


def test_the_committee_of_another_contract_is_not_one(page, other_contract):
    foreign = make_held_meeting(make_body(other_contract, kind=BodyKind.STEERING))

    assert "Ce comité n’est pas parmi ceux que le contrat a tenus" in page(reunion=foreign.pk)


def test_a_reader_does_not_see_the_decisions_of_minutes_not_validated(story, contract, reader):
    draft = make_held_meeting(make_body(contract), starts_at=datetime(2025, 1, 4, 9, tzinfo=UTC))
    with as_of(day(15)):
        make_decision(draft, text="canari")
    period = {"du": day(10).isoformat(), "au": day(40).isoformat()}

    seen = signed_in(story.user).get(address(contract), period).content.decode()
    assert "canari" in seen
    assert f"1.1</a><small>{draft.body.heading}</small>" in seen or f"1.1<small>{draft.body.heading}</small>" in seen
    assert "canari" not in read(signed_in(reader), contract, **period)


def test_only_fiches_that_still_exist_have_a_link(story, copil, contract):
    fiche, gone = story.create(1), story.create(1)
    story.news(20, fiche, Status.DONE)
    story.news(20, gone, Status.DONE)
    story.delete(50, gone)
    client = signed_in(story.user)

    for params in ({"au": day(40).isoformat()}, {}):
        html = client.get(address(contract), params).content.decode()
        assert fiche.get_absolute_url() in html
        assert gone.get_absolute_url() not in html


def test_the_plan_and_the_overview_lead_to_the_page(contract, reader):
    client = signed_in(reader)

    for url in (reverse("actions:plan", args=[contract.slug]), contract.get_absolute_url()):
        assert f'href="{address(contract)}"' in client.get(url).content.decode()


def test_the_page_of_a_meeting_leads_to_what_moved_since_the_one_before(copil, contract, reader):
    held = make_held_meeting(copil.body, number=7, starts_at=datetime(2025, 6, 11, 9, tzinfo=UTC))
    coming = make_meeting(copil.body, number=8)
    client = signed_in(reader)

    since = f'{address(contract)}?du=2025-01-11&amp;au=2025-06-11"'
    assert since in client.get(held.get_absolute_url()).content.decode()
    assert f'{address(contract)}?du=2025-06-11"' in client.get(coming.get_absolute_url()).content.decode()
    assert "Ce qui a bougé" not in client.get(copil.get_absolute_url()).content.decode()


def test_the_choices_mark_the_one_that_is_shown(copil, contract, reader):
    html = signed_in(reader).get(address(contract), {"reunion": copil.pk}).content.decode()

    assert re.findall(r'<a href="(\?[^"]*)" aria-current="true">', html) == [f"?reunion={copil.pk}"]


@query_count_test("actions:changes")
def test_it_costs_the_same_whatever_moved(story, copil, contract):
    """Seven histories are read: contract, fiches, indicators, targets, figures, decisions and their fiches."""

    def add(count):
        for _ in range(count):
            fiche = story.create(20)
            story.news(21, fiche, progress=25)
            make_measurement(make_indicator(fiche, target=3))
            DecisionFiche.objects.create(decision=make_decision(copil), action=fiche)

    assert_constant_queries(signed_in(story.user), address(contract), add, maximum=13)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2024, 12, 12), date(2025, 5, 22), "4 de plus qu’en décembre"),
        (date(2023, 12, 12), date(2025, 5, 22), "4 de plus qu’en décembre 2023"),
        (date(2025, 5, 1), date(2025, 5, 22), "4 de plus que le 1er mai"),
    ],
)
def test_the_difference_is_said_against_the_first_evening(start, end, words):
    assert difference(14, 18, then_words(start, end)).replace("\u00a0", " ") == words


def test_fewer_and_as_many_are_said_too():
    assert difference(3, 1, "en décembre").replace("\u00a0", " ") == "2 de moins qu’en décembre"
    assert difference(3, 3, "en décembre") == "autant qu’en décembre"
