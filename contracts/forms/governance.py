"""A body of the contract, and a seat in it."""

from itertools import groupby

from django import forms
from django.db.models import QuerySet

from cls_portal.core.dates import today
from contracts.enums import BodyKind, TermKind
from contracts.forms.contract import ContractPartForm
from contracts.models import BodyMember, Contact, GoverningBody, Organisation, ReferenceTerm

NOT_LISTED = "Absente de la liste\u202f? Ajoutez-la dans «\u202fParamètres, Structures et contacts\u202f»."


def offer_contacts(field: forms.ModelChoiceField, contacts: QuerySet, empty: str) -> None:
    """Under the name of their organisation."""
    contacts = contacts.select_related("organisation").order_by("organisation__name", "last_name", "first_name", "pk")
    field.queryset = contacts
    groups = groupby(contacts, key=lambda contact: contact.organisation.name)
    field.choices = [("", empty), *((name, [(each.pk, str(each)) for each in rows]) for name, rows in groups)]


class BodyForm(ContractPartForm):
    class Meta:
        model = GoverningBody
        fields = ["kind", "name", "mission", "rhythm", "axis", "theme", "shared_with", "shared_name", "closed_on"]
        help_texts = {
            "name": "Celui du contrat\u00a0: comité des signataires, groupe santé mentale… Vide\u00a0: sa nature.",
            "mission": "Ce dont elle décide, ce qu’elle prépare.",
            "axis": "Pour un groupe de travail qui suit un axe.",
            "theme": "Pour un groupe de travail qui suit une thématique.",
            "shared_with": "Quand les mêmes personnes se réunissent aussi pour un autre dispositif.",
            "closed_on": "Une instance dissoute garde ses membres, ses réunions et leurs décisions.",
        }

    def limit_choices(self) -> None:
        self.instance.contract = self.contract
        self.fields["name"].required = False
        self.fields["axis"].queryset = self.contract.axes.all()
        self.fields["axis"].label = f"{self.contract.axis_label.capitalize()} que suit l’instance"
        self.fields["theme"].queryset = ReferenceTerm.objects.available_in(self.contract).filter(kind=TermKind.THEME)
        self.fields["axis"].empty_label = self.fields["theme"].empty_label = "Tout le contrat"
        self.fields["shared_with"].choices = [("", "Aucun autre dispositif"), *self.fields["shared_with"].choices[1:]]
        if self.instance._state.adding:
            del self.fields["closed_on"]

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("name") and data.get("kind"):
            data["name"] = BodyKind(data["kind"]).label
        return data


class OrganisationSeatForm(ContractPartForm):
    class Meta:
        model = BodyMember
        fields = ["organisation", "role", "representative", "deputy", "started_on", "ended_on"]
        help_texts = {
            "organisation": NOT_LISTED,
            "representative": "Un contact de cette structure\u202f; il reçoit les convocations.",
            "deputy": "Qui vient à sa place. Un contact de cette structure.",
            "ended_on": "Vide tant que le mandat court.",
        }

    def limit_choices(self) -> None:
        territory = self.contract.territory_id
        self.fields["organisation"].queryset = Organisation.objects.filter(territory=territory)
        self.fields["organisation"].required = True
        self.fields["organisation"].empty_label = "Choisir une structure"
        contacts = Contact.objects.filter(organisation__territory=territory)
        offer_contacts(self.fields["representative"], contacts, "À désigner")
        offer_contacts(self.fields["deputy"], contacts, "Personne")


class PersonSeatForm(ContractPartForm):
    class Meta:
        model = BodyMember
        fields = ["person", "role", "started_on", "ended_on"]
        help_texts = {
            "person": "Qui siège en son nom propre\u00a0: élu·e, habitant·e… Parmi les contacts des structures.",
            "ended_on": "Vide tant que le mandat court.",
        }

    def limit_choices(self) -> None:
        contacts = Contact.objects.filter(organisation__territory=self.contract.territory_id)
        offer_contacts(self.fields["person"], contacts, "Choisir une personne")
        self.fields["person"].required = True


class SeatForm(ContractPartForm):
    """The seat stays that of the same organisation or person: for another one, a mandate ends and another begins."""

    class Meta:
        model = BodyMember
        fields = ["role", "representative", "deputy", "started_on", "ended_on"]

    def limit_choices(self) -> None:
        if self.instance.person_id:
            del self.fields["representative"], self.fields["deputy"]
            return
        contacts = Contact.objects.filter(organisation=self.instance.organisation_id)
        for name, empty in (("representative", "À désigner"), ("deputy", "Personne")):
            self.fields[name].queryset, self.fields[name].empty_label = contacts, empty


class EndOfMandateForm(ContractPartForm):
    class Meta:
        model = BodyMember
        fields = ["ended_on"]
        labels = {"ended_on": "Dernier jour du mandat"}

    def limit_choices(self) -> None:
        self.fields["ended_on"].required = True
        self.initial["ended_on"] = self.initial.get("ended_on") or today()
