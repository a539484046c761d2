"""Whatever a person reads goes through gettext: in templates, in forms, and wherever a phrase is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from app.config import CHECKOUT
from tests.guards.sources import called_name, modules

TEMPLATES = CHECKOUT / "templates"
# The style guide is a room for those who build.
READ_BY_PEOPLE = sorted(
    path for path in TEMPLATES.rglob("*.*") if path.is_file() and path.relative_to(TEMPLATES).parts[0] != "styleguide"
)
READ_ATTRIBUTES = frozenset({"title", "aria-label", "aria-description", "placeholder", "alt"})
UNREAD_ELEMENTS = frozenset({"script", "style", "code", "kbd"})
STATEMENT = "\0"
WORD = re.compile(r"[^\W\d_A-Z]{2}")
PLACE = re.compile(r"%\(\w+\)[sd]")
# A block may hold attributes, which stand outside any tag of their file.
ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"")
NAMES = {"Pullboard"}
TRANSLATING = frozenset({"_", "_l", "N_", "gettext", "ngettext", "pgettext", "lazy_gettext"})
# Each language is offered in its own words, whatever the reader's.
IN_THEIR_OWN_WORDS = {"English", "Deutsch", "日本語"}


class Words(HTMLParser):
    """The texts a person would see or hear that no expression made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD_ELEMENTS
        self._keep(*(value or "" for name, value in attrs if name in READ_ATTRIBUTES))

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD_ELEMENTS

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._keep(ATTRIBUTE.sub("", data))

    def _keep(self, *texts: str) -> None:
        plain = (text.replace(STATEMENT, "").strip() for text in texts)
        self.found += [text for text in plain if WORD.search(text) and text not in NAMES]


def untranslated(source: str) -> list[str]:
    """Words of a template that stand outside its expressions."""
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    words = Words()
    words.feed(re.sub(r"\{\{.*?\}\}", STATEMENT, source, flags=re.DOTALL))
    words.close()
    return words.found


def bare_sentences(source: str) -> list[str]:
    """Texts of several words inside a template's expressions that no call translates."""
    tree = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True).parse(source)
    translated = {
        id(text)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for text in call.find_all(nodes.Const)
    }
    texts = (text for text in tree.find_all(nodes.Const) if isinstance(text.value, str) and id(text) not in translated)
    return [text.value for text in texts if re.match(r"[A-Z][a-z]+ [a-z]|[A-Z][a-z]+.*[.!?]$", text.value)]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Claim it</p>",
        '<a title="Claim it">×</a>',
        "<p>{{ count }} leads</p>",
        '<i aria-label="Next {{ name }}"></i>',
    ],
)
def test_guard_sees_what_it_is_for(source: str) -> None:
    assert untranslated(source)


def test_guard_sees_sentences_in_expressions() -> None:
    assert bare_sentences('{{ alert("Nothing here yet.") }}')
    assert not bare_sentences('{{ alert(_("Nothing here yet.")) }}')


@pytest.mark.parametrize("path", READ_BY_PEOPLE, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_template_holds_no_untranslated_words(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert untranslated(source) + bare_sentences(source) == []


def test_forms_are_labelled_in_every_language() -> None:
    found = [
        f"{path}:{text.lineno} {text.value}"
        for path, module in modules("app/web")
        if path.endswith("forms.py")
        for text in spoken_by_forms(module)
    ]
    assert found == []


def spoken_by_forms(module: ast.Module) -> Iterator[Any]:
    """Labels, descriptions and messages that are written plainly."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = called_name(call)
        is_spoken = name.endswith("Field") or name in (
            "InputRequired",
            "DataRequired",
            "FileRequired",
            "ValidationError",
        )
        spoken = [
            *call.args[:1],
            *(word.value for word in call.keywords if word.arg in ("label", "description", "message")),
        ]
        for text in spoken if is_spoken else ():
            if is_plain(text) and text.value not in IN_THEIR_OWN_WORDS:
                yield text


def is_plain(text: Any) -> bool:
    """Whether an argument is words in the source itself, beside the places for values."""
    return isinstance(text, ast.JoinedStr) or (
        isinstance(text, ast.Constant) and bool(WORD.search(PLACE.sub("", str(text.value))))
    )


@pytest.mark.parametrize("speaker", ["Phrase", "flash"])
def test_what_is_said_is_marked_for_translation(speaker: str) -> None:
    bare = [
        f"{path}:{call.lineno}"
        for path, module in modules("app")
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and called_name(call) == speaker and call.args and is_plain(call.args[0])
    ]
    assert bare == []
