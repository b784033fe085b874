"""The walk behind `test_access.py`: every URL, as every role, on one's own contract and on somebody else's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cls_portal.core.refusals import Mailing, token
from contracts.enums import Role
from contracts.models import CalendarFeed, Contract
from tests.factories import (
    make_action,
    make_agenda_item,
    make_amendment,
    make_axis,
    make_body,
    make_coming_meeting,
    make_contact,
    make_decision,
    make_deleted_contract,
    make_deletion,
    make_document,
    make_document_job,
    make_given_review,
    make_held_meeting,
    make_indicator,
    make_measurement,
    make_member,
    make_membership,
    make_objective,
    make_opinion_request,
    make_organisation,
    make_part,
    make_perimeter_commune,
    make_remark,
    make_renewal_choice,
    make_review,
    make_signatory,
    make_term,
    make_user,
    make_version,
)

ROLES = ("administrator", "coordinator", "ars_referent", "pilot", "reader", "national_reader")
# What reaches every contract: nobody else's contract is foreign to them.
EVERYWHERE = ("administrator", "national_reader")
SUCCESS = {200, 302}
METHOD_NOT_ALLOWED = 405

# How to build, in a contract, the object that an address names. `pilot` is the organisation the pilot acts for.
OBJECTS: dict[str, Callable[["Scene"], object]] = {
    "contract": lambda scene: scene.contract,
    "axis": lambda scene: make_axis(scene.contract),
    "action": lambda scene: make_action(scene.contract, pilot=scene.pilot),
    "indicator": lambda scene: make_indicator(scene["action"]),
    "amendment": lambda scene: make_amendment(scene.contract),
    "contact": lambda scene: make_contact(scene["organisation"]),
    "deletion": lambda scene: make_deletion(scene.contract),
    "document": lambda scene: make_document(scene.contract),
    "deleted_contract": lambda scene: make_deleted_contract(scene.contract.territory),
    "objective": lambda scene: make_objective(scene["axis"]),
    "perimeter_commune": lambda scene: make_perimeter_commune(scene.contract),
    "signatory": lambda scene: make_signatory(scene.contract),
    "term": lambda scene: make_term(contract=scene.contract),
    "measurement": lambda scene: make_measurement(scene["indicator"]),
    "ars_membership": lambda scene: make_membership(Role.ARS_REFERENT, department=scene.contract.territory.department),
    "membership": lambda scene: make_membership(Role.READER, contract=scene.contract),
    "organisation": lambda scene: make_organisation(scene.contract),
    "body": lambda scene: make_body(scene.contract),
    "meeting": lambda scene: make_held_meeting(scene["body"], minutes="Le comité a délibéré."),
    "paper": lambda scene: make_document(scene.contract, meeting=scene["meeting"]),
    "agenda_item": lambda scene: make_agenda_item(scene["meeting"]),
    "decision": lambda scene: make_decision(scene["meeting"]),
    "coming_meeting": lambda scene: make_coming_meeting(scene["body"]),
    "feed": lambda scene: CalendarFeed.objects.create(user=make_user()),
    "body_member": lambda scene: make_member(scene["body"]),
    "given_review": lambda scene: make_given_review(scene.contract, fiches=[make_action(scene.contract).pk]),
    "remark": lambda scene: make_part(scene["given_review"]).comments.get(),
    "review": lambda scene: make_review(scene.contract, fiches=[scene["action"].pk]),
    "part": lambda scene: make_part(scene["review"]),
    "draft_remark": lambda scene: make_remark(scene["part"]),
    "opinion_request": lambda scene: make_opinion_request(scene["review"]),
    "job": lambda scene: make_document_job(scene.contract),
    "version": lambda scene: make_version(scene["action"].contract),
    "renewal_choice": lambda scene: make_renewal_choice(scene.contract),
    "refusal": lambda scene: SimpleNamespace(token=token("a@exemple.fr", Mailing("contract:1", "Essai"))),
}


@dataclass
class Scene:
    """A contract with one object of each kind, built when an address asks for it."""

    contract: Contract
    pilot: object
    built: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str):
        if name not in self.built:
            self.built[name] = OBJECTS[name](self)
        return self.built[name]

    def value(self, path: str):
        """« action » is the key of the scene's action, « action.code » its code, « =abc » the text abc itself."""
        if path.startswith("="):
            return path[1:]
        name, _dot, attribute = path.partition(".")
        return getattr(self[name], attribute or "pk")


