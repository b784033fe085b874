"""The arrows of the code: which module may import which. The rules are written at the top, the walk below.

core ← accounts ← contracts ← diagnostics ← actions      only urls, navigation and demo import them all
enums → models → permissions, services → filters, forms, resources, documents → views → urls      within an app
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

APPS = ["cls_portal.core", "cls_portal.accounts", "contracts", "diagnostics", "actions"]
# They may import every app, and no app may import them.
SITE = ["cls_portal.urls", "cls_portal.navigation", "cls_portal.demo"]
# The one exception: the command that loads the demonstration calls its builders.
MAY_IMPORT_THE_DEMO = "cls_portal.core.management.commands.load_demo"
# A file with another name is a helper: every file may import it, and it may import no view.
RANKS = {
    "enums": 0,
    "models": 1,
    "permissions": 2,
    "services": 2,
    "filters": 3,
    "forms": 3,
    "resources": 3,
    "documents": 3,
    "views": 4,
    "urls": 5,
}
HELPER_READS_UP_TO = 3
# A library that is slow to load or may be missing has one door.
ONE_DOOR = {"weasyprint": "cls_portal.core.pdf"}
REASON = re.compile(r"#\s*(?!noqa)\S.*\w")


def app_of(module: str) -> str | None:
    return next((app for app in APPS if module == app or module.startswith(f"{app}.")), None)


def is_site(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in SITE)


def rank_of(module: str) -> int | None:
    app = app_of(module)
    return RANKS.get(module.removeprefix(f"{app}.").split(".")[0]) if app else None


def imported_names(node: ast.AST) -> list[str]:
    """`from contracts import models` imports contracts.models: both names are given, and both must be allowed."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def imports(tree: ast.Module) -> Iterator[tuple[ast.AST, str, bool]]:
    """Each imported name, and whether it stands inside a function. What serves annotations only is no arrow."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    typing = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    annotations = {id(node) for block in typing for node in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) not in annotations:
            for name in imported_names(node):
                yield node, name, id(node) in inside


def forbidden_arrow(importer: str, imported: str) -> str | None:
    library = imported.split(".", maxsplit=1)[0]
    if library in ONE_DOOR and importer != ONE_DOOR[library]:
        return f"only {ONE_DOOR[library]} imports {library}"
    if is_site(importer):
        return None
    if is_site(imported) and not (importer == MAY_IMPORT_THE_DEMO and imported.startswith("cls_portal.demo")):
        return "nothing imports the site"
    from_app, to_app = app_of(importer), app_of(imported)
    return wrong_way(importer, imported) if from_app and to_app else None


def wrong_way(importer: str, imported: str) -> str | None:
    from_app, to_app = app_of(importer), app_of(imported)
    if APPS.index(to_app) > APPS.index(from_app):
        return f"{from_app} comes before {to_app}"
    own, other = rank_of(importer), rank_of(imported)
    limit = HELPER_READS_UP_TO if own is None else own
    if other is not None and other > limit and (from_app == to_app or other > HELPER_READS_UP_TO):
        return "wrong way within the app"
    return None


def faults(sources: dict[str, str]) -> list[str]:
    """Every wrong import of these modules (dotted name → source)."""
    found = []
    for module, source in sources.items():
        lines = source.splitlines()
        for node, imported, in_function in imports(ast.parse(source)):
            if getattr(node, "level", 0):
                found.append(f"{module}:{node.lineno}: relative import")
            elif reason := forbidden_arrow(module, imported):
                found.append(f"{module}:{node.lineno}: imports {imported}: {reason}")
            elif in_function and not REASON.search(" ".join(lines[node.lineno - 1 : node.end_lineno])):
                found.append(f"{module}:{node.lineno}: an import inside a function says why on its line")
    return sorted(set(found))


def our_modules() -> dict[str, str]:
    base: Path = settings.BASE_DIR
    folders = ["cls_portal", "contracts", "diagnostics", "actions"]
    files = [path for folder in folders for path in (base / folder).rglob("*.py") if "migrations" not in path.parts]
    return {dotted_name(path.relative_to(base)): path.read_text() for path in files}


def dotted_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_every_import_follows_the_arrows():
    assert faults(our_modules()) == []


def test_every_relation_between_models_follows_the_arrows():
    """A foreign key is written as a string: it would escape the walk of the imports. The user is Django's notion."""
    user = get_user_model()
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model not in (None, user)
        if (source := app_of(model.__module__)) and (target := app_of(field.related_model.__module__))
        if APPS.index(target) > APPS.index(source)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("contracts.services", "from actions.models import Action", id="a later app"),
        pytest.param("contracts.services", "import actions.models", id="a later app, plain import"),
        pytest.param("cls_portal.core.exports", "from contracts import models", id="core knows no contract"),
        pytest.param("actions.models.action", "from actions.services import close", id="models import services"),
        pytest.param("actions.models.action", "from actions import services", id="models import services by name"),
        pytest.param("actions.services", "from actions.forms import ActionForm", id="services import forms"),
        pytest.param("actions.enums", "from actions.models import Action", id="enums import models"),
        pytest.param("actions.forms", "from actions.views.plan import columns", id="forms import views"),
        pytest.param("actions.progress", "from actions.views.plan import columns", id="a helper imports views"),
        pytest.param("actions.forms", "from contracts.views.axes import columns", id="views of another app"),
        pytest.param("actions.views.plan", "from cls_portal.urls import urlpatterns", id="an app imports the site"),
        pytest.param("contracts.models", "from cls_portal.demo import people", id="an app imports the demo"),
        pytest.param("actions.documents", "import weasyprint", id="weasyprint elsewhere"),
        pytest.param("actions.services", "from . import models", id="relative"),
        pytest.param("actions.services", "def f():\n    import json", id="in a function without reason"),
        pytest.param("actions.services", "def f():\n    import json  # noqa: PLC0415", id="a silencing is no reason"),
        pytest.param("actions.services", "if True:\n    from actions.views import plan", id="not at the first level"),
    ],
)
def test_a_wrong_import_is_found(module, source):
    assert len(faults({module: source})) >= 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("actions.models.action", "from actions.enums import Status\nfrom contracts.models import Axis"),
        ("actions.services", "from actions.permissions import can_edit_action\nfrom actions.models import Action"),
        ("actions.views.plan", "from actions.forms import ActionForm\nfrom actions.services import close"),
        ("cls_portal.urls", "from actions.views import plan"),
        ("cls_portal.core.pdf", "def render():\n    import weasyprint  # slow to load, and may be missing"),
        ("cls_portal.core.history", "if TYPE_CHECKING:\n    from cls_portal.accounts.models import User"),
        (MAY_IMPORT_THE_DEMO, "def handle():\n    from cls_portal.demo import people  # only this command needs it"),
    ],
)
def test_a_right_import_is_left_alone(module, source):
    assert faults({module: source}) == []
