"""The closed lists of the contract: what may be stored, and how it is said."""

from django.db import models


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "coordination"
    ARS_REFERENT = "ars_referent", "référence ARS"
    PILOT = "pilot", "pilotage de fiches"
    READER = "reader", "lecture"
    NATIONAL_READER = "lecture_nationale", "lecture nationale"


# They follow many contracts at once: the regional table is for them.
WIDE_ROLES = (Role.ARS_REFERENT, Role.NATIONAL_READER)


class TerritoryKind(models.TextChoices):
    EPCI = "epci", "intercommunalité"
    SEVERAL_EPCI = "several_epci", "plusieurs intercommunalités"
    PETR = "petr", "pays ou pôle d’équilibre territorial et rural"
    COMMUNE = "commune", "commune"
    OTHER = "other", "autre périmètre"


class OrganisationKind(models.TextChoices):
    ARS = "ars", "agence régionale de santé"
    LOCAL_AUTHORITY = "collectivite", "collectivité ou intercommunalité"
    STATE = "etat", "service de l’État"
    INSURANCE = "assurance_maladie", "assurance maladie, protection sociale"
    HOSPITAL = "etablissement", "établissement de santé"
    SOCIAL_CARE = "medico_social", "établissement ou service médico-social"
    HEALTH_PROFESSIONALS = "professionnels", "professionnels de santé, CPTS, maison de santé"
    EDUCATION = "education", "éducation, enseignement"
    ASSOCIATION = "association", "association"
    RESIDENTS = "habitants", "habitants, usagers"
    OTHER = "autre", "autre"


class ContractKind(models.TextChoices):
    PREFIGURATION = "prefiguration", "contrat de préfiguration"
    FRAMEWORK = "accord_cadre", "accord-cadre"
    CLS = "cls", "contrat local de santé"


class ContractState(models.TextChoices):
    """The life of a contract; evaluation and renewal overlap these states and are flags of their own."""

    PREFIGURATION = "prefiguration", "En préfiguration"
    DRAFTING = "elaboration", "En élaboration"
    TO_SIGN = "a_signer", "À signer"
    IN_FORCE = "en_vigueur", "En vigueur"
    EXTENDED = "proroge", "Prorogé"
    EXPIRED = "echu", "Échu"
    RENEWED = "renouvele", "Renouvelé"
    CLOSED = "clos", "Clos"


# Two names of one stage: the second follows from an avenant that moves the end, and is never chosen.
STATES_IN_FORCE = (ContractState.IN_FORCE, ContractState.EXTENDED)
STATES_OVER = (ContractState.EXPIRED, ContractState.RENEWED, ContractState.CLOSED)
# Once it has run, or runs: the next generation may be prepared.
RENEWABLE_STATES = (*STATES_IN_FORCE, ContractState.EXPIRED)
STATES_BEFORE_SIGNATURE = (ContractState.PREFIGURATION, ContractState.DRAFTING, ContractState.TO_SIGN)


class Capacity(models.TextChoices):
    LEAD = "porteur", "porteur"
    CO_LEAD = "copilote", "copilote"
    SIGNATORY = "signataire", "signataire"


class DocumentKind(models.TextChoices):
    SIGNED = "signe", "contrat ou avenant signé"
    DELIBERATION = "deliberation", "délibération"
    MINUTES = "compte_rendu", "compte rendu"
    ANNUAL_REPORT = "bilan", "bilan annuel"
    REPORT = "rapport", "rapport, étude"
    COMMUNICATION = "communication", "communication"
    PRODUCED = "produit", "document produit par le portail"
    IMPORT = "import", "classeur importé"
    OTHER = "autre", "autre document"


class TermKind(models.TextChoices):
    """The reference lists; each is seeded for everybody and may be extended by a contract."""

    THEME = "theme", "thématique"
    AUDIENCE = "public", "public"
    DETERMINANT = "determinant", "déterminant de santé"
    SETTING = "milieu", "milieu d’intervention"
    STRATEGY = "strategie", "stratégie d’intervention"
    RELATED_SCHEME = "demarche", "démarche liée"
    FUNDING_SCHEME = "dispositif", "dispositif de financement"
    BRAKE = "frein", "frein"
    LEVER = "levier", "levier"


