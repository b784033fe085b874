"""The sections of a fiche, declared once for the page that is read and for the forms that edit it."""

from dataclasses import dataclass

from actions.forms import parts
from actions.forms import sections as forms
from actions.forms.rows import RowFormSet


@dataclass(frozen=True)
class Section:
    """`texts` are long texts shown under their label; without `form`, the section is read only.

    `hint` is told to who edits it.
    """

    key: str
    title: str
    form: type[forms.SectionForm] | None = None
    rows: tuple[type[RowFormSet], ...] = ()
    texts: tuple[str, ...] = ()
    hint: str = ""

    @property
    def anchor(self) -> str:
        return f"t-{self.key}"

    @property
    def is_edited(self) -> bool:
        """A template would call `form` rather than look at it."""
        return self.form is not None

    @property
    def template(self) -> str:
        if self.texts and self.key != "evaluation":
            return "actions/sections/_textes.html"
        return f"actions/sections/_{self.key}.html"


NO_HEALTH_DATA = "Aucune donnée de santé nominative\u00a0: ni nom de personne suivie, ni situation reconnaissable."
SECTIONS = (
    Section("identite", "Identité", forms.IdentityForm),
    Section("contexte", "Contexte", forms.ContextForm, texts=("context",), hint=NO_HEALTH_DATA),
    Section(
        "objectifs",
        "Objectifs",
        forms.ObjectivesForm,
        texts=("general_objective", "specific_objectives", "operational_objectives", "expected_results"),
        hint="Un objectif ou un résultat par ligne.",
    ),
    Section(
        "description",
        "Description",
        forms.DescriptionForm,
        texts=("description", "deliverables"),
        hint=NO_HEALTH_DATA,
    ),
    Section("etapes", "Étapes", forms.SectionForm, (parts.StepRows,)),
    Section("publics", "Publics et territoire", forms.AudienceForm),
    Section("pilotage", "Pilotage et partenaires", forms.PilotingForm, (parts.PilotRows, parts.PartnerRows)),
    Section("calendrier", "Calendrier", forms.CalendarForm),
    Section("moyens", "Moyens et financement", forms.MeansForm, (parts.FundingRows,)),
    Section("indicateurs", "Indicateurs", forms.SectionForm, (parts.IndicatorRows, parts.TargetRows)),
    Section(
        "evaluation",
        "Évaluation et conditions",
        forms.EvaluationForm,
        texts=("evaluation_method", "planned_levers", "caution_points", "regional_plan_link", "schemes_detail"),
    ),
    Section("suivi", "Points de suivi"),
    Section("decisions", "Décisions des comités"),
    Section("liens", "Fiches liées", forms.LinksForm),
    Section("documents", "Documents", forms.DocumentsForm),
    Section("historique", "Historique"),
)
BY_KEY = {section.key: section for section in SECTIONS}
EDITABLE = [section for section in SECTIONS if section.form]


def following(section: Section) -> Section | None:
    """The next section that is edited, in the order of the page."""
    place = EDITABLE.index(section) + 1
    return EDITABLE[place] if place < len(EDITABLE) else None
