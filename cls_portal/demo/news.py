"""The life of a fiche, point after point: from what the data say of it to dated deeds."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from actions.enums import CLOSED_STATUSES, Status, StepState
from actions.models import Action, Measurement, Step
from actions.services.news import record_follow_up
from cls_portal.core.dates import today
from cls_portal.core.history import save_as
from cls_portal.demo.diary import Diary
from cls_portal.demo.stage import Stage
from contracts.enums import TermKind

ORDINARY = [
    "La structure pilote a réuni ses partenaires et ajusté le calendrier.",
    "L’action avance au rythme prévu.",
    "Les partenaires ont relu l’action et confirmé leurs engagements.",
    "Un point d’étape a été présenté au groupe de travail.",
    "L’équipe a repris contact avec les communes qui n’avaient pas répondu.",
    "Les retours recueillis conduisent à simplifier l’organisation.",
]
LEVERS = ["Appui des communes.", "Confiance installée entre les équipes.", "Temps dégagé par la structure pilote.", ""]
UNDERWAY = {Status.IN_PROGRESS, Status.IN_PREPARATION}
PERSONS = ["personnes", "jeunes", "élèves", "aidants", "familles", "internes"]


def tell_news(
    *, diary: Diary, stage: Stage, data: dict[str, Any], days: list[date], new_date: date | None = None
) -> None:
    """Write in the diary the points of this fiche on `days`, the last of which brings it to its present state.

    `new_date`: the deadline that the first point announces, where the fiche comes back from a postponement.
    """
    written = [*data.get("news", []), *([data["last"]] if "last" in data else [])]
    told = {round((number + 1) * len(days) / len(written)): text for number, text in enumerate(written)}
    for rank, day in enumerate(days, start=1):
        state = present_state(diary, data) if rank == len(days) else passing_state(data, rank / len(days))
        facts = state | texts(stage, told.get(rank, ""))
        if rank == 1 and new_date:
            facts = {"new_date": new_date} | facts
        diary.on(day, give_news, stage=stage, data=data, **facts)


def passing_state(data: dict[str, Any], share: float) -> dict[str, Any]:
    """Underway: the progress climbs by steps of 25 towards what it is today, never to the end."""
    reached = 100 if data["status"] in CLOSED_STATUSES else data.get("progress", 0)
    status = Status.IN_PREPARATION if data["status"] == Status.IN_PREPARATION else Status.IN_PROGRESS
    return {"status": status, "progress": min(round(reached * share / 25) * 25, 75, reached)}


def present_state(diary: Diary, data: dict[str, Any]) -> dict[str, Any]:
    facts = {"status": data["status"], "reason": data.get("reason", "")}
    if data["status"] not in CLOSED_STATUSES:
        facts["progress"] = data.get("progress", 0)
    if data["status"] == Status.POSTPONED:
        facts["new_date"] = diary.last_day + timedelta(days=30 * data["postponed_months"])
    if data["status"] == Status.REDIRECTED:
        facts["successor"] = data["successor"]
    return facts | {"brakes": data.get("brakes", []), "arbitration": data.get("arbitration", "")}


def texts(stage: Stage, text: str) -> dict[str, str]:
    """The first clause makes the headline, the others tell what was done."""
    headline, _semicolon, rest = (text or stage.rng.choice(ORDINARY)).partition("\u202f; ")
    return {
        "headline": headline.rstrip("."),
        "done": rest[:1].upper() + rest[1:],
        "levers": stage.rng.choice(LEVERS),
    }


def give_news(*, stage: Stage, data: dict[str, Any], **facts: Any) -> None:
    """The pilot with an account speaks for its own fiches, the coordination for all the others."""
    day = today()
    action = stage.fresh(data["code"])
    facts["brakes"] = [stage.term(TermKind.BRAKE, label) for label in facts.get("brakes", [])]
    facts["asks_arbitration"] = bool(facts.get("arbitration"))
    if "successor" in facts:
        facts["successor"] = stage.actions[facts["successor"]]
    finished, following = move_steps(stage, action, facts, day)
    facts["done"] = " ".join(filter(None, [facts["done"], finished]))
    record_follow_up(
        action=action,
        user=author_of(stage, data, day),
        on=day,
        next_steps=following,
        beneficiaries=beneficiaries_of(action),
        **facts,
    )


def author_of(stage: Stage, data: dict[str, Any], day: date):
    pilot = stage.users["pilot"]
    speaks = data.get("pilot") == "tournesol" and pilot.date_joined.date() <= day
    return pilot if speaks else stage.coordinator


def move_steps(stage: Stage, action: Action, facts: dict[str, Any], day: date) -> tuple[str, str]:
    """Bring the steps to the progress declared; says which one was finished, and which one comes next."""
    if facts["status"] in {Status.DROPPED, Status.REDIRECTED}:
        return "", ""
    steps = list(action.steps.order_by("position"))
    done = int(len(steps) * facts.get("progress", 100) / 100 + 0.5)
    finished = [step for step in steps[:done] if step.state != StepState.DONE]
    for step in finished:
        change_step(stage, step, state=StepState.DONE, done_on=day)
    following = steps[done] if done < len(steps) and facts["status"] in UNDERWAY else None
    if following and following.state == StepState.TO_DO and facts["status"] == Status.IN_PROGRESS:
        change_step(stage, following, state=StepState.DOING)
    return say("Étape achevée\u00a0: ", finished[-1] if finished else None), say("", following)


def change_step(stage: Stage, step: Step, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(step, name, value)
    save_as(step, user=stage.coordinator)


def say(what: str, step: Step | None) -> str:
    if step is None:
        return ""
    title = step.title
    return f"{what}{title[:1].lower() if what else title[:1].upper()}{title[1:]}."


def beneficiaries_of(action: Action) -> int | None:
    """The last figure of an indicator that counts persons."""
    counted = Measurement.objects.filter(indicator__action=action, indicator__unit__in=PERSONS, value__isnull=False)
    last = counted.order_by("date", "-indicator__position").last()
    return int(last.value) if last else None


def spread(stage: Stage, rounds: list[date], first: date, last: date, *, share: float = 0.6) -> Iterator[date]:
    """Some of the yearly rounds between two days, each answered a few days before or after its date."""
    for day in rounds:
        answered = day + timedelta(days=stage.rng.randint(-18, 12))
        if first < answered < last - timedelta(days=20) and stage.rng.random() < share:
            yield answered
