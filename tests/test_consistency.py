"""The house style, as tests: what a reviewer would otherwise have to say twice."""

import fnmatch
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.utils import get_app_template_dirs
from django.views.generic.list import MultipleObjectMixin

from tests import typography
from tests.access import named_patterns

BASE: Path = settings.BASE_DIR
TEMPLATES = BASE / "templates"
OURS = ("cls_portal", "contracts", "diagnostics", "actions")
HARD_LIMITS = {".py": 400, ".html": 150, ".css": 400}
# Served by Django itself, or by django-allauth (429), when something goes wrong.
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
# Views that show a list without being one of Django's list views.
MORE_LISTS: set[str] = {"home", "actions:region", "actions:region_fiches", "actions:region_totals"}


@cache
def tracked_files() -> list[Path]:
    """Those under version control, and those about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    return [BASE / name for name in names if (BASE / name).is_file()]


def ours(suffix: str) -> list[Path]:
    return [
        path
        for path in tracked_files()
        if path.suffix == suffix
        if path.relative_to(BASE).parts[0] in {*OURS, "templates", "static", "tests"}
        if not {"migrations", "vendor"} & set(path.parts)
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE))


@cache
def template_names() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


# Data


@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_names_of_models_and_fields_begin_in_lower_case():
    """They are put in the middle of sentences; an acronym keeps its capitals."""
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(OURS) and not model.__name__.startswith("Historical")
    ]
    names = [
        (f"{model._meta.label}.{field.name}", str(field.verbose_name))
        for model in models
        for field in model._meta.get_fields()
        if hasattr(field, "verbose_name")
    ]
    names += [(model._meta.label, str(model._meta.verbose_name)) for model in models]

    assert [name for name in names if name[1][:1].isupper() and not name[1][:2].isupper()] == []


# Templates

INLINE = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*="),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:"),
    "an inline handler": re.compile(r"\son[a-z]+\s*=|\shx-on\b"),
}


def inline_faults(source: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(typography.TEMPLATE_COMMENT.sub("", source))]


def test_templates_hold_neither_style_nor_script():
    """The policy sent with every page forbids them, so they would silently not work."""
    assert {name_of(path): found for path in ours(".html") if (found := inline_faults(path.read_text()))} == {}


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:x">',
    ],
)
def test_an_inline_style_or_script_is_found(source):
    assert len(inline_faults(source)) == 1


def test_an_svg_and_a_linked_script_are_left_alone():
    assert inline_faults('<svg fill="red" stroke-width="2"></svg><script src="a.js" defer></script>') == []


@cache
def named_templates() -> set[str]:
    """The template names written in the code and in the templates; a part that varies becomes a star."""
    sources = [path.read_text() for path in [*ours(".py"), *ours(".html"), *ours(".txt")] if "tests" not in path.parts]
    literals = re.findall(r"""["']([\w/{}.\- ()]+\.(?:html|txt|svg|xml))["']""", "\n".join(sources))
    return {re.sub(r"{[^}]*}", "*", literal) for literal in literals} | names_by_convention()


def names_by_convention() -> set[str]:
    """A generic view without a `template_name` makes one from its model."""
    views = [getattr(pattern.callback, "view_class", None) for _name, pattern in named_patterns()]
    return {
        f"{view.model._meta.app_label}/{view.model._meta.model_name}{view.template_name_suffix}.html"
        for view in views
        if getattr(view, "model", None) and hasattr(view, "template_name_suffix")
    }


def overrides_a_library(name: str) -> bool:
    return any((folder / name).exists() for folder in get_app_template_dirs("templates"))


def test_every_template_is_used():
    unused = [
        name
        for name in template_names()
        if name not in ERROR_PAGES and not overrides_a_library(name)
        if not any(fnmatch.fnmatch(name, pattern) for pattern in named_templates())
    ]

    assert unused == []


def blocks(source: str) -> list[str]:
    return re.findall(r"{% block (\w+)", source)


def test_blocks_come_in_the_order_of_the_frame():
    """A template reads like the page it makes."""
    frame = blocks((TEMPLATES / "base.html").read_text()) if (TEMPLATES / "base.html").exists() else []
    misplaced = {}
    for path in ours(".html"):
        known = [name for name in blocks(path.read_text()) if name in frame]
        if known != sorted(known, key=frame.index):
            misplaced[name_of(path)] = known

    assert misplaced == {}


STACKED = re.compile(r'<table[^>]*class="[^"]*\bstack\b[^>]*>.*?</table>', re.DOTALL)
BARE = re.compile(r"<(?:table|thead|tbody|tr|th|td)\b(?![^>]*\brole=)[^>]*>")


def test_a_table_that_a_phone_shows_as_paragraphs_keeps_its_roles():
    """A display other than that of a table takes its meaning away from who does not see it."""
    found = {name_of(path): BARE.findall(" ".join(STACKED.findall(path.read_text()))) for path in ours(".html")}

    assert {name: tags for name, tags in found.items() if tags} == {}


# Lists


def lists_of_the_site() -> set[str]:
    views = {name: getattr(pattern.callback, "view_class", None) for name, pattern in named_patterns() if name}
    return {name for name, view in views.items() if view and issubclass(view, MultipleObjectMixin)} | MORE_LISTS


def measured_lists() -> set[str]:
    sources = [path.read_text() for path in ours(".py") if "tests" in path.parts]
    calls = re.findall(r"^@query_count_test\(([^)]*)\)", "\n".join(sources), re.MULTILINE)
    return set(re.findall(r"""["']([\w:-]+)["']""", " ".join(calls)))


def test_every_list_has_a_query_count_test():
    """See `tests/queries.py`."""
    assert sorted(lists_of_the_site() - measured_lists()) == []
    assert sorted(measured_lists() - {name for name, _pattern in named_patterns()}) == []


# Files


def test_files_stay_small():
    too_long = {
        name_of(path): lines
        for suffix, limit in HARD_LIMITS.items()
        for path in ours(suffix)
        if (lines := len(path.read_text().splitlines())) > limit
    }

    assert too_long == {}


def test_requirements_name_no_address():
    """The files install from whichever index the machine uses."""
    files = [path for path in tracked_files() if path.parent.name == "requirements"]

    assert len(files) >= 4
    assert [name_of(path) for path in files if "://" in path.read_text()] == []


SITE_SPECIFIC = {
    "a package registry": re.compile(r"https?://[^/\s\"']*(pypi|pythonhosted|npmjs|registry|artifact|nexus)", re.I),
    "an option naming a registry": re.compile(r"--(index-url|extra-index-url|find-links|trusted-host)"),
    "a path of one machine": re.compile(r"(?<![\w.])/(work|root|home)/\w"),
}


def test_no_file_depends_on_one_machine():
    found = {}
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if wrong := [what for what, pattern in SITE_SPECIFIC.items() if pattern.search(text)]:
            found[name_of(path)] = wrong

    assert found == {}


# French


def test_french_typography():
    """`make fix` puts most of it right."""
    found = {name_of(path): typography.template_faults(path.read_text()) for path in ours(".html")}
    found |= {
        name_of(path): typography.mail_faults(path.read_text()) for path in ours(".txt") if "templates" in path.parts
    }
    found |= {
        name_of(path): typography.code_faults(path.read_text()) for path in ours(".py") if "tests" not in path.parts
    }

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "text",
    ["l'action", "Vraiment?", "Vraiment ?", "Attention :", "Attention: non", "« oui »", "«oui»", "12 %", "et puis..."],
)
def test_a_fault_of_typography_is_found(text):
    assert len(typography.template_faults(f"<p>{text}</p>")) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "l’action",
        "Vraiment&#8239;?",
        "Attention&nbsp;: non",
        "«\u202foui\u202f»",
        "12\u202f%",
        "14:30",
        "<code>l'action ?</code>",
        "{{ name|default:'x' }}\u202f; suite",
        "{# it's a comment #}",
        "&amp; et &lt;",
    ],
)
def test_right_typography_is_left_alone(text):
    assert typography.template_faults(f"<p>{text}</p>") == []
