"""A round of review: what is submitted, whose turn it is, what the avis publishes, and the way back to the ARS."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actions.enums import DraftingState, Opinion, RemarkAnswer
from actions.models import Review, ReviewComment, ReviewedPart
from actions.review.turn import ARS, COORDINATION, expected_in, turn_of
from actions.services.opinions import answer_opinion, ask_opinion
from actions.services.remarks import (
    answer_remark,
    change_remark,
    delete_remark,
    fill_checklist,
    settle_remark,
    write_remark,
)
from actions.services.review import draft_opinion, give_opinion, submit, take_charge, withdraw
from actions.versions.reading import frozen
from cls_portal.core.dates import today
from cls_portal.core.deletion import losses, restore
from cls_portal.core.refusals import refuse
from contracts.services import delete_contract
from contracts.services.invitations import mailing_of
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_given_review,
    make_opinion_request,
    make_part,
    make_remark,
    make_review,
    make_user,
)

pytestmark = pytest.mark.django_db


def turn(review: Review):
    return turn_of(Review.objects.with_turn().get(pk=review.pk))


def state_of(action) -> str:
    action.refresh_from_db()
    return action.drafting_state


class TestSubmission:
    def test_the_whole_contract_is_frozen_and_its_fiches_go_to_the_ars(self, contract, coordinator):
        proposed = make_action(contract, drafting_state=DraftingState.PROPOSED)
        annexed = make_action(contract, drafting_state=DraftingState.ANNEXED)
        archived = make_action(contract, drafting_state=DraftingState.ARCHIVED)

        review = submit(contract=contract, user=coordinator, message="Pour le COPIL de mars.")

        assert review.is_whole
        assert review.version.content["contract"]
        assert list(review.parts.values_list("fiche", flat=True)) == [None, proposed.pk, annexed.pk]
        assert state_of(proposed) == DraftingState.UNDER_REVIEW
        assert (state_of(annexed), state_of(archived)) == (DraftingState.ANNEXED, DraftingState.ARCHIVED)
        assert turn(review).side == ARS

    def test_some_fiches_go_alone(self, contract, coordinator):
        chosen, left = make_action(contract), make_action(contract)

        review = submit(contract=contract, user=coordinator, fiches=[chosen.pk])

        assert [part.fiche for part in review.parts.all()] == [chosen.pk]
        assert (state_of(chosen), state_of(left)) == (DraftingState.UNDER_REVIEW, DraftingState.DRAFT)

    def test_the_fiche_of_another_contract_is_no_choice(self, contract, coordinator):
        with pytest.raises(ValidationError, match="au moins une fiche"):
            submit(contract=contract, user=coordinator, fiches=[make_action().pk])

    def test_what_the_ars_has_is_not_submitted_twice(self, contract, coordinator):
        action = make_action(contract, code="2.1")
        make_action(contract)
        submit(contract=contract, user=coordinator, fiches=[action.pk])

        with pytest.raises(ValidationError, match=r"2\.1"):
            submit(contract=contract, user=coordinator, fiches=[action.pk])
        with pytest.raises(ValidationError, match=r"2\.1"):
            submit(contract=contract, user=coordinator)
        assert Review.objects.count() == 1

    def test_the_whole_contract_is_submitted_once(self, contract, coordinator):
        submit(contract=contract, user=coordinator)

        with pytest.raises(ValidationError, match="Le contrat est à l’avis de l’ARS depuis"):
            submit(contract=contract, user=coordinator)

    def test_the_database_refuses_a_fiche_under_two_reviews(self, contract):
        part = make_part(make_review(contract))
        other = Review.objects.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewedPart.objects.create(review=other, fiche=part.fiche, title="x", position=9)

    def test_a_withdrawal_gives_the_fiches_back_as_they_were(self, contract, coordinator):
        draft, proposed = make_action(contract), make_action(contract, drafting_state=DraftingState.PROPOSED)
        review = submit(contract=contract, user=coordinator)

        withdraw(review=review, user=coordinator)

        assert (state_of(draft), state_of(proposed)) == (DraftingState.DRAFT, DraftingState.PROPOSED)
        assert turn(review).side == ""
        assert submit(contract=contract, user=coordinator).pk

    def test_the_remarks_prepared_on_a_version_that_is_withdrawn_go_on_with_the_next(self, contract, coordinator):
        review = make_review(contract)
        remark = make_remark(make_part(review))
        withdraw(review=review, user=coordinator)

        following = submit(contract=contract, user=coordinator)

        remark.refresh_from_db()
        assert remark.part.review == following

    def test_a_fiche_that_moved_on_in_the_meantime_stays_where_it_is(self, contract, coordinator, ars_referent):
        action = make_action(contract)
        review = submit(contract=contract, user=coordinator)
        type(action).objects.filter(pk=action.pk).update(drafting_state=DraftingState.VALIDATED)

        give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="À revoir.")

        assert state_of(action) == DraftingState.VALIDATED


class TestRemarks:
    def test_a_remark_names_a_field_of_the_frozen_version(self, contract, ars_referent):
        part = make_part(make_review(contract))
        remark = make_remark(part, user=ars_referent)

        assert (remark.section, remark.label) == ("contexte", "Contexte et constats")
        with pytest.raises(ValidationError, match="n’existe pas"):
            write_remark(part=part, user=ars_referent, field="inconnu", kind="conseil", text="x")

    def test_the_contract_and_its_axes_are_remarked_too(self, contract, ars_referent):
        axis = make_axis(contract, title="Prévention")
        part = make_review(contract).parts.get(fiche=None)

        remark = make_remark(part, field=f"axis-{axis.pk}-description")

        assert remark.section == f"axe-{axis.pk}"

    def test_nothing_is_written_any_more_once_the_avis_is_given(self, contract, ars_referent):
        review = make_given_review(contract)
        remark, part = ReviewComment.objects.get(), make_part(review)

        for deed in (
            lambda: make_remark(part),
            lambda: change_remark(comment=remark, user=ars_referent, kind="conseil", text="x"),
            lambda: delete_remark(comment=remark),
            lambda: fill_checklist(part=part, user=ars_referent, answers={"pilote": ("oui", "")}),
            lambda: take_charge(review=review, user=ars_referent),
            lambda: ask_opinion(
                review=review, user=ars_referent, expert=ars_referent, question="?", due_on=today(), parts=[]
            ),
            lambda: give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="x"),
            lambda: withdraw(review=review, user=None),
        ):
            with pytest.raises(ValidationError, match="L’avis a été rendu"):
                deed()

    def test_a_draft_has_no_answer(self, contract, coordinator):
        remark = make_remark(make_part(make_review(contract)))

        with pytest.raises(ValidationError, match="pas encore publiée"):
            answer_remark(comment=remark, user=coordinator, answer=RemarkAnswer.CORRECTED, text="")

    def test_a_remark_that_is_not_kept_says_why(self, contract, coordinator):
        make_given_review(contract)

        with pytest.raises(ValidationError, match="Dites pourquoi"):
            answer_remark(comment=ReviewComment.objects.get(), user=coordinator, answer="ecarte", text=" ")

    def test_a_settled_remark_is_answered_no_more(self, contract, coordinator, ars_referent):
        make_given_review(contract)
        remark = settle_remark(comment=ReviewComment.objects.get(), user=ars_referent, settled=True)

        with pytest.raises(ValidationError, match="L’ARS a levé cette remarque"):
            answer_remark(comment=remark, user=coordinator, answer="corrige", text="")

    def test_the_grid_keeps_the_history_of_what_changed_only(self, contract, ars_referent):
        part = make_part(make_review(contract))
        answers = {"pilote": ("oui", ""), "public": ("", "")}

        fill_checklist(part=part, user=ars_referent, answers=answers)
        fill_checklist(part=part, user=ars_referent, answers=answers | {"pilote": ("non", "parti")})

        line = part.checklist.get(criterion="pilote")
        assert (line.answer, line.note, line.history.count()) == ("non", "parti", 2)


class TestAvis:
    @pytest.mark.parametrize(
        ("opinion", "after"),
        [
            (Opinion.FAVOURABLE, DraftingState.PROPOSED),
            (Opinion.WITH_RESERVES, DraftingState.PROPOSED),
            (Opinion.REWORK, DraftingState.DRAFT),
        ],
    )
    def test_the_fiches_leave_the_ars(self, contract, ars_referent, opinion, after):
        action = make_action(contract)

        give_opinion(review=make_review(contract), user=ars_referent, opinion=opinion, text="Voici.")

        assert state_of(action) == after
        assert action.history.latest().history_user == ars_referent

    def test_an_avis_that_is_not_favourable_says_what_is_expected(self, contract, ars_referent):
        with pytest.raises(ValidationError) as refused:
            give_opinion(review=make_review(contract), user=ars_referent, opinion=Opinion.REWORK, text="  ")
        assert "text" in refused.value.message_dict

    def test_without_an_opinion_nothing_is_given(self, contract, ars_referent):
        with pytest.raises(ValidationError):
            give_opinion(review=make_review(contract), user=ars_referent, opinion="", text="x")

    def test_it_joins_the_answered_opinions_of_this_round_only(self, contract, ars_referent):
        review = make_review(contract)
        answered, silent = make_opinion_request(review), make_opinion_request(review)
        foreign = make_opinion_request(make_review(make_contract()))
        for request in (answered, foreign):
            answer_opinion(request=request, user=request.expert, opinion="reserves", text="Oui, si.")
        draft_opinion(review=review, user=ars_referent, opinion=Opinion.FAVOURABLE, text="")

        give_opinion(
            review=review,
            user=ars_referent,
            opinion=Opinion.FAVOURABLE,
            text="",
            joined=[answered, silent, foreign],
        )

        for request in (answered, silent, foreign):
            request.refresh_from_db()
        assert [answered.is_joined, silent.is_joined, foreign.is_joined] == [True, False, False]


class TestTurn:
    def test_from_one_side_to_the_other(self, contract, coordinator, ars_referent):
        first = make_given_review(contract, opinion=Opinion.WITH_RESERVES)
        remark = ReviewComment.objects.get()
        assert (turn(first).side, turn(first).since) == (COORDINATION, first.decided_at)

        remark = answer_remark(comment=remark, user=coordinator, answer="corrige", text="Fait.")
        assert (turn(first).side, turn(first).since) == (ARS, remark.answered_at)

        settle_remark(comment=remark, user=ars_referent, settled=True)
        assert turn(first).side == ""

    def test_to_rework_waits_for_a_new_version(self, contract, coordinator):
        first = make_given_review(contract, opinion=Opinion.REWORK)
        assert turn(first).side == COORDINATION

        second = submit(contract=contract, user=coordinator)

        assert second.previous == first
        assert (turn(first).side, turn(second).side) == ("", ARS)

    def test_an_advice_waits_for_nobody(self, contract, ars_referent):
        review = make_review(contract)
        make_remark(make_part(review), kind="conseil")
        give_opinion(review=review, user=ars_referent, opinion=Opinion.FAVOURABLE, text="")

        assert turn(review).side == ""

    def test_a_favourable_avis_without_remark_ends_the_round(self, contract):
        make_given_review(contract, remarks=0, opinion=Opinion.FAVOURABLE)

        assert expected_in(contract.reviews.all()) == []

    def test_the_round_of_other_fiches_is_not_its_continuation(self, contract, coordinator):
        one, other = make_action(contract), make_action(contract)
        make_given_review(contract, fiches=[one.pk])

        assert submit(contract=contract, user=coordinator, fiches=[other.pk]).previous is None


class TestMails:
    """Steps write notices; the worker gathers those of some minutes in one mail."""

    @pytest.fixture(autouse=True)
    def people(self, coordinator, ars_referent):
        pass

    def test_the_ars_learns_what_is_submitted_and_the_coordination_what_becomes_of_it(
        self, contract, coordinator, ars_referent, queue
    ):
        action = make_action(contract, code="2.1")
        review = submit(contract=contract, user=coordinator, fiches=[action.pk])
        self.sent(queue, ars_referent, "soumet la fiche 2.1 à l’avis de l’ARS", review.get_absolute_url())

        take_charge(review=review, user=ars_referent)
        write_remark(part=make_part(review), user=ars_referent, field="context", kind="corriger", text="JETON-SECRET")
        give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="JETON-AVIS")
        body = self.sent(queue, coordinator, "rend l’avis de l’ARS sur la fiche 2.1 : à retravailler")
        assert "suit pour l’ARS" in body
        assert "JETON" not in body

    def test_ten_answers_make_one_line_of_one_mail(self, contract, coordinator, ars_referent, queue):
        review = make_review(contract)
        take_charge(review=review, user=ars_referent)
        for _ in range(10):
            make_remark(make_part(review))
        give_opinion(review=review, user=ars_referent, opinion=Opinion.WITH_RESERVES, text="Voir.")
        queue(), queue()
        mail.outbox.clear()
        for remark in ReviewComment.objects.all():
            answer_remark(comment=remark, user=coordinator, answer="corrige", text="")

        body = self.sent(queue, ars_referent, "a répondu à des remarques")

        assert body.count("a répondu à des remarques") == 1

    def test_who_refused_the_mails_of_the_contract_gets_none(self, contract, coordinator, ars_referent, queue):
        refuse(ars_referent.email, mailing_of(contract))
        make_review(contract)
        queue(), queue()

        assert [message for message in mail.outbox if ars_referent.email in message.to] == []

    def test_a_colleague_is_asked_and_the_asker_learns_the_answer(self, contract, ars_referent, queue):
        review = make_review(contract)
        request = make_opinion_request(review, user=ars_referent, question="JETON-SECRET")
        body = self.sent(queue, request.expert, "vous demande un avis interne", request.get_absolute_url())
        assert "JETON" not in body

        answer_opinion(request=request, user=request.expert, opinion="defavorable", text="JETON-SECRET")
        assert "JETON" not in self.sent(queue, ars_referent, "a répondu à la demande d’avis interne")

    def sent(self, queue, person, *words: str) -> str:
        """The one mail that this person gets, once the minutes have passed."""
        queue(), queue()
        [body] = [message.body for message in mail.outbox if person.email in message.to]
        for each in words:
            assert each in body.replace("\u00a0", " ")
        mail.outbox.clear()
        return body


def test_an_opinion_is_asked_to_the_ars_of_this_contract_alone(contract, ars_referent, coordinator):
    review = make_review(contract)
    for stranger in (coordinator, make_user()):
        with pytest.raises(ValidationError, match="n’a pas de rôle de l’ARS"):
            ask_opinion(review=review, user=ars_referent, expert=stranger, question="?", due_on=today())


def test_a_contract_goes_with_its_reviews_and_comes_back_with_them(contract, administrator):
    review = make_given_review(contract)
    make_opinion_request(submit(contract=contract, user=administrator), parts=[])

    deletion = delete_contract(contract=contract, user=administrator)
    assert not Review.objects.exists()
    restore(deletion, user=administrator)

    assert Review.objects.get(previous=review).requests.count() == 1
    assert frozen(Review.objects.get(pk=review.pk).version).is_intact


def test_what_the_ars_prepares_is_not_even_counted_before_a_deletion(contract):
    make_remark(make_part(make_review(contract)))

    gone = losses(contract).gone

    assert "fiches actions" in gone
    assert [name for name in gone if "remarque" in name or "grille" in name] == []
