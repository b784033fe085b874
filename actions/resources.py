"""The columns of the plan in a spreadsheet: declared once, written by the export, recognised by the import.

The name of a field is the key that the import maps a heading to; `column_name` is that heading. Several values in a
cell are separated by `SEPARATOR` (labels may contain commas). `readonly` columns are computed: the import ignores
them. Values keep their type: dates are dates, numbers are numbers.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from import_export import fields, resources

from actions.enums import PartnerState, PilotRole, TermUsage
from actions.models import Action, FundingLine, Indicator, IndicatorTarget, Measurement, Step
from cls_portal.core.exports import Sheet

SEPARATOR = "\u202f; "
CHUNK = 500
TERM_HEADINGS = {
    TermUsage.THEME: "Thématiques",
    TermUsage.AUDIENCE: "Publics",
    TermUsage.RELAY_AUDIENCE: "Publics relais",
    TermUsage.DETERMINANT: "Déterminants de santé",
    TermUsage.SETTING: "Milieux d’intervention",
    TermUsage.STRATEGY: "Stratégies d’intervention",
    TermUsage.RELATED_SCHEME: "Démarches liées",
}


def column(attribute: str | None, heading: str, *, readonly: bool = False, get=None) -> fields.Field:
    return fields.Field(
        attribute=attribute, column_name=heading, readonly=readonly, dehydrate_method=get or raw(attribute)
    )


def raw(attribute: str):
    """The value as Python has it: the library's own widgets would write numbers and dates as text."""
    return fields.Field(attribute=attribute).get_value


def own(name: str, heading: str = "") -> fields.Field:
    """A field of the fiche under its own name."""
    return column(name, heading or capfirst(str(Action._meta.get_field(name).verbose_name)))


def choice(name: str, heading: str = "") -> fields.Field:
    field = own(name, heading)
    field.dehydrate_method = lambda action: getattr(action, f"get_{name}_display")()
    return field


def flag(name: str, heading: str = "") -> fields.Field:
    field = own(name, heading)
    field.dehydrate_method = lambda action: "oui" if getattr(action, name) else "non"
    return field


def listed(heading: str, get) -> fields.Field:
    return column(None, heading, get=lambda action: SEPARATOR.join(get(action)))


def terms(usage: TermUsage) -> fields.Field:
    return listed(TERM_HEADINGS[usage], lambda action: [str(link.term) for link in action.set_of_terms(usage)])


def pilots(role: PilotRole):
    return lambda action: [pilot.organisation.name for pilot in action.pilots.all() if pilot.role == role]


def partners(state: PartnerState):
    return lambda action: [party.organisation.name for party in action.partners.all() if party.state == state]


def pilot_contacts(action: Action) -> list[str]:
    return [str(contact) for pilot in action.pilots.all() for contact in pilot.contacts.all()]


def total(name: str, heading: str) -> fields.Field:
    """Nothing rather than zero when no line gives the figure."""

    def get(action: Action):
        amounts = [value for line in action.funding_lines.all() if (value := getattr(line, name)) is not None]
        return sum(amounts) if amounts else None

    return column(None, heading, readonly=True, get=get)


class SheetResource(resources.Resource):
    @classmethod
    def headings(cls) -> dict[str, str]:
        """Key → heading, in the order of the sheet."""
        return {key: field.column_name for key, field in cls.fields.items()}

    def row(self, obj) -> list:
        return [field.dehydrate_method(obj) for field in self.fields.values()]


