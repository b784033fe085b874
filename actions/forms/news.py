"""News of a fiche, asked so that somebody who comes twice a year needs no explanation."""

from django import forms
from django.core.exceptions import ValidationError

from actions.enums import PROGRESS_STEPS, Outlook, Status, StepState
from actions.forms.choices import PickField, PickSeveralField
from actions.forms.status import drop_what_is_not_asked
from actions.measures import Reading, parse_value
from actions.models import Action
from actions.services.news import Figure, refusals
from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.forms import PortalForm
from contracts.enums import TermKind
from contracts.models import ReferenceTerm

TEXTS = ("headline", "done", "difficulties", "levers", "next_steps", "outlook", "arbitration")
NOT_NAMED = "Aucune donnée de santé nominative."


class FigureField(forms.CharField):
    """A figure typed the French way, or a value in words: (figure, text); no words when they `belong` elsewhere."""

    belong = ""

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        figure, text = parse_value(typed)
        if figure is None and self.belong:
            raise ValidationError(
                f"La cible est un nombre\u00a0: écrivez un nombre. Les mots vont dans {self.belong}."
            )
        return figure, text


class FollowUpForm(PortalForm):
    status = forms.ChoiceField(label="Où en est l’action\u202f?", choices=Status, widget=forms.RadioSelect)
    progress = forms.TypedChoiceField(
        label="Avancement estimé", choices=PROGRESS_STEPS, coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Pourquoi\u202f?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nécessaire si l’action est reportée, suspendue, abandonnée ou réorientée.",
    )
    new_date = forms.DateField(label="Nouvelle échéance", required=False, help_text="Nécessaire si elle est reportée.")
    successor = PickField(
        label="Fiche qui prend la suite", required=False, help_text="Nécessaire si elle est réorientée."
    )
    done = forms.CharField(
        label="Faits marquants",
        required=False,
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"Deux ou trois phrases\u00a0: ce qui a été fait. {NOT_NAMED}",
    )
    brakes = PickSeveralField(label="Ce qui freine", required=False)
    steps_done = PickSeveralField(label="Étapes faites depuis", required=False)
    asks_arbitration = forms.BooleanField(label="Le comité de pilotage doit trancher un point", required=False)
    arbitration = forms.CharField(
        label="Lequel\u202f?", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    date = forms.DateField(label="À la date du", help_text="Aujourd’hui, le plus souvent.")
    headline = forms.CharField(label="En une phrase", required=False, max_length=200)
    difficulties = forms.CharField(
        label="Difficultés, écarts", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    levers = forms.CharField(
        label="Ce qui aide", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_steps = forms.CharField(
        label="Suite prévue", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    outlook = forms.ChoiceField(label="Perspective", required=False, choices=[("", "—"), *Outlook.choices])
    beneficiaries = forms.IntegerField(
        label="Personnes touchées", required=False, min_value=0, max_value=10**8, help_text="Un nombre, jamais de nom."
    )

    def __init__(self, data=None, *, action: Action):
        self.action = action
        initial = {
            "status": action.status,
            "progress": action.progress,
            "reason": action.status_reason,
            "new_date": action.postponed_to,
            "successor": action.successor_id,
            "date": today(),
        }
        super().__init__(data, initial=initial)
        brakes = ReferenceTerm.objects.available_in(action.contract).filter(kind=TermKind.BRAKE)
        self.fields["brakes"].among(brakes, label=lambda term: term.label)
        others = Action.objects.filter(contract=action.contract_id).exclude(pk=action.pk)
        self.fields["successor"].among(others.in_plan_order())
        self.fields["steps_done"].among(action.steps.exclude(state=StepState.DONE))
        self.readings = [Reading(each) for each in action.indicators.prefetch_related("measurements", "targets").all()]
        for reading in self.readings:
            field = self.fields[self.figure_name(reading)] = figure_field(reading)
            if reading.target is not None:
                field.belong = "«\u202fFaits marquants\u202f»"

    @staticmethod
    def figure_name(reading: Reading) -> str:
        return f"figure_{reading.indicator.pk}"

    @property
    def figure_fields(self):
        return [self[self.figure_name(reading)] for reading in self.readings]

    @property
    def more_fields(self):
        names = ("date", "headline", "difficulties", "levers", "next_steps", "outlook", "beneficiaries")
        return [self[name] for name in names]

    @property
    def more_is_open(self) -> bool:
        return any(bound.errors for bound in self.more_fields)

    def clean(self) -> dict:
        cleaned = drop_what_is_not_asked(super().clean())
        if cleaned.get("asks_arbitration") and not cleaned.get("arbitration"):
            self.add_error("arbitration", "Dites quel point est à trancher.")
        if cleaned.get("arbitration") and not cleaned.get("asks_arbitration"):
            cleaned["asks_arbitration"] = True
        if cleaned.get("status") == Status.REDIRECTED and not cleaned.get("successor"):
            self.add_error("successor", "Choisissez la fiche qui prend la suite.")
        self.refuse_at_once(cleaned)
        return cleaned

    def refuse_at_once(self, cleaned: dict) -> None:
        """What the service would refuse, beside what the fields refuse already."""
        said = {name: cleaned.get(name) for name in ("status", "new_date")}
        found = refusals(self.action, on=cleaned.get("date") or today(), reason=cleaned.get("reason") or "", **said)
        for name, sentence in found.items():
            if name not in self.errors:
                self.add_error(name, sentence)

    @property
    def news(self) -> dict:
        """As the service wants them."""
        data = self.cleaned_data
        figures = []
        for reading in self.readings:
            said = data.get(self.figure_name(reading))
            if said:
                figures.append(Figure(reading.indicator, *said))
        keys = ("status", "progress", "reason", "new_date", "successor", "brakes", "beneficiaries", "asks_arbitration")
        point = {key: data[key] for key in (*keys, *TEXTS, "steps_done")}
        return point | {"on": data["date"], "figures": figures}


def figure_field(reading: Reading) -> FigureField:
    parts = []
    if reading.last:
        parts.append(f"{reading.last_words} le {french.long_date(reading.last.date)}")
    if reading.target_words:
        parts.append(f"cible {reading.target_words}")
    return FigureField(
        label=reading.indicator.title,
        required=False,
        max_length=200,
        help_text="\u202f; ".join([*parts, reading.indicator.unit] if reading.indicator.unit else parts),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MeasurementForm(PortalForm):
    date = forms.DateField(label="À la date du", help_text="Un relevé à une date déjà saisie corrige le précédent.")
    value = FigureField(label="Valeur", max_length=200, help_text="Un nombre, ou quelques mots.")
    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NOT_NAMED,
    )

    def __init__(self, data=None, *, reading: Reading):
        super().__init__(data, initial={"date": today()})
        if reading.target is not None:
            self.fields["value"].help_text = "Un nombre, comme la cible."
            self.fields["value"].belong = "le commentaire"

    def clean_value(self):
        value = self.cleaned_data["value"]
        if not value:
            raise ValidationError("Donnez une valeur.")
        return value
