"""The demonstration: what was published is exact, what is invented says so, and every role reaches what it should."""

import csv
import hashlib
import json
from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from actions.enums import RenewalDecision, Status
from actions.models import Action, FollowUp, FundingLine, Indicator, Measurement, RenewalChoice
from cls_portal.accounts.models import User
from cls_portal.demo.accounts import ACCOUNTS
from cls_portal.demo.diary import Diary, as_of
from cls_portal.demo.load import load
from contracts.delivery import Delivery
from contracts.models import Contact, Contract, Decision, Document, Meeting, Organisation
from tests.demo.conftest import LAST_DAY

pytestmark = pytest.mark.usefixtures("demo")


def chartres() -> Contract:
    return Contract.objects.get(territory__name="Chartres métropole")


def user_of(key: str) -> User:
    return User.objects.get(email=next(account.email for account in ACCOUNTS if account.key == key))


# What was published


def test_chartres_is_as_published():
    contract = chartres()

    assert (contract.signed_on, contract.end_date) == (date(2020, 2, 17), date(2025, 12, 31))
    assert contract.actions.count() == 56
    assert contract.perimeter.count() == 66
    assert list(contract.axes.values_list("title", "is_transversal")) == [
        ("Promotion, prévention et santé-environnement", False),
        ("Offre de soins et accès aux droits", False),
        ("Autonomie pour tous", False),
        ("Information-coordination", True),
    ]
    assert list(contract.signatories.values_list("organisation__name", "capacity")) == [
        ("Chartres métropole", "porteur"),
        ("Agence régionale de santé Centre-Val de Loire", "copilote"),
        ("Préfecture d’Eure-et-Loir", "signataire"),
        ("Conseil régional Centre-Val de Loire", "signataire"),
        ("Conseil départemental d’Eure-et-Loir", "signataire"),
        ("Éducation nationale", "signataire"),
        ("Caisse primaire d’assurance maladie", "signataire"),
        ("Hôpitaux de Chartres", "signataire"),
        ("Centre hospitalier Henri-Ey", "signataire"),
    ]


def test_mayenne_is_as_published():
    first, second, third = Contract.objects.filter(territory__name="Mayenne Communauté").order_by("generation")

    assert (first.start_date.year, first.end_date.year) == (2013, 2017)
    assert (second.signed_on, second.end_date.year, second.actions.count()) == (date(2018, 6, 26), 2021, 29)
    assert (third.signed_on, third.end_date.year, third.actions.count()) == (date(2024, 4, 9), 2026, 25)
    assert list(second.signatories.values_list("organisation__name", flat=True)) == [
        "Mayenne Communauté",
        "Agence régionale de santé Pays de la Loire",
    ]
    assert list(second.axes.values_list("title", flat=True)) == [
        "Usagers acteurs de leur santé",
        "Accès aux droits et à la santé",
        "Bien vieillir et maintien à domicile",
        "Santé mentale",
        "Prévention et promotion de la santé",
    ]
    assert list(third.axes.values_list("title", "is_transversal")) == [
        ("Accès aux soins", False),
        ("Attractivité en santé", False),
        ("Bien vieillir", False),
        ("Santé mentale", False),
        ("Prévention et promotion", False),
        ("Santé environnementale", False),
        ("Communication", True),
    ]
    assert [contract.perimeter.count() for contract in (first, second, third)] == [33, 33, 33]
    assert third.population == 39000
    animation = FundingLine.objects.filter(action__contract=third, action__code="7.1", year=2024)
    assert list(animation.order_by("-planned").values_list("funder__name", "planned")) == [
        ("Agence régionale de santé Pays de la Loire", 20000),
        ("Conseil départemental de la Mayenne", 10000),
    ]


def test_fiches_are_carried_from_one_generation_to_the_next():
    carried = Action.objects.exclude(carried_from=None)

    assert carried.count() >= 8
    assert set(carried.values_list("origin", flat=True)) == {"reconduite", "renforcee"}
    assert not carried.filter(to_rewrite=True).exists()
    for action in carried.select_related("contract", "carried_from__contract").order_by("pk"):
        assert action.contract.generation == action.carried_from.contract.generation + 1


def test_every_fiche_of_the_second_contract_of_mayenne_was_kept_transformed_or_closed():
    second, third = Contract.objects.filter(territory__name="Mayenne Communauté", generation__gt=1).order_by("pk")
    choices = RenewalChoice.objects.filter(contract=third)

    assert set(choices.values_list("former", flat=True)) == set(second.actions.values_list("pk", flat=True))
    assert {kind: choices.filter(decision=kind).count() for kind in RenewalDecision} == {
        "reconduire": 10,
        "transformer": 4,
        "clore": 15,
    }
    assert [axis.carried_from and axis.carried_from.code for axis in third.axes.all()] == (
        ["2", None, "3", "4", "5", None, None]
    )