class ActionResource(SheetResource):
    identifier = column("pk", "Identifiant")
    axis_code = column("axis__code", "N° de l’axe")
    axis = column("axis__title", "Axe")
    objective_code = column("objective__code", "N° de l’objectif")
    objective = column("objective__title", "Objectif")
    code = own("code", "N° de la fiche")
    title = own("title", "Intitulé de la fiche")
    kind = choice("kind")
    origin = choice("origin")
    priority = choice("priority")
    entered_on = own("entered_on")
    drafting_state = choice("drafting_state")
    status = choice("status")
    progress = own("progress", "Avancement (%)")
    status_reason = own("status_reason", "Motif du statut")
    successor = column(None, "Réorientée vers", readonly=True, get=lambda action: str(action.successor or ""))
    start_date = own("start_date")
    start_precision = choice("start_precision")
    end_date = own("end_date")
    end_precision = choice("end_precision")
    postponed_to = own("postponed_to")
    is_recurring = flag("is_recurring")
    calendar_detail = own("calendar_detail")
    pilot = listed("Pilote", pilots(PilotRole.PRINCIPAL))
    co_pilots = listed("Copilotes", pilots(PilotRole.CO_PILOT))
    pilot_contacts = listed("Personnes référentes", pilot_contacts)
    elected_contact = column(None, "Élu·e référent·e", get=lambda action: str(action.elected_contact or ""))
    agreed_partners = listed("Partenaires actés", partners(PartnerState.AGREED))
    expected_partners = listed("Partenaires pressentis", partners(PartnerState.EXPECTED))
    main_theme = listed(
        "Thématique principale",
        lambda action: [str(link.term) for link in action.set_of_terms(TermUsage.THEME) if link.is_main],
    )
    themes = terms(TermUsage.THEME)
    audiences = terms(TermUsage.AUDIENCE)
    relay_audiences = terms(TermUsage.RELAY_AUDIENCE)
    audience_detail = own("audience_detail")
    determinants = terms(TermUsage.DETERMINANT)
    settings = terms(TermUsage.SETTING)
    strategies = terms(TermUsage.STRATEGY)
    context = own("context")
    general_objective = own("general_objective")
    specific_objectives = own("specific_objectives")
    operational_objectives = own("operational_objectives")
    expected_results = own("expected_results")
    description = own("description")
    deliverables = own("deliverables")
    covers_whole_territory = flag("covers_whole_territory")
    communes = listed("Communes concernées", lambda action: [commune.name for commune in action.communes.all()])
    territory_detail = own("territory_detail")
    human_means = own("human_means")
    full_time_equivalents = own("full_time_equivalents")
    material_means = own("material_means")
    in_kind = own("in_kind")
    evaluation_method = own("evaluation_method")
    planned_levers = own("planned_levers")
    caution_points = own("caution_points")
    participation = choice("participation")
    regional_plan_link = own("regional_plan_link")
    related_schemes = terms(TermUsage.RELATED_SCHEME)
    schemes_detail = own("schemes_detail")
    documents = listed("Documents joints", lambda action: [document.title for document in action.documents.all()])
    planned_total = total("planned", "Financement prévu (€)")
    requested_total = total("requested", "Financement demandé (€)")
    granted_total = total("granted", "Financement obtenu (€)")
    spent_total = total("spent", "Financement réalisé (€)")

    @staticmethod
    def prefetch(actions: QuerySet[Action]) -> QuerySet[Action]:
        return actions.select_related("axis", "objective", "elected_contact", "successor").prefetch_related(
            "pilots__organisation",
            "pilots__contacts",
            "partners__organisation",
            "action_terms__term",
            "funding_lines",
            "communes",
            "documents",
        )


class PartResource(SheetResource):
    """A line of another sheet: it says which fiche it belongs to."""

    action = column("action_id", "Identifiant de la fiche")
    action_code = column("action__code", "N° de la fiche", readonly=True)
    action_title = column("action__title", "Intitulé de la fiche", readonly=True)


class StepResource(PartResource):
    identifier = column("pk", "Identifiant de l’étape")
    position = column("position", "Rang de l’étape")
    title = column("title", "Étape")
    organisation = column("organisation__name", "Responsable")
    start_date = column("start_date", "Début")
    end_date = column("end_date", "Échéance")
    state = column("get_state_display", "État")
    done_on = column("done_on", "Faite le")


