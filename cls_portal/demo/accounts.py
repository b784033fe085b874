"""One account per role, shown by the sign-in page of the demonstration: nothing else is imported here."""

from dataclasses import dataclass
from datetime import date

PASSWORD = "demonstration"  # noqa: S105 — it is printed, and only ever opens the demonstration


@dataclass(frozen=True)
class DemoAccount:
    key: str
    role: str
    first_name: str
    last_name: str
    job_title: str
    email: str
    since: date
    password: str = PASSWORD

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


ACCOUNTS = (
    DemoAccount(
        "administrator",
        "Administration du portail",
        "Ariane",
        "Bellerochon",
        "Administration du portail",
        "administration@exemple.fr",
        date(2012, 9, 3),
    ),
    DemoAccount(
        "chartres",
        "Coordination, Chartres métropole",
        "Camille",
        "Moreau",
        "Coordination du contrat",
        "coordination.chartres@exemple.fr",
        date(2019, 9, 2),
    ),
    DemoAccount(
        "mayenne",
        "Coordination, Mayenne Communauté",
        "Gwenaël",
        "Rivaudais",
        "Coordination du contrat",
        "coordination.mayenne@exemple.fr",
        date(2012, 9, 3),
    ),
    DemoAccount(
        "towns",
        "Coordination, Pantin et Champigny-sur-Marne",
        "Yaël",
        "Cormeraie",
        "Coordination des deux contrats (démonstration)",
        "coordination.villes@exemple.fr",
        date(2018, 3, 5),
    ),
    DemoAccount(
        "stages",
        "Coordination, Bourges (à signer) et quatre territoires inventés",
        "Solal",
        "Hautecombe",
        "Coordination de contrats à toutes les étapes (démonstration)",
        "coordination.bourges@exemple.fr",
        date(2015, 9, 1),
    ),
    DemoAccount(
        "department",
        "Référence ARS, Eure-et-Loir",
        "Claude",
        "Lefévrier",
        "Référence des contrats locaux de santé",
        "ars.eure-et-loir@exemple.fr",
        date(2019, 9, 2),
    ),
    DemoAccount(
        "region",
        "Référence ARS, Centre-Val de Loire",
        "Sylvestre",
        "Aubignat",
        "Mission contrats locaux de santé",
        "ars.region@exemple.fr",
        date(2019, 9, 2),
    ),
    DemoAccount(
        "national",
        "Lecture nationale, tous les contrats",
        "Noor",
        "Vallespir",
        "Suivi national des contrats locaux de santé",
        "lecture.nationale@exemple.fr",
        date(2019, 9, 2),
    ),
    DemoAccount(
        "pilot",
        "Pilotage de fiches, Tournesol prévention",
        "Alix",
        "Renaudel",
        "Chargée de prévention",
        "pilote@exemple.fr",
        date(2021, 9, 1),
    ),
    DemoAccount(
        "reader",
        "Lecture, Chartres métropole",
        "Dominique",
        "Aubervallet",
        "Élu référent santé",
        "lecture@exemple.fr",
        date(2021, 9, 1),
    ),
)
