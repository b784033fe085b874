"""What people write where a figure, a date or a name is expected: understood, and shown as interpreted."""

import pytest

from actions.enums import Status, TermUsage
from actions.models import ActionTerm
from actions.workbook.headings import guess_mapping
from contracts.enums import TermKind
from tests.actions.workbooks import as_csv, as_xlsx, confirmed, imported, meanings, preview_of, previewed, problems
from tests.factories import make_action, make_full_action, make_organisation, make_perimeter_commune, make_term
from tests.people import signed_in


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.mark.parametrize("years", [("2022", "2023"), (2022, 2023)])
def test_a_banner_right_under_the_headings_is_not_a_second_line_of_headings(client, contract, years):
    rows = [
        ["N° fiche", "Fiche action", *years, "Structure pilote"],
        ["AXE 1 – Renforcer l’accès aux soins"],
        ["Objectif 1.1 : attirer des médecins"],
        ["1.1.1", "Accueillir les internes", "x", None, "CDOM"],
    ]
    imported(client, contract, as_xlsx(rows))

    action = contract.actions.get()
    assert (action.code, action.title, action.axis.title) == (
        "1.1.1",
        "Accueillir les internes",
        "Renforcer l’accès aux soins",
    )


def test_a_banner_with_a_word_beside_it_is_none_either(client, contract):
    rows = [["N° fiche", "Fiche action", "Pilote"], ["Axe 1", "Accès aux soins", None], ["1.1", "Former", "ARS"]]

    imported(client, contract, as_xlsx(rows))

    assert contract.actions.get(code="1.1").title == "Former"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("à lancer", (Status.NOT_STARTED, 0)),
        ("terminé", (Status.DONE, 100)),
        ("abandonné", (Status.DROPPED, 0)),
        ("en cours (60 %)", (Status.IN_PROGRESS, 50)),
        ("75 % – en cours", (Status.IN_PROGRESS, 75)),
        ("réalisée à 50 %", (Status.IN_PROGRESS, 50)),
        ("Terminé à 100 %", (Status.DONE, 100)),
        ("80 %", (Status.IN_PROGRESS, 75)),
    ],
)
@pytest.mark.parametrize("heading", ["Avancement", "Statut"])
def test_an_advance_may_be_said_in_words(client, contract, heading, written, expected):
    address, page = previewed(client, contract, as_xlsx([["Intitulé", heading], ["Ouvrir", written]]))
    assert page.context["preview"].problems == []
    assert "B2" in meanings(page.context["preview"])

    confirmed(client, address)

    action = contract.actions.get()
    assert (action.status, action.progress) == expected


def test_a_percentage_in_a_comment_on_the_status_is_no_progress(client, contract):
    rows = [["Intitulé", "Statut"], ["Ouvrir", "En cours (retard de 20 % sur le budget)"]]

    imported(client, contract, as_xlsx(rows))

    action = contract.actions.get()
    assert (action.status, action.progress) == (Status.IN_PROGRESS, 0)


def test_the_column_of_the_status_has_the_last_word(client, contract):
    rows = [["Intitulé", "Avancement", "Statut"], ["Ouvrir", "terminé", "Suspendue"]]

    address, page = previewed(client, contract, as_xlsx(rows))
    assert "sans effet" in meanings(page.context["preview"])["B2"]
    confirmed(client, address)

    assert contract.actions.get().status == Status.SUSPENDED


@pytest.mark.parametrize("written", ["dès que possible", "à définir", "Permanent", "bientôt"])
@pytest.mark.parametrize("heading", ["Début", "Échéance"])
def test_words_in_a_column_of_dates_complete_the_calendar(client, contract, heading, written):
    address, page = previewed(client, contract, as_xlsx([["Intitulé", heading], ["Ouvrir", written]]))
    assert page.context["preview"].problems == []
    assert "précisions sur le calendrier" in meanings(page.context["preview"])["B2"]

    confirmed(client, address)

    action = contract.actions.get()
    assert action.calendar_detail == f"{heading}\u00a0: {written}"
    assert (action.start_date, action.end_date) == (None, None)
    assert action.is_recurring == (written == "Permanent")


def test_words_in_a_column_of_dates_are_added_to_what_the_fiche_says_and_only_once(client, contract):
    make_action(contract, title="Ouvrir", calendar_detail="Après les travaux.")
    content = as_xlsx([["Intitulé", "Début", "Échéance"], ["Ouvrir", "?", "dès que possible"]])

    imported(client, contract, content)
    _address, page = previewed(client, contract, content)

    assert contract.actions.get().calendar_detail == "Après les travaux.\nÉchéance\u00a0: dès que possible"
    assert page.context["preview"].counts == {"same": 1}


