"""The organisations of the territory and their contacts, as the contract sees them."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cls_portal.core.views import CreateBase, DeleteBase, ListBase, UpdateBase
from contracts.forms.contract import ContactForm, OrganisationFilterForm, OrganisationForm
from contracts.models import BodyMember, Contact, Organisation
from contracts.services import create_contact, create_organisation, update_contact, update_organisation
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin, within

SECTION = ("Structures et contacts", "organisations")


class OrganisationList(SettingsMixin, ListBase):
    """Searched by name, short name or contact, without accents; a filter that is not understood filters nothing."""

    model = Organisation
    template_name = "contracts/organisations.html"
    title = "Structures et contacts"

    def get_queryset(self):
        self.filter_form = OrganisationFilterForm(self.request.GET)
        self.filter_form.is_valid()
        wanted = self.filter_form.cleaned_data
        found = super().get_queryset()
        for word in wanted.get("q", "").split():
            in_contact = Contact.objects.filter(
                Q(last_name__contains_folded=word) | Q(first_name__contains_folded=word)
            )
            found = found.filter(
                Q(name__contains_folded=word)
                | Q(short_name__contains_folded=word)
                | Q(pk__in=in_contact.values("organisation"))
            )
        if wanted.get("nature"):
            found = found.filter(kind=wanted["nature"])
        signed = Count("signatures", filter=Q(signatures__contract=self.contract), distinct=True)
        sits = Q(seats__in=BodyMember.objects.present().filter(body__contract=self.contract))
        return found.annotate(
            contact_count=Count("contacts", distinct=True),
            signed=signed,
            body_count=Count("seats__body", filter=sits, distinct=True),
        ).order_by("name", "pk")

    def get_context_data(self, **kwargs) -> dict:
        is_filtered = any(self.filter_form.cleaned_data.values())
        return super().get_context_data(filter_form=self.filter_form, is_filtered=is_filtered, **kwargs)


class OrganisationUrls:
    """The page of an organisation tells its part in the plan: it is in `actions`."""

    def organisation_url(self, pk: int) -> str:
        return reverse("actions:organisation", args=[self.contract.slug, pk])


class OrganisationCreate(OrganisationUrls, EditFormMixin, CreateBase):
    model = Organisation
    form_class = OrganisationForm
    section = SECTION
    title = "Ajouter une structure"
    success_message = "La structure est ajoutée. Ajoutez ses contacts."

    def get_success_url(self) -> str:
        return self.organisation_url(self.object.pk) if self.object else super().get_success_url()

    def save(self, form) -> Organisation:
        return create_organisation(territory=self.contract.territory, user=self.request.user, **form.cleaned_data)


class OrganisationEdit(OrganisationUrls, EditFormMixin, UpdateBase):
    model = Organisation
    form_class = OrganisationForm
    section = SECTION
    success_message = "La structure est enregistrée."

    def get_title(self) -> str:
        return f"Modifier la structure {self.object}"

    def get_success_url(self) -> str:
        return self.organisation_url(self.object.pk)

    def save(self, form) -> Organisation:
        return update_organisation(organisation=form.instance, user=self.request.user)


class OrganisationDelete(EditMixin, DeleteBase):
    model = Organisation
    section = SECTION


class ContactCreate(OrganisationUrls, EditFormMixin, CreateBase):
    """In the organisation of the address."""

    model = Contact
    form_class = ContactForm
    section = SECTION
    success_message = "Le contact est ajouté."

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        organisations = within(self.contract, Organisation.objects.visible_to(request.user))
        self.organisation = get_object_or_404(organisations, pk=kwargs["organisation_pk"])

    def get_title(self) -> str:
        return f"Ajouter un contact à {self.organisation}"

    def get_success_url(self) -> str:
        return self.organisation_url(self.organisation.pk)

    def save(self, form) -> Contact:
        return create_contact(organisation=self.organisation, user=self.request.user, **form.cleaned_data)


class ContactEdit(OrganisationUrls, EditFormMixin, UpdateBase):
    model = Contact
    form_class = ContactForm
    section = SECTION
    success_message = "Le contact est enregistré."

    def get_title(self) -> str:
        return f"Modifier le contact {self.object}"

    def get_success_url(self) -> str:
        return self.organisation_url(self.object.organisation_id)

    def save(self, form) -> Contact:
        return update_contact(contact=form.instance, user=self.request.user)


class ContactDelete(OrganisationUrls, EditMixin, DeleteBase):
    model = Contact
    section = SECTION

    def get_success_url(self) -> str:
        return self.organisation_url(self.object.organisation_id)