@pytest.mark.parametrize("perimeter", ["chartres", "mayenne", "pantin", "champigny", "bourges"])
def test_perimeters_are_those_of_the_official_geography(perimeter):
    with (settings.BASE_DIR / "cls_portal/demo/data/communes.csv").open(encoding="utf-8") as file:
        official = {row["code"] for row in csv.DictReader(file) if row["perimeter"] == perimeter}
    contract = Contract.objects.filter(territory__name__istartswith=perimeter).last()

    assert set(contract.communes.values_list("code", flat=True)) == official


# What is invented


def test_invented_things_say_so():
    unsigned = Organisation.objects.filter(signatures=None).exclude(name__endswith="(structure inventée)")

    assert set(unsigned.values_list("name", flat=True)) <= {
        "Conseil départemental de la Mayenne",
        "Communauté professionnelle territoriale de santé de Champigny-sur-Marne",
    }
    assert not Contract.objects.exclude(presentation__startswith="**Données de démonstration.**").exists()
    assert not Document.objects.exclude(title__endswith="(document de démonstration)").exists()


def test_no_result_is_attributed_to_an_organisation_that_exists():
    real = Organisation.objects.exclude(name__endswith="(structure inventée)")

    assert not FundingLine.objects.filter(funder__in=real).exclude(requested=None, granted=None, spent=None).exists()
    led = Action.objects.filter(pilots__organisation__in=real)
    assert not led.exclude(status=Status.NOT_STARTED, follow_ups=None, indicators=None).exists()
    assert not Action.objects.filter(partners__organisation__in=real).exists()


def test_persons_write_from_no_real_address_and_stand_for_no_real_person():
    assert not Contact.objects.exclude(email__endswith="@exemple.fr").exists()
    assert not User.objects.exclude(email__endswith="@exemple.fr").exists()
    of_real = Contact.objects.exclude(organisation__name__endswith="(structure inventée)")
    assert of_real.exists()
    assert not of_real.exclude(job_title__endswith="(personne inventée)").exists()


# What it shows


def test_chartres_governs_itself_by_three_kinds_of_bodies():
    bodies = chartres().bodies.all()
    meetings = Meeting.objects.filter(body__contract=chartres())

    assert [body.kind for body in bodies] == ["copil", "cotech", *["groupe_travail"] * 4]
    assert [body.axis.code for body in bodies if body.axis] == ["1", "2", "3", "4"]
    assert meetings.held().count() >= 6
    assert meetings.filter(state="tenue").count() == 1  # a draft to be validated
    assert {meeting.body for meeting in meetings.held()} == set(bodies)
    assert meetings.to_come().get().day > LAST_DAY
    assert Decision.objects.filter(meeting__in=meetings).late(LAST_DAY).exists()


def test_a_meeting_is_convened_and_one_of_its_mails_did_not_leave():
    meeting = Meeting.objects.get(state="convoquee")
    delivery = Delivery(meeting, with_deputies=False)

    assert delivery.sent == len(delivery.mails) - 1 > 8
    assert len(delivery.stuck) == 1


def test_a_decision_postponed_the_plan():
    decision = Decision.objects.get(meeting__body__contract=chartres(), text__contains="rise sanitaire")

    assert (str(decision.meeting.body), decision.meeting.day) == ("comité de pilotage", date(2020, 11, 12))
    assert decision.fiches.filter(effect="reporter", follow_up__status=Status.POSTPONED).count() >= 25


def test_a_cpts_signs_sits_and_leads_in_pantin():
    cpts = Organisation.objects.get(short_name="CPTS de Pantin")

    assert cpts.signatures.exists()
    assert set(cpts.seats.values_list("body__kind", "role")) == {("copil", "membre"), ("groupe_travail", "president")}
    assert Action.objects.filter(pilots__organisation=cpts).exists()
    assert cpts.seats.filter(body__shared_with="cpts").exists()


def test_a_cpts_is_a_standing_guest_in_champigny():
    seat = Organisation.objects.get(short_name="CPTS de Champigny").seats.get()

    assert (seat.role, seat.body.kind) == ("invite_permanent", "comite_suivi")
    assert seat.representative


def test_every_fiche_is_valid():
    for action in Action.objects.select_related("contract", "axis", "objective").order_by("pk"):
        action.full_clean()
        assert action.context


def test_the_plan_shows_every_status_and_every_alert():
    contract = chartres()
    plan = contract.actions.all()

    assert set(plan.values_list("status", flat=True)) == set(Status.values)
    assert plan.filter(status__in=["realisee", "perennisee"]).count() == 18
    assert plan.filter(status="en_cours").count() == 25
    assert plan.late(contract, LAST_DAY).count() == 6
    assert plan.silent(contract, LAST_DAY).count() == 6
    assert plan.incomplete().count() >= 5
    assert plan.filter(origin="hors_plan").exists()
    assert plan.get(status=Status.REDIRECTED).successor.entered_on > contract.signed_on


def test_the_crisis_is_one_postponement_with_one_reason():
    points = FollowUp.objects.filter(action__contract=chartres(), date=date(2020, 11, 12))

    assert points.count() >= 25
    assert set(points.values_list("status", flat=True)) == {Status.POSTPONED}
    reason = points.values_list("reason", flat=True).distinct().get()
    assert "rise sanitaire" in reason


