"""What a column of a workbook may feed, and the headings that name it (`headings` recognises them).

The keys are those of the export (`actions.resources`), so that what goes out comes in; the others are what people's
own workbooks have besides.
"""

from dataclasses import dataclass

from actions.models import Action
from actions.resources import TERM_HEADINGS, ActionResource

IGNORE, APPEND = "ignorer", "ajouter"
IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Column:
    """`kind` says how a cell is read, `option` what it is read into."""

    key: str
    label: str
    kind: str
    option: str = ""
    synonyms: tuple[str, ...] = ()
    # Kept empty rather than erased, computed by the portal or decided elsewhere than in a workbook.
    why_ignored: str = ""


HEADINGS = ActionResource.headings()
CHOSEN_IN_THE_FICHE = "La fiche qui prend la suite se choisit dans la fiche, avec son statut."
DEPOSITED = "Un fichier se dépose dans «\u202fDocuments\u202f», puis se joint à la fiche sur sa page."
COMPUTED = "Calculé par le portail\u00a0: la feuille «\u202fFinancement\u202f» fait foi."


def _column(key: str, kind: str, synonyms: str = "", *, option: str = "", label: str = "", why: str = "") -> Column:
    names = tuple(name.strip() for name in synonyms.split("|") if name.strip())
    label = label or HEADINGS[key]
    return Column(key, label, kind, option, (label, *names), why)


def _text(key: str, synonyms: str = "") -> Column:
    return _column(key, "text", synonyms, option=key)


