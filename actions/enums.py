"""The closed lists of the plan: what may be stored, and how it is said."""

from django.db import models


class ActionKind(models.TextChoices):
    THEMATIC = "thematique", "thématique"
    CROSS_CUTTING = "transversale", "transversale"
    PARTNER = "partenaire", "portée par un partenaire"
    METHOD = "methodologique", "méthodologique"
    CONDITION = "condition", "condition de réussite"


class Origin(models.TextChoices):
    NEW = "nouvelle", "nouvelle"
    CARRIED_OVER = "reconduite", "reconduite du contrat précédent"
    STRENGTHENED = "renforcee", "action existante renforcée"
    UNPLANNED = "hors_plan", "hors plan (émergente)"


class RenewalDecision(models.TextChoices):
    """What becomes of a fiche in the next generation of its contract."""

    KEEP = "reconduire", "reconduire"
    TRANSFORM = "transformer", "transformer"
    CLOSE = "clore", "clore"


class Priority(models.TextChoices):
    HIGH = "elevee", "élevée"
    MEDIUM = "moyenne", "moyenne"
    LOW = "basse", "basse"


class DraftingState(models.TextChoices):
    """How far the writing of the fiche has come; never mixed with how far its implementation has."""

    DRAFT = "brouillon", "Brouillon"
    PROPOSED = "proposee", "Proposée"
    UNDER_REVIEW = "avis_ars", "À l’avis de l’ARS"
    VALIDATED = "validee", "Validée"
    ANNEXED = "annexee", "Annexée au contrat"
    ARCHIVED = "archivee", "Archivée"


# Not in the plan yet: being written, or reviewed.
DRAFTING_STATES = (DraftingState.DRAFT, DraftingState.PROPOSED, DraftingState.UNDER_REVIEW)


class Status(models.TextChoices):
    """Implementation. Order of the list = order of the segments of the charts."""

    DONE = "realisee", "Réalisée"
    SUSTAINED = "perennisee", "Pérennisée"
    IN_PROGRESS = "en_cours", "En cours"
    IN_PREPARATION = "en_preparation", "En préparation"
    NOT_STARTED = "non_demarree", "Non démarrée"
    POSTPONED = "reportee", "Reportée"
    SUSPENDED = "suspendue", "Suspendue"
    DROPPED = "abandonnee", "Abandonnée"
    REDIRECTED = "reorientee", "Réorientée"


# Nothing more is expected of these: neither late nor silent.
CLOSED_STATUSES = (Status.DONE, Status.SUSTAINED, Status.DROPPED, Status.REDIRECTED)
# Begun and not closed: news is expected of these.
STARTED_STATUSES = (Status.IN_PROGRESS, Status.IN_PREPARATION, Status.POSTPONED, Status.SUSPENDED)
# A sentence must say why.
STATUSES_WITH_REASON = (Status.POSTPONED, Status.SUSPENDED, Status.DROPPED, Status.REDIRECTED)
ACHIEVED_STATUSES = (Status.DONE, Status.SUSTAINED)

PROGRESS_STEPS = [(value, f"{value}\u00a0%") for value in (0, 25, 50, 75, 100)]


class DatePrecision(models.TextChoices):
    """How exactly a date of the calendar is known; the stored date is the first or last day of the period."""

    DAY = "jour", "au jour près"
    MONTH = "mois", "au mois près"
    QUARTER = "trimestre", "au trimestre près"
    YEAR = "annee", "à l’année près"


class Participation(models.TextChoices):
    NONE = "aucune", "aucune"
    INFORMATION = "information", "information"
    CONSULTATION = "consultation", "consultation"
    DIALOGUE = "concertation", "concertation"
    CO_CONSTRUCTION = "co_construction", "co-construction"


class PilotRole(models.TextChoices):
    PRINCIPAL = "pilote", "pilote"
    CO_PILOT = "copilote", "copilote"


class PartnerState(models.TextChoices):
    AGREED = "acte", "acté"
    EXPECTED = "pressenti", "pressenti"


