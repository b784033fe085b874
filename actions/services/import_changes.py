"""The fiches of a workbook that exist: each goes through the services of the fiche, one by one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from actions.enums import Status, TermUsage
from actions.models import Action, ActionPartner, FundingLine, Indicator, Step
from actions.services.fiches import save_section, set_pilots, set_terms
from actions.services.import_references import ImportRefusedError, References, sentence_of
from actions.services.news import record_follow_up
from actions.workbook.catalogue import Ref
from actions.workbook.line import Line
from cls_portal.core.history import save_as, sign
from contracts.models import Organisation, ReferenceTerm

FOLLOWED = {"status", "progress", "status_reason", "postponed_to"}


class Changes:
    def __init__(self, refs: References) -> None:
        self.refs = refs
        self.user, self.reason = refs.user, refs.reason

    def apply(self, line: Line) -> Action:
        action = line.action
        try:
            self._change_fields(action, line.values)
            self._change_parties(action, line.values)
            self._change_parts(action, line)
            self._follow_up(action, line.values)
        except ValidationError as error:
            raise ImportRefusedError(sentence_of(line, error)) from error
        return action

    def _change_fields(self, action: Action, values: dict[str, Any]) -> None:
        fields = self.refs.fields({key: value for key, value in values.items() if key not in FOLLOWED})
        status = values.get("status", action.status)
        if "postponed_to" in values and status != Status.POSTPONED:
            fields["postponed_to"] = values["postponed_to"]
        if not fields:
            return
        for name, value in fields.items():
            setattr(action, name, value)
        save_section(action=action, read_version=action.version, user=self.user, reason=self.reason)

    def _change_parties(self, action: Action, values: dict[str, Any]) -> None:
        if "pilots" in values:
            organisations = [self.refs.get(ref, Organisation) for ref in values["pilots"]]
            principal = organisations[0] if organisations else None
            set_pilots(
                action=action,
                user=self.user,
                principal=principal,
                co_pilots=organisations[1:],
                reason=self.reason,
            )
        if "contacts" in values:
            self.refs.give_contacts(list(action.pilots.order_by("position", "pk")), values["contacts"])
        if "partners" in values:
            self._set_partners(action, dict(values["partners"]))
        if "communes" in values:
            sign(action, user=self.user, reason=self.reason)
            action.communes.set([self.refs.key(ref) for ref in values["communes"]])
        for usage in TermUsage.values:
            main = values.get("main_theme") if usage == TermUsage.THEME else None
            if f"term:{usage}" in values or main:
                refs = values.get(f"term:{usage}") or ([main] if main else [])
                terms = [self.refs.get(ref, ReferenceTerm) for ref in refs]
                if main and f"term:{usage}" not in values:
                    terms += [link.term for link in action.action_terms.filter(usage=usage).select_related("term")]
                main_term = self.refs.get(main, ReferenceTerm) if main else _main_among(action, usage, terms)
                set_terms(
                    action=action,
                    usage=TermUsage(usage),
                    terms=terms,
                    user=self.user,
                    main=main_term,
                    reason=self.reason,
                )

    def _set_partners(self, action: Action, wanted: dict[Ref, str]) -> None:
        keys = {self.refs.key(ref): state for ref, state in wanted.items()}
        for partner in action.partners.all():
            state = keys.pop(partner.organisation_id, None)
            if state is None:
                sign(partner, user=self.user, reason=self.reason)
                partner.delete()
            elif state != partner.state:
                partner.state = state
                save_as(partner, user=self.user, reason=self.reason)
        place = action.partners.aggregate(last=Max("position"))["last"] or 0
        for number, (key, state) in enumerate(keys.items(), start=1):
            partner = ActionPartner(action=action, organisation_id=key, state=state, position=place + number)
            save_as(partner, user=self.user, reason=self.reason)

    def _change_parts(self, action: Action, line: Line) -> None:
        for name, model in (("steps", Step), ("indicators", Indicator)):
            known = {part.title for part in getattr(action, name).all()}
            for place, title in enumerate(line.values.get(name, ()), start=1):
                if title not in known:
                    save_as(model(action=action, title=title, position=place), user=self.user, reason=self.reason)
        for (year, option, funder), amount in line.values.get("funding", {}).items():
            key = self.refs.key(funder) if funder else None
            row = action.funding_lines.filter(year=year, funder=key).order_by("pk").first()
            row = row or FundingLine(action=action, year=year, funder_id=key)
            if getattr(row, option) != amount:
                setattr(row, option, amount)
                save_as(row, user=self.user, reason=self.reason)

    def _follow_up(self, action: Action, values: dict[str, Any]) -> None:
        status = values.get("status", action.status)
        moved = {"status", "progress", "status_reason"} & set(values)
        if not moved and not values.get("news") and not ("postponed_to" in values and status == Status.POSTPONED):
            return
        record_follow_up(
            action=action,
            user=self.user,
            status=status,
            progress=values.get("progress"),
            reason=values.get("status_reason", action.status_reason),
            new_date=values.get("postponed_to", action.postponed_to) if status == Status.POSTPONED else None,
            successor=action.successor if status == Status.REDIRECTED else None,
            headline=self.reason[:200],
            as_found=True,
            done=values.get("news", ""),
        )


def _main_among(action: Action, usage: str, terms: list[ReferenceTerm]) -> ReferenceTerm | None:
    """The main theme stays the main one when it stays at all."""
    link = action.action_terms.filter(usage=usage, is_main=True).select_related("term").first()
    return link.term if link and link.term in terms else None
