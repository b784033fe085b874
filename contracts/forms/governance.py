"""A body of the contract, and a seat in it."""

from itertools import groupby

from django import forms
from django.db.models import QuerySet

from cls_portal.core.dates import today
from contracts.enums import BodyKind, TermKind
from contracts.forms.contract import ContractPartForm
from contracts.models import BodyMember, Contact, GoverningBody, Organisation, ReferenceTerm

NEW = "new_"
NOT_LISTED = "Absente de la liste\u202f? Ajoutez-la dans «\u202fParamètres, Structures et contacts\u202f»."

# Once the organisation is chosen, its contacts alone are offered; without scripts they stand below its name.
FILTERS_CONTACTS = {
    "hx-get": "",
    "hx-swap": "none",
    "hx-select-oob": "#id_representative,#id_deputy",
    "hx-params": "organisation",
}


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


class SeatWithContactForm(ContractPartForm):
    """The person in `contact_field` may be one whom the directory does not have yet: it is written down here."""

    contact_field = "representative"
    new_first_name = forms.CharField(label="Prénom", required=False, max_length=80)
    new_last_name = forms.CharField(label="Nom", required=False, max_length=80)
    new_job_title = forms.CharField(label="Fonction", required=False, max_length=160)
    new_email = forms.EmailField(
        label="Adresse professionnelle", required=False, help_text="Pour recevoir les convocations."
    )

    @property
    def new_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(NEW)]

    @property
    def new_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.new_names]

    @property
    def is_new_open(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.new_fields)

    def organisation_of_new(self) -> Organisation | None:
        return self.cleaned_data.get("organisation")

    def clean(self) -> dict:
        data = super().clean()
        if any(data.get(name) for name in self.new_names):
            self.clean_new(data)
        return data

    def clean_new(self, data: dict) -> None:
        chosen = data.get(self.contact_field)
        if chosen and chosen.pk != self.initial.get(self.contact_field):
            self.add_error(
                self.contact_field, "Choisissez quelqu’un dans la liste ou ajoutez une personne, pas les deux."
            )
        elif not data.get("new_last_name"):
            self.add_error("new_last_name", "Donnez le nom de cette personne.")
        elif organisation := self.organisation_of_new():
            names = {f"{name}__iexact": data.get(NEW + name, "") for name in ("first_name", "last_name")}
            if organisation.contacts.filter(**names).exists():
                self.add_error("new_last_name", "Cette personne est déjà dans la liste\u00a0: choisissez-la.")

    @property
    def new_contact(self) -> dict | None:
        data = self.cleaned_data
        if not data.get("new_last_name"):
            return None
        facts = {name: data[NEW + name] for name in ("first_name", "last_name", "job_title", "email")}
        return {"organisation": self.organisation_of_new()} | facts

    @property
    def seat(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OrganisationSeatForm(SeatWithContactForm):
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
        self.fields["organisation"].widget.attrs |= FILTERS_CONTACTS
        contacts = Contact.objects.filter(organisation__territory=territory)
        if not self.is_bound and (chosen := self.initial.get("organisation")):
            contacts = contacts.filter(organisation=chosen)
        offer_contacts(self.fields["representative"], contacts, "À désigner")
        offer_contacts(self.fields["deputy"], contacts, "Personne")


class PersonSeatForm(SeatWithContactForm):
    contact_field = "person"
    new_organisation = forms.ModelChoiceField(
        None, label="Structure", required=False, empty_label="Choisir une structure", help_text=NOT_LISTED
    )

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
        self.fields["person"].required = False
        territory = self.contract.territory_id
        self.fields["new_organisation"].queryset = Organisation.objects.filter(territory=territory)

    def organisation_of_new(self) -> Organisation | None:
        return self.cleaned_data.get("new_organisation")

    def clean(self) -> dict:
        data = super().clean()
        if not (data.get("person") or any(data.get(name) for name in self.new_names) or self.errors):
            self.add_error("person", "Choisissez une personne, ou ajoutez-la.")
        return data

    def clean_new(self, data: dict) -> None:
        super().clean_new(data)
        if not data.get("new_organisation") and not self.has_error("new_organisation"):
            self.add_error("new_organisation", "Choisissez la structure de cette personne.")


class SeatForm(SeatWithContactForm):
    """The seat stays that of the same organisation or person: for another one, a mandate ends and another begins."""

    class Meta:
        model = BodyMember
        fields = ["role", "representative", "deputy", "started_on", "ended_on"]

    def limit_choices(self) -> None:
        if self.instance.person_id:
            for name in ("representative", "deputy", *self.new_names):
                del self.fields[name]
            return
        contacts = Contact.objects.filter(organisation=self.instance.organisation_id)
        for name, empty in (("representative", "À désigner"), ("deputy", "Personne")):
            self.fields[name].queryset, self.fields[name].empty_label = contacts, empty

    def organisation_of_new(self) -> Organisation:
        return self.instance.organisation


class EndOfMandateForm(ContractPartForm):
    class Meta:
        model = BodyMember
        fields = ["ended_on"]
        labels = {"ended_on": "Dernier jour du mandat"}

    def limit_choices(self) -> None:
        self.fields["ended_on"].required = True
        self.initial["ended_on"] = self.initial.get("ended_on") or today()
