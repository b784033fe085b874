"""The new fiches of a workbook, written in bulk under the rules of `fiches` and `news`.

Place at the end of the plan, one principal pilot, and a status is a point of follow-up.
"""

from django.core.exceptions import ValidationError
from django.db.models import Max

from actions.enums import PilotRole, Status, TermUsage
from actions.models import Action, ActionPartner, ActionPilot, ActionTerm, FollowUp, FundingLine, Indicator, Step
from actions.services.import_references import ImportRefusedError, References, sentence_of
from actions.workbook.line import Line
from cls_portal.core.dates import today
from cls_portal.core.history import bulk_create_as

BATCH = 500


class NewFiches:
    def __init__(self, refs: References) -> None:
        self.refs = refs
        self.contract, self.user, self.reason = refs.contract, refs.user, refs.reason

    def create(self, lines: list[Line]) -> list[Action]:
        place = self.contract.actions.aggregate(last=Max("position"))["last"] or 0
        actions = []
        for number, line in enumerate(lines, start=1):
            action = Action(contract=self.contract, position=place + number, **self.refs.fields(line.values))
            if action.status != Status.NOT_STARTED:
                action.status_since = today()
            self._check(action, line)
            actions.append(action)
        bulk_create_as(actions, user=self.user, reason=self.reason)
        pairs = list(zip(actions, lines, strict=True))
        for build in (
            self._pilots_of,
            self._partners_of,
            self._terms_of,
            self._money_of,
            self._steps_of,
            self._indicators_of,
        ):
            bulk_create_as([part for pair in pairs for part in build(*pair)], user=self.user, reason=self.reason)
        self._name_contacts(pairs)
        for action, line in pairs:
            if line.values.get("communes"):
                action.communes.set([self.refs.key(ref) for ref in line.values["communes"]])
        FollowUp.objects.bulk_create([point for pair in pairs for point in self._news_of(*pair)], batch_size=BATCH)
        return actions

    def _check(self, action: Action, line: Line) -> None:
        """The rules of the fields; those of the constraints are the database's, and were read in the preview."""
        try:
            action.clean_fields(exclude=["contract", "axis", "objective", "elected_contact"])
        except ValidationError as error:
            raise ImportRefusedError(sentence_of(line, error)) from error

    def _pilots_of(self, action: Action, line: Line) -> list[ActionPilot]:
        return [
            ActionPilot(
                action=action,
                organisation_id=self.refs.key(ref),
                position=place,
                role=PilotRole.CO_PILOT if place else PilotRole.PRINCIPAL,
            )
            for place, ref in enumerate(line.values.get("pilots", ()))
        ]

    def _partners_of(self, action: Action, line: Line) -> list[ActionPartner]:
        return [
            ActionPartner(action=action, organisation_id=self.refs.key(ref), state=state, position=place)
            for place, (ref, state) in enumerate(line.values.get("partners", ()))
        ]

    def _terms_of(self, action: Action, line: Line) -> list[ActionTerm]:
        main = line.values.get("main_theme")
        themes = line.values.get("term:theme", ())
        usages = {usage: line.values.get(f"term:{usage}", ()) for usage in TermUsage.values}
        usages[TermUsage.THEME] = tuple(dict.fromkeys([*themes, *([main] if main else [])]))
        return [
            ActionTerm(
                action=action,
                term_id=self.refs.key(ref),
                usage=usage,
                is_main=usage == TermUsage.THEME and ref == main,
            )
            for usage, refs in usages.items()
            for ref in refs
        ]

    def _money_of(self, action: Action, line: Line) -> list[FundingLine]:
        rows: dict[tuple, FundingLine] = {}
        for (year, option, funder), amount in line.values.get("funding", {}).items():
            row = rows.setdefault(
                (year, funder),
                FundingLine(action=action, year=year, funder_id=self.refs.key(funder) if funder else None),
            )
            setattr(row, option, amount)
        return list(rows.values())

    def _steps_of(self, action: Action, line: Line) -> list[Step]:
        titles = line.values.get("steps", ())
        return [Step(action=action, title=title, position=place) for place, title in enumerate(titles, start=1)]

    def _indicators_of(self, action: Action, line: Line) -> list[Indicator]:
        titles = line.values.get("indicators", ())
        return [Indicator(action=action, title=title, position=place) for place, title in enumerate(titles, start=1)]

    def _name_contacts(self, pairs: list[tuple[Action, Line]]) -> None:
        concerned = [action for action, line in pairs if line.values.get("contacts")]
        pilots: dict[int, list[ActionPilot]] = {}
        for pilot in ActionPilot.objects.filter(action__in=concerned).order_by("position", "pk"):
            pilots.setdefault(pilot.action_id, []).append(pilot)
        for action, line in pairs:
            if line.values.get("contacts"):
                self.refs.give_contacts(pilots.get(action.pk, []), line.values["contacts"])

    def _news_of(self, action: Action, line: Line) -> list[FollowUp]:
        told = line.values.get("news", "")
        if action.status == Status.NOT_STARTED and not action.progress and not told:
            return []
        return [
            FollowUp(
                action=action,
                date=today(),
                author=self.user,
                author_name=str(self.user) if self.user else "",
                status=action.status,
                progress=action.progress,
                reason=action.status_reason,
                new_date=action.postponed_to if action.status == Status.POSTPONED else None,
                headline=self.reason[:200],
                done=told,
            )
        ]
