"""What a row of each part asks."""

from django import forms
from django.core.exceptions import ValidationError

from actions.enums import PilotRole
from actions.forms.choices import PickField, PickSeveralField
from actions.forms.rows import RowForm, RowFormSet, new_organisation, pick_organisation, rank_field
from actions.models import ActionPartner, ActionPilot, FundingLine, Indicator, IndicatorTarget, Step
from contracts.enums import TermKind
from contracts.models import Contact, ReferenceTerm


class StepForm(RowForm):
    named = {"organisation": "new_organisation"}
    position = rank_field()
    organisation = pick_organisation("Responsable")
    new_organisation = new_organisation()
    field_order = ["title", "organisation", "new_organisation", "start_date", "end_date", "state", "done_on"]

    class Meta:
        model = Step
        fields = ["title", "organisation", "start_date", "end_date", "state", "done_on", "position"]


class StepRows(RowFormSet):
    key, title, singular = "etapes", "Étapes", "étape"
    model, form = Step, StepForm


class FundingForm(RowForm):
    named = {"funder": "new_funder"}
    funder = pick_organisation("Financeur")
    new_funder = new_organisation("Ou un nouveau financeur")
    scheme = PickField(label="Dispositif", required=False)
    field_order = ["year", "funder", "new_funder", "scheme", "planned", "requested", "granted", "spent"]

    class Meta:
        model = FundingLine
        fields = ["year", "funder", "scheme", "planned", "requested", "granted", "spent"]

    def prepare(self) -> None:
        self.fields["scheme"].among(self.part.schemes, label=lambda term: term.label)


class FundingRows(RowFormSet):
    key, title, singular = "financement", "Financement", "ligne de financement"
    model, form = FundingLine, FundingForm

    @property
    def schemes(self) -> list[ReferenceTerm]:
        if not hasattr(self, "_schemes"):
            terms = ReferenceTerm.objects.available_in(self.state.contract)
            self._schemes = list(terms.filter(kind=TermKind.FUNDING_SCHEME))
        return self._schemes

    def check(self, kept) -> None:
        refuse_twice(
            kept,
            lambda row: (row.year, row.funder_id or (row.funder and row.funder.name.lower()), row.scheme_id),
            "Deux lignes portent la même année, le même financeur et le même dispositif.",
        )


class IndicatorForm(RowForm):
    position = rank_field()

    class Meta:
        model = Indicator
        fields = [
            *("title", "kind", "unit", "direction", "baseline", "baseline_date"),
            *("target", "target_text", "target_date", "source", "collection", "position"),
        ]


class IndicatorRows(RowFormSet):
    key, title, singular = "indicateurs", "Indicateurs", "indicateur"
    model, form = Indicator, IndicatorForm


class TargetForm(RowForm):
    indicator = PickField(label="Indicateur")
    field_order = ["indicator", "period_end", "value"]

    class Meta:
        model = IndicatorTarget
        fields = ["indicator", "period_end", "value"]

    def prepare(self) -> None:
        self.fields["indicator"].among(self.part.state.rows(Indicator))


class TargetRows(RowFormSet):
    key, title, singular = "cibles", "Cibles par période", "cible"
    model, form = IndicatorTarget, TargetForm

    def blank(self) -> IndicatorTarget:
        return IndicatorTarget()

    def check(self, kept) -> None:
        refuse_twice(kept, lambda row: (row.indicator_id, row.period_end), "Un indicateur a deux cibles à cette date.")


class PilotForm(RowForm):
    named = {"organisation": "new_organisation"}
    position = rank_field()
    organisation = pick_organisation("Structure")
    new_organisation = new_organisation()
    contacts = PickSeveralField(label="Personnes référentes", required=False)
    new_contact = forms.CharField(
        label="Ajouter une personne", required=False, max_length=160, help_text="Prénom et nom."
    )
    new_email = forms.EmailField(label="Son adresse professionnelle", required=False)
    field_order = ["organisation", "new_organisation", "role", "contacts", "new_contact", "new_email", "position"]

    class Meta:
        model = ActionPilot
        fields = ["organisation", "role", "position"]

    def prepare(self) -> None:
        contacts = self.part.contacts_of(self.instance)
        self.fields["contacts"].among(contacts)
        self.initial["contacts"] = getattr(self.instance, "named", [])
        if not contacts:
            del self.fields["contacts"]
        if self.instance.pk is None:
            self.initial["role"] = PilotRole.CO_PILOT if self.part.known else PilotRole.PRINCIPAL

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("organisation") and not self.has_error("organisation"):
            self.add_error("organisation", "Choisissez une structure, ou nommez-en une nouvelle.")
        if cleaned.get("new_email") and not cleaned.get("new_contact"):
            self.add_error("new_contact", "À qui est cette adresse\u202f?")
        return cleaned

    @property
    def people(self) -> list[Contact]:
        people = list(self.cleaned_data.get("contacts") or [])
        name = (self.cleaned_data.get("new_contact") or "").strip()
        if name:
            first, _space, last = name.rpartition(" ")
            people.append(Contact(first_name=first[:80], last_name=last[:80], email=self.cleaned_data["new_email"]))
        return people


class PilotRows(RowFormSet):
    key, title, singular = "pilotes", "Qui pilote l’action", "pilote"
    model, form = ActionPilot, PilotForm

    def contacts_of(self, pilot: ActionPilot) -> list[Contact]:
        """Those of its organisation, and those it already names."""
        if not hasattr(self, "_contacts"):
            contacts = Contact.objects.filter(organisation__territory=self.state.contract.territory_id)
            self._contacts = list(contacts.order_by("last_name", "first_name", "pk"))
        named = getattr(pilot, "named", [])
        return [
            person
            for person in self._contacts
            if person.pk in named or (pilot.pk and person.organisation_id == pilot.organisation_id)
        ]

    def check(self, kept) -> None:
        principals = [form for form in kept if form.cleaned_data["role"] == PilotRole.PRINCIPAL]
        if len(principals) > 1:
            raise ValidationError("Une fiche a un seul pilote principal\u202f; les autres sont copilotes.")
        refuse_twice(kept, organisation_key, "Une structure n’est citée qu’une fois parmi les pilotes.")


class PartnerForm(RowForm):
    named = {"organisation": "new_organisation"}
    position = rank_field()
    organisation = pick_organisation("Structure")
    new_organisation = new_organisation()
    field_order = ["organisation", "new_organisation", "state", "role", "position"]

    class Meta:
        model = ActionPartner
        fields = ["organisation", "state", "role", "position"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("organisation") and not self.has_error("organisation"):
            self.add_error("organisation", "Choisissez une structure, ou nommez-en une nouvelle.")
        return cleaned


class PartnerRows(RowFormSet):
    key, title, singular = "partenaires", "Partenaires", "partenaire"
    model, form = ActionPartner, PartnerForm

    def check(self, kept) -> None:
        refuse_twice(kept, organisation_key, "Une structure n’est citée qu’une fois parmi les partenaires.")


def organisation_key(row):
    return row.organisation_id or row.organisation.name.lower()


def refuse_twice(kept: list[RowForm], key, sentence: str) -> None:
    seen = [key(form.instance) for form in kept]
    if len(seen) != len(set(seen)):
        raise ValidationError(sentence)
