"""Who is told what at each step of a review. The sentences hold nothing of what the ARS writes before its avis."""

from collections.abc import Iterable

from django.db.models import QuerySet

from actions.models import OpinionRequest, Review
from cls_portal.accounts.models import User
from cls_portal.core.notices import tell
from contracts.enums import Role
from contracts.models import Contract, Membership
from contracts.services.invitations import mailing_of


def _holding(contract: Contract, role: Role) -> QuerySet[User]:
    held = Membership.objects.reaching(contract).filter(role=role)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


def coordination(contract: Contract) -> QuerySet[User]:
    return _holding(contract, Role.COORDINATOR)


def ars_people(contract: Contract) -> QuerySet[User]:
    """All those of the ARS who may review this contract."""
    return _holding(contract, Role.ARS_REFERENT)


def first_readers(contract: Contract) -> list[User]:
    """Those of the ARS to whom a submission is addressed: of the département; without any, of the région."""
    people = ars_people(contract)
    return list(people.filter(memberships__department=contract.territory.department)) or list(people)


def ars_in_charge(review: Review) -> list[User]:
    """Who follows the round; else its first readers."""
    if review.referent and ars_people(review.contract).filter(pk=review.referent_id).exists():
        return [review.referent]
    return first_readers(review.contract)


def _tell(review: Review, people: Iterable[User], author: User | None, text: str, path: str = "") -> None:
    others = [person for person in people if person != author]
    path = path or review.get_absolute_url()
    tell(people=others, mailing=mailing_of(review.contract), text=text, path=path)


def scope_words(review: Review) -> str:
    if review.is_whole:
        return "le contrat et son plan d’actions"
    codes = [part.code or f"«\u202f{part.title}\u202f»" for part in review.parts.all()]
    if len(codes) == 1:
        return f"la fiche {codes[0]}"
    return f"{len(codes)} fiches ({', '.join(codes[:6])}{'…' if len(codes) > 6 else ''})"


def tell_submitted(review: Review, author: User | None) -> None:
    again = " à nouveau" if review.previous else ""
    people = [*first_readers(review.contract), *ars_in_charge(review)]
    _tell(review, people, author, f"{author} soumet{again} {scope_words(review)} à l’avis de l’ARS.")


def tell_withdrawn(review: Review, author: User | None) -> None:
    _tell(review, ars_in_charge(review), author, f"{author} retire sa demande d’avis sur {scope_words(review)}.")


def tell_taken(review: Review, author: User | None) -> None:
    text = f"{author} suit pour l’ARS votre demande d’avis sur {scope_words(review)}."
    _tell(review, coordination(review.contract), author, text)


def tell_given(review: Review, author: User | None) -> None:
    text = f"{author} rend l’avis de l’ARS sur {scope_words(review)}\u00a0: {review.get_opinion_display()}."
    _tell(review, coordination(review.contract), author, text)


def tell_asked(request: OpinionRequest, author: User | None) -> None:
    text = f"{author} vous demande un avis interne à l’ARS, pour le {request.due_on:%d/%m/%Y}."
    _tell(request.review, [request.expert], author, text, request.get_absolute_url())


def tell_opinion(request: OpinionRequest, author: User | None) -> None:
    text = f"{author} a répondu à la demande d’avis interne."
    asked_by = list(ars_people(request.review.contract).filter(pk=request.asked_by_id))
    people = asked_by or ars_in_charge(request.review)
    _tell(request.review, people, author, text, request.get_absolute_url())


def tell_answered(review: Review, author: User | None) -> None:
    _tell(review, ars_in_charge(review), author, f"{author} a répondu à des remarques de l’ARS.")


def tell_settled(review: Review, author: User | None) -> None:
    _tell(review, coordination(review.contract), author, f"{author} a levé des remarques de l’ARS.")


def tell_handed_over(review: Review, leaver: User, successor: User) -> None:
    text = f"{leaver} vous confie pour l’ARS la demande d’avis sur {scope_words(review)}."
    _tell(review, [successor], leaver, text)
