"""The bodies of a contract, and who sits in them."""

from itertools import groupby
from operator import attrgetter

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from cls_portal.core.dates import today
from cls_portal.core.models import Deletion
from cls_portal.core.views import CreateBase, DeleteBase, DetailBase, UpdateBase
from contracts.enums import BodyRole
from contracts.forms.governance import (
    BodyForm,
    EndOfMandateForm,
    OrganisationSeatForm,
    PersonSeatForm,
    SeatForm,
    SeatWithContactForm,
)
from contracts.models import BodyMember, Contact, GoverningBody
from contracts.services import (
    add_member,
    create_body,
    create_contact,
    delete_body,
    delete_member,
    end_mandate,
    move_body,
    update_body,
    update_member,
)
from contracts.views.base import EditFormMixin, EditMixin, SettingsMixin, move_and_return, within

HEADINGS = {
    BodyRole.CHAIR: "Présidence",
    BodyRole.CO_CHAIR: "Coprésidence",
    BodyRole.MEMBER: "Membres",
    BodyRole.STANDING_GUEST: "Invités permanents",
    BodyRole.GUEST: "Invités",
}
TELLS_CANCELLATION = (
    "Une réunion de cette instance est convoquée\u00a0: ceux qui l’ont été recevront une annulation par courriel."
)


class GovernanceMixin(SettingsMixin):
    """« Gouvernance » is a tab of its own, not a part of « Paramètres »."""

    def governance_url(self) -> str:
        return reverse("actions:governance", args=[self.contract.slug])

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("Gouvernance", self.governance_url())]

    def get_success_url(self) -> str:
        return self.governance_url()


class BodyDetail(GovernanceMixin, DetailBase):
    """Composition and meetings: all who read the contract know of them, the papers have their own rights."""

    model = GoverningBody
    template_name = "contracts/body.html"
    context_object_name = "body"

    def get_queryset(self):
        return super().get_queryset().select_related("axis", "theme")

    def get_title(self) -> str:
        return self.object.heading

    def get_context_data(self, **kwargs) -> dict:
        related = ("organisation", "representative", "deputy", "person__organisation")
        seats = list(self.object.members.in_order().select_related(*related))
        current = [seat for seat in seats if not seat.is_former]
        groups = groupby(current, key=attrgetter("role"))
        former = sorted((seat for seat in seats if seat.is_former), key=lambda seat: seat.ended_on, reverse=True)
        meetings = list(self.object.meetings.defer("minutes", "convocation"))
        ahead = sorted((m for m in meetings if m.is_to_come and m.day >= today()), key=attrgetter("starts_at"))
        return super().get_context_data(
            groups=[(HEADINGS[role], list(rows)) for role, rows in groups],
            seat_count=len(current),
            former=former,
            meetings=meetings,
            next_meeting=next(iter(ahead), None),
            last_meeting=next((each for each in meetings if each.is_held), None),
            signatories=set(self.contract.signatories.values_list("organisation", flat=True)),
            **kwargs,
        )


class BodyFormMixin(GovernanceMixin, EditFormMixin):
    model = GoverningBody
    form_class = BodyForm

    def get_success_url(self) -> str:
        return self.object.get_absolute_url() if self.object else self.governance_url()


class BodyCreate(BodyFormMixin, CreateBase):
    title = "Créer une instance"
    submit = "Créer l’instance"
    success_message = "L’instance est créée. Ajoutez celles et ceux qui y siègent."

    def save(self, form) -> GoverningBody:
        return create_body(contract=self.contract, user=self.request.user, **form.cleaned_data)


class BodyEdit(BodyFormMixin, UpdateBase):
    success_message = "L’instance est enregistrée."

    def get_title(self) -> str:
        return f"Modifier l’instance {self.object}"

    def save(self, form) -> GoverningBody:
        return update_body(body=form.instance, read_version=self.read_version, user=self.request.user)


