"""French typography of what a user reads: in templates, in mails, and in the strings of the code.

`python -m tests.typography` (part of `make fix`) puts right the apostrophes and the spaces that can be put right.
"""

import ast
import html
import io
import re
import tokenize
from html.parser import HTMLParser
from pathlib import Path

# Template syntax is replaced by a word, so that « {{ count }}; » reads like « x; ».
TEMPLATE_COMMENT = re.compile(r"{#.*?#}|{% comment.*?{% endcomment %}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{%.*?%}", re.DOTALL)
TEMPLATE_VARIABLE = re.compile(r"{{.*?}}", re.DOTALL)
# What comes from elsewhere as it is, or is no sentence.
VERBATIM = {"code", "pre", "kbd", "script", "style"}
READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "content", "data-label", "placeholder", "title"}

NO_BREAK = "\u00a0\u202f"
FAULTS = {
    "apostrophe droite": re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"),
    "espace fine insécable manquante": re.compile(r"(?<=[^\W_])[;!?](?=[\s»)]|$)|[ \n\t][;!?](?=[\s»)]|$)"),
    "espace insécable manquante": re.compile(r"(?<=[^\W_]):(?=\s|$)|(?<![,;])[ \n\t][:%€](?=[\s.,)]|$)"),
    "guillemets sans espace insécable": re.compile(rf"«(?![{NO_BREAK}])|(?<![{NO_BREAK}])»"),
    "points de suspension en trois points": re.compile(r"(?<!\.)\.\.\.(?!\.)"),
}


def faults(text: str) -> list[str]:
    return [
        f"{name} : « {text[max(0, found.start() - 25) : found.end() + 15].strip()} »"
        for name, pattern in FAULTS.items()
        for found in pattern.finditer(text)
    ]


class _Reader(HTMLParser):
    """Gathers the texts and the attributes that a person reads."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts, self.verbatim = [""], 0

    def handle_starttag(self, tag, attrs):
        self.verbatim += tag in VERBATIM
        self.texts += [
            value for name, value in attrs if name in READ_ATTRIBUTES and value and is_sentence(name, value)
        ]
        self.texts.append("")

    def handle_endtag(self, tag):
        self.verbatim -= tag in VERBATIM
        self.texts.append("")

    def handle_data(self, data):
        if not self.verbatim:
            self.texts[-1] += data


def is_sentence(name: str, value: str) -> bool:
    return name != "content" or (" " in value and not value.startswith(("{", "width=")))


def template_faults(source: str) -> list[str]:
    source = TEMPLATE_COMMENT.sub("", source)
    source = TEMPLATE_VARIABLE.sub("x", TEMPLATE_TAG.sub("", source))
    reader = _Reader()
    reader.feed(source)
    return [fault for text in reader.texts for fault in faults(text)]


def mail_faults(source: str) -> list[str]:
    """A mail in plain text."""
    text = TEMPLATE_VARIABLE.sub("x", TEMPLATE_TAG.sub("", TEMPLATE_COMMENT.sub("", source)))
    return faults(html.unescape(text))


def code_faults(source: str) -> list[str]:
    """The strings of a module that are sentences: they hold a space, and are neither a docstring nor a pattern."""
    return [
        f"ligne {line} : {fault}"
        for line, text in strings_of(ast.parse(source))
        if " " in text and not re.search(r"[\\{}<>=|^]|%s|%\(", text)
        for fault in faults(text)
    ]


def strings_of(tree: ast.Module) -> list[tuple[int, str]]:
    """Docstrings left out; what an f-string inserts counts as a word."""
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for string in joined for part in ast.walk(string) if part is not string}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    plain = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings
    ]
    return plain + [(string.lineno, "".join(part_text(part) for part in string.values)) for string in joined]


def part_text(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) else "x"


# Putting right

REPAIRS = [
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
    (re.compile(r"[ \n\t]([;!?])(?=[\s»)]|$)"), "\u202f\\1"),
    (re.compile(r"(?<![,;])[ \n\t]([:%€])(?=[\s.,)]|$)"), "\u00a0\\1"),
    (re.compile(r"« "), "«\u202f"),
    (re.compile(r" »"), "\u202f»"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
]
SYNTAX = re.compile(
    r"({#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<(?:script|style|code|pre|kbd)\b.*?</(?:script|style|code|pre|kbd)>)",
    re.DOTALL,
)
TAG = re.compile(r"(<[^<>]*>)")
ATTRIBUTE = re.compile(rf"""(?<=\s)((?:{"|".join(sorted(READ_ATTRIBUTES - {"content"}))})=")([^"]*)""")


def repaired(text: str) -> str:
    for pattern, replacement in REPAIRS:
        text = pattern.sub(replacement, text)
    return text


def repaired_template(source: str) -> str:
    pieces = SYNTAX.split(source)
    return "".join(piece if SYNTAX.fullmatch(piece) else repaired_markup(piece) for piece in pieces)


def repaired_markup(piece: str) -> str:
    return "".join(
        ATTRIBUTE.sub(lambda found: found[1] + repaired(found[2]), part)
        if TAG.fullmatch(part)
        else repaired_text(part)
        for part in TAG.split(piece)
    )


def repaired_text(part: str) -> str:
    """A tag that template syntax cuts in two leaves its end before the text, or its beginning after it."""
    end, closing, text = part.rpartition(">")
    text, opening, beginning = text.partition("<")
    return end + closing + repaired(text) + opening + beginning


def repaired_code(source: str) -> str:
    """Only the strings at fault change, and the spaces are written as escapes, so that they can be seen."""
    faulty = {text for _line, text in strings_of(ast.parse(source)) if faults(text)}
    docstrings = {node.value.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr)}
    lines = source.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(source).readline))):
        one_line = token.start[0] == token.end[0]
        if token.type == tokenize.STRING and one_line and faulty and token.start[0] not in docstrings:
            (row, start), (_row, end) = token.start, token.end
            new = repaired_string(token.string)
            lines[row - 1] = lines[row - 1][:start] + new + lines[row - 1][end:]
    return "".join(lines)


def repaired_string(literal: str) -> str:
    if " " not in literal or re.search(r"[\\<>=|^]|^[rb]|%s|%\(", literal.replace("\\u", "")):
        return literal
    body = repaired(literal)
    return body.replace("\u202f", "\\u202f").replace("\u00a0", "\\u00a0") if body != literal else literal


def repair(base: Path) -> None:
    for path in [*base.glob("templates/**/*.html"), *base.glob("templates/**/*.txt")]:
        rewrite(path, repaired_template)
    for folder in ("cls_portal", "contracts", "diagnostics", "actions"):
        for path in base.glob(f"{folder}/**/*.py"):
            if "migrations" not in path.parts:
                rewrite(path, repaired_code)


def rewrite(path: Path, change) -> None:
    before = path.read_text()
    after = change(before)
    if after != before:
        path.write_text(after)


if __name__ == "__main__":
    repair(Path(__file__).resolve().parent.parent)
