"""A fiche edited section by section, alone and by two people at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.enums import PilotRole, TermUsage
from actions.fiche.sections import EDITABLE
from actions.models import Action, Step
from cls_portal.core.deletion import restore
from cls_portal.core.models import Deletion
from cls_portal.core.versioning import StaleVersionError
from contracts.enums import TermKind
from contracts.models import Organisation, ReferenceTerm
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_full_action,
    make_indicator,
    make_measurement,
    make_organisation,
    make_term,
)
from tests.page_forms import form_data
from tests.people import signed_in


def url_of(action, section: str) -> str:
    return reverse("actions:edit", args=[action.contract.slug, action.pk, section])


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def edit(client):
    """Opens a section, changes fields, sends it; answers the response."""

    def send(action, section, opened=None, **changes):
        opened = opened or client.get(url_of(action, section))
        assert opened.status_code == 200
        return client.post(url_of(action, section), form_data(opened, **changes))

    return send


def reload(action) -> Action:
    return Action.objects.get(pk=action.pk)


@pytest.mark.parametrize("section", [each.key for each in EDITABLE])
def test_a_section_sent_back_untouched_changes_nothing(section, edit, contract):
    action = make_full_action(contract)

    response = edit(action, section)

    assert response.status_code == 302
    assert reload(action).version == action.version
    assert reload(action).steps.count() == 3
    assert reload(action).history.count() == 1


def test_a_text_is_saved_and_signed(edit, coordinator, contract):
    action = make_action(contract)

    edit(action, "contexte", context="Une entrée précoce dans les consommations.")

    saved = reload(action)
    assert (saved.context, saved.version) == ("Une entrée précoce dans les consommations.", 2)
    assert saved.history.first().history_user == coordinator


def test_a_refused_section_keeps_what_was_typed_and_leads_to_the_field(edit, contract):
    response = edit(make_action(contract), "calendrier", start_date="2025-03-01", end_date="2024-03-01")

    html = response.content.decode()
    assert "L’échéance précède le début." in html
    assert 'value="2024-03-01"' in html


def test_a_date_known_to_the_quarter_is_stored_as_its_bounds(edit, contract):
    action = make_action(contract)

    edit(
        action,
        "calendrier",
        start_date="2024-05-12",
        start_precision="trimestre",
        end_date="2025-02-02",
        end_precision="annee",
    )

    assert (reload(action).start_date, reload(action).end_date) == (date(2024, 4, 1), date(2025, 12, 31))


def test_a_line_is_added_without_losing_what_is_typed(client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "etapes"))

    response = client.post(
        url_of(action, "etapes"),
        form_data(opened, etapes__0__title="Former", etapes__0__start_date="xx", ajouter="etapes"),
    )

    html = response.content.decode()
    assert 'value="Former"' in html
    assert 'name="etapes-1-title"' in html
    assert "obligatoire.</p>" not in html
    assert not action.steps.exists()


def test_steps_are_created_ordered_and_deleted(edit, client, contract):
    action = make_action(contract)
    edit(action, "etapes", etapes__0__title="Second", etapes__0__position="2")
    edit(action, "etapes", etapes__1__title="Premier", etapes__1__position="1", etapes__0__position="5")

    assert list(action.steps.values_list("title", flat=True)) == ["Premier", "Second"]

    edit(action, "etapes", etapes__0__DELETE="on")

    assert list(action.steps.values_list("title", flat=True)) == ["Second"]
    assert Step.history.filter(history_type="-").count() == 1


def test_amounts_are_typed_the_french_way(edit, contract):
    action = make_action(contract)

    edit(
        action,
        "moyens",
        financement__0__year="2025",
        financement__0__new_funder="Agence régionale de santé",
        financement__0__planned="12 500,50",
    )

    line = action.funding_lines.get()
    assert line.planned == Decimal("12500.50")
    assert line.granted is None
    assert line.funder.territory == contract.territory


def test_an_organisation_named_twice_is_created_once(edit, contract):
    action = make_action(contract)
    make_organisation(contract, name="Mission locale")

    edit(
        action,
        "pilotage",
        pilotes__0__new_organisation="mission LOCALE",
        pilotes__0__new_contact="Alix Renaud",
        partenaires__0__new_organisation="Maison des adolescents",
    )

    assert action.pilots.get().organisation.name == "Mission locale"
    assert str(action.pilots.get().contacts.get()) == "Alix Renaud"
    assert Organisation.objects.filter(name__iexact="mission locale").count() == 1
    assert action.partners.get().organisation.name == "Maison des adolescents"


def test_the_principal_pilot_changes_hands(edit, contract):
    action = make_full_action(contract, parts=2)

    edit(action, "pilotage", pilotes__0__role="copilote", pilotes__1__role="pilote")

    roles = list(action.pilots.order_by("position").values_list("role", flat=True))
    assert roles == [PilotRole.CO_PILOT, PilotRole.PRINCIPAL]


def test_two_principals_are_refused(edit, contract):
    response = edit(make_full_action(contract, parts=2), "pilotage", pilotes__1__role="pilote")

    assert "un seul pilote principal" in response.content.decode()


def test_a_term_of_its_own_is_added_to_the_contract(edit, contract):
    action = make_action(contract)
    theme = make_term(TermKind.THEME)

    edit(action, "publics", terms_theme=[str(theme.pk)], own_theme="Santé des marins ; Santé des marins")

    labels = {link.term.label for link in action.action_terms.filter(usage=TermUsage.THEME)}
    assert labels == {theme.label, "Santé des marins"}
    assert ReferenceTerm.objects.get(label="Santé des marins").contract == contract


def test_an_axis_of_another_contract_cannot_be_chosen(edit, contract, other_contract):

    action = make_action(contract)

    response = edit(action, "identite", axis=str(make_axis(other_contract).pk))

    assert response.status_code == 200
    assert reload(action).axis is None


def test_changes_made_elsewhere_in_the_fiche_do_not_stop_anybody(edit, client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "contexte"))
    edit(action, "description", description="De l’autre")

    response = edit(action, "contexte", opened, context="De l’une")

    assert response.status_code == 302
    assert (reload(action).context, reload(action).description) == ("De l’une", "De l’autre")


def test_the_second_of_two_people_compares_and_chooses(edit, client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "objectifs"))
    edit(action, "objectifs", general_objective="Celui de l’autre", expected_results="Résultats de l’autre")

    conflict = edit(action, "objectifs", opened, general_objective="Le mien", specific_objectives="Ajouté")

    html = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Celui de l’autre" in html
    assert "Le mien" in html
    assert reload(action).general_objective == "Celui de l’autre"

    chosen = client.post(url_of(action, "objectifs"), form_data(conflict, choix__general_objective="mine"))

    saved = reload(action)
    assert chosen.status_code == 302
    assert saved.general_objective == "Le mien"
    assert saved.specific_objectives == "Ajouté"
    assert saved.expected_results == "Résultats de l’autre"


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "La mienne"), ("theirs", "Celle de l’autre"), ("other", "Une troisième")]
)
def test_each_choice_is_kept(choice, kept, edit, client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "contexte"))
    edit(action, "contexte", context="Celle de l’autre")
    conflict = edit(action, "contexte", opened, context="La mienne")

    client.post(url_of(action, "contexte"), form_data(conflict, choix__context=choice, autre__context="Une troisième"))

    assert reload(action).context == kept


def test_a_third_person_meanwhile_brings_the_choice_back(edit, client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "contexte"))
    edit(action, "contexte", context="Deuxième")
    conflict = edit(action, "contexte", opened, context="La mienne")
    edit(action, "contexte", context="Troisième")

    again = client.post(url_of(action, "contexte"), form_data(conflict, choix__context="mine"))

    html = again.content.decode()
    assert again.status_code == 409
    assert "La mienne" in html
    assert "Troisième" in html


def test_what_is_typed_while_others_keep_saving_comes_back(edit, client, contract, monkeypatch):
    action = make_action(contract)
    opened = client.get(url_of(action, "contexte"))

    def refuse(**_asked):
        raise StaleVersionError

    monkeypatch.setattr("actions.fiche.editing.save_whole_section", refuse)
    answer = edit(action, "contexte", opened, context="La mienne")

    assert answer.status_code == 409
    assert "D’autres personnes enregistrent ici" in answer.content.decode()
    monkeypatch.undo()
    client.post(url_of(action, "contexte"), form_data(answer))
    assert reload(action).context == "La mienne"


def test_rows_are_compared_field_by_field(edit, client, contract):
    action = make_full_action(contract)
    opened = client.get(url_of(action, "etapes"))
    edit(action, "etapes", etapes__0__title="Titre de l’autre", etapes__1__DELETE="on")

    conflict = edit(
        action,
        "etapes",
        opened,
        etapes__0__title="Mon titre",
        etapes__1__title="Mon autre titre",
        etapes__3__title="Neuve",
    )

    assert conflict.status_code == 409
    assert "Titre de l’autre" in conflict.content.decode()
    assert "Ligne supprimée" in conflict.content.decode()

    client.post(
        url_of(action, "etapes"), form_data(conflict, choix__etapes__0__title="theirs", choix__etapes__1__row="mine")
    )

    titles = set(action.steps.values_list("title", flat=True))
    assert titles == {"Titre de l’autre", "Mon autre titre", "Étape 2", "Neuve"}


def test_a_deletion_of_a_row_that_somebody_changed_is_asked(edit, client, contract):
    action = make_full_action(contract)
    opened = client.get(url_of(action, "etapes"))
    edit(action, "etapes", etapes__0__title="Précisée par l’autre")

    conflict = edit(action, "etapes", opened, etapes__0__DELETE="on")

    assert conflict.status_code == 409
    client.post(url_of(action, "etapes"), form_data(conflict))
    assert action.steps.filter(title="Précisée par l’autre").exists()


def test_what_only_the_other_changed_is_kept_without_a_question(edit, client, contract):
    action = make_full_action(contract)
    opened = client.get(url_of(action, "etapes"))
    edit(action, "etapes", etapes__0__title="Renommée par l’autre", etapes__1__DELETE="on")

    conflict = edit(action, "etapes", opened, etapes__2__title="Renommée par moi")

    page = conflict.content.decode()
    assert "Gardé de l’autre saisie" in page
    assert "Garder ma saisie" not in page
    client.post(url_of(action, "etapes"), form_data(conflict))
    assert set(action.steps.values_list("title", flat=True)) == {"Renommée par l’autre", "Renommée par moi"}


def test_sent_twice_it_is_saved_once(edit, client, contract):
    action = make_action(contract)
    opened = client.get(url_of(action, "etapes"))
    data = form_data(opened, etapes__0__title="Une seule")

    client.post(url_of(action, "etapes"), data)
    client.post(url_of(action, "etapes"), data)

    assert action.steps.count() == 1


def test_a_fiche_of_a_contract_out_of_scope_is_neither_named_nor_taken_nor_lost(edit, client, contract):
    former = make_action(make_contract(territory=contract.territory, generation=2), title="Titre confidentiel")
    action = make_action(contract)

    opened = client.get(url_of(action, "liens"))
    refused = edit(action, "liens", opened, carried_from=str(former.pk))

    assert "Titre confidentiel" not in opened.content.decode()
    assert refused.status_code == 200
    assert reload(action).carried_from is None

    Action.objects.filter(pk=action.pk).update(carried_from=former)
    other = make_action(contract)
    opened = client.get(url_of(action, "liens"))
    edit(action, "liens", opened, linked=[str(other.pk)])
    assert "Titre confidentiel" not in opened.content.decode()
    assert reload(action).carried_from == former
    assert reload(action).links_out.get().other == other


def test_an_indicator_taken_away_comes_back_with_its_measurements(edit, contract):
    action = make_action(contract)
    indicator = make_indicator(action)
    make_measurement(indicator)

    edit(action, "indicateurs", indicateurs__0__DELETE="on")
    assert not action.indicators.exists()

    restore(Deletion.objects.get(), user=None)
    assert action.indicators.get().measurements.count() == 1


def test_a_term_added_from_a_fiche_is_signed(edit, coordinator, contract):
    edit(make_action(contract), "publics", own_theme="Santé des bateliers")

    assert contract.terms.get().history.get().history_user == coordinator
