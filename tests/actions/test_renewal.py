"""What becomes of the fiches of a contract in the next generation."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.enums import DraftingState, Origin, RenewalDecision, Status, TermUsage
from actions.models import Action, ActionTerm, RenewalChoice
from actions.services.fiches import save_section
from actions.services.news import record_follow_up
from actions.services.renewal import Choice, decide_fiches
from actions.services.renewal_copy import TEXTS
from contracts.enums import Role, TermKind
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_full_action,
    make_membership,
    make_objective,
    make_term,
)
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

KEEP, TRANSFORM, CLOSE = RenewalDecision


@pytest.fixture
def following(contract):
    return make_contract(territory=contract.territory, generation=2, state="elaboration", signed_on=None)


@pytest.fixture
def both(contract, following, coordinator):
    """Coordinates the old contract and the next one."""
    make_membership(Role.COORDINATOR, coordinator, contract=following)
    return coordinator


@pytest.fixture
def address(following) -> str:
    return reverse("actions:renewal", args=[following.slug])


def decided(user, address, **changes):
    client = signed_in(user)
    return client.post(address, form_data(client.get(address), **changes), follow=True)


def kept(contract, user, former, decision=KEEP, **details) -> Action:
    choice = Choice(former, decision, **details)
    return decide_fiches(contract=contract, user=user, choices=[choice])[0].result


def test_a_fiche_kept_is_copied_with_all_it_says(contract, following, both, address):
    old = make_axis(contract)
    axis = make_axis(following, title="Nouvel intitulé", carried_from=old)
    former = make_full_action(contract, axis=old, code="1.7", title="Former les aidants", status=Status.DONE)
    ended = {"start_date": date(2024, 1, 1), "end_date": date(2024, 12, 31), "progress": 100}
    Action.objects.filter(pk=former.pk).update(**ended)

    decided(both, address, **{f"decision_{former.pk}": KEEP, f"code_{former.pk}": "A1"})

    copy = following.actions.get()
    former.refresh_from_db()
    assert (copy.code, copy.axis, copy.carried_from, copy.origin) == ("A1", axis, former, Origin.CARRIED_OVER)
    assert (copy.drafting_state, copy.status, copy.progress) == (DraftingState.DRAFT, Status.NOT_STARTED, 0)
    assert {name: getattr(copy, name) for name in TEXTS} == {name: getattr(former, name) for name in TEXTS}
    assert (copy.start_date, copy.end_date) == (None, None)
    assert list(copy.communes.all()) == list(former.communes.all())
    assert parts(copy) == parts(former)
    assert not copy.funding_lines.exists()
    assert not copy.follow_ups.exists()
    assert not copy.documents.exists()
    assert [step.state for step in copy.steps.all()] == ["a_faire"] * copy.steps.count()
    assert not any(indicator.measurements.exists() for indicator in copy.indicators.all())


def parts(action: Action) -> dict[str, list]:
    """What a copy has in common with its model, relation by relation."""
    return {
        "terms": sorted((link.usage, link.term.label, link.is_main) for link in action.action_terms.all()),
        "pilots": [
            (pilot.organisation_id, pilot.role, sorted(each.pk for each in pilot.contacts.all()))
            for pilot in action.pilots.all()
        ],
        "partners": [(each.organisation_id, each.state, each.role) for each in action.partners.all()],
        "steps": [(step.title, step.organisation_id) for step in action.steps.all()],
        "indicators": [
            (each.title, each.kind, each.unit, each.baseline, each.target) for each in action.indicators.all()
        ],
    }


# Of a fiche, what a renewal leaves behind on purpose: its place, its life, its calendar.
LEFT = {
    *("id", "contract", "axis", "objective", "position", "code", "origin", "carried_from", "to_rewrite", "version"),
    *("entered_on", "drafting_state", "status", "status_reason", "status_since", "progress", "postponed_to"),
    *("successor", "start_date", "start_precision", "end_date", "end_precision", "calendar_detail"),
}


def test_every_field_of_a_fiche_is_copied_or_left_on_purpose():
    assert {field.name for field in Action._meta.concrete_fields} == {*TEXTS, *LEFT}


def test_a_fiche_to_transform_says_that_its_text_is_to_be_rewritten(contract, following, both, address):
    former = make_action(contract, description="Ce qui se faisait.")
    decided(both, address, **{f"decision_{former.pk}": TRANSFORM})
    copy = following.actions.get()
    plan = reverse("actions:plan", args=[following.slug]) + "?manque=reecriture"

    assert (copy.origin, copy.to_rewrite) == (Origin.STRENGTHENED, True)
    assert "Texte à réécrire" in signed_in(both).get(copy.get_absolute_url()).content.decode()
    assert copy.title in signed_in(both).get(plan).content.decode()

    copy.priority = "elevee"
    save_section(action=copy, read_version=copy.version, user=both)
    assert copy.to_rewrite
    copy.description = "Ce qui se fera."
    save_section(action=copy, read_version=copy.version, user=both)
    copy.refresh_from_db()
    assert not copy.to_rewrite


def test_a_fiche_closed_keeps_the_reason_on_its_page(contract, following, both, reader, address):
    former = make_action(contract)

    decided(both, address, **{f"decision_{former.pk}": CLOSE, f"reason_{former.pk}": "Reprise par la CPTS."})

    assert not following.actions.exists()
    page = signed_in(both).get(former.get_absolute_url()).content.decode()
    assert "Non reconduite dans" in page
    assert following.title in page
    unaware = signed_in(reader).get(former.get_absolute_url()).content.decode()
    assert "Non reconduite dans le contrat suivant" in unaware
    assert "Reprise par la CPTS." in unaware
    assert following.title not in unaware


def test_closing_asks_for_a_reason_and_loses_nothing(contract, following, both, address):
    closed, other = make_action(contract, code="1.1"), make_action(contract, code="1.2")

    page = decided(both, address, **{f"decision_{closed.pk}": CLOSE, f"code_{other.pk}": "Z9"})

    html = page.content.decode()
    assert "Dites pourquoi cette fiche ne se reprend pas" in html
    assert 'value="Z9"' in html
    assert not RenewalChoice.objects.exists()


def test_the_ticked_fiches_take_the_common_choice_unless_they_have_their_own(contract, following, both, address):
    first, second, third = (make_action(contract, code=str(number)) for number in (1, 2, 3))
    ticks = {f"tick_{first.pk}": "on", f"tick_{second.pk}": "on", f"decision_{second.pk}": KEEP}

    decided(both, address, common=CLOSE, common_reason="Objectif atteint.", **ticks)

    found = {row.former: (row.decision, row.reason) for row in RenewalChoice.objects.all()}
    assert found == {first: (CLOSE, "Objectif atteint."), second: (KEEP, "")}
    assert third.title in signed_in(both).get(address).content.decode()


def test_what_is_decided_leaves_the_list_and_shows_its_result(contract, following, both, address):
    former, left = make_action(contract, code="1.1", title="Première"), make_action(contract, code="1.2")
    page = decided(both, address, **{f"decision_{former.pk}": KEEP}).content.decode()

    copy = following.actions.get()
    assert "1\u00a0fiche décidée sur 2" in page
    assert "1 reconduite." in page
    assert f'href="{copy.get_absolute_url()}"' in page
    assert f'name="decision_{former.pk}"' not in page
    assert f'name="decision_{left.pk}"' in page


def test_the_same_page_sent_twice_copies_once(contract, following, both, address):
    former = make_action(contract)
    client = signed_in(both)
    data = form_data(client.get(address), **{f"decision_{former.pk}": KEEP})

    answers = [client.post(address, data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert following.actions.count() == 1
    decide_fiches(contract=following, user=both, choices=[Choice(former, KEEP)])
    assert following.actions.count() == 1


def test_a_fiche_carried_on_by_hand_is_decided(contract, following, both, address):
    former = make_action(contract)
    make_action(following, carried_from=former, title="Saisie à la main")

    page = signed_in(both).get(address).content.decode()

    assert "1 reprise à la main" in page
    assert f'name="decision_{former.pk}"' not in page


def test_the_chain_is_told_from_both_sides_to_who_may_read_them(contract, following, both, reader):
    former = make_action(contract, title="Fiche ancienne")
    copy = kept(following, both, former)
    Action.objects.filter(pk=copy.pk).update(title="Fiche nouvelle")

    client = signed_in(both)
    assert "Reconduite de" in client.get(copy.get_absolute_url()).content.decode()
    assert "Fiche nouvelle" in client.get(former.get_absolute_url()).content.decode()
    assert "Reconduite dans" not in signed_in(reader).get(former.get_absolute_url()).content.decode()


def test_terms_of_the_old_contract_are_found_or_made_in_the_next_one(contract, following, both):
    own, present = (make_term(TermKind.THEME, contract=contract, label=label) for label in ("Rural", "Sommeil"))
    same = make_term(TermKind.THEME, contract=following, label="sommeil")
    former = make_action(contract)
    for term in (own, present):
        ActionTerm.objects.create(action=former, term=term, usage=TermUsage.THEME, is_main=term == own)

    copy = kept(following, both, former)

    terms = {link.term.label: (link.term.contract, link.is_main) for link in copy.action_terms.all()}
    assert terms == {"Rural": (following, True), "sommeil": (following, False)}
    assert same.action_terms.count() == 1


def test_the_objective_follows_where_the_axis_has_the_same(contract, following, both):
    old, axis = make_axis(contract), make_axis(following)
    former = make_action(contract, axis=old, objective=make_objective(old, title="Dépister", code=""))
    same = make_objective(axis, title="Dépister", code="")

    assert kept(following, both, former, axis=axis).objective == same


def test_a_choice_is_undone_with_its_copy(contract, following, both, address):
    former = make_action(contract)
    kept(following, both, former)
    choice = RenewalChoice.objects.get()

    page = signed_in(both).post(reverse("actions:renewal_undo", args=[following.slug, choice.pk]), follow=True)

    assert "de nouveau à décider" in page.content.decode()
    assert not following.actions.exists()
    assert f'name="decision_{former.pk}"' in page.content.decode()
    assert kept(following, both, former)


@pytest.mark.parametrize("work", ["text", "news"])
def test_once_the_copy_is_worked_on_the_choice_stays(contract, following, both, address, work):
    copy = kept(following, both, make_action(contract))
    if work == "text":
        copy.description = "Réécrite."
        save_section(action=copy, read_version=copy.version, user=both)
    else:
        record_follow_up(action=copy, user=both, on=date(2024, 6, 1), status=Status.IN_PROGRESS, progress=25)
    choice = RenewalChoice.objects.get()
    undo = reverse("actions:renewal_undo", args=[following.slug, choice.pk])
    client = signed_in(both)

    assert undo not in client.get(address).content.decode()
    assert "La nouvelle fiche a changé depuis" in client.post(undo, follow=True).content.decode()
    assert following.actions.get() == copy


def test_the_copy_deleted_since_is_told_and_may_be_decided_again(contract, following, both, address):
    kept(following, both, make_action(contract)).delete()
    page = signed_in(both).get(address).content.decode()

    assert "La nouvelle fiche a été supprimée." in page
    assert "Annuler" in page


def test_the_old_contract_is_left_as_it_was(contract, following, both):
    former = make_full_action(contract)
    before = Action.objects.filter(pk=former.pk).values().get()
    lines = former.history.count()

    kept(following, both, former)

    assert Action.objects.filter(pk=former.pk).values().get() == before
    assert former.history.count() == lines


def test_without_a_role_on_the_old_contract_nothing_of_it_shows(contract, following, address):
    make_action(contract, title="Fiche hors de vue")
    coordinator = make_membership(Role.COORDINATOR, contract=following).user

    page = signed_in(coordinator).get(address).content.decode()

    assert "Aucune fiche à reprendre" in page
    assert "hors de vue" not in page


def test_a_reader_of_both_follows_and_decides_nothing(contract, following, both, reader, address):
    make_membership(Role.READER, reader, contract=following)
    make_action(contract, title="À décider encore")
    kept(following, both, make_action(contract, title="Déjà reprise"))

    page = signed_in(reader).get(address).content.decode()

    assert "À décider encore" in page
    assert "Déjà reprise" in page
    assert 'name="decision_' not in page
    assert "Annuler" not in page


def test_the_overview_says_how_many_are_left(contract, following, both):
    make_action(contract)
    make_action(contract, drafting_state=DraftingState.ARCHIVED)
    kept(following, both, make_action(contract))

    page = signed_in(both).get(following.get_absolute_url()).content.decode()

    assert "<b>1</b><span>fiche du contrat précédent à reprendre" in page


@query_count_test("actions:renewal")
def test_the_page_costs_the_same_whatever_the_number_of_fiches(contract, following, both, address):
    axis = make_axis(contract)

    def add(number: int) -> None:
        for _ in range(number):
            make_action(contract, axis=axis)
            kept(following, both, make_action(contract, axis=axis))

    assert_constant_queries(signed_in(both), address, add)


def test_a_whole_plan_is_copied_in_a_bounded_number_of_queries(contract, following, both):
    def cost(number: int) -> int:
        formers = [make_full_action(contract) for _ in range(number)]
        choices = [Choice(former, KEEP) for former in formers]
        with CaptureQueriesContext(connection) as queries:
            decide_fiches(contract=following, user=both, choices=choices)
        return len(queries)

    few, many = cost(2), cost(12)

    assert (many - few) / 10 <= 22  # persons named, communes, and the rows of their histories