class BodyDelete(GovernanceMixin, EditMixin, DeleteBase):
    model = GoverningBody

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs) -> dict:
        warning = TELLS_CANCELLATION if self.object.meetings.awaited().exists() else ""
        return super().get_context_data(warning=warning, **kwargs)

    def delete_object(self) -> Deletion:
        return delete_body(body=self.object, user=self.request.user)


@require_POST
def body_move(request, slug: str, pk: int):
    back = {"back": "actions:governance", "name": "body"}
    return move_and_return(request, slug, pk, model=GoverningBody, mover=move_body, **back)


class SeatMixin(GovernanceMixin, EditMixin):
    """One seat of the body of the address."""

    model = BodyMember

    @cached_property
    def body(self) -> GoverningBody:
        bodies = within(self.contract, GoverningBody.objects.visible_to(self.request.user))
        body = get_object_or_404(bodies, pk=self.kwargs["body_pk"])
        body.contract = self.contract
        return body

    def get_queryset(self):
        return super().get_queryset().filter(body=self.body).select_related("body__contract", "organisation", "person")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*super().get_crumbs(), (self.body.heading, self.body.get_absolute_url())]

    def get_success_url(self) -> str:
        return f"{self.body.get_absolute_url()}#membres"


class SeatFormMixin(SeatMixin, EditFormMixin):
    template_name = "contracts/seat_form.html"

    def new_contact(self, form: SeatWithContactForm) -> dict[str, Contact]:
        """The person whom the directory did not have, in its place on the seat."""
        said = form.new_contact
        return {form.contact_field: create_contact(user=self.request.user, **said)} if said else {}


class SeatCreate(SeatFormMixin, CreateBase):
    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"instance": BodyMember(body=self.body)}

    def save(self, form: SeatWithContactForm) -> BodyMember:
        return add_member(body=self.body, user=self.request.user, **form.seat | self.new_contact(form))


class OrganisationSeatCreate(SeatCreate):
    """The address may say what is chosen already (`?organisation=12`)."""

    form_class = OrganisationSeatForm
    submit = "Ajouter la structure"
    success_message = "La structure siège désormais dans cette instance."

    def get_initial(self) -> dict:
        asked = self.request.GET.get("organisation", "")
        return {"organisation": asked} if asked.isdecimal() and len(asked) < 10 else {}

    def get_title(self) -> str:
        return f"Ajouter une structure\u00a0: {self.body}"


class PersonSeatCreate(SeatCreate):
    form_class = PersonSeatForm
    submit = "Ajouter la personne"
    success_message = "La personne siège désormais dans cette instance."

    def get_title(self) -> str:
        return f"Ajouter une personne\u00a0: {self.body}"


class SeatEdit(SeatFormMixin, UpdateBase):
    form_class = SeatForm
    success_message = "Le siège est enregistré."

    def get_title(self) -> str:
        return f"Modifier le siège\u00a0: {self.object}, {self.body}"

    def save(self, form: SeatForm) -> BodyMember:
        return update_member(member=form.instance, user=self.request.user, **self.new_contact(form))


class SeatEnd(SeatMixin, EditFormMixin, UpdateBase):
    form_class = EndOfMandateForm
    submit = "Mettre fin au mandat"
    success_message = "Le mandat prend fin. Il reste lisible parmi les anciens membres."
    intro = "Les réunions et les feuilles de présence de cette période gardent le nom de ce membre."

    def get_title(self) -> str:
        return f"Fin de mandat\u00a0: {self.object}, {self.body}"

    def save(self, form) -> BodyMember:
        member, user = form.instance, self.request.user
        return end_mandate(member=member, ended_on=form.cleaned_data["ended_on"], user=user)


class SeatDelete(SeatMixin, DeleteBase):
    """For a seat entered by mistake; a mandate that ran comes to its end instead."""

    def delete_object(self) -> Deletion:
        return delete_member(member=self.object, user=self.request.user)
