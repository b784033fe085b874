"""The page of a fiche against the admin's change form of the same record, with the same inlines."""

from django.contrib.admin import ModelAdmin, TabularInline
from django.contrib.admin.sites import AdminSite
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import include, path, reverse, set_urlconf

from actions.models import Action, ActionPartner, ActionPilot, ActionTerm, FollowUp, FundingLine, Indicator, Step
from contracts.enums import Role
from tests.bench.measure import Line, compare
from tests.factories import make_contract, make_full_action, make_membership, make_user

INLINES = [
    type(f"{model.__name__}Inline", (TabularInline,), {"model": model, "extra": 0, "fk_name": "action"})
    for model in (Step, FundingLine, Indicator, ActionPilot, ActionPartner, ActionTerm, FollowUp)
]


class ActionAdmin(ModelAdmin):
    inlines = INLINES


site = AdminSite()
site.register(Action, ActionAdmin)
# The admin's own addresses: the portal's administration does not hold the fiches.
urlpatterns = [path("admin/", site.urls), path("", include("cls_portal.urls"))]


class _UndoError(Exception):
    pass


def run() -> list[Line]:
    try:
        with transaction.atomic():
            lines = measured()
            raise _UndoError  # the next benchmark begins with an empty database
    except _UndoError:
        return lines


def measured() -> list[Line]:
    contract = make_contract()
    action = make_full_action(contract, parts=6)
    client = Client()
    client.force_login(make_membership(Role.COORDINATOR, contract=contract).user)
    address = reverse("actions:detail", args=[contract.slug, action.pk])

    def ours():
        assert client.get(address).status_code == 200

    return [compare("fiche", ours, "formulaire de l’admin", admin_page(action), at_most=0.4)]


def admin_page(action: Action):
    administrator = make_user(is_superuser=True, is_staff=True)

    def theirs():
        request = RequestFactory().get("/")
        request.user = administrator
        set_urlconf(__name__)
        try:
            page = site.get_model_admin(Action).change_view(request, str(action.pk))
            assert page.render().status_code == 200
        finally:
            set_urlconf(None)

    return theirs