class PartnerRole(models.TextChoices):
    OPERATOR = "operateur", "opérateur"
    FUNDER = "financeur", "financeur"
    RELAY = "relais", "relais"
    EXPERT = "expert", "expert"


class TermUsage(models.TextChoices):
    """In what capacity a term of the reference lists qualifies a fiche."""

    THEME = "theme", "thématiques"
    AUDIENCE = "public", "publics"
    RELAY_AUDIENCE = "relais", "publics relais"
    DETERMINANT = "determinant", "déterminants de santé"
    SETTING = "milieu", "milieux d’intervention"
    STRATEGY = "strategie", "stratégies d’intervention"
    RELATED_SCHEME = "demarche", "démarches liées"


class StepState(models.TextChoices):
    TO_DO = "a_faire", "À faire"
    DOING = "en_cours", "En cours"
    DONE = "faite", "Faite"


class IndicatorKind(models.TextChoices):
    MONITORING = "suivi", "suivi"
    PROCESS = "processus", "processus"
    RESULT = "resultat", "résultat"
    IMPACT = "impact", "impact"


class Direction(models.TextChoices):
    UP = "hausse", "hausse souhaitée"
    DOWN = "baisse", "baisse souhaitée"
    NONE = "sans_objet", "sans objet"


class Outlook(models.TextChoices):
    CONTINUE = "poursuivre", "poursuivre"
    ADJUST = "ajuster", "ajuster"
    EXTEND = "etendre", "étendre"
    STOP = "arreter", "arrêter"


class DecisionEffect(models.TextChoices):
    """What a decision makes of a fiche in the same gesture."""

    NONE = "aucun", "la fiche ne change pas"
    VALIDATE = "valider", "valider la fiche"
    POSTPONE = "reporter", "reporter la fiche"
    SUSPEND = "suspendre", "suspendre la fiche"
    DROP = "abandonner", "abandonner la fiche"


class Occasion(models.TextChoices):
    """Why a version of the plan was frozen."""

    SUBMISSION = "soumission", "soumission à l’ARS"
    SIGNATURE = "signature", "signature du contrat"
    AMENDMENT = "avenant", "signature d’un avenant"


class Opinion(models.TextChoices):
    """What the ARS gives on what was submitted."""

    FAVOURABLE = "favorable", "favorable"
    WITH_RESERVES = "reserves", "favorable avec réserves"
    REWORK = "a_retravailler", "à retravailler"


class RemarkKind(models.TextChoices):
    CORRECTION = "corriger", "à corriger"
    ADVICE = "conseil", "conseil"


class RemarkAnswer(models.TextChoices):
    CORRECTED = "corrige", "corrigé"
    DECLINED = "ecarte", "pas retenu"


class Criterion(models.TextChoices):
    """What the ARS checks in a fiche, in the order of its sections."""

    FINDING = "constat", "Constat local, chiffré ou situé"
    OBJECTIVE = "objectif", "Objectif mesurable"
    PUBLIC = "public", "Public précis"
    PILOT = "pilote", "Pilote désigné"
    TIMETABLE = "calendrier", "Calendrier réaliste"
    FUNDING = "financement", "Financement plausible"
    INDICATORS = "indicateurs", "Indicateurs suivis"
    OVERLAP = "droit_commun", "Pas de doublon avec le droit commun"
    REGIONAL_PLAN = "prs", "Lien avec le projet régional de santé"
    MENTAL_HEALTH = "sante_mentale", "Volet santé mentale"


class CriterionAnswer(models.TextChoices):
    YES = "oui", "oui"
    PARTLY = "en_partie", "en partie"
    NO = "non", "non"
    NOT_APPLICABLE = "sans_objet", "sans objet"


class ExpertOpinion(models.TextChoices):
    """What a colleague of a thematic service answers."""

    FAVOURABLE = "favorable", "favorable"
    WITH_RESERVES = "reserves", "réserves"
    AGAINST = "defavorable", "défavorable"
