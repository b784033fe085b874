"""A review told to its return: fiches submitted, remarked, sent back, corrected, and under review again."""

from datetime import date, timedelta
from typing import Any

from actions.enums import Opinion
from actions.models import ReviewComment, ReviewedPart
from actions.services.fiches import save_section
from actions.services.opinions import answer_opinion, ask_opinion
from actions.services.remarks import (
    answer_remark,
    fill_checklist,
    mark_read,
    settle_remark,
    write_remark,
)
from actions.services.review import give_opinion, submit, take_charge
from cls_portal.core.dates import today
from cls_portal.demo.content import read
from cls_portal.demo.diary import Diary
from cls_portal.demo.stage import Stage

GRID = {
    "constat": ("en_partie", "Peu de chiffres du territoire"),
    "objectif": ("oui", ""),
    "pilote": ("oui", ""),
    "financement": ("en_partie", ""),
    "sante_mentale": ("sans_objet", ""),
}


def tell_review(*, diary: Diary, stage: Stage, folder: str) -> None:
    """Its second round began some days before the last one: whoever opens the demonstration finds it under way."""
    data = read(f"{folder}/review.toml")

    def before(days: int) -> date:
        return diary.last_day - timedelta(days=days)

    diary.on(before(38), submit_fiches, stage=stage, data=data, message=data["message"])
    diary.on(before(36), read_fiches_submitted, stage=stage, data=data)
    diary.on(before(30), answer_colleague, stage=stage, data=data)
    diary.on(before(27), send_back, stage=stage, data=data)
    diary.on(before(14), correct_fiches, stage=stage, data=data)
    diary.on(before(14), answer_remarks, stage=stage, data=data)
    diary.on(before(9), submit_fiches, stage=stage, data=data, message=data["message_again"])
    diary.on(before(3), read_again, stage=stage, data=data)


def submit_fiches(*, stage: Stage, data: dict[str, Any], message: str) -> None:
    fiches = [stage.actions[code].pk for code in data["fiches"]]
    stage.review = submit(contract=stage.contract, user=stage.coordinator, message=message.strip(), fiches=fiches)


def part_on(stage: Stage, code: str) -> ReviewedPart:
    return stage.review.parts.select_related("review__version").get(code=code)


def read_fiches_submitted(*, stage: Stage, data: dict[str, Any]) -> None:
    referent = stage.users["department"]
    take_charge(review=stage.review, user=referent)
    for remark in data["remarks"]:
        write(stage, remark)
    for part in stage.review.parts.select_related("review"):
        fill_checklist(part=part, user=referent, answers=GRID)
        mark_read(part=part, user=referent)
    ask_opinion(
        review=stage.review,
        user=referent,
        expert=stage.users["region"],
        question=data["question"],
        due_on=today() + timedelta(days=10),
    )


def write(stage: Stage, remark: dict[str, Any]) -> None:
    part = part_on(stage, remark["fiche"])
    said = {name: remark[name] for name in ("field", "kind", "text")}
    write_remark(part=part, user=stage.users["department"], **said)


def answer_colleague(*, stage: Stage, data: dict[str, Any]) -> None:
    request = stage.review.requests.get()
    answer_opinion(request=request, user=stage.users["region"], opinion="reserves", text=data["answer"])


def send_back(*, stage: Stage, data: dict[str, Any]) -> None:
    give_opinion(
        review=stage.review,
        user=stage.users["department"],
        opinion=Opinion.REWORK,
        text=data["opinion"],
        joined=stage.review.requests.all(),
    )


def correct_fiches(*, stage: Stage, data: dict[str, Any]) -> None:
    for correction in data["corrections"]:
        action = stage.fresh(correction["fiche"])
        setattr(action, correction["field"], " ".join(correction["text"].split()))
        reason = "Remarques de l’ARS"
        save_section(action=action, read_version=action.version, user=stage.coordinator, reason=reason)


def answer_remarks(*, stage: Stage, data: dict[str, Any]) -> None:
    for remark in data["remarks"]:
        if "answer" in remark:
            comment = comment_on(stage, remark)
            answer_remark(comment=comment, user=stage.coordinator, answer=remark["answer"], text=remark["answer_text"])


def comment_on(stage: Stage, remark: dict[str, Any]) -> ReviewComment:
    comments = ReviewComment.objects.filter(part__review__contract=stage.contract, part__code=remark["fiche"])
    return comments.get(field=remark["field"])


def read_again(*, stage: Stage, data: dict[str, Any]) -> None:
    referent = stage.users["department"]
    take_charge(review=stage.review, user=referent)
    for remark in data["remarks"]:
        if remark.get("settled"):
            settle_remark(comment=comment_on(stage, remark), user=referent, settled=True)
    for remark in data["draft"]:
        write(stage, remark)
        mark_read(part=part_on(stage, remark["fiche"]), user=referent)