class JobState(models.TextChoices):
    WAITING = "attente", "en attente"
    RUNNING = "en_cours", "en cours"
    DONE = "termine", "terminé"
    FAILED = "echec", "interrompu"


class BodyKind(models.TextChoices):
    STEERING = "copil", "comité de pilotage"
    TECHNICAL = "cotech", "comité technique"
    WORKING_GROUP = "groupe_travail", "groupe de travail"
    PROJECT_TEAM = "groupe_projet", "groupe projet"
    MONITORING = "comite_suivi", "comité de suivi"
    PLENARY = "pleniere", "assemblée plénière"
    OTHER = "autre", "autre instance"


class SharedWith(models.TextChoices):
    """The other device for which the same people meet."""

    CPTS = "cpts", "communauté professionnelle territoriale de santé"
    CLSM = "clsm", "conseil local de santé mentale"
    CITY_CONTRACT = "contrat_ville", "contrat de ville"
    TERRITORIAL_COUNCIL = "cts", "conseil territorial de santé"
    OTHER = "autre", "autre dispositif"


class BodyRole(models.TextChoices):
    CHAIR = "president", "présidence"
    CO_CHAIR = "copresident", "coprésidence"
    MEMBER = "membre", "membre"
    STANDING_GUEST = "invite_permanent", "invité permanent"
    GUEST = "invite", "invité"


class MeetingState(models.TextChoices):
    PLANNED = "prevue", "Prévue"
    CONVENED = "convoquee", "Convoquée"
    HELD = "tenue", "Tenue"
    VALIDATED = "validee", "Compte rendu validé"
    CANCELLED = "annulee", "Annulée"


# Each state in the vocabulary of the statuses: a shape, then a word.
MEETING_ICONS = {
    MeetingState.PLANNED: "non_demarree",
    MeetingState.CONVENED: "en_preparation",
    MeetingState.HELD: "en_cours",
    MeetingState.VALIDATED: "realisee",
    MeetingState.CANCELLED: "abandonnee",
}
MEETINGS_TO_COME = (MeetingState.PLANNED, MeetingState.CONVENED)
MEETINGS_HELD = (MeetingState.HELD, MeetingState.VALIDATED)


class AgendaKind(models.TextChoices):
    FREE = "libre", "point libre"
    DECISIONS = "decisions", "suites des décisions"
    FICHES = "fiches", "fiches actions"


class Expected(models.TextChoices):
    INFORMATION = "information", "information"
    OPINION = "avis", "avis"
    DECISION = "decision", "décision"
    VALIDATION = "validation", "validation"


class Presence(models.TextChoices):
    PRESENT = "present", "présent"
    REPRESENTED = "represente", "représenté"
    EXCUSED = "excuse", "excusé"
    ABSENT = "absent", "absent"


class DecisionKind(models.TextChoices):
    VALIDATION = "validation", "validation"
    ARBITRATION = "arbitrage", "arbitrage"
    REQUEST = "demande", "demande"
    INFORMATION = "information", "information"


class DecisionState(models.TextChoices):
    OPEN = "ouverte", "Ouverte"
    DONE = "appliquee", "Appliquée"
    DROPPED = "sans_suite", "Sans suite"


DECISION_ICONS = {
    DecisionState.OPEN: "en_cours",
    DecisionState.DONE: "realisee",
    DecisionState.DROPPED: "abandonnee",
}


class PaperKind(models.TextChoices):
    """What the portal prints for a meeting."""

    FILE = "dossier", "dossier de séance"
    CONVOCATION = "convocation", "convocation"
    SIGN_IN_SHEET = "emargement", "feuille d’émargement"
    DECISIONS = "releve", "relevé de décisions"
    MINUTES = "compte_rendu", "compte rendu"
    SLIDES = "synthese", "synthèse (diaporama)"


# They recall the decisions of earlier meetings.
QUOTING_PAPERS = (PaperKind.FILE, PaperKind.SLIDES)
# Drafts until the minutes are validated.
DRAFTED_PAPERS = (PaperKind.DECISIONS, PaperKind.MINUTES)