class FundingResource(PartResource):
    identifier = column("pk", "Identifiant de la ligne de financement")
    year = column("year", "Année")
    funder = column("funder__name", "Financeur")
    scheme = column("scheme__label", "Dispositif")
    planned = column("planned", "Prévu (€)")
    requested = column("requested", "Demandé (€)")
    granted = column("granted", "Obtenu (€)")
    spent = column("spent", "Réalisé (€)")


class IndicatorResource(PartResource):
    identifier = column("pk", "Identifiant de l’indicateur")
    position = column("position", "Rang de l’indicateur")
    title = column("title", "Indicateur")
    kind = column("get_kind_display", "Nature")
    unit = column("unit", "Unité")
    direction = column("get_direction_display", "Sens")
    baseline = column("baseline", "Valeur de départ")
    baseline_date = column("baseline_date", "Date de la valeur de départ")
    target = column("target", "Cible")
    target_text = column("target_text", "Cible en mots")
    target_date = column("target_date", "Échéance de la cible")
    source = column("source", "Source")
    collection = column("collection", "Mode de recueil")


class IndicatorPartResource(SheetResource):
    """A line of another sheet about an indicator: it says which, and of which fiche."""

    action = column("indicator__action_id", "Identifiant de la fiche")
    action_code = column("indicator__action__code", "N° de la fiche", readonly=True)
    action_title = column("indicator__action__title", "Intitulé de la fiche", readonly=True)
    indicator = column("indicator_id", "Identifiant de l’indicateur")
    title = column("indicator__title", "Indicateur", readonly=True)


class TargetResource(IndicatorPartResource):
    identifier = column("pk", "Identifiant de la cible")
    period_end = column("period_end", "Fin de la période")
    value = column("value", "Cible à cette date")


class MeasurementResource(IndicatorPartResource):
    identifier = column("pk", "Identifiant du relevé")
    date = column("date", "Date")
    value = column("value", "Valeur")
    text = column("text", "Valeur en mots")
    comment = column("comment", "Commentaire")


# Title of the sheet, its columns, its rows, the path that leads to the fiche, what each row reads besides.
PARTS = [
    ("Étapes", StepResource, Step, "action", ("action", "organisation")),
    ("Financement", FundingResource, FundingLine, "action", ("action", "funder", "scheme")),
    ("Indicateurs", IndicatorResource, Indicator, "action", ("action",)),
    ("Cibles par période", TargetResource, IndicatorTarget, "indicator__action", ("indicator__action",)),
    ("Relevés", MeasurementResource, Measurement, "indicator__action", ("indicator__action",)),
]


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def action_rows(ids: Sequence[int]) -> Iterator[list]:
    """The fiches in the order given, read by portions."""
    resource = ActionResource()
    for portion in chunks(ids):
        found = {action.pk: action for action in resource.prefetch(Action.objects.filter(pk__in=portion))}
        yield from (resource.row(found[pk]) for pk in portion if pk in found)


def part_rows(resource: SheetResource, model: type[Model], path: str, related: Sequence[str], ids) -> Iterator[list]:
    for portion in chunks(ids):
        order = {pk: place for place, pk in enumerate(portion)}
        rows = model.objects.filter(**{f"{path}__in": portion}).select_related(*related)
        of_fiche = attrgetter(f"{path.replace('__', '.')}_id")
        yield from (resource.row(obj) for obj in sorted(rows, key=lambda obj: order[of_fiche(obj)]))


def plan_sheets(ids: Sequence[int]) -> list[Sheet]:
    """The plan with these fiches, in this order: one sheet for the fiches, one for each thing they have several of."""
    sheets = [Sheet("Plan d’actions", list(ActionResource.headings().values()), action_rows(ids))]
    for title, resource, model, path, related in PARTS:
        rows = part_rows(resource(), model, path, related, ids)
        sheets.append(Sheet(title, list(resource.headings().values()), rows))
    return sheets