def test_a_date_that_does_not_exist_is_still_to_be_corrected(client, contract):
    _address, page = previewed(client, contract, as_xlsx([["Intitulé", "Échéance"], ["Ouvrir", "31/02/2023"]]))

    assert [problem.cell for problem in page.context["preview"].problems] == ["B2"]


def test_two_letters_name_no_organisation_by_their_initials(client, contract):
    make_organisation(contract, name="Collectif des habitants pour la santé")
    make_organisation(contract, name="Collectif des habitants")
    known = make_organisation(contract, name="Caisse primaire d’assurance maladie")
    declared = make_organisation(contract, name="Conseil départemental", short_name="CD")
    rows = [["Intitulé", "Pilote"], ["Ouvrir", "CH"], ["Former", "CPAM"], ["Dire", "CD"]]

    imported(client, contract, as_xlsx(rows))

    pilots = [action.pilots.get().organisation for action in contract.actions.order_by("position")]
    assert pilots[0].name == "CH"
    assert pilots[1:] == [known, declared]


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("Mme Durand (CH) 05 45 00 00 00", ("", "Durand", "", "05 45 00 00 00")),
        ("jean.dupont@exemple.fr", ("Jean", "Dupont", "jean.dupont@exemple.fr", "")),
        ("Dr Anne MARTIN - tél. : +33 5 45 00 00 00", ("Anne", "MARTIN", "", "+33 5 45 00 00 00")),
        (
            "Anne Martin\n05.45.00.00.00\na.martin@exemple.fr",
            ("Anne", "Martin", "a.martin@exemple.fr", "05.45.00.00.00"),
        ),
    ],
)
def test_a_contact_comes_with_how_to_reach_them(client, contract, written, person):
    content = as_xlsx([["Intitulé", "Pilote", "Contact"], ["Ouvrir", "ARS", written]])
    address, page = previewed(client, contract, content)
    assert page.context["preview"].problems == []
    assert all(way in meanings(page.context["preview"])["C2"] for way in person[2:])

    confirmed(client, address)

    contact = contract.actions.get().pilots.get().contacts.get()
    assert (contact.first_name, contact.last_name, contact.email, contact.phone) == person
    _address, page = previewed(client, contract, content)
    assert page.context["preview"].counts == {"same": 1}


def test_what_a_contact_has_no_field_for_is_noted_in_the_fiche(client, contract):
    rows = [["Intitulé", "Pilote", "Contact"], ["Ouvrir", "ARS", "Mme Durand (CH) 05 45 00 00 00"]]

    imported(client, contract, as_xlsx(rows))

    assert contract.actions.get().human_means == "Contact\u00a0: Mme Durand (CH) 05 45 00 00 00"


def test_the_fiche_to_come_is_told_with_the_labels_of_the_portal(client, contract):
    rows = [
        ["Intitulé", "Public cible", "État d’avancement"],
        ["Ouvrir", "Tout public / habitants du Pays", "Reportée"],
    ]
    rows[0].append("Échéance")
    rows[1].append("31/12/2014")
    _address, page = previewed(client, contract, as_xlsx(rows))

    said = dict(page.context["preview"].lines[0].said)
    assert said["Publics"] == "Tout public"
    assert said["Précisions sur le public"] == "habitants du Pays"
    assert said["Statut"] == "Reportée"
    assert said["Motif du statut"].startswith("Motif non précisé")
    assert said["Reportée au"] == "31/12/2014"


def test_what_is_read_as_it_is_written_is_not_said_to_be_interpreted(client, contract):
    rows = [
        ["Intitulé", "Type", "%", "Début", "Pilote", "Partenaires", "Statut"],
        ["Ouvrir", "Thématique", "25 %", "2e trimestre 2014", "CPAM", "ARS ; MSA\nVille", "En cours"],
        ["Former", "thématique", "20 %", "fin 2014", "CPAM / MSA", "Ville, ARS", "En cours"],
    ]
    _address, page = previewed(client, contract, as_xlsx(rows))

    assert set(meanings(page.context["preview"])) == {"C3", "D2", "D3", "E3", "F2", "F3"}


