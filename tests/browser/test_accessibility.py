"""Every page of the address list in a real browser: accessible and fitting in both themes and widths, and quiet.

Each page is loaded once per width, then looked at light and dark: axe finds nothing, it has one heading and a title,
nothing scrolls sideways, nothing is said on the console, and nothing is asked of anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update

from app import create_app
from app.database import db
from app.domain.identity import Role
from app.extensions import limiter
from app.models import User
from tests.browser.conftest import Serve
from tests.browsing import open_browser
from tests.databases import emptied_after
from tests.guards.matrix import Row, rows
from tests.world import World, build_world, fill

THEMES = ("light", "dark")
WIDTHS = (1280, 320)
NOBODY = ""
# Whoever stands for each side; an address open to both is looked at by both, one open to anybody by nobody at all.
LOOKERS = {NOBODY: None, "ada": Role.ADMIN, "nora": Role.PARTNER_ADMIN}
# What the address list cannot say: the same page with a thing in another state.
OTHER_STATES = {
    "offer_id": ("declined_offer_id", "won_offer_id"),
    "lead_id": ("nurturing_lead_id", "in_review_lead_id", "lost_lead_id", "won_lead_id", "waiting_lead_id"),
    "import_id": ("done_import_id",),
    "review_id": ("decided_review_id",),
}
MAIL = b"""From: Pullboard <pullboard@localhost>
To: nora@nordwind.example
Subject: Your offer
Content-Type: text/plain

Look at your board.
"""
MAIN_PAGES = {"ada": ("/leads", "/reviews", "/partners", "/territories", "/intake"), "nora": ("/board", "/leads")}
AXE = """axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(
    one => one.id + " " + one.nodes.map(node => node.html.slice(0, 160)).join(" | ")))"""


@dataclass(slots=True)
class Look:
    """What one page gave reason to complain about, while it was open."""

    address: str
    complaints: list[str] = field(default_factory=list)

    def listen(self, page: Page, home: str) -> None:
        """Hear the console, faults of scripts, and requests to anybody else."""
        page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", lambda sent: self._hear_request(sent.url, home))

    def _hear_request(self, url: str, home: str) -> None:
        if urlsplit(url).scheme.startswith("http") and not url.startswith(home):
            self.complaints.append(f"asks {url}")

    def judge(self, page: Page, width: int, themes: tuple[str, ...] = THEMES) -> None:
        """Look at the open page in each theme."""
        if page.locator("h1").count() != 1:
            self.complaints.append(f"{page.locator('h1').count()} main headings")
        if not page.title().strip():
            self.complaints.append("no title")
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            self.complaints.append(f"needs {needed} px")
        if themes:
            page.evaluate(AXE_SCRIPT)
        for theme in themes:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            self.complaints += [f"{theme}: {found}" for found in page.evaluate(AXE)]


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    """One stage for the whole file; looking changes nothing."""
    with emptied_after(app) as session:
        yield build_world(session)


@pytest.fixture(scope="module")
def home(app: Flask, world: World, serve: Serve) -> Iterator[str]:
    with serve(app) as address:
        yield address


def pages_of(app: Flask, world: World, looker: str) -> list[str]:
    """The addresses of the full pages that somebody looks at."""
    browser = open_browser(app, world.user_ids.get(looker))
    found = [
        address for row in rows(app) if is_looked_at(row, looker) for address in addresses(app, world, row, looker)
    ]
    answers = {address: browser.get(address) for address in dict.fromkeys(found)}
    return [address for address, answer in answers.items() if answer.mimetype == "text/html" and "<html" in answer.text]


def is_looked_at(row: Row, looker: str) -> bool:
    if row.method != "GET" or row.endpoint == "static":
        return False
    return row.roles is None if looker == NOBODY else LOOKERS[looker] in (row.roles or ())


def addresses(app: Flask, world: World, row: Row, looker: str) -> Iterator[str]:
    """The address with the looker's own things, and with each in its other states."""
    own = world.own(looker or "ada")
    urls = app.url_map.bind("localhost")
    yield urls.build(row.endpoint, fill(row.endpoint, set(row.arguments), own))
    for argument in row.arguments:
        for state in OTHER_STATES.get(argument, ()):
            if state in own:
                yield urls.build(row.endpoint, fill(row.endpoint, set(row.arguments), own | {argument: own[state]}))


def open_context(app: Flask, world: World, browser: Browser, home: str, looker: str, width: int) -> BrowserContext:
    """A browser of that width, signed in as the looker."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    cookie = open_browser(app, world.user_ids.get(looker)).get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie:
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": home}])
    return context


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("looker", LOOKERS)
def test_every_page(
    app: Flask, world: World, browser: Browser, home: str, subtests: pytest.Subtests, looker: str, width: int
) -> None:
    context = open_context(app, world, browser, home, looker, width)
    paths = pages_of(app, world, looker)
    assert paths
    for path in paths:
        page, look = context.new_page(), Look(path)
        look.listen(page, home)
        page.goto(home + path)
        look.judge(page, width)
        page.close()
        with subtests.test(path):
            assert look.complaints == []
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_demo_pages(app: Flask, world: World, browser: Browser, serve: Serve, tmp_path: Path, width: int) -> None:
    db.session.execute(update(User).where(User.id == world.user_ids["nora"]).values(email="nora@nordwind.example"))
    db.session.commit()
    (tmp_path / "mailbox").mkdir()
    (tmp_path / "mailbox" / "20260302T093000000000-0a1b2c3d.eml").write_bytes(MAIL)
    demo = create_app(replace(app.extensions["config"], demo_mode=True, var=tmp_path))
    limiter.enabled = False
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    with serve(demo) as home:
        for path in ("/demo", "/demo/mailbox", "/demo/mailbox/20260302T093000000000-0a1b2c3d"):
            look = Look(path)
            look.listen(page, home)
            page.goto(home + path)
            look.judge(page, width)
            assert look.complaints == [], path
    page.close()
    with demo.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("language", ["de", "ja"])
def test_main_pages_fit_a_phone_in_every_language(
    app: Flask, world: World, browser: Browser, home: str, subtests: pytest.Subtests, language: str
) -> None:
    db.session.execute(update(User).values(language=language))
    db.session.commit()
    for looker, paths in MAIN_PAGES.items():
        context = open_context(app, world, browser, home, looker, 320)
        for path in paths:
            page, look = context.new_page(), Look(path)
            page.goto(home + path)
            look.judge(page, 320, themes=())
            with subtests.test(f"{looker} {path}"):
                assert page.locator("html").get_attribute("lang") == language
                assert look.complaints == []
        context.close()
    db.session.execute(update(User).values(language="en"))
    db.session.commit()
