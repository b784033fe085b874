"""What the dossier of a meeting is to hold; of which year the report is."""

from datetime import date

from django import forms

from actions.models import Action, AgendaFiche
from actions.papers.sections import BY_DEFAULT, MOST_FICHES, SECTIONS, Choice
from cls_portal.core.dates import today
from cls_portal.core.forms import PortalForm
from contracts.enums import PaperKind
from contracts.models import Contract, Meeting

FORMS = [
    (PaperKind.FILE.value, "Dossier de séance (PDF)"),
    (PaperKind.SLIDES.value, "Synthèse à projeter (PowerPoint, modifiable)"),
]


def default_day(meeting: Meeting) -> date:
    """Today for a meeting to come, its own day for one that took place."""
    return min(today(), meeting.day)


class DossierForm(PortalForm):
    paper = forms.ChoiceField(label="Document", choices=FORMS, widget=forms.RadioSelect, initial=PaperKind.FILE)
    as_of = forms.DateField(
        label="Données arrêtées au",
        help_text="Une date passée montre le plan tel que le portail le connaissait ce soir-là.",
    )
    sections = forms.MultipleChoiceField(
        label="Parties",
        choices=[(section.key, section.title) for section in SECTIONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une partie."},
    )
    fiches = forms.TypedMultipleChoiceField(
        label="Fiches présentées",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=f"Imprimées en entier dans la partie du même nom, {MOST_FICHES} au plus.",
    )

    def __init__(self, *args, meeting: Meeting, user, **kwargs):
        self.meeting = meeting
        super().__init__(*args, **kwargs)
        rows = Action.objects.visible_to(user).filter(contract=meeting.body.contract_id).in_plan().in_plan_order()
        self.fields["fiches"].choices = [(row.pk, str(row)) for row in rows.only("code", "title")]
        links = AgendaFiche.objects.filter(item__meeting=meeting).exclude(action=None)
        named = list(
            links.order_by("item__position", "position", "pk").values_list("action_id", flat=True)[:MOST_FICHES]
        )
        self.initial = {"as_of": default_day(meeting), "sections": BY_DEFAULT, "fiches": named} | self.initial

    def clean_as_of(self) -> date:
        day = self.cleaned_data["as_of"]
        if day > today():
            raise forms.ValidationError("Les données d’un jour à venir ne sont pas connues.")
        return day

    def clean_fiches(self) -> list[int]:
        fiches = self.cleaned_data["fiches"]
        if len(fiches) > MOST_FICHES:
            raise forms.ValidationError(f"Choisissez {MOST_FICHES} fiches au plus\u00a0: l’annexe les imprime toutes.")
        return fiches

    @property
    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(self.meeting.pk, said["as_of"], tuple(said["sections"]), tuple(sorted(said["fiches"])))


class YearForm(PortalForm):
    year = forms.TypedChoiceField(label="Année", coerce=int)

    def __init__(self, *args, contract: Contract, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years_of(contract)]


def years_of(contract: Contract) -> list[int]:
    """From the start of the contract to this year, the latest first."""
    known = [day.year for day in (contract.start_date, contract.signed_on) if day]
    last = today().year
    return list(range(last, min([*known, last]) - 1, -1))
