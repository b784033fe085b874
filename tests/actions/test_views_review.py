"""The pages of the review, as each side reads them; and what no page says before the avis is given."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.enums import Opinion
from actions.models import OpinionRequest, Review, ReviewComment
from actions.services.opinions import answer_opinion
from actions.services.remarks import answer_remark, fill_checklist
from actions.services.review import draft_opinion, give_opinion, submit
from tests.access import ROLES, Scene, codes
from tests.factories import (
    make_action,
    make_colleague,
    make_given_review,
    make_opinion_request,
    make_part,
    make_remark,
    make_review,
)
from tests.pdf_checks import Pdf, assert_accessible
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test
from tests.test_access import TABLE

pytestmark = pytest.mark.django_db

TOKENS = ("JETON-REMARQUE", "JETON-GRILLE", "JETON-QUESTION", "JETON-REPONSE", "JETON-AVIS")


def page(user, url: str) -> str:
    response = signed_in(user).get(url, follow=True)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def prepared(contract, action, ars_referent) -> Review:
    """A round in which the ARS has written everything, and given nothing."""
    review = make_review(contract, fiches=[action.pk])
    part = make_part(review)
    make_remark(part, user=ars_referent, text="JETON-REMARQUE")
    fill_checklist(part=part, user=ars_referent, answers={"pilote": ("non", "JETON-GRILLE")})
    request = make_opinion_request(review, question="JETON-QUESTION")
    answer_opinion(request=request, user=request.expert, opinion="reserves", text="JETON-REPONSE")
    draft_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="JETON-AVIS")
    return review


def everything_readable(user, scene: Scene, role: str) -> str:
    """What every address of the site answers to this person, files included."""
    client, found = signed_in(user), []
    for row in TABLE:
        if row.get is not None and codes(row.get)[role] == 200:
            response = client.get(row.url(scene))
            found.append(b"".join(response).decode("utf-8", "replace"))
    return "\n".join(found)


@pytest.fixture
def scene(contract, pilot_organisation) -> Scene:
    return Scene(contract, pilot_organisation)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "ars_referent"])
def test_nothing_of_what_the_ars_prepares_shows_anywhere(role, request, scene, contract, ars_referent):
    review = prepared(contract, scene["action"], ars_referent)
    scene.built |= {"review": review, "part": make_part(review), "opinion_request": review.requests.get()}
    told = everything_readable(request.getfixturevalue(role), scene, role)
    assert [token for token in TOKENS if token in told] == []
    assert scene["action"].title in told


def test_the_avis_publishes_the_remarks_and_what_it_joins(request, scene, contract, ars_referent):
    coordinator, pilot, reader = map(request.getfixturevalue, ("coordinator", "pilot", "reader"))
    review = prepared(contract, scene["action"], ars_referent)
    joined = OpinionRequest.objects.get()
    left = make_opinion_request(review, question="JETON-QUESTION")
    answer_opinion(request=left, user=left.expert, opinion="favorable", text="JETON-INTERNE")
    give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="JETON-AVIS", joined=[joined])
    url, part = review.get_absolute_url(), make_part(review).get_absolute_url()

    for_coordination = page(coordinator, url) + page(coordinator, part)
    assert [token for token in TOKENS if token in for_coordination] == [
        "JETON-REMARQUE",
        "JETON-REPONSE",
        "JETON-AVIS",
    ]
    assert "JETON-INTERNE" not in for_coordination
    for_pilot = page(pilot, url) + page(pilot, part)
    assert [token for token in TOKENS if token in for_pilot] == ["JETON-REMARQUE", "JETON-AVIS"]
    for_reader = page(reader, url)
    assert [token for token in TOKENS if token in for_reader] == ["JETON-AVIS"]
    assert signed_in(reader).get(part).status_code == 403
    assert "JETON-REMARQUE" in page(pilot, scene["action"].get_absolute_url())
    assert "JETON-REMARQUE" not in page(reader, scene["action"].get_absolute_url())


def test_a_pilot_reads_no_remark_on_the_fiche_of_another(contract, pilot):
    review = make_given_review(contract)

    assert "Remarque 0" not in page(pilot, review.get_absolute_url())
    assert signed_in(pilot).get(make_part(review).get_absolute_url()).status_code == 403


def test_whose_turn_it_is_shows_to_both_sides(contract, coordinator, ars_referent):
    action = make_action(contract)
    submit(contract=contract, user=coordinator)

    for person in (coordinator, ars_referent):
        for url in (
            contract.get_absolute_url(),
            reverse("actions:reviews", args=[contract.slug]),
            Review.objects.get().get_absolute_url(),
        ):
            assert "à l’ARS de rendre son avis" in page(person, url)
        assert "À l’avis de l’ARS" in page(person, action.get_absolute_url())
    assert "à l’ARS de rendre son avis" in page(ars_referent, reverse("home"))
    assert "à l’ARS de rendre son avis" not in page(coordinator, reverse("home"))


def test_the_coordination_submits_the_fiches_ticked_in_the_plan(contract, coordinator):
    one, other, left = (make_action(contract) for _ in range(3))
    client = signed_in(coordinator)
    asked = client.get(
        reverse("actions:bulk", args=[contract.slug]), {"geste": "avis", "fiche": [one.pk, other.pk]}, follow=True
    )
    html = asked.content.decode()
    assert "2\u00a0fiches choisies" in html
    key = re.search(r'name="submission" value="([^"]+)"', html)[1]
    data = {"submission": key, "fiche": ["", one.pk, other.pk], "message": "Avant le COPIL."}

    for _ in range(2):  # a second click on the same button
        client.post(reverse("actions:review_submit", args=[contract.slug]), data)

    review = Review.objects.get()
    assert set(review.parts.values_list("fiche", flat=True)) == {one.pk, other.pk}
    assert (review.message, left.drafting_state) == ("Avant le COPIL.", "brouillon")


def test_a_submission_that_is_refused_keeps_the_message_and_says_since_when(contract, coordinator):
    make_review(contract)

    answer = signed_in(coordinator).post(
        reverse("actions:review_submit", args=[contract.slug]), {"message": "Avant le COPIL."}
    )

    html = answer.content.decode()
    assert "Le contrat est à l’avis de l’ARS depuis le" in html
    assert "Avant le COPIL." in html


class TestReading:
    """The référent, on the page of a fiche."""

    @pytest.fixture
    def part(self, contract):
        make_action(contract, code="1.1", context="Un constat.")
        make_action(contract, code="1.2")
        return make_part(make_review(contract))

    def test_a_remark_is_written_without_a_script(self, part, ars_referent):
        client = signed_in(ars_referent)
        form = client.get(part.get_absolute_url(), {"champ": "context"}).content.decode()
        url = re.search(r'<form class="remark" method="post" action="([^"]+)"', form)[1]

        answer = client.post(
            url, {"champ": "context", "kind": "conseil", "text": "Et les chiffres\u202f?"}, follow=True
        )

        assert answer.redirect_chain[-1][0].endswith("#f-context")
        assert "Et les chiffres" in answer.content.decode()
        assert ReviewComment.objects.get().kind == "conseil"

    def test_with_a_script_the_field_alone_comes_back(self, part, ars_referent):
        client, url = signed_in(ars_referent), part.get_absolute_url()
        fragment = client.get(url, {"champ": "context"}, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in fragment
        assert "Un constat." in fragment
        send = re.search(r'hx-post="([^"]+)"', fragment)[1]

        refused = client.post(send, {"champ": "context", "text": ""}, headers={"HX-Request": "true"})
        assert refused.status_code == 422
        written = client.post(
            send, {"champ": "context", "kind": "corriger", "text": "À dater."}, headers={"HX-Request": "true"}
        )
        assert "À dater." in written.content.decode()

    def test_asking_for_the_form_of_a_field_keeps_what_is_ticked_in_the_grid(self, part, ars_referent):
        client = signed_in(ars_referent)

        answer = client.post(part.get_absolute_url(), {"g-pilote": "non", "g-pilote-note": "parti", "champ": "pilots"})

        assert answer["Location"].endswith("?champ=pilots#f-pilots")
        assert part.checklist.get(criterion="pilote").note == "parti"

    def test_read_it_goes_on_to_the_next(self, part, ars_referent):
        answer = signed_in(ars_referent).post(part.get_absolute_url(), {"geste": "lue"}, follow=True)

        assert "Fiche 1.2" in answer.content.decode()
        assert "1 sur 3" in page(ars_referent, part.review.get_absolute_url())

    def test_a_draft_is_changed_and_deleted_without_a_trace(self, part, ars_referent, coordinator, contract):
        remark = make_remark(part)
        client = signed_in(ars_referent)
        write = reverse("actions:review_remark", args=[contract.slug, part.review_id, part.pk])

        client.post(write, {"champ": "context", "remarque": remark.pk, "kind": "conseil", "text": "Mieux dit."})
        remark.refresh_from_db()
        assert remark.text == "Mieux dit."

        client.post(reverse("actions:remark_delete", args=[contract.slug, remark.pk]))
        assert not ReviewComment.objects.exists()
        assert "Mieux dit" not in page(coordinator, reverse("contracts:deletions", args=[contract.slug]))

    def test_the_avis_is_given(self, part, ars_referent, contract):
        url = reverse("actions:review_decide", args=[contract.slug, part.review_id])
        client = signed_in(ars_referent)

        empty = client.post(url, {"geste": "rendre", "opinion": "a_retravailler", "text": ""})
        assert "Dites ce qui est attendu" in empty.content.decode()
        client.post(url, {"geste": "garder", "opinion": "favorable", "text": "Bien."})
        assert "Bien." in client.get(url).content.decode()
        client.post(url, {"geste": "rendre", "opinion": "favorable", "text": "Bien."})

        assert Review.objects.get().opinion == Opinion.FAVOURABLE
        assert client.get(url, follow=True).status_code == 200


class TestAnswers:
    """The coordination, once the avis is given."""

    @pytest.fixture
    def remark(self, contract):
        make_given_review(contract, opinion=Opinion.REWORK)
        return ReviewComment.objects.select_related("part__review__contract").get()

    def test_it_answers_at_the_field(self, remark, coordinator, contract):
        client, url = signed_in(coordinator), remark.part.get_absolute_url()
        form = client.get(url, {"champ": "context", "reponse": remark.pk}).content.decode()
        assert "Pas retenu" in form
        send = reverse("actions:remark_answer", args=[contract.slug, remark.pk])

        refused = client.post(send, {"answer": "ecarte", "answer_text": ""})
        assert "Dites pourquoi cette remarque n’est pas retenue." in refused.content.decode()
        client.post(send, {"answer": "corrige", "answer_text": "Chiffres ajoutés."})

        remark.refresh_from_db()
        assert (remark.answer_text, remark.answered_by) == ("Chiffres ajoutés.", coordinator)

    def test_the_remark_stands_beside_the_form_of_the_section(self, remark, coordinator, contract):
        url = reverse("actions:edit", args=[contract.slug, remark.part.fiche, "contexte"])
        other = reverse("actions:edit", args=[contract.slug, remark.part.fiche, "moyens"])

        assert "Remarque 0" in page(coordinator, url)
        assert "Remarque 0" not in page(coordinator, other)

    def test_the_next_round_shows_what_changed_and_the_answer(self, remark, coordinator, ars_referent, contract):
        answer_remark(comment=remark, user=coordinator, answer="corrige", text="Chiffres ajoutés.")
        action = contract.actions.get()
        action.context = "Un constat. En 2023, 14 % n’ont pas de médecin traitant."
        action.save()
        following = submit(contract=contract, user=coordinator)
        part = make_part(following)

        listed, read = page(ars_referent, following.get_absolute_url()), page(ars_referent, part.get_absolute_url())

        assert "1 champ modifié" in listed
        assert "1 remarque à vérifier" in listed
        assert "Modifié depuis le dernier avis" in read
        assert "Chiffres ajoutés." in read
        settle = reverse("actions:remark_settle", args=[contract.slug, remark.pk])
        back = signed_in(ars_referent).post(settle, {"part": part.pk})
        assert back["Location"].startswith(part.get_absolute_url())
        remark.refresh_from_db()
        assert remark.settled_by == ars_referent

    def test_the_ars_answers_for_nobody(self, remark, ars_referent, contract):
        send = reverse("actions:remark_answer", args=[contract.slug, remark.pk])

        assert signed_in(ars_referent).post(send, {"answer": "corrige"}).status_code == 403


class TestOpinions:
    def test_a_colleague_finds_the_question_on_their_home_page_and_answers(self, contract, ars_referent):
        make_colleague(contract, email="environnement@exemple.fr", last_name="Vasseur")
        review = make_review(contract)
        ask = reverse("actions:opinion_ask", args=[contract.slug, review.pk])
        expert = make_colleague(contract, last_name="Quillet")
        data = {"expert": expert.pk, "question": "Le FIR suit-il ?", "due_on": "2099-01-15"}

        signed_in(ars_referent).post(ask, data | {"parts": [make_part(review).pk]})
        asked = OpinionRequest.objects.get()
        assert asked.get_absolute_url() in page(expert, reverse("home"))
        assert asked.get_absolute_url() not in page(ars_referent, reverse("home"))

        client = signed_in(expert)
        client.post(asked.get_absolute_url(), {"opinion": "reserves", "text": "Oui, jusqu’en 2026."})
        asked.refresh_from_db()
        assert asked.opinion == "reserves"
        assert asked.get_absolute_url() not in page(expert, reverse("home"))
        assert "Oui, jusqu’en 2026." in page(ars_referent, asked.get_absolute_url())

    def test_a_part_that_cannot_exist_is_refused_in_a_sentence(self, contract, ars_referent):
        review = make_review(contract, fiches=[make_action(contract).pk])
        ask = reverse("actions:opinion_ask", args=[contract.slug, review.pk])
        response = signed_in(ars_referent).post(ask, {"question": "Qu’en dites-vous ?", "parts": str(2**63)})
        assert response.status_code == 200
        assert "parts" in response.context["form"].errors

    def test_nobody_answers_for_the_colleague(self, contract, ars_referent):
        asked = make_opinion_request(make_review(contract))

        answer = signed_in(ars_referent).post(asked.get_absolute_url(), {"opinion": "favorable", "text": "x"})

        assert answer.status_code == 403


class TestPrint:
    def pdf(self, user, review) -> Pdf:
        url = reverse("actions:review_document", args=[review.contract.slug, review.pk])
        return Pdf(signed_in(user).get(url).content)

    def test_the_avis_is_printed_with_the_remarks_and_their_answers(self, contract, coordinator, reader):
        review = make_given_review(contract, opinion=Opinion.REWORK)
        answer_remark(
            comment=ReviewComment.objects.get(), user=coordinator, answer="corrige", text="Chiffres ajoutés."
        )

        printed = self.pdf(coordinator, review)

        assert_accessible(printed)
        text = printed.text()
        for expected in ("à retravailler", "Remarque 0", "Chiffres ajoutés.", review.version.digest[:12]):
            assert expected in text
        for_reader = self.pdf(reader, review).text()
        assert "à retravailler" in for_reader
        assert "Remarque 0" not in for_reader

    def test_before_it_is_given_the_ars_alone_prints_its_drafts(self, contract, coordinator, ars_referent):
        review = prepared(contract, make_action(contract), ars_referent)

        assert [token for token in TOKENS if token in self.pdf(coordinator, review).text()] == []
        draft = self.pdf(ars_referent, review).text()
        assert "interne à l’ARS" in draft
        assert "JETON-REMARQUE" in draft


def test_the_latest_round_comes_first(contract, reader):
    for _ in range(3):
        make_given_review(contract, fiches=[make_action(contract).pk])
    page = signed_in(reader).get(reverse("actions:reviews", args=[contract.slug])).content.decode()
    places = [page.index(f">Version {number}<") for number in (3, 2, 1)]
    assert places == sorted(places)


@query_count_test("actions:reviews")
def test_the_rounds_cost_the_same_whatever_their_number(contract, ars_referent):
    def add(number):
        for _ in range(number):
            make_given_review(contract, fiches=[make_action(contract, context="x").pk])

    assert_constant_queries(signed_in(ars_referent), reverse("actions:reviews", args=[contract.slug]), add)


@query_count_test("actions:review")
def test_a_round_costs_the_same_whatever_its_fiches(contract, coordinator, ars_referent):
    """Each fiche remarked in a first round, and again in the second, which is read."""
    counts = []
    for number in (1, 2, 27):
        kept = [make_action(contract, context="x").pk for _ in range(number)]
        for _round in range(2):
            review = submit(contract=contract, user=coordinator, fiches=kept)
            for part in review.parts.all():
                make_remark(part)
            if not _round:
                give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="x")
        client = signed_in(ars_referent)
        client.get(review.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(review.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts == counts[:1] * 3
    assert counts[0] <= 16