def codes(text: str | int) -> dict[str, int]:
    """« 200 200 403 403 403 », in the order of ROLES; a single code stands for all of them.

    The national reader answers as a reader does where only five codes are given.
    """
    values = [int(code) for code in str(text).split()]
    if len(values) == len(ROLES) - 1:
        values.append(values[-1])
    return dict(zip(ROLES, values * len(ROLES) if len(values) == 1 else values, strict=True))


@dataclass
class Row:
    """What a URL answers. `scoped`: it belongs to a contract, and nobody else's contract shows (404)."""

    name: str
    get: str | int | None = None
    post: str | int | None = None
    anonymous: str | int = 302
    scoped: bool = True
    other: str | int | None = None
    data: dict | Callable[[Scene], dict] = field(default_factory=dict)
    query: str = ""
    fragment: bool = False  # a part of a page, fetched by htmx
    arguments: dict[str, str] = field(default_factory=dict)

    def url(self, scene: Scene) -> str:
        return reverse(self.name, kwargs=self.url_arguments(scene)) + self.query

    def url_arguments(self, scene: Scene) -> dict:
        paths = {"slug": "contract.slug", "contract_slug": "contract.slug"} | self.arguments
        names = url_parameters()[self.name]
        return {name: scene.value(paths.get(name, name.removesuffix("_pk").removesuffix("_id"))) for name in names}

    def expected(self, role: str, method: str, *, own: bool) -> set[int]:
        """A method that the page does not have answers 405, or the refusal the other method would get."""
        if role == "anonymous":
            code = int(str(self.anonymous).split()[0 if method == "get" else -1])
            return {code} if self.allows(method) else {code, METHOD_NOT_ALLOWED}
        own = own or role in EVERYWHERE
        said = self.said(own, method)
        if said is not None:
            return {codes(said)[role]}
        refusal = codes(self.said(own, "post" if method == "get" else "get"))[role]
        return {METHOD_NOT_ALLOWED} | ({refusal} - SUCCESS)

    def allows(self, method: str) -> bool:
        return getattr(self, method) is not None

    def said(self, own: bool, method: str) -> str | int | None:
        if own or not self.scoped or not self.allows(method):
            return getattr(self, method)
        return self.other or 404


def row(name: str, get=None, **details) -> Row:
    """A page or a deed of a contract. Any other keyword says which object an argument of the address names."""
    known = {key: details.pop(key) for key in list(details) if key in Row.__dataclass_fields__}
    return Row(name, get, **known, arguments=details)


def page(name: str, get=200, **details) -> Row:
    """A page of the site, the same whatever the contract."""
    return row(name, get, scoped=False, **details)


def named_patterns(resolver=None, namespace: str = "") -> Iterator[tuple[str | None, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_patterns(pattern, inner)
        else:
            yield f"{namespace}{pattern.name or ''}" or None, pattern


def url_parameters() -> dict[str, list[str]]:
    """The arguments of each named address, those of the includes above it counted."""
    found = {}
    for name, _pattern in named_patterns():
        if name and not name.endswith(":") and name not in found:
            found[name] = parameters_of(name)
    return found


def parameters_of(name: str) -> list[str]:
    *namespaces, last = name.split(":")
    resolver, inherited = get_resolver(), []
    for namespace in namespaces:
        prefix, resolver = resolver.namespace_dict[namespace]
        inherited += prefix_parameters(prefix)
    possibilities = resolver.reverse_dict.getlist(last)
    if not possibilities:
        raise NoReverseMatch(name)
    return [*inherited, *possibilities[0][0][0][1]]


def prefix_parameters(prefix: str) -> list[str]:
    return [part.strip("<>").split(":")[-1] for part in prefix.split("/") if part.startswith("<")]


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """The next request finds the scene as it was."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def answer(client: Client, row: Row, method: str, scene: Scene) -> int:
    """The code of one request, whose effects are undone."""
    data = row.data(scene) if callable(row.data) else row.data
    url = row.url(scene)
    with undone(client):
        response = getattr(client, method)(url, data if method == "post" else None)
        b"".join(response)  # a file is closed when it was read
    return response.status_code


def walk(row: Row, people: dict[str, Client], own: Scene, other: Scene) -> list[str]:
    """Every answer that is not the expected one, in words."""
    wrong = []
    for whose, scene in {"own": own, "other": other}.items() if row.scoped else [("any", own)]:
        for role, client in people.items():
            for method in ("get", "post"):
                expected = row.expected(role, method, own=whose != "other")
                code = answer(client, row, method, scene)
                if code not in expected:
                    wrong.append(f"{method.upper()} {row.name} as {role}, {whose} contract: {code}, not {expected}")
    return wrong
