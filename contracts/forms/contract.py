"""The forms of a contract and its parts: each offers only what belongs to the contract or to its territory."""

from django import forms

from cls_portal.core.forms import PortalForm, PortalFormMixin, PortalModelForm
from contracts.enums import ContractState, DocumentKind, OrganisationKind, TerritoryKind
from contracts.models import (
    Amendment,
    Axis,
    Contact,
    Contract,
    Department,
    Document,
    Objective,
    Organisation,
    PerimeterCommune,
    ReferenceTerm,
    Signatory,
    Territory,
)
from contracts.models.contract import TEXTS

DATES = ["signed_on", "start_date", "end_date"]
FACTS = ["kind", "generation", "title", "state", *DATES]
# What only the portal makes is not offered to who uploads a file.
UPLOADED_KINDS = [
    choice for choice in DocumentKind.choices if choice[0] not in {DocumentKind.PRODUCED, DocumentKind.IMPORT}
]


class ContractForm(PortalModelForm):
    """Without the stage, which passes on the page of the life of the contract, dated and signed."""

    class Meta:
        model = Contract
        fields = [
            "kind",
            "generation",
            "title",
            *DATES,
            "population",
            "population_year",
            "axis_label",
            "objective_label",
            "sub_objective_label",
            "silent_after_months",
            *TEXTS,
        ]


class DeleteContractForm(PortalForm):
    confirmed = forms.BooleanField(
        label="Je confirme la suppression de tout le contrat",
        error_messages={"required": "Cochez la case pour confirmer la suppression de tout le contrat."},
    )


