"""Many fiches at once: shown before it is written, whole or not at all, with nothing overwritten unseen."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from actions.enums import DatePrecision, DraftingState, PilotRole, Status
from actions.forms.bulk import DEEDS
from actions.journal import page_of
from actions.models import Action, ActionPilot, FollowUp
from actions.papers.past import past_state
from actions.services.bulk import (
    AxisChange,
    DatesChange,
    DraftingChange,
    PilotChange,
    StaleSelectionError,
    StatusChange,
    apply_change,
    preview,
    selection,
)
from cls_portal.core.dates import today
from cls_portal.core.ordering import Direction, move
from contracts.models import Objective
from tests.factories import make_action, make_axis, make_organisation, make_perimeter_commune, make_user
from tests.hostile import VALUES, few, raw
from tests.people import signed_in

pytestmark = pytest.mark.django_db
CRISIS = "Crise sanitaire"


def versions(*actions) -> dict[int, int]:
    return {action.pk: action.version for action in actions}


def apply_to(contract, change, *actions, user=None) -> int:
    return apply_change(
        contract=contract, user=user or make_user(is_superuser=True), change=change, versions=versions(*actions)
    )


def post(user, contract, **data):
    return signed_in(user).post(reverse("actions:bulk", args=[contract.slug]), data)


def postponement(**values) -> StatusChange:
    return StatusChange(**{"status": Status.POSTPONED, "on": date.today(), "reason": CRISIS, "shift": 12} | values)


def test_the_mass_postponement_is_one_gesture(contract, coordinator):
    actions = [
        make_action(contract, status=Status.IN_PROGRESS, progress=50, end_date=date(2026, month, 28))
        for month in range(1, 13)
    ]

    assert apply_to(contract, postponement(), *actions, user=coordinator) == 12

    for action in Action.objects.filter(contract=contract):
        point = action.follow_ups.get()
        assert (action.status, action.progress, action.status_reason) == (Status.POSTPONED, 50, CRISIS)
        assert action.postponed_to == action.end_date.replace(year=2027) == point.new_date
        assert (point.author, point.reason, point.status) == (coordinator, CRISIS, Status.POSTPONED)
        row = action.history.first()
        assert (row.history_user, row.history_change_reason, row.version) == (coordinator, CRISIS, 2)


def test_the_communes_of_a_fiche_stay_in_its_history(contract, coordinator):
    communes = [make_perimeter_commune(contract).commune for _ in range(2)]
    action, other = (make_action(contract, end_date=date(2026, 6, 30), position=place) for place in (1, 2))
    action.communes.set(communes)

    apply_to(contract, postponement(), action, other, user=coordinator)
    move(other, siblings=Action.objects.filter(contract=contract), direction=Direction.UP, user=coordinator)

    told = [change.label for line in page_of(action, coordinator, None).object_list[:-2] for change in line.changes]
    assert any("statut" in label.lower() for label in told)
    assert not any("commune" in label.lower() for label in told)
    kept = {fiche.pk: set(fiche.communes.all()) for fiche in past_state(contract, coordinator, today()).fiches}
    assert kept == {action.pk: set(communes), other.pk: set()}


@pytest.mark.parametrize("count", [3, 30])
def test_a_status_for_many_costs_few_queries(contract, django_assert_max_num_queries, count):
    actions = [make_action(contract, end_date=date(2026, 6, 30)) for _ in range(count)]
    user = make_user(is_superuser=True)

    with django_assert_max_num_queries(12):
        apply_to(contract, postponement(), *actions, user=user)


def test_an_achieved_fiche_is_at_a_hundred_percent_and_keeps_no_reason(contract):
    action = make_action(contract, status=Status.SUSPENDED, status_reason="Panne")

    apply_to(contract, StatusChange(status=Status.DONE, on=date.today()), action)

    action.refresh_from_db()
    assert (action.progress, action.status_reason, action.status_since) == (100, "", date.today())


def test_dates_move_the_deadline_that_counts(contract):
    plain = make_action(contract, start_date=date(2025, 1, 1), end_date=date(2026, 1, 31))
    moved = make_action(
        contract,
        status=Status.POSTPONED,
        status_reason=CRISIS,
        end_date=date(2025, 1, 31),
        postponed_to=date(2026, 6, 30),
    )

    apply_to(contract, DatesChange(shift=1), plain, moved)

    plain.refresh_from_db()
    moved.refresh_from_db()
    assert plain.end_date == date(2026, 2, 28)
    assert (moved.end_date, moved.postponed_to) == (date(2025, 1, 31), date(2026, 7, 30))


def test_another_pilot_leads_and_the_co_pilots_stay(contract):
    former, co_pilot, new = (make_organisation(contract) for _ in range(3))
    action = make_action(contract, pilot=former)
    ActionPilot.objects.create(action=action, organisation=co_pilot, role=PilotRole.CO_PILOT, position=1)

    apply_to(contract, PilotChange(new), action)

    assert {(pilot.organisation, pilot.role) for pilot in action.pilots.all()} == {
        (new, PilotRole.PRINCIPAL),
        (co_pilot, PilotRole.CO_PILOT),
    }


def test_fiches_move_to_an_axis_and_its_objective(contract):
    axis = make_axis(contract)
    objective = Objective.objects.create(axis=axis, title="Prévenir")
    action = make_action(contract, axis=make_axis(contract))

    apply_to(contract, AxisChange(axis, objective), action)

    action.refresh_from_db()
    assert (action.axis, action.objective, action.version) == (axis, objective, 2)


@pytest.mark.parametrize(
    ("fields", "change", "refusal"),
    [
        ({}, postponement(), "Cette fiche n’a pas d’échéance à décaler"),
        ({}, StatusChange(status=Status.NOT_STARTED, on=date.today()), "Rien ne change"),
        ({"status": Status.DONE, "end_date": date(2026, 1, 1)}, postponement(), "Cette fiche est close (Réalisée)"),
        ({}, DatesChange(shift=3), "n’a pas d’échéance à décaler"),
        ({"start_date": date(2026, 1, 1)}, DatesChange(end=date(2025, 1, 1)), "L’échéance précéderait le début."),
        ({"end_date": date(2026, 1, 1)}, DatesChange(start=date(2027, 1, 1)), "L’échéance précéderait le début."),
        ({}, AxisChange(None), "Rien ne change"),
    ],
)
def test_what_cannot_change_says_why(contract, fields, change, refusal):
    action = make_action(contract, **fields)

    [outcome] = preview(selection(contract, make_user(is_superuser=True), [action.pk]), change)

    assert refusal in outcome.refusal


def test_a_status_never_goes_behind_a_later_point(contract):
    action = make_action(contract)
    FollowUp.objects.create(action=action, date=date.today(), status=Status.IN_PROGRESS, progress=25, author_name="A")
    change = StatusChange(status=Status.DONE, on=date.today() - timedelta(days=1))

    [outcome] = preview(selection(contract, make_user(is_superuser=True), [action.pk]), change)

    assert "un point de suivi plus récent" in outcome.refusal


def test_one_stale_fiche_stops_all(contract, coordinator):
    actions = [make_action(contract, end_date=date(2026, 6, 30)) for _ in range(3)]
    read = versions(*actions)
    Action.objects.filter(pk=actions[1].pk).update(version=2)

    with pytest.raises(StaleSelectionError) as stale:
        apply_change(contract=contract, user=coordinator, change=postponement(), versions=read)

    assert stale.value.ids == {actions[1].pk}
    assert not FollowUp.objects.exists()


def test_the_whole_journey_from_the_plan_and_back(contract, coordinator):
    first = make_action(contract, title="École", status=Status.IN_PROGRESS, end_date=date(2026, 6, 30))
    second = make_action(contract, title="Sans date", status=Status.IN_PROGRESS)
    make_action(contract, title="Ailleurs")
    client, url = signed_in(coordinator), reverse("actions:bulk", args=[contract.slug])

    page = client.get(url, {"geste": "statut", "toutes": "1", "filtres": "statut=en_cours"})
    assert [action.title for action in page.context["actions"]] == ["École", "Sans date"]

    data = {"geste": "statut", "filtres": "statut=en_cours", "fiche": [first.pk, second.pk], "on": date.today()}
    data |= {"status": Status.POSTPONED, "shift": "12", "reason": CRISIS}
    shown = client.post(url, data).content.decode()
    assert "En cours, 0\u00a0%, échéance\u00a0: 30/06/2026" in shown
    assert "Reportée, 0\u00a0%, échéance\u00a0: 30/06/2027" in shown
    assert "Cette fiche n’a pas d’échéance à décaler" in shown
    assert not FollowUp.objects.exists()

    response = client.post(url, data | {"etape": "appliquer", "version": f"{first.pk}:1"})
    assert response.url == reverse("actions:plan", args=[contract.slug]) + "?statut=en_cours"
    assert list(FollowUp.objects.values_list("action", flat=True)) == [first.pk]


def test_a_change_made_meanwhile_is_told_and_nothing_is_written(contract, coordinator):
    action = make_action(contract, end_date=date(2026, 6, 30))
    data = {"geste": "dates", "fiche": action.pk, "shift": "3", "etape": "appliquer", "version": f"{action.pk}:9"}

    text = post(coordinator, contract, **data).content.decode()

    assert "Des fiches ont changé entre-temps, rien n’est enregistré" in text
    action.refresh_from_db()
    assert action.end_date == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("deed", "values", "sentence"),
    [
        ("statut", {"status": "suspendue", "on": "2026-01-01"}, "Dites pourquoi les fiches passent à"),
        ("statut", {"status": "reportee", "on": "2026-01-01", "reason": "x"}, "Donnez une nouvelle échéance, ou un"),
        ("statut", {"status": "realisee", "on": "2199-01-01"}, "sa date ne peut pas être à venir"),
        ("dates", {}, "Donnez un début, une échéance, ou un nombre de mois."),
        ("dates", {"shift": "500"}, "inférieure ou égale à 60"),
        ("pilote", {}, "Ce champ est obligatoire."),
        ("axe", {"axis": "99999"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_refused_form_says_why_and_writes_nothing(contract, coordinator, deed, values, sentence):
    action = make_action(contract)

    text = post(coordinator, contract, geste=deed, fiche=action.pk, etape="appliquer", **values).content.decode()

    assert sentence in text
    assert action.history.count() == 1


def test_fiches_of_another_contract_stay_out_of_reach(contract, other_contract, coordinator):
    foreign = make_action(other_contract)

    assert post(coordinator, contract, geste="dates", fiche=foreign.pk).status_code == 302
    foreign_pilot = make_organisation(other_contract)
    own = make_action(contract)
    text = post(coordinator, contract, geste="pilote", fiche=own.pk, organisation=foreign_pilot.pk).content.decode()
    assert "Sélectionnez un choix valide" in text


def test_only_coordination_sees_the_boxes_and_the_bar(contract, coordinator, pilot, reader):
    make_action(contract)

    def offered(user) -> bool:
        text = signed_in(user).get(reverse("actions:plan", args=[contract.slug])).content.decode()
        assert ('name="fiche"' in text) == ('id="selection"' in text)
        return 'id="selection"' in text

    assert [offered(user) for user in (coordinator, pilot, reader)] == [True, False, False]


NAMES = [name for _title, form in DEEDS.values() for name in form.base_fields]


@few(30)
@given(
    deed=st.sampled_from(["statut", "dates", "pilote", "axe", "?"]),
    stage=st.sampled_from(["verifier", "appliquer", "modifier"]),
    values=st.dictionaries(
        st.sampled_from([*NAMES, "filtres", "toutes", "version"]), VALUES.map(lambda value: [raw(value)])
    ),
)
def test_nothing_posted_breaks_the_page(contract, coordinator, deed, stage, values):
    action = contract.actions.first() or make_action(contract, start_date=date(2025, 1, 1), end_date=date(2026, 1, 1))

    assert post(coordinator, contract, geste=deed, etape=stage, fiche=action.pk, **values).status_code in (200, 302)


def test_a_deadline_known_to_the_month_stays_the_end_of_one(contract):
    action = make_action(contract, end_date=date(2025, 6, 30), end_precision=DatePrecision.MONTH)

    apply_to(contract, DatesChange(shift=6), action)

    action.refresh_from_db()
    assert action.end_date == date(2025, 12, 31)


def test_the_drafting_of_a_whole_plan_taken_up_changes_in_one_gesture(contract, coordinator):
    actions = [make_action(contract) for _ in range(3)]
    change = DraftingChange(DraftingState.ANNEXED)
    versions = {action.pk: action.version for action in actions}
    apply_change(contract=contract, user=coordinator, change=change, versions=versions)
    assert {action.drafting_state for action in contract.actions.all()} == {DraftingState.ANNEXED}


def test_many_fiches_are_postponed_neither_to_the_past_nor_before_their_start(contract):
    past = make_action(contract, end_date=date(2019, 1, 1))
    later = make_action(contract, start_date=date(2040, 1, 1))
    change = StatusChange(Status.POSTPONED, on=today(), reason="Crise", new_date=date(2019, 1, 1))
    assert ["est déjà passé" in outcome.refusal for outcome in preview([past, later], change)] == [True, True]
    change = StatusChange(Status.POSTPONED, on=today(), reason="Crise", new_date=date(2039, 1, 1))
    assert [bool(outcome.refusal) for outcome in preview([past, later], change)] == [False, True]