COLUMNS = [
    _column(IDENTIFIER, "identifier"),
    _column("axis_code", "axis_code", "n° axe|numéro d’axe|code axe"),
    _column(
        "axis",
        "axis",
        "axe|axe stratégique|axe thématique|axe du cls|intitulé de l’axe|orientation|orientation stratégique|ambition|"
        "priorité stratégique|axe de travail|enjeu stratégique|volet|pilier|axe prioritaire|axe et objectif|axes",
    ),
    _column("objective_code", "objective_code", "n° objectif"),
    _column("objective", "objective", "objectif stratégique|objectif du plan|sous-axe|sous axe"),
    _column(
        "code",
        "code",
        "n° fiche|numéro|numéro de fiche|n°|no|num|code|code fiche|fiche n°|réf|référence|référence fiche|n° action|"
        "numéro action|fa n°|n° fa|n° de l’action|action n°|id fiche",
    ),
    _column(
        "title",
        "title",
        "intitulé|titre|titre de l’action|intitulé de l’action|action|actions|fiche action|fiches actions|fiche|"
        "nom de l’action|libellé|libellé de l’action|titre de la fiche|intitulé fiche action|nom de la fiche|"
        "désignation|projet|mesure|titre fiche action|dénomination",
    ),
    _column("kind", "choice", "type|type de fiche|nature|nature de la fiche|catégorie", option="kind"),
    _column("origin", "choice", "origine|nouvelle ou reconduite|nouvelle action|historique", option="origin"),
    _column("priority", "choice", "priorité|niveau de priorité|degré de priorité", option="priority"),
    _column("entered_on", "day", "entrée dans le plan|date d’entrée", option="entered_on"),
    _column("drafting_state", "choice", "état de rédaction", option="drafting_state"),
    _column(
        "status",
        "status",
        "statut|état|état d’avancement|état de l’action|situation|statut de l’action|suivi|avancement de l’action|"
        "réalisation|où en est l’action|stade|état de réalisation|état de mise en œuvre|mise en œuvre",
    ),
    _column(
        "progress",
        "progress",
        "%|avancement|taux d’avancement|% avancement|pourcentage|taux de réalisation|% de réalisation|progression|"
        "pourcentage d’avancement|% réalisé",
    ),
    _column("status_reason", "text", "motif|motif du report|raison", option="status_reason"),
    _column("successor", "ignored", why=CHOSEN_IN_THE_FICHE),
    _column(
        "start_date",
        "start",
        "début|date de début|démarrage|date de démarrage|date début|lancement|début prévu|date de lancement|"
        "date prévisionnelle de début|commencement|début de l’action",
    ),
    _column("start_precision", "precision", option="start"),
    _column(
        "end_date",
        "end",
        "fin|échéance|date de fin|date d’échéance|date fin|échéancier|fin prévue|date butoir|terme|délai|"
        "date prévisionnelle de fin|date limite|fin de l’action|date de réalisation|échéance prévisionnelle",
    ),
    _column("end_precision", "precision", option="end"),
    _column("postponed_to", "day", "nouvelle échéance|reportée au|report|nouvelle date", option="postponed_to"),
    _column("is_recurring", "flag", "récurrente|récurrence|action pérenne|annuelle", option="is_recurring"),
    _column(
        "calendar",
        "calendar",
        "calendrier|calendrier prévisionnel|période|planning|dates|temporalité|calendrier de réalisation|"
        "période de réalisation|durée|années|année|phasage|dates de réalisation",
        label="Calendrier (début et fin dans une case)",
    ),
    _column("ticked_year", "tick", label="Année cochée (une croix par année du calendrier)"),
    _text("calendar_detail"),
    _column("pilot", "pilots", option="principal", synonyms="pilote principal|chef de file|structure chef de file"),
    _column(
        "co_pilots", "pilots", option="co", synonyms="co-pilotes|copilote|co-pilote|co pilote|structures copilotes"
    ),
    _column(
        "pilots",
        "pilots",
        "structure pilote|pilote|pilotes|porteur|porteurs|structure|structures|organisme|porteur de l’action|"
        "structure porteuse|maître d’ouvrage|maîtrise d’ouvrage|promoteur|opérateur|pilotage|structure responsable|"
        "pilote de l’action|porteur de projet|responsable|qui|acteur pilote|structures pilotes|service pilote",
        label="Structures pilotes (la première est le pilote)",
    ),
    _column(
        "pilot_contacts",
        "people",
        "référent|référents|personne référente|contact|contacts|référent de l’action|personne ressource|interlocuteur|"
        "nom du référent|personnes contact|chargé de mission|référent technique|personne en charge",
    ),
    _column("elected_contact", "elected", "élu référent|élu|élue référente"),
    _column(
        "agreed_partners",
        "partners",
        "partenaire|partenaires|partenariat|partenariats|acteurs|acteurs à mobiliser|partenaires associés|"
        "partenaires mobilisés|partenaires de l’action|partenaires impliqués|acteurs associés|structures partenaires",
        option="agreed",
    ),
    _column(
        "expected_partners",
        "partners",
        "partenaires potentiels|partenaires à mobiliser|partenaires envisagés|partenaires possibles",
        option="expected",
    ),
    _column("main_theme", "main_theme"),
    _column("themes", "terms", "thématique|thème|thèmes|domaine|sujet", option="theme"),
    _column(
        "audiences",
        "terms",
        "public|public cible|publics cibles|public visé|publics visés|bénéficiaires|population cible|population|cible|"
        "cibles|public concerné|public bénéficiaire|public prioritaire",
        option="public",
    ),
    _column(
        "relay_audiences", "terms", "public intermédiaire|relais|public relais|publics intermédiaires", option="relais"
    ),
    _text("audience_detail"),
    _column(
        "determinants", "terms", "déterminants|déterminants visés|déterminant de santé visé", option="determinant"
    ),
    _column("settings", "terms", "milieu|milieu de vie|lieu d’intervention|milieux de vie", option="milieu"),
    _column("strategies", "terms", "stratégie|levier d’ottawa|stratégie d’intervention", option="strategie"),
    _text(
        "context", "contexte|constat|constats|problématique|enjeu|enjeux|justification|diagnostic|constat de départ"
    ),
    _text(
        "general_objective", "objectif|objectif global|finalité|but|objectifs|objectif de l’action|objectifs généraux"
    ),
    _text("specific_objectives", "objectif spécifique"),
    _text("operational_objectives", "objectif opérationnel|sous-objectifs"),
    _text("expected_results", "résultat attendu|effets attendus|résultats|impacts attendus"),
    _text(
        "description",
        "description|descriptif|modalités de mise en œuvre|contenu|description de l’action|modalités|déroulement|"
        "présentation|détail|résumé|descriptif de l’action|contenu de l’action|mise en œuvre de l’action",
    ),
    _text("deliverables", "livrable|production attendue|productions"),
    _column("covers_whole_territory", "flag", option="covers_whole_territory"),
    _column("communes", "communes", "communes|commune"),
    _text(
        "territory_detail", "territoire|secteur géographique|zone géographique|secteur|territoire concerné|lieu|lieux"
    ),
    _text("human_means", "moyens|ressources|moyens mobilisés|ressources humaines|moyens nécessaires"),
    _column("full_time_equivalents", "decimal", "etp", option="full_time_equivalents"),
    _text("material_means", "moyens techniques|matériel"),
    _text("in_kind", "valorisation|contributions en nature"),
    _text("evaluation_method", "évaluation|modalités d’évaluation|outils d’évaluation|critères d’évaluation"),
    _text("planned_levers", "leviers|facilitateurs|points forts|conditions de réussite"),
    _text("caution_points", "freins|vigilance|difficultés|obstacles|risques|freins éventuels"),
    _column("participation", "choice", "participation|participation citoyenne", option="participation"),
    _text("regional_plan_link", "prs|lien prs|lien avec le prs|projet régional de santé|lien avec le prs"),
    _column("related_schemes", "terms", "dispositifs liés|articulation", option="demarche"),
    _text("schemes_detail"),
    _column("documents", "ignored", why=DEPOSITED),
    _column("planned_total", "ignored", why=COMPUTED),
    _column("requested_total", "ignored", why=COMPUTED),
    _column("granted_total", "ignored", why=COMPUTED),
    _column("spent_total", "ignored", why=COMPUTED),
    _column(
        "planned",
        "amount",
        "budget|budget prévisionnel|coût|montant|coût prévisionnel|budget estimé|financement|montant prévisionnel|"
        "coût estimé|budget total|coût total|financement prévu|montant prévu|budget de l’action",
        option="planned",
        label="Budget prévu (€)",
    ),
    _column(
        "requested", "amount", "montant demandé|financement demandé", option="requested", label="Budget demandé (€)"
    ),
    _column(
        "granted",
        "amount",
        "montant obtenu|montant accordé|subvention|financement obtenu|budget accordé|financement accordé",
        option="granted",
        label="Budget obtenu (€)",
    ),
    _column(
        "spent",
        "amount",
        "montant réalisé|budget réalisé|dépenses|dépensé|financement réalisé|coût réel|budget consommé",
        option="spent",
        label="Budget réalisé (€)",
    ),
    _column("funder", "funder", "financeur|financeurs|source de financement|cofinanceurs", label="Financeur"),
    _column(
        "indicators",
        "indicators",
        "indicateur|indicateurs|indicateurs d’évaluation|indicateurs de suivi|indicateurs de résultat",
        label="Indicateurs (un par ligne)",
    ),
    _column("steps", "steps", "étape|étapes|sous-actions|phases", label="Étapes (une par ligne)"),
    _column(
        "news",
        "news",
        "commentaire|commentaires|observation|observations|remarque|remarques|bilan|point d’étape|actualité|"
        "faits marquants|suivi de l’action|réalisations|commentaire de suivi|notes|état des lieux|actions réalisées",
        label="Nouvelles, commentaires (point de suivi)",
    ),
]
BY_KEY = {column.key: column for column in COLUMNS}
TERM_LABELS = {str(usage): label for usage, label in TERM_HEADINGS.items()}
TEXT_LIMITS = {
    field.name: field.max_length
    for field in Action._meta.concrete_fields
    if getattr(field, "max_length", None) and field.get_internal_type() in ("TextField", "CharField")
}


_VALUES = {
    "start": HEADINGS["start_date"],
    "end": HEADINGS["end_date"],
    "pilots": "Structures pilotes",
    "contacts": HEADINGS["pilot_contacts"],
    "elected": HEADINGS["elected_contact"],
    "partners": "Partenaires",
    "funding": "Financement",
    "steps": "Étapes",
    "indicators": "Indicateurs",
    "news": "Point de suivi",
    **{f"term:{usage}": label for usage, label in TERM_LABELS.items()},
}


def label_of(key: str) -> str:
    """What the portal calls a value that a line may give."""
    return _VALUES.get(key) or HEADINGS.get(key, key)
