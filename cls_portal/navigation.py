"""The whole menu in one place: what each page's frame shows, for this person and this contract."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cls_portal.demo.accounts import ACCOUNTS
from contracts.models import Contract
from contracts.permissions import can_follow_contracts, follows_only


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def navigation(request: HttpRequest) -> dict:
    """Lazy: a page without the frame pays nothing. A view sets `request.contract`; a context value of its own wins."""
    return {
        "contract": getattr(request, "contract", None),
        "tabs": SimpleLazyObject(lambda: contract_tabs(request) or region_tabs(request)),
        "my_contracts": SimpleLazyObject(lambda: contracts_of(request)),
        "search_url": SimpleLazyObject(lambda: search_url(request)),
        "account_links": SimpleLazyObject(lambda: account_links(request)),
        "demo": settings.DEMO,
        "demo_accounts": ACCOUNTS if settings.DEMO else (),
    }


# (label, name of the URL, which takes the contract's slug)
CONTRACT_TABS = (
    ("Vue d’ensemble", "contract"),
    ("Plan d’actions", "actions:plan"),
    ("Indicateurs", "actions:indicators"),
    ("Gouvernance", "actions:governance"),
    ("Avis de l’ARS", "actions:reviews"),
    ("Documents", "contracts:documents"),
    ("Paramètres", "contracts:settings"),
)
# The pages whose address is not below that of their tab.
BELOW = {
    "fiches": "plan",
    "versions": "documents",
    **dict.fromkeys(("personnes", "avenants", "passation"), "parametres"),
}
SWITCHER_LENGTH = 12
REGION_TABS = (
    ("Tableau régional", "actions:region"),
    ("Totaux", "actions:region_totals"),
    ("Fiches", "actions:region_fiches"),
)


def contract_tabs(request: HttpRequest) -> list[Tab]:
    contract = getattr(request, "contract", None)
    if contract is None:
        return []
    tabs = [(label, reverse(name, args=[contract.slug])) for label, name in CONTRACT_TABS]
    here = request.path
    for part, tab in BELOW.items():
        here = here.replace(f"/{contract.slug}/{part}/", f"/{contract.slug}/{tab}/", 1)
    # The overview's address begins all the others: the longest that matches is the current one.
    current = max((url for _, url in tabs if here.startswith(url)), key=len, default="")
    return [Tab(label, url, url == current) for label, url in tabs]


def region_tabs(request: HttpRequest) -> list[Tab]:
    """On the front pages of who follows contracts."""
    here, home = request.path, reverse("home")
    region, user = reverse("actions:region"), getattr(request, "user", None)
    if not (here == home or here.startswith(region)) or not user or not user.is_authenticated:
        return []
    if not can_follow_contracts(user):
        return []
    tabs = [] if follows_only(user) else [("Mes contrats", home)]
    tabs += [(label, reverse(name)) for label, name in REGION_TABS]
    current = max((url for _, url in tabs if here.startswith(url)), key=len, default="")
    return [Tab(label, url, url == current) for label, url in tabs]


def contracts_of(request: HttpRequest) -> list:
    """Those of the switcher: what the person may see, the most recent first; all are on the page of the contracts."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return []
    found = Contract.objects.visible_to(user).order_by(F("start_date").desc(nulls_first=True), "-pk")
    return list(found.only("title", "slug")[:SWITCHER_LENGTH])


def search_url(request: HttpRequest) -> str:
    """Where the search of the masthead leads: the plan of the open contract."""
    contract = getattr(request, "contract", None)
    return reverse("actions:plan", args=[contract.slug]) if contract else ""


def account_links(request: HttpRequest) -> list[tuple[str, str]]:
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    links = [("Mon compte", reverse("account_profile"))]
    if request.user.is_staff:
        links.append(("Données de référence", reverse("admin:index")))
    return links
