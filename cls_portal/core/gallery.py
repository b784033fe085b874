"""Examples for the gallery of components: invented, plausible, with the awkward cases (long titles, nothing, zero)."""

from datetime import date

from django import forms

from cls_portal.core.forms import PortalForm

STATUS_LABELS = {
    "realisee": "Réalisée",
    "perennisee": "Pérennisée",
    "en_cours": "En cours",
    "en_preparation": "En préparation",
    "non_demarree": "Non démarrée",
    "reportee": "Reportée",
    "suspendue": "Suspendue",
    "abandonnee": "Abandonnée",
    "reorientee": "Réorientée",
}
COUNTS = (16, 2, 25, 4, 3, 3, 1, 1, 1)
PARTNERS = [("1", "Mission locale"), ("2", "CPAM d’Eure-et-Loir"), ("3", "Centre hospitalier Henri Ey")]


class GalleryForm(PortalForm):
    title = forms.CharField(label="Intitulé", help_text="Une phrase qui commence par un verbe.")
    starts_on = forms.DateField(label="Début", help_text="Jour, mois, année", required=False)
    amount = forms.DecimalField(label="Montant prévu", help_text="En euros, sans les centimes", required=False)
    description = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    pilot = forms.ChoiceField(label="Structure pilote", choices=PARTNERS)
    partners = forms.MultipleChoiceField(
        label="Partenaires", choices=PARTNERS, widget=forms.CheckboxSelectMultiple, required=False
    )
    recurring = forms.ChoiceField(
        label="Action continue",
        choices=[("oui", "Oui"), ("non", "Non")],
        widget=forms.RadioSelect,
        help_text="Elle se répète chaque année et ne passe jamais en retard.",
    )
    arbitration = forms.BooleanField(label="Demander un arbitrage au comité de pilotage", required=False)
    document = forms.FileField(label="Pièce jointe", required=False, help_text="PDF ou image, 20 Mo au plus")


def example_context() -> dict:
    counts = [
        (code, label, count, f"?statut={code}")
        for (code, label), count in zip(STATUS_LABELS.items(), COUNTS, strict=True)
    ]
    return {
        "crumbs": [("Plan d’actions", "#contenu"), ("Composants", "")],
        "statuses": STATUS_LABELS.items(),
        "counts": counts,
        "table_head": ["Axe", *STATUS_LABELS.values()],
        "table_rows": [["Promotion, prévention et santé-environnement", *((count, "#t-table") for count in COUNTS)]],
        "progress_steps": [0, 25, 50, 75, 100, None],
        "axes": range(1, 9),
        "points": example_points(),
        "points_values": [4, 6, 8, 9],
        "pairs": [("Public", "Adolescents, jeunes adultes"), ("Communes", ""), ("Milieux", "Collège, lycée")],
        "subtab_items": [("Tableau", "#a", True), ("Par axe", "#b", False), ("Calendrier", "#c", False)],
        "today": date(2025, 5, 22),
        "period": (date(2025, 6, 1), date(2025, 6, 19)),
        "markdown_example": MARKDOWN_EXAMPLE,
    }


def example_points() -> list[dict]:
    return [
        {
            "date": date(2025, 4, 24),
            "author": "Alix Renaud, Addictions France 28",
            "title": "Recrutement abouti, deux lycées engagés",
            "text": "L’intervenant a pris son poste le **7 avril**, après quatre mois de vacance.",
            "pairs": [("Freins", "Recrutement, calendrier des lycées"), ("Suite", "Porter l’échéance en décembre")],
        },
        {
            "date": date(2024, 12, 1),
            "author": "Sacha Girard, DSDEN",
            "title": "",
            "text": "Huit établissements couverts.",
            "pairs": [],
        },
    ]


MARKDOWN_EXAMPLE = """Retarder l’entrée dans les consommations chez les 12-25 ans\u00a0:

- former les adultes relais\u202f;
- ouvrir une permanence avancée à *Maintenon*.

Voir le [programme régional de santé](https://www.centre-val-de-loire.ars.sante.fr/).
"""
