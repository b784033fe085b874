"""The official list of communes: loaded from the files of INSEE, extended from the perimeter of a contract."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from contracts.models import Commune, Department
from tests.factories import make_department
from tests.people import signed_in

pytestmark = pytest.mark.django_db

OFFICIAL = """TYPECOM,COM,REG,DEP,ARR,CTCD,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,28085,24,28,283,28D,0,CHARTRES,Chartres,Chartres,2899,
COM,28209,24,28,283,28D,0,LUCE,Lucé,Lucé,2813,
COMD,28012,,,,,0,ARROU,Arrou,Arrou,,28012
ARM,75101,,,,,0,PARIS 1,Paris 1er,Paris 1er Arrondissement,,75056
COM,2A004,94,2A,2A1,20R,1,AJACCIO,Ajaccio,Ajaccio,2A99,
COM,01,24,28,283,28D,0,TROP COURT,,Trop court,,
COM,99001,24,99,283,28D,0,AILLEURS,,Ailleurs,,
COM,28209,24,28,283,28D,0,LUCE,Lucé,Lucé bis,2813,
"""


@pytest.fixture
def load(tmp_path):
    """`load(text)`: what the command printed, and what it complained of."""

    def run(text: str, encoding="utf-8", **options):
        path = tmp_path / "communes.csv"
        path.write_bytes(text.encode(encoding))
        out, err = StringIO(), StringIO()
        call_command("load_communes", path, stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    return run


def test_the_official_file_gives_its_communes_and_tells_its_bad_lines(load):
    out, err = load(OFFICIAL)

    assert "3 ajoutées, 0 changées, 0 inchangées, 3 lignes laissées de côté" in out
    assert list(Commune.objects.order_by("code").values_list("code", "name", "department_id")) == [
        ("28085", "Chartres", "28"),
        ("28209", "Lucé", "28"),
        ("2A004", "Ajaccio", "2A"),
    ]
    assert "Ligne 8\u00a0: le code 99001 n’est d’aucun département connu" in err
    assert "Ligne 9\u00a0: le code 28209 est déjà plus haut" in err


POPULATIONS = "COM;Commune;PMUN\n28085;Chartres;38000\n28209;Lucé;15000\n2A004;Ajaccio;\n"


def test_the_whole_list_gives_the_population_of_the_departements_an_extract_does_not(load, monkeypatch):
    load(POPULATIONS, annee=2023)
    assert Department.objects.get(pk="28").population is None

    monkeypatch.setattr("contracts.services.communes.WHOLE_LIST", 3)
    load(POPULATIONS, annee=2023)

    department = Department.objects.get(pk="28")
    assert (department.population, department.population_year, department.name) == (53000, 2023, "Eure-et-Loir")
    assert Department.objects.get(pk="29").population is None


def test_loading_again_changes_only_what_the_file_changes(load):
    load(OFFICIAL)
    out, _err = load(OFFICIAL.replace(",Chartres,2899", ",Chartres-en-Beauce,2899"), encoding="cp1252")

    assert "0 ajoutées, 1 changées, 2 inchangées" in out
    assert set(Commune.objects.values_list("name", flat=True)) == {"Chartres-en-Beauce", "Lucé", "Ajaccio"}


@pytest.mark.parametrize(
    "text",
    [
        "REG;DEP;COM;Commune;PMUN;PCAP;PTOT\n24;28;28085;Chartres;38 447;900;39347\n",
        "CODREG;REG;CODDEP;DEP;CODCOM;COM;PMUN\n24;Centre;28;Eure-et-Loir;085;Chartres;38447\n",
    ],
)
def test_populations_come_with_their_year_and_stay_when_the_names_are_loaded_again(load, text):
    load(OFFICIAL)
    with pytest.raises(CommandError, match="dites leur année"):
        load(text)
    load(text, annee=2023)
    load(OFFICIAL)

    chartres = Commune.objects.get(code="28085")
    assert (chartres.population, chartres.population_year) == (38447, 2023)


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "COM\n28085\n", "COM,LIBELLE\n28085,\0\n"])
def test_a_file_that_is_not_the_list_is_refused_in_a_sentence(load, text):
    with pytest.raises(CommandError):
        load(text)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("load_communes", tmp_path / "absent.csv")


def add(user, contract, text, **fields) -> str:
    page = reverse("contracts:perimeter_add", args=[contract.slug])
    return signed_in(user).post(page, {"text": text, **fields}, follow=True).content.decode()


def test_a_commune_unknown_to_the_portal_is_added_with_its_code_and_name(contract, coordinator):
    refused = add(coordinator, contract, "28085 Chartres")
    assert "écrivez son code officiel et son nom" in refused
    assert not Commune.objects.exists()

    add(coordinator, contract, "28085 Chartres\n28209", create_unknown="on")
    assert [str(link.commune) for link in contract.perimeter.all()] == ["Chartres"]
    assert Commune.objects.get().department_id == "28"


@pytest.mark.parametrize("text", ["28805 Chartres", "99001 Ailleurs", "28209", "28209 " + "n" * 101])
def test_a_slip_adds_no_commune_to_the_portal(contract, coordinator, text):
    Commune.objects.create(code="28085", name="Chartres", department=make_department("28"))

    page = add(coordinator, contract, text, create_unknown="on")

    assert Commune.objects.count() == 1
    assert not contract.perimeter.exists()
    assert f"{text}</textarea>" in page
