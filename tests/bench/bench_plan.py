"""The plan against the Django admin's changelist of the same rows and columns."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.test import Client
from django.urls import clear_url_caches, path, reverse

from actions.models import Action
from cls_portal import urls
from contracts.models import Contract
from tests.bench.measure import Line, compare
from tests.bench.plan_data import make_plan
from tests.factories import make_user

SIZES = (56, 150)


class PlanAdmin(ModelAdmin):
    """The columns of the plan, as the admin is written by somebody who knows it: no query in the loop."""

    list_display = ["code", "title_", "pilot", "status", "progress", "due", "last", "alerts"]
    list_display_links = ["title_"]
    list_per_page = 200
    ordering = ["position"]

    def get_queryset(self, request):
        contract = Contract.objects.get(pk=request.GET["contract__id__exact"])
        actions = super().get_queryset(request).in_plan().with_alerts(contract).with_gaps()
        return actions.select_related("axis").prefetch_related("pilots__organisation")

    def title_(self, action):
        return action.title

    def pilot(self, action):
        return ", ".join(pilot.organisation.label for pilot in action.pilots.all())

    def due(self, action):
        return action.deadline

    def last(self, action):
        return action.last_news

    def alerts(self, action):
        late, silent = ("En retard" if action.is_late else ""), ("Sans nouvelle" if action.is_silent else "")
        return " ".join([late, silent, f"{action.gap_count} à compléter" if action.gap_count else ""])


def admin_urls() -> AdminSite:
    site = AdminSite(name="bench")
    site.register(Action, PlanAdmin)
    return site


def run() -> list[Line]:
    user = make_user(is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(user)
    site = admin_urls()
    urls.urlpatterns.append(path("bench-admin/", site.urls))
    clear_url_caches()  # another benchmark has already resolved addresses
    lines = []
    for size in SIZES:
        contract = make_plan(size)
        ours = reverse("actions:plan", args=[contract.slug])
        theirs = f"/bench-admin/actions/action/?contract__id__exact={contract.pk}"
        for url in (ours, theirs):
            assert (
                client.get(url).content.count(b'name="fiche"' if url == ours else b'name="_selected_action"') == size
            )
        line = compare(
            f"plan de {size} fiches",
            lambda url=ours: client.get(url),
            "liste de l’admin, mêmes lignes et colonnes",
            lambda url=theirs: client.get(url),
            at_most=0.5,
        )
        line.detail += f", {len(client.get(ours).content) / 1000:.0f} ko de HTML"
        lines.append(line)
    return lines
