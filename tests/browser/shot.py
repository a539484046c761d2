"""`make shot`: pictures of the main screens of a freshly seeded demo, light, dark and on a phone, in `var/shots/`.

`--readme` also puts the board's picture where the README shows it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flask import Flask
from playwright.sync_api import Browser, FloatRect, Page
from sqlalchemy import select
from sqlalchemy.orm import aliased

from app import create_app
from app.cli.demo import seed_demo
from app.config import CHECKOUT, load_config
from app.database import db
from app.domain.identity import OrganisationKind, Viewer
from app.models import Lead, Offer, User
from app.services.claims import claim_offer
from app.services.identity import start_session
from bench.installation import installation
from tests.browser.conftest import chromium, serving

SHOTS = CHECKOUT / "var" / "shots"
README_SHOT = ("board", "light")
README_CLIP: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 1010}
README_PICTURE = CHECKOUT / "docs" / "board.png"
LOOKS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (320, "light")}
PARTNER, MANUFACTURER, NOBODY = "nora@nordwind.example", "ada@acme.example", ""
LIST = """Firma;E-Mail;Land;PLZ;Produkt;Budget;Einwilligung
Neumann Anlagenbau KG;a.neumann@neumann.example;Deutschland;20095;Servo drives;38.000,00 €;ja
Holm & Söhne;post@holm.example;Deutschland;24103;Gear motors;12.500 €;ja
Ohne Ort;;;;Servo drives;;
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: whose, of which page, and what is done there first."""

    name: str
    person: str
    path: str
    act: Callable[[Page], None] = lambda page: None


def claim_first(page: Page) -> None:
    """Claim the first lead of the board."""
    page.locator(".lead[data-offer] button.primary").first.click()
    page.get_by_text("Yours: contact by").wait_for()


def claim_too_late(page: Page) -> None:
    """Claim a lead that somebody else has taken since the page was loaded."""
    offer_id = _take_from_under(PARTNER)
    page.locator(f"#offer-{offer_id} button.primary").click()
    page.wait_for_selector(f"#offer-{offer_id}.gone")
    page.locator(f"#offer-{offer_id}").scroll_into_view_if_needed()


def open_first(selector: str) -> Callable[[Page], None]:
    """Follow the first link found."""

    def follow(page: Page) -> None:
        page.goto(page.locator(selector).first.evaluate("link => link.href"))

    return follow


def open_routing(page: Page) -> None:
    """From the list of leads to how one was routed."""
    open_first("main table a[href*='/leads/']")(page)
    open_first("main a[href$='/routing']")(page)


def move_ticked(page: Page) -> None:
    """Tick the first leads that slip through, and look where the plan would take them."""
    for tick in page.locator("main input[name=lead]").all()[:3]:
        tick.check()
    page.click("#reassign-go")
    page.check("#to-plan")
    page.click("#taker-go")


def upload_list(page: Page) -> None:
    """Upload a file, up to its preview."""
    page.set_input_files("input[type=file]", {"name": "messe.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()


SCREENS = (
    Screen("log-in", NOBODY, "/log-in"),
    Screen("personas", NOBODY, "/demo"),
    Screen("mailbox", NOBODY, "/demo/mailbox"),
    Screen("form", NOBODY, "/f/acme-drives"),
    Screen("board", PARTNER, "/board"),
    Screen("offer", PARTNER, "/board", open_first(".lead[data-offer] h3 a")),
    Screen("claim-won", PARTNER, "/board", claim_first),
    Screen("claim-lost", PARTNER, "/board", claim_too_late),
    Screen("saved-views", PARTNER, "/board/views"),
    Screen("leads-of-a-partner", PARTNER, "/leads"),
    Screen("lead-of-a-partner", PARTNER, "/leads", open_first("main a[href*='/leads/']")),
    Screen("leads", MANUFACTURER, "/leads"),
    Screen("lead", MANUFACTURER, "/leads", open_first("main a[href*='/leads/']")),
    Screen("routing", MANUFACTURER, "/leads", open_routing),
    Screen("reviews", MANUFACTURER, "/reviews?reason=near_match"),
    Screen("review", MANUFACTURER, "/reviews?reason=nobody_eligible"),
    Screen("slipping", MANUFACTURER, "/slipping"),
    Screen("move-leads", MANUFACTURER, "/slipping", move_ticked),
    Screen("procedure", MANUFACTURER, "/plan/procedure"),
    Screen("plan", MANUFACTURER, "/plan"),
    Screen("plan-edit", MANUFACTURER, "/plan/edit"),
    Screen("rules", MANUFACTURER, "/plan/rules"),
    Screen("rule", MANUFACTURER, "/plan/rules/new"),
    Screen("simulation", MANUFACTURER, "/plan/simulation"),
    Screen("working-time", PARTNER, "/account/working-time"),
    Screen("response-score", PARTNER, "/response-score"),
    Screen("away", PARTNER, "/account/absences"),
    Screen("link-by-pattern", MANUFACTURER, "/reviews/bulk-link"),
    Screen("direct-queue", MANUFACTURER, "/direct-queue"),
    Screen("intake", MANUFACTURER, "/intake"),
    Screen("quarantine", MANUFACTURER, "/intake/quarantine"),
    Screen("import", MANUFACTURER, "/intake/imports/new", upload_list),
    Screen("partners", MANUFACTURER, "/partners"),
    Screen("partner", MANUFACTURER, "/partners", open_first("main table a[href*='/partners/']")),
    Screen("territories", MANUFACTURER, "/territories"),
    Screen("products", MANUFACTURER, "/products"),
    Screen("accounts", MANUFACTURER, "/accounts"),
    Screen(
        "account", MANUFACTURER, "/accounts?q=Nordlicht+Windkraft+AG", open_first("main table a[href*='/accounts/']")
    ),
    Screen("audit", MANUFACTURER, "/audit"),
    Screen("people", MANUFACTURER, "/people"),
    Screen("settings", MANUFACTURER, "/settings"),
)


def main(*, is_for_readme: bool) -> None:
    """Seed a demo of its own, take every picture in every look, and leave nothing behind but them."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    with installation() as made:
        app = create_app(load_config({**made.environment, "PULLBOARD_DEMO": "1"}))
        seed_demo(app)
        with app.app_context(), serving(app) as home, chromium() as browser:
            for screen in SCREENS:
                take(app, browser, home, screen)
            db.session.remove()
            db.engine.dispose()
    if is_for_readme:
        shutil.copyfile(SHOTS / README_PICTURE.name, README_PICTURE)
    print(f"shots: {len(SCREENS) * len(LOOKS)} pictures in {SHOTS.relative_to(CHECKOUT)}/")  # noqa: T201