class NewContractForm(PortalModelForm):
    """`territories` are those where the person may open a contract; the administrator may also name a new one."""

    state = forms.ChoiceField(
        label="État",
        choices=[choice for choice in ContractState.choices if choice[0] != ContractState.EXTENDED],
        initial=ContractState.DRAFTING,
        help_text="Celui d’aujourd’hui\u00a0; les suivants se passent depuis la vie du contrat. Un contrat en vigueur "
        "devient prorogé par un avenant qui déplace sa fin.",
    )

    territory = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), required=False, empty_label="Choisir un territoire"
    )
    new_territory = forms.CharField(
        label="Ou un nouveau territoire",
        required=False,
        max_length=160,
        help_text="Son nom, s’il n’est pas dans la liste.",
    )
    new_territory_kind = forms.ChoiceField(
        label="Nature du nouveau territoire", choices=TerritoryKind.choices, required=False
    )
    department = forms.ModelChoiceField(
        label="Département du nouveau territoire", queryset=Department.objects.all(), required=False
    )

    class Meta:
        model = Contract
        fields = FACTS

    field_order = ["territory", "new_territory", "new_territory_kind", "department", *FACTS]

    def __init__(self, *args, territories, may_create_territory: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        if not may_create_territory:
            self.fields["territory"].required = True
            for name in ("new_territory", "new_territory_kind", "department"):
                del self.fields[name]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("new_territory") and data.get("territory"):
            self.add_error(
                "new_territory", "Choisissez un territoire de la liste ou nommez-en un nouveau, pas les deux."
            )
        if "new_territory" in self.fields and not (data.get("new_territory") or data.get("territory")):
            self.add_error("territory", "Choisissez un territoire, ou nommez-en un nouveau.")
        if data.get("new_territory") and not data.get("department"):
            self.add_error("department", "Indiquez le département du nouveau territoire.")
        return data


class ContractPartForm(PortalModelForm):
    """A form that knows its contract, to offer only what belongs to it."""

    def __init__(self, *args, contract: Contract, **kwargs):
        super().__init__(*args, **kwargs)
        self.contract = contract
        self.limit_choices()

    def limit_choices(self) -> None:
        pass


class SignatoryForm(ContractPartForm):
    class Meta:
        model = Signatory
        fields = ["organisation", "capacity", "representative", "signed_on", "amendment", "commitments"]
        help_texts = {"commitments": "Ce à quoi la structure s’engage. Une liste s’écrit avec un tiret par ligne."}

    def limit_choices(self) -> None:
        self.instance.contract = self.contract
        territory = self.contract.territory_id
        self.fields["organisation"].queryset = Organisation.objects.filter(territory=territory)
        contacts = Contact.objects.filter(organisation__territory=territory).select_related("organisation")
        self.fields["representative"].queryset = contacts
        self.fields["representative"].label_from_instance = lambda contact: f"{contact} ({contact.organisation.label})"
        self.fields["amendment"].queryset = Amendment.objects.filter(contract=self.contract)


class AmendmentForm(ContractPartForm):
    class Meta:
        model = Amendment
        fields = ["number", "signed_on", "purpose", "new_end_date"]


class AxisForm(ContractPartForm):
    class Meta:
        model = Axis
        fields = ["code", "title", "description", "color", "is_transversal"]
        help_texts = {"code": "Libre\u00a0: 1, A, T… L’ordre ne dépend pas du numéro."}


class ObjectiveForm(ContractPartForm):
    class Meta:
        model = Objective
        fields = ["code", "title", "parent"]
        help_texts = {"parent": "À remplir pour placer cet objectif sous un autre."}

    def limit_choices(self) -> None:
        siblings = Objective.objects.filter(axis=self.instance.axis_id, parent=None)
        self.fields["parent"].queryset = siblings.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = "Aucun\u00a0: directement sous le premier niveau"


class CommuneListForm(PortalForm):
    text = forms.CharField(
        label="Communes à ajouter",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Une par ligne\u00a0: le code officiel géographique ou le nom. Une colonne de tableur se colle ici.",
    )
    joined_on = forms.DateField(
        label="Entrées dans le périmètre le", required=False, help_text="Vide\u00a0: depuis le début du contrat."
    )
    create_unknown = forms.BooleanField(
        label="Ajouter aussi à la liste du portail les communes qu’il ne connaît pas",
        required=False,
        help_text="Chacune s’écrit alors avec son code et son nom\u00a0: 28085 Chartres.",
    )


class PerimeterCommuneForm(ContractPartForm):
    class Meta:
        model = PerimeterCommune
        fields = ["joined_on", "left_on"]
        help_texts = {
            "joined_on": "Vide\u00a0: depuis le début du contrat.",
            "left_on": "Vide\u00a0: jusqu’à la fin du contrat.",
        }


class OrganisationForm(ContractPartForm):
    website = forms.URLField(label="Site", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ["name", "short_name", "kind", "website"]


class OrganisationFilterForm(PortalForm):
    q = forms.CharField(label="Nom, sigle ou contact", required=False, max_length=100)
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes les natures"), *OrganisationKind.choices]
    )


class ContactForm(ContractPartForm):
    class Meta:
        model = Contact
        fields = ["first_name", "last_name", "job_title", "email", "phone", "is_elected"]


class TermForm(ContractPartForm):
    class Meta:
        model = ReferenceTerm
        fields = ["label"]


class DocumentForm(ContractPartForm):
    """What is said of a document that is there already."""

    class Meta:
        model = Document
        fields = ["title", "kind", "year"]


class UploadForm(PortalFormMixin, forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="PDF, Word, Excel, PowerPoint, OpenDocument, CSV, texte, PNG, JPEG, de 20\u00a0Mo au plus.",
    )
    title = forms.CharField(
        label="Intitulé", required=False, max_length=200, help_text="Vide\u00a0: le nom du fichier."
    )
    kind = forms.ChoiceField(label="Nature", choices=UPLOADED_KINDS, initial=DocumentKind.OTHER)
    year = Document._meta.get_field("year").formfield()


class DocumentFilterForm(PortalForm):
    q = forms.CharField(label="Intitulé ou nom du fichier", required=False, max_length=100)
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes les natures"), *DocumentKind.choices]
    )
