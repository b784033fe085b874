"""The Gouvernance tab: the bodies, their meetings, the decisions and who may read them."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from actions.models import DecisionFiche
from cls_portal.core.dates import today
from contracts.enums import DecisionState, MeetingState
from tests.actions.meeting_pages import LAST_JUNE
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_coming_meeting,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_member,
    make_organisation,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


def page(user, contract, name="actions:governance", query="") -> str:
    return signed_in(user).get(reverse(name, args=[contract.slug]) + query).content.decode()


def table(html: str) -> str:
    return html[html.index("<table") : html.index("</table>")]


# The tab


def test_without_any_body_the_coordination_is_told_what_to_do_and_the_reader_is_not(contract, coordinator, reader):
    link = reverse("contracts:body_create", args=[contract.slug])

    assert "Qui pilote ce contrat" in page(coordinator, contract)
    assert link in page(coordinator, contract)
    assert link not in page(reader, contract)


def test_the_tab_shows_each_body_with_its_members_and_its_meetings(contract, reader):
    body = make_body(contract, name="comité de pilotage", rhythm="Deux fois par an")
    make_held_meeting(body)
    make_meeting(body, number=2)
    for _time in range(3):
        make_member(body)
    make_member(body, ended_on=today() - timedelta(days=1))
    make_body(contract, name="ancien groupe", closed_on=today())

    html = page(reader, contract)

    lines = table(html)
    assert "Comité de pilotage" in lines
    assert "Deux fois par an" in lines
    assert f'{body.get_absolute_url()}#membres">3</a>' in lines
    assert lines.index("11/06/2026") < lines.index("10/12/2026")
    assert "ancien groupe" not in lines
    assert "1\u00a0instance dissoute" in html
    assert 'aria-current="page">Gouvernance' in html


def test_a_meeting_whose_day_has_passed_is_not_the_next_one(contract, reader):
    body = make_body(contract, name="comité de pilotage")
    make_meeting(body, number=3, starts_at=timezone.now() - timedelta(days=2))

    html = page(reader, contract)

    assert "Aucune date" in html
    assert "n’a pas encore dit si ces réunions se sont tenues" in html
    assert "Comité de pilotage n°\u00a03" in html


def test_a_cancelled_meeting_is_said_cancelled_and_is_not_the_next_one(contract, reader):
    body = make_body(contract, name="comité de pilotage")
    day = timezone.now() + timedelta(days=9)
    make_meeting(body, number=3, starts_at=day, state=MeetingState.CANCELLED)
    make_meeting(body, number=4, starts_at=day + timedelta(days=30))

    html = page(reader, contract)

    coming = html.split('id="t-prochaines"')[1].split("</section>")[0]
    assert coming.index("n°\u00a03") < coming.index("Annulée") < coming.index("n°\u00a04")
    assert f"{day + timedelta(days=30):%d/%m/%Y}" in table(html)
    assert f"{day:%d/%m/%Y}" not in table(html)


def test_open_decisions_are_shown_the_most_urgent_first(contract, coordinator):
    meeting = make_held_meeting(make_body(contract))
    make_decision(meeting, text="Sans date")
    make_decision(meeting, text="Plus tard", due_on=today() + timedelta(days=30))
    make_decision(meeting, text="En souffrance", due_on=today() - timedelta(days=30))
    make_decision(meeting, text="Déjà faite", state=DecisionState.DONE)

    html = page(coordinator, contract)

    assert html.index("En souffrance") < html.index("Plus tard") < html.index("Sans date")
    assert "Déjà faite" not in html
    decisions = reverse("actions:decisions", args=[contract.slug])
    assert f'<a href="{decisions}?etat=ouverte">3</a>' in html
    assert f'<a href="{decisions}?etat=retard">' in html
    assert f'<a href="{decisions}">4</a>' in html


@query_count_test("actions:governance")
def test_the_tab_costs_the_same_whatever_it_holds(contract, coordinator):
    def add(number: int) -> None:
        for _time in range(number):
            body = make_body(contract, axis=make_axis(contract))
            make_member(body)
            make_meeting(body)
            make_full_decision(body)

    assert_constant_queries(signed_in(coordinator), reverse("actions:governance", args=[contract.slug]), add)


def make_full_decision(body, **fields):
    owner = make_organisation(body.contract)
    decision = make_decision(make_held_meeting(body), owner=owner, due_on=today() - timedelta(days=1), **fields)
    action = make_action(axis=make_axis(body.contract), code="1.1")
    DecisionFiche.objects.create(decision=decision, action=action)
    return decision


# The list of decisions


def shown(user, contract, query="") -> set[str]:
    response = signed_in(user).get(reverse("actions:decisions", args=[contract.slug]) + query)
    return {decision.text for decision in response.context["page_obj"]}


def test_decisions_are_filtered_by_the_address(contract, coordinator):
    first, second = make_body(contract), make_body(contract)
    late = make_full_decision(first, text="Réduire les délais")
    make_decision(make_held_meeting(second), text="Créer un poste", owner_detail="la présidence")
    make_decision(make_held_meeting(second, number=2), text="Approuver le relevé", state=DecisionState.DONE)
    fiche = late.fiches.get().action_id

    assert shown(coordinator, contract) == {"Réduire les délais", "Créer un poste", "Approuver le relevé"}
    assert shown(coordinator, contract, "?etat=ouverte") == {"Réduire les délais", "Créer un poste"}
    assert shown(coordinator, contract, "?etat=retard") == {"Réduire les délais"}
    assert shown(coordinator, contract, "?etat=appliquee") == {"Approuver le relevé"}
    assert shown(coordinator, contract, f"?instance={second.pk}") == {"Créer un poste", "Approuver le relevé"}
    assert shown(coordinator, contract, f"?responsable={late.owner_id}") == {"Réduire les délais"}
    assert shown(coordinator, contract, f"?fiche={fiche}") == {"Réduire les délais"}
    assert shown(coordinator, contract, "?q=DELAIS+reduire") == {"Réduire les délais"}
    assert shown(coordinator, contract, "?q=presidence") == {"Créer un poste"}


def test_two_bodies_that_number_alike_are_told_apart_beside_the_number(contract, coordinator):
    for name in ("comité de pilotage", "groupe de travail"):
        make_decision(make_held_meeting(make_body(contract, name=name), number=1))

    html = page(coordinator, contract, "actions:decisions")

    for name in ("Comité de pilotage", "Groupe de travail"):
        assert f"1.1<small>{name}</small>" in html


def test_a_filter_that_is_not_understood_filters_nothing_and_says_so(contract, coordinator):
    make_decision(make_held_meeting(make_body(contract)), text="Décider")
    hostile = "?etat=x&instance=²&responsable=9999999999999999999999&fiche=-1&q=%00&page=zz"

    html = page(coordinator, contract, "actions:decisions", hostile)

    assert "Décider" in html
    assert html.count('class="error"') >= 4


def test_nothing_of_another_contract_is_offered_nor_shown(contract, other_contract, coordinator):
    foreign = make_full_decision(make_body(other_contract, name="instance d’ailleurs"), text="Ailleurs")

    html = page(coordinator, contract, "actions:decisions", f"?instance={foreign.meeting.body_id}")

    assert "Ailleurs" not in html
    assert "instance d’ailleurs" not in html
    assert str(foreign.owner) not in html


def test_decisions_are_exported_as_they_are_shown(contract, coordinator):
    late = make_full_decision(make_body(contract), text="Réduire les délais")
    make_decision(late.meeting, text="=cmd()", state=DecisionState.DONE)
    address = reverse("actions:decisions_export", args=[contract.slug])
    client = signed_in(coordinator)

    def lines(query: str) -> str:
        return b"".join(client.get(address + query)).decode()

    assert "Réduire les délais" in lines("?format=csv&etat=retard")
    assert "cmd" not in lines("?format=csv&etat=retard")
    assert "'=cmd()" in lines("?format=csv")
    assert client.get(f"{address}?format=exe").status_code == 404


def test_all_the_past_meetings_are_listed_body_by_body(contract, reader, coordinator):
    body, other = make_body(contract, name="comité de pilotage"), make_body(contract, name="cotech")
    held = [make_held_meeting(body, starts_at=LAST_JUNE - timedelta(days=100 * back)) for back in range(9)]
    cancelled = make_meeting(other, starts_at=LAST_JUNE, state=MeetingState.CANCELLED)
    ahead = make_coming_meeting(other)
    make_decision(held[0])
    address = reverse("actions:past_meetings", args=[contract.slug])
    assert address in page(reader, contract)

    found = signed_in(reader).get(address).context["page_obj"].object_list

    assert set(found) == {*held, cancelled}
    assert ahead not in found
    assert [meeting.starts_at for meeting in found] == sorted((each.starts_at for each in found), reverse=True)
    counts = [signed_in(user).get(address).context["page_obj"] for user in (reader, coordinator)]
    assert [sum(meeting.decision_count for meeting in each) for each in counts] == [0, 1], "the minutes are a draft"
    assert list(signed_in(reader).get(f"{address}?instance={other.pk}").context["page_obj"]) == [cancelled]
    assert len(signed_in(reader).get(f"{address}?instance=abc").context["page_obj"]) == 10


@query_count_test("actions:past_meetings")
def test_past_meetings_cost_the_same_whatever_their_number(contract, coordinator):
    def add(number: int) -> None:
        for _time in range(number):
            make_decision(make_held_meeting(make_body(contract)))

    assert_constant_queries(signed_in(coordinator), reverse("actions:past_meetings", args=[contract.slug]), add)


@query_count_test("actions:decisions")
def test_decisions_cost_the_same_whatever_their_number(contract, coordinator):
    body = make_body(contract)

    def add(number: int) -> None:
        for _time in range(number):
            make_full_decision(body)

    assert_constant_queries(signed_in(coordinator), reverse("actions:decisions", args=[contract.slug]), add)


# Who reads them


def test_decisions_are_read_by_all_once_the_minutes_are_validated(contract, reader, ars_referent):
    body = make_body(contract)
    meeting = make_held_meeting(body)
    make_decision(meeting, text="Décision du comité")

    assert shown(ars_referent, contract) == {"Décision du comité"}
    assert "Décision du comité" not in page(reader, contract) + page(reader, contract, "actions:decisions")

    meeting.state = MeetingState.VALIDATED
    meeting.save()
    assert shown(reader, contract) == {"Décision du comité"}


def test_who_sits_in_the_body_reads_its_decisions_and_not_those_of_another(contract, reader):
    mine, other = make_body(contract), make_body(contract)
    make_member(mine, user=reader)
    make_decision(make_held_meeting(mine), text="De mon instance")
    make_decision(make_held_meeting(other), text="D’une autre")

    assert shown(reader, contract) == {"De mon instance"}