def test_news_is_told_over_the_years():
    days = FollowUp.objects.filter(action__contract=chartres()).dates("date", "year")

    assert [day.year for day in days] == list(range(2020, 2027))
    assert Measurement.objects.filter(indicator__action__contract=chartres()).dates("date", "year").count() >= 4
    assert Indicator.objects.exclude(target_text="").exists()
    assert Indicator.objects.filter(target=None, target_text="").exists()


def test_what_is_recorded_bears_the_day_when_it_happened():
    for point in FollowUp.objects.order_by("pk"):
        assert timezone.localdate(point.recorded_at) == point.date
    action = chartres().actions.get(code="1.7")
    first, last = action.history.order_by("history_date").first(), action.history.order_by("history_date").last()
    assert first.history_date.date() == date(2019, 11, 18)
    assert last.history_date.date() <= LAST_DAY
    assert action.history.as_of(timezone.make_aware(timezone.datetime(2021, 1, 1))).status == Status.POSTPONED


# Who reaches it


def test_the_sign_in_page_of_the_demonstration_shows_the_accounts(client, settings):
    assert "pilote@exemple.fr" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True

    assert "pilote@exemple.fr" in client.get(reverse("account_login")).content.decode()


# How it is loaded


@pytest.fixture
def site_of_demonstration(settings):
    settings.DEMO = True


def test_it_refuses_a_real_site_whatever_is_asked():
    with pytest.raises(CommandError, match="mot de passe est public"):
        call_command("load_demo", forcer=True)


@pytest.mark.usefixtures("site_of_demonstration")
def test_it_refuses_a_site_that_has_data():
    with pytest.raises(CommandError, match="déjà des données"):
        call_command("load_demo")


@pytest.mark.usefixtures("site_of_demonstration")
@pytest.mark.parametrize(
    "options",
    [
        {"multiply": 0},
        {"contracts": 3},
        {"multiply": 2, "fiches": 10},
        {"contracts": 3, "fiches": -1, "follow_ups": 5},
    ],
)
def test_a_volume_that_says_too_little_or_too_much_is_refused(options):
    with pytest.raises(CommandError, match="Un volume se dit"):
        call_command("load_demo", forcer=True, **options)


@pytest.mark.usefixtures("site_of_demonstration")
def test_it_is_not_loaded_twice():
    with pytest.raises(CommandError, match="déjà chargée"):
        call_command("load_demo", forcer=True)


@pytest.mark.usefixtures("site_of_demonstration")
def test_a_volume_is_added_in_bulk(capsys):
    call_command("load_demo", forcer=True, contracts=3, fiches=40, follow_ups=90)
    call_command("load_demo", forcer=True, contracts=1, fiches=5, follow_ups=5)

    measured = Contract.objects.filter(title__startswith="Contrat de mesure")
    assert measured.count() == 4
    assert Action.objects.filter(contract__in=measured).count() == 45
    assert FollowUp.objects.filter(action__contract__in=measured).count() == 95
    for action in Action.objects.filter(contract__in=measured).order_by("pk"):
        action.full_clean()
    assert "Démonstration chargée" in capsys.readouterr().out


def test_the_same_story_is_told_twice():
    before = digest()
    with transaction.atomic():
        erase()
        load(LAST_DAY)
        after = digest()
        transaction.set_rollback(True)

    assert after == before


# A frozen version names its fiches by their keys, and its digest with them.
RANDOM = {"id", "password", "public_id", "file", "content", "digest", "fiche"}


def digest() -> dict[str, str]:
    """Of every table of ours, without what identifies rows or is random on purpose."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in {"contracts", "actions", "accounts"}:
            names = [
                field.name
                for field in model._meta.concrete_fields
                if not (field.is_relation or field.primary_key or field.name in RANDOM)
            ]
            rows = sorted(json.dumps(row, cls=DjangoJSONEncoder) for row in model.objects.order_by().values(*names))
            found[model._meta.label] = (
                str(len(rows)) if not names else hashlib.sha256("\n".join(rows).encode()).hexdigest()
            )
    return found


def erase() -> None:
    for model in reversed(list(apps.get_models())):
        if model._meta.app_label in {"contracts", "actions", "accounts"} and model._meta.model_name not in {
            "region",
            "department",
            "referenceterm",
        }:
            model.objects.all()._raw_delete("default")


def test_the_time_is_given_back_after_each_day():
    with as_of(date(2020, 1, 1)):
        inside = timezone.localdate()

    assert inside == date(2020, 1, 1) < timezone.localdate()


def test_the_diary_follows_the_days_and_stops_at_the_last():
    told = []
    diary = Diary(date(2020, 6, 30))
    for month in (9, 3, 1):
        diary.on(date(2020, month, 1), lambda month: told.append((month, timezone.localdate().month)), month=month)
    diary.play()

    assert told == [(1, 1), (3, 3)]