def take(app: Flask, browser: Browser, home: str, screen: Screen) -> None:
    """One page in every look, each picture as high as the page is."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    if screen.person:
        context.add_cookies(
            [{"name": app.config["SESSION_COOKIE_NAME"], "value": _cookie(app, screen.person), "url": home}]
        )
    page = context.new_page()
    page.goto(home + screen.path)
    screen.act(page)
    page.evaluate("scrollTo(0, 0)")
    for look, (width, theme) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.screenshot(path=SHOTS / f"{screen.name}-{look}.png", full_page=True)
        if (screen.name, look) == README_SHOT:
            page.screenshot(path=SHOTS / README_PICTURE.name, clip=README_CLIP, full_page=True)
    context.close()


@cache
def _cookie(app: Flask, person: str) -> str:
    """The cookie of the one session a person has for all pictures."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["auth_token"] = start_session(_user(person).id)
        cookie.permanent = True
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept
    return kept.value


def _user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def _take_from_under(email: str) -> object:
    """Have another partner claim a lead that the person's board offers; the person's own offer of it."""
    theirs = aliased(Offer)
    both = (
        select(Offer.id, theirs.id, theirs.partner_id)
        .join(theirs, theirs.round_id == Offer.round_id)
        .join(Lead, Lead.id == Offer.lead_id)
        .where(
            Offer.partner_id == _user(email).organisation_id,
            theirs.partner_id != Offer.partner_id,
            Offer.answer.is_(None),
            theirs.answer.is_(None),
        )
        .order_by(Offer.expires_at)
    )
    own_id, offer_id, partner_id = db.session.execute(both).first() or (None, None, None)
    assert own_id, "no lead is offered to two partners"
    user = db.session.scalars(select(User).where(User.organisation_id == partner_id)).first()
    assert user
    actor = Viewer(user.id, partner_id, OrganisationKind.PARTNER, user.role)
    db.session.commit()
    claim_offer(offer_id=offer_id, actor=actor)
    return own_id


if __name__ == "__main__":
    main(is_for_readme="--readme" in sys.argv[1:])