def test_a_sheet_that_is_not_read_to_its_end_says_so_above_the_button(client, contract):
    rows = [["Intitulé"], *([f"Fiche {number}"] for number in range(5000)), ["Fiche de trop"]]
    _address, page = previewed(client, contract, as_csv(rows), "plan.csv")

    text = page.content.decode()
    decision = text[text.index("/reprise/") : text.index("dans le plan</button>")]
    assert "2\u00a0lignes au-delà des 5\u202f000\u00a0lignes ne sont pas lues" in decision
    assert "Tout se comprend" not in decision


def test_one_sound_line_is_spoken_of_in_the_singular(client, contract):
    rows = [["Intitulé", "Échéance"], ["Ouvrir", "31/02/2023"], ["Former", "31/12/2023"]]
    _address, page = previewed(client, contract, as_xlsx(rows))

    assert "Reprendre seulement la ligne sans problème" in page.content.decode()


@pytest.fixture
def fiche(contract):
    """With something in each of its lists."""
    action = make_full_action(contract, title="Ouvrir", parts=1, covers_whole_territory=False)
    ActionTerm.objects.get_or_create(action=action, term=make_term(TermKind.AUDIENCE), usage=TermUsage.AUDIENCE)
    action.communes.add(make_perimeter_commune(contract).commune)
    return action


@pytest.mark.parametrize("erase", [False, True])
@pytest.mark.parametrize(
    ("heading", "written"),
    [
        *(("Public cible", "gens du pays"), ("Public cible", "-"), ("Pilotes", "? ; -"), ("Partenaires", "; ?")),
        ("Communes", "?"),
    ],
)
def test_words_that_name_nothing_known_empty_no_list(contract, fiche, heading, written, erase):
    preview = preview_of(contract, as_xlsx([["Intitulé", heading], [fiche.title, written]]), erase=erase)

    assert [change.key for change in preview.lines[0].changes if change.after == "vide"] == []
    assert "B2" in meanings(preview)


@pytest.mark.parametrize(("erase", "emptied"), [(False, []), (True, ["term:public"])])
def test_an_empty_cell_empties_a_list_only_when_it_is_asked_to(contract, fiche, erase, emptied):
    rows = [["Intitulé", "Public cible", "Statut"], [fiche.title, None, "Suspendue"]]

    preview = preview_of(contract, as_xlsx(rows), erase=erase)

    assert [change.key for change in preview.lines[0].changes if change.after == "vide"] == emptied


def test_a_column_of_mere_numbers_is_not_taken_for_the_titles():
    assert guess_mapping([("0", "Code"), ("1", "Pilote")]) == {"0": "code", "1": "pilot"}
    assert guess_mapping([("0", "Fiche"), ("1", "Pilote")])["0"] == "title"


def test_a_title_that_is_too_long_is_told_once(contract):
    rows = [["N° fiche", "Intitulé de la fiche", "Pilote"], ["1.1", "x" * 350, "CPAM"]]
    [(_sheet, cell, sentence)] = problems(preview_of(contract, as_xlsx(rows)))
    assert (cell, "350" in sentence) == ("B2", True)


@pytest.mark.parametrize(
    ("heading", "written", "meaning"),
    [
        ("Échéance", "2e trimestre 2014", "2e trimestre 2014 (30/06/2014)"),
        ("Pilote", "CPAM\nMSA", "2 structures\u00a0: CPAM (à créer) · MSA (à créer)"),
        ("Pilote", "CPAM ; MSA", "2 structures\u00a0: CPAM (à créer) · MSA (à créer)"),
        ("Budget", "à voir", "aucun montant"),
    ],
)
def test_what_is_cut_or_calculated_is_shown_as_interpreted(contract, heading, written, meaning):
    preview = preview_of(contract, as_xlsx([["Intitulé", heading], ["Ouvrir", written]]))

    assert (preview.problems, meanings(preview)["B2"]) == ([], meaning)


@pytest.mark.parametrize(
    ("written", "day"),
    [("reporté à 2027", "2027-12-31"), ("Reportée au 2e trimestre 2027", "2027-06-30")],
)
def test_a_postponement_may_say_to_when(client, contract, written, day):
    imported(client, contract, as_xlsx([["Intitulé", "Statut"], ["Ouvrir", written]]))

    action = contract.actions.get()
    assert (action.status, action.postponed_to.isoformat()) == (Status.POSTPONED, day)


def test_a_number_without_title_is_to_be_put_right(contract):
    rows = [["N°", "Intitulé", "Pilote"], ["1.1", "Ouvrir", "ARS"], ["1.2", None, None], [None, None, "Une remarque"]]

    preview = preview_of(contract, as_xlsx(rows))

    assert [problem.row for problem in preview.problems] == [2]
    assert "pas d’intitulé" in preview.problems[0].sentence
