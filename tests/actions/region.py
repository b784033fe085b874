"""What the tests of the regional table have in common."""

from datetime import date

from django.http import QueryDict
from django.urls import reverse

from actions.enums import Status, TermUsage
from actions.models import ActionTerm, FollowUp
from actions.region.table import RegionalTable
from cls_portal.core.dates import today
from contracts.enums import DocumentKind, TermKind
from contracts.models import ReferenceTerm
from tests.factories import make_action, make_axis, make_contract, make_department, make_document, make_territory
from tests.people import signed_in

URL = reverse("actions:region")
LAST_YEAR = today().year - 1


def page(user, query: str = "") -> str:
    return signed_in(user).get(URL + query).content.decode()


def shown(user, query: str = "") -> list[str]:
    """Titles of the contracts in the table, in its order."""
    table = RegionalTable(user, QueryDict(query.removeprefix("?")))
    return [row.contract.title for row in table.rows]


def in_department(code: str, **fields):
    territory = make_territory(department=make_department(code))
    return make_contract(territory=territory, **{"title": f"Contrat {code}"} | fields)


def tell_news(action, day: date) -> FollowUp:
    return FollowUp.objects.create(action=action, date=day, author_name="Alix", status=action.status, progress=0)


def make_sound(contract):
    """A contract of which nothing is said: heard of, reported on, with mental health in its one axis."""
    action = make_action(axis=make_axis(contract), status=Status.IN_PROGRESS)
    tell_news(action, today())
    theme = ReferenceTerm.objects.get(kind=TermKind.THEME, label="Santé mentale")
    ActionTerm.objects.create(action=action, term=theme, usage=TermUsage.THEME)
    make_document(contract, kind=DocumentKind.ANNUAL_REPORT, year=LAST_YEAR)
    return action


def said_of(user, contract) -> set[str]:
    table = RegionalTable(user, QueryDict())
    return {alert.key for row in table.rows if row.contract == contract for alert in row.alerts}
