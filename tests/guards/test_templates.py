"""About the templates: nothing the CSP would kill, htmx 4 markup with its nonce, fragments with one root."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TEMPLATES = CHECKOUT / "templates"
STATIC = CHECKOUT / "static"
# Mails carry their own inlined styles and never htmx; they are pages of no browser.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail" not in path.relative_to(TEMPLATES).parts)
FRAGMENTS = [path for path in PAGES if path.name.startswith("_")]
NONCE_MARK = "given-nonce"
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# What a template may draw in place of a root: a macro that is given the id, or one more fragment.
OPAQUE_ROOT = re.compile(r"\{%-?\s*call[^%]*\bid=|\{%-?\s*include|\{\{-?\s*(card|alert|time_left|dialog)\([^}]*\bid=")


def source(path: Path) -> str:
    """A template's text without Jinja comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def as_html(text: str) -> str:
    """The template as something an HTML parser can read: the nonces marked, other expressions and statements gone."""
    text = re.sub(r"\{\{-?\s*hx\(\)\s*-?\}\}", f" {NONCE_MARK} ", text)
    text = re.sub(r"\{\{-?\s*csp_nonce\(\)\s*-?\}\}", NONCE_MARK, text)
    text = re.sub(r"\{\{.*?\}\}", "x", text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)


class Tags(HTMLParser):
    """Every start tag with its attributes, and how many elements stand open around it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None], int]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs), self._depth))
        self._depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs), self._depth))

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in VOID


def tags(text: str) -> list[tuple[str, dict[str, str | None], int]]:
    parser = Tags()
    parser.feed(as_html(text))
    return parser.seen


def relative(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def faults(tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
    """What is wrong with one tag."""
    names, values = set(attributes), [value or "" for value in attributes.values()]
    if tag == "style" or "style" in names:
        yield "inline style"
    if tag == "script" and (attributes.get("nonce") != NONCE_MARK or "src" not in names):
        yield "script without src and nonce"
    if any(re.fullmatch(r"on[a-z]+", name) for name in names):
        yield "inline event handler"
    if any(name.startswith("hx-") for name in names) and NONCE_MARK not in names:
        yield "hx- attribute without {{ hx() }}"
    if any(name.startswith("hx-on") for name in names) or any(value.startswith("js:") for value in values):
        yield "needs eval, which the policy refuses"
    if "[" in (attributes.get("hx-trigger") or ""):
        yield "a trigger filter needs eval, which the policy refuses"


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>",
        "<script>go()</script>",
        '<script src="{{ url }}">',
        '<b onclick="go()">',
        '<a hx-get="{{ url }}">',
        '<a hx-get="{{ url }}" hx-nonce="x">',
        '<a hx-on:click="go()" {{ hx() }}>',
        '<a hx-get="{{ url }}" hx-trigger="click[ctrlKey]" {{ hx() }}>',
    ],
)
def test_guard_sees_what_it_is_for(markup: str) -> None:
    [(tag, attributes, _depth)] = tags(markup)
    assert list(faults(tag, attributes))


def test_templates_hold_nothing_the_content_security_policy_forbids() -> None:
    found = [
        f"{relative(path)} <{tag}>: {fault}"
        for path in PAGES
        for tag, attributes, _depth in tags(source(path))
        for fault in faults(tag, attributes)
    ]
    assert not found


# The prospect's form protects nobody's session, and in another site's frame there is none (app/web/forms).
WITHOUT_SESSION = ("templates/forms/form.html",)


@pytest.mark.parametrize("path", [page for page in PAGES if relative(page) not in WITHOUT_SESSION], ids=relative)
def test_forms_that_write_carry_the_token(path: Path) -> None:
    text = source(path)
    written = len(re.findall(r"<form\b[^>]*method=\"post\"", text, flags=re.IGNORECASE))
    tokens = len(re.findall(r"\{\{-?\s*csrf\(\)|csrf_token\(\) \}\}\">|hidden_tag\(\)|\.csrf_token\b", text))
    assert tokens >= written


@pytest.mark.parametrize("path", FRAGMENTS, ids=relative)
def test_fragment_has_one_root_with_an_id(path: Path) -> None:
    text = re.sub(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", "", source(path), flags=re.DOTALL)
    roots = [attributes for _tag, attributes, depth in tags(text) if depth == 0]
    if not roots:
        assert OPAQUE_ROOT.search(text), "no root element"
        return
    branches = 1 + len(re.findall(r"^\{%-?\s*(?:else|elif)\b", text, flags=re.MULTILINE))
    assert len(roots) <= branches, f"{len(roots)} roots"
    assert all(attributes.get("id") for attributes in roots), "a root without an id"


@pytest.mark.parametrize("path", FRAGMENTS, ids=relative)
def test_fragment_is_used(path: Path) -> None:
    name = path.relative_to(TEMPLATES).as_posix()
    users = [*PAGES, *(CHECKOUT / "app").rglob("*.py")]
    assert any(name in user.read_text(encoding="utf-8") for user in users if user != path)


def test_markup_is_of_htmx_4() -> None:
    """The package's own checker, as shipped with the vendored version."""
    checker = Path(__file__).with_name("htmx-upgrade-check")
    found = subprocess.run(
        [sys.executable, str(checker), str(TEMPLATES), str(STATIC / "js")], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


def test_htmx_never_comes_without_its_guard() -> None:
    """In one file, since htmx would bind elements in the moment between two (seen in Chromium)."""
    folder = STATIC / "vendor" / "htmx-4.0.1"
    parts = [(folder / name).read_text(encoding="utf-8") for name in ("htmx.min.js", "hx-csp.min.js")]
    assert (folder / "htmx-guarded.min.js").read_text(encoding="utf-8") == "".join(f"{part}\n" for part in parts)
    loaded = [name for path in PAGES for name in re.findall(r"vendor/[^']+", source(path))]
    assert loaded == ["vendor/htmx-4.0.1/htmx-guarded.min.js"]


def test_styles_and_script_stay_small() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "css").glob("*.css")) <= 25_000
    assert (STATIC / "js" / "app.js").stat().st_size < 6_000
