"""The page frame and its components in a real browser: accessible in both themes and widths, alive with a nonce."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Page, expect

from app import localisation
from app.extensions import csrf, login_manager
from app.web.account_menu import Account, init_account_menu
from app.web.errors import init_errors
from app.web.htmx import polled
from app.web.markup import init_markup
from app.web.navigation import NavigationItem
from app.web.security import hx, init_security
from tests.browser.conftest import Serve

CHECKOUT = Path(__file__).resolve().parents[2]
PROBE = """
{% extends "base.html" %}
{% block content %}
  <h1>Probe</h1>
  <button id="bare" hx-get="/answer" hx-target="#stolen">bare</button>
  <button id="forged" hx-get="/answer" hx-target="#stolen" hx-nonce="guessed">forged</button>
  <button id="ours" hx-get="/answer" hx-target="#answer" {{ hx() }}>ours</button>
  <p id="stolen"></p><p id="answer"></p>
  <div id="news" data-poll hx-get="/news" hx-trigger="look" {{ hx() }}>old</div>
  <form id="write" method="post" hx-post="/write" hx-target="#written" {{ hx() }}><button>write</button></form>
  <p id="written"></p>
  <button id="faulty" hx-get="/fault" {{ hx() }}>faulty</button>
{% endblock %}
"""


@pytest.fixture(scope="module")
def frame() -> Flask:
    """The frame alone, without a database: nothing looked at here needs one."""
    app = Flask("app", static_folder=str(CHECKOUT / "static"), template_folder=str(CHECKOUT / "templates"))
    app.config.update(SECRET_KEY="k" * 32)
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.user_loader(lambda token: None)
    localisation.init_app(app)
    init_security(app)
    init_errors(app)
    init_account_menu(app)
    init_markup(app)
    for name in ("appearance", "styleguide"):
        app.register_blueprint(import_module(f"app.web.{name}.routes").blueprint)
    _add_probe(app)
    return app


def _signed_in_with_all_entries() -> dict[str, object]:
    """What a manufacturer's administrator has on top of the page, when the address asks for it."""
    if "many" not in (request.args if request else {}):
        return {}
    names = ["Leads", "Cockpit", "Direct queue", "Intake", "Partners", "Territories", "Products", "Accounts", "Audit"]
    return {
        "navigation": [NavigationItem(name, f"#{name}", name == "Cockpit", 7 * (name == "Intake")) for name in names],
        "account": Account("Jördis Weiß-Brandenburg", "Acme Drives International GmbH", "admin", (), "#out", True),
    }


def _add_probe(app: Flask) -> None:
    app.context_processor(_signed_in_with_all_entries)
    statuses: list[int] = []
    app.extensions["polled_statuses"] = statuses

    @app.get("/probe")
    def probe() -> str:
        return render_template_string(PROBE)

    @app.get("/answer")
    def answer() -> str:
        again = f'<button id="again" hx-get="/answer" hx-target="#answer" {hx()}>again</button>'
        return f'<p id="answer">answered {again}</p>'

    @app.get("/news")
    def news() -> ResponseReturnValue:
        response = polled("v1", lambda: f'<div id="news" data-poll hx-get="/news" hx-trigger="look" {hx()}>new</div>')
        statuses.append(response.status_code)
        return response

    @app.post("/write")
    def write() -> str:
        return f'<p id="written">{request.headers.get("HX-Request")}</p>'

    @app.get("/fault")
    def fault() -> ResponseReturnValue:
        return "<p>traceback</p>", 500


@pytest.fixture(scope="module")
def address(frame: Flask, serve: Serve) -> Iterator[str]:
    with serve(frame) as url:
        yield url


@pytest.fixture
def probe(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/probe")
    page.wait_for_selector("#ours[data-htmx-powered]")
    yield page
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_style_guide_is_accessible_and_fits(browser: Browser, address: str, width: int, theme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/styleguide")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page).response
    assert found["passes"]
    assert not found["violations"], found["violations"]
    assert not complaints
    context.close()


@pytest.mark.parametrize("element", ["bare", "forged"])
def test_htmx_without_the_nonce_is_dead(probe: Page, element: str) -> None:
    asked: list[str] = []
    probe.on("request", lambda sent: asked.append(sent.url) if sent.url.endswith("/answer") else None)
    probe.click(f"#{element}")
    probe.click("#ours")
    expect(probe.locator("#answer")).to_contain_text("answered")
    expect(probe.locator("#stolen")).to_be_empty()
    assert len(asked) == 1


def test_htmx_with_the_nonce_works_and_so_does_what_it_brings(probe: Page) -> None:
    probe.click("#ours")
    with probe.expect_response("**/answer") as answered:
        probe.click("#again")
    assert answered.value.ok


def test_inline_scripts_and_styles_do_nothing(probe: Page) -> None:
    probe.evaluate(
        """() => { const box = document.createElement('div');
        box.innerHTML = '<p id="styled" style="color: red">x</p><img src="data:," onerror="window.taken = 1">';
        document.body.append(box); const script = document.createElement('script');
        script.textContent = 'window.taken = 1'; document.body.append(script); }"""
    )
    assert probe.evaluate("window.taken") is None
    assert probe.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"


def test_polled_region_is_redrawn_once_then_not_modified(frame: Flask, probe: Page) -> None:
    statuses = frame.extensions["polled_statuses"]
    statuses.clear()
    for _ in range(2):
        with probe.expect_response("**/news"):
            probe.evaluate("document.getElementById('news').dispatchEvent(new Event('look'))")
        expect(probe.locator("#news")).to_have_text("new")
    assert statuses == [200, 304]


def test_token_of_the_page_reaches_the_write(probe: Page) -> None:
    probe.click("#write button")
    expect(probe.locator("#written")).to_have_text("true")


def test_fault_is_told_in_the_status_region_and_never_drawn(probe: Page) -> None:
    probe.click("#faulty")
    expect(probe.locator("#status")).to_contain_text("nothing was saved")
    expect(probe.locator("#faulty")).to_be_visible()


def test_keys_walk_the_rows_until_switched_off(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/styleguide")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#lead-2-link")).to_be_focused()
    page.keyboard.press("?")
    page.locator("#shortcuts-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(page.locator("#lead-2")).to_have_class("lead current")
    page.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_header_with_every_entry_fits_and_opens(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{address}/styleguide?many")
    for menu in ("#user-menu", "#main-menu")[: 2 if width < 1000 else 1]:
        page.click(f"{menu} > summary")
        panel = page.locator(f"{menu} > .panel").bounding_box()
        assert panel
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= width
        assert not Axe().run(page, context="header").response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    page.close()


def test_error_page_says_what_to_do_and_is_accessible(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(f"{address}/no-such-page")
    expect(page.locator("#error")).to_contain_text("Check the address")
    assert not Axe().run(page).response["violations"]
    page.close()


def test_fault_page_is_drawn_when_the_person_cannot_be_loaded(frame: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(login_manager, "_request_callback", fail)
    answer = frame.test_client().get("/styleguide")
    assert answer.status_code == 500
    assert 'data-status="500"' in answer.text
    assert "ConnectionError" not in answer.text


def test_write_sent_from_another_site_is_refused(frame: Flask) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert frame.test_client().post("/theme", headers=headers, data={"theme": "dark"}).status_code in (400, 403)


def test_theme_is_chosen_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/styleguide")
    page.click("#user-menu > summary")
    page.click("button[value=dark]")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/styleguide")
    context.close()
