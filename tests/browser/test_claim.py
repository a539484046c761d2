"""The main road in real browsers: published, seen by polling, claimed by one, gone for the other; and scriptless."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.models import Lead, Organisation
from app.services import intake
from app.services.identity.passwords import hash_password
from app.services.lead_routing import route_received_leads
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.browser.conftest import signed_in
from tests.cast import Cast

PASSWORD = "quiet-lantern-over-water"
WORDING = "Acme may hand my request to one of its partners, who may call me about it."
POLLING_MILLISECONDS = 12_500
SLOW_AS_A_PERSON = 3_100  # Milliseconds: whoever is faster waits in quarantine.
PHONE = {"width": 360, "height": 740}


def let_time_pass(page: Page) -> None:
    """Let the page's own timers run until it has asked for news once more."""
    with page.expect_response(lambda answer: "/board/news" in answer.url):
        page.clock.run_for(POLLING_MILLISECONDS)


def row(page: Page, offer_id: object) -> str:
    return f"#offer-{offer_id}"


@pytest.mark.covers("B-01", "B-03", "B-06")
def test_a_new_lead_appears_one_claims_it_and_the_other_sees_it_taken(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    nora = signed_in(app, browser, home, cast, "nora").new_page()
    kenji = signed_in(app, browser, home, cast, "kenji").new_page()
    for page in (nora, kenji):
        page.clock.install()
        page.goto(f"{home}/board")
        expect(page.get_by_text("No lead waits for you")).to_be_visible()

    lead = put_on_board(committed, cast)
    offers = {name: offer_to(committed, lead, cast.partnerships[name]).id for name in ("nordwind", "kansai")}
    for page in (nora, kenji):
        let_time_pass(page)
        expect(page.locator("[data-offer]")).to_have_count(0)
        page.get_by_role("link", name="1 new lead – show").click()
        expect(page.get_by_role("heading", name="1 lead you can claim")).to_be_visible()

    nora.get_by_role("button", name="Claim").click()
    mine = nora.locator(row(nora, offers["nordwind"]))
    expect(mine).to_contain_text("Yours: contact by")
    expect(nora.get_by_role("heading", name="No leads you can claim")).to_be_visible()
    expect(mine).to_contain_text("Katrin Vogel")
    expect(nora.locator(":focus")).to_contain_text("Yours: contact by")
    expect(nora.locator("#board-standing")).to_contain_text("You hold 1 of 5 open claims · 1 of 10 today")

    let_time_pass(kenji)
    gone = kenji.locator(row(kenji, offers["kansai"]))
    expect(gone).to_contain_text("by another partner")
    expect(gone.get_by_role("button", name="Claim")).to_have_count(0)
    expect(kenji.locator("body")).not_to_contain_text("Nordwind")
    expect(kenji.locator("body")).not_to_contain_text("Katrin")


@pytest.mark.covers("B-06")
def test_who_comes_too_late_is_told_in_the_row(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    lead = put_on_board(committed, cast)
    other = put_on_board(committed, cast)
    mine = offer_to(committed, lead, cast.partnerships["kansai"]).id
    pages = {name: signed_in(app, browser, home, cast, name, viewport=PHONE).new_page() for name in ("nora", "kenji")}
    for page in pages.values():
        page.goto(f"{home}/board")
    nora, kenji = pages["nora"], pages["kenji"]
    taken = row(nora, offer_to(committed, lead, cast.partnerships["nordwind"]).id)
    button = nora.locator(f"{taken}-act")
    assert button.bounding_box()["width"] > PHONE["width"] * 0.7  # type: ignore[index]
    button.click()
    expect(nora.locator(taken)).to_contain_text("Yours")

    kenji.locator(f"{row(kenji, mine)}-act").click()
    late = kenji.locator(row(kenji, mine))
    expect(late).to_contain_text("by another partner")
    expect(late).to_contain_text("Similar:")
    expect(late.get_by_role("alert")).to_be_focused()
    similar = offer_to(committed, other, cast.partnerships["kansai"]).id
    late.locator(f'a[href="/offers/{similar}"]').click()
    expect(kenji.get_by_role("button", name="Decline")).to_be_visible()


def test_keys_lead_through_the_board(app: Flask, browser: Browser, home: str, committed: Session, cast: Cast) -> None:
    leads = [put_on_board(committed, cast) for _ in range(2)]
    nora = signed_in(app, browser, home, cast, "nora").new_page()
    nora.goto(f"{home}/board")
    second = offer_to(committed, leads[1], cast.partnerships["nordwind"]).id
    nora.keyboard.press("j")
    nora.keyboard.press("j")
    expect(nora.locator(".current")).to_have_attribute("data-offer", str(second))
    nora.keyboard.press("c")
    expect(nora.locator(row(nora, second))).to_contain_text("Yours: contact by")


def test_what_was_on_the_screen_is_noted(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    offer = offer_to(committed, put_on_board(committed, cast), cast.partnerships["nordwind"])
    assert offer.seen_at is None
    nora = signed_in(app, browser, home, cast, "nora").new_page()
    with nora.expect_response(lambda answer: answer.url.endswith("/offers/seen")):
        nora.goto(f"{home}/board")
    committed.refresh(offer)
    assert offer.seen_at is not None


@pytest.fixture
def form_address(home: str, committed: Session, cast: Cast) -> str:
    """Acme's hosted form; every lead from it may go to partners at once."""
    actor = cast.viewer("ada")
    intake.write_consent_wording(actor=actor, wordings={"en": WORDING})
    values = intake.FormValues(title="Talk to us", product_line_ids=(cast.products["pump"].id,))
    intake.create_form(actor=actor, slug="talk", values=values)
    return f"{home}/f/talk"


def fill_in(page: Page) -> None:
    """What a prospect says."""
    page.get_by_label("Industrial pumps").check()
    answers = {
        "given_name": "Katrin",
        "family_name": "Vogel",
        "company": "Hofmann GmbH",
        "job_title": "CEO",
        "email": "katrin@hofmann.example",
        "phone": "+49 89 123456",
        "postal_code": "80331",
        "city": "München",
    }
    for name, value in answers.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=country]").select_option("DE")
    page.locator("[name=agreed]").check()


@pytest.mark.covers("B-01", "B-03", "K-01")
def test_the_whole_road_without_a_script(
    browser: Browser, home: str, committed: Session, cast: Cast, form_address: str
) -> None:
    cast.people["nora"].password_hash = hash_password(PASSWORD)
    committed.get_one(Organisation, cast.nordwind.id).time_zone = "Europe/Berlin"
    committed.commit()
    prospect = browser.new_context(java_script_enabled=False).new_page()
    prospect.goto(form_address)
    fill_in(prospect)
    prospect.wait_for_timeout(SLOW_AS_A_PERSON)
    prospect.get_by_role("button", name="Send request").click()
    assert "/thanks" in prospect.url
    assert route_received_leads() == 1

    nora = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    nora.goto(f"{home}/board")
    nora.get_by_label("E-mail").fill(cast.people["nora"].email)
    nora.get_by_label("Password", exact=True).fill(PASSWORD)
    nora.get_by_role("button", name="Log in").click()
    assert nora.url == f"{home}/board"
    expect(nora.get_by_role("heading", name="1 lead you can claim")).to_be_visible()
    expect(nora.locator("body")).not_to_contain_text("Hofmann")
    nora.get_by_role("link", name="Industrial pumps").click()
    expect(nora.get_by_text("Hidden until you claim")).to_be_visible()
    nora.get_by_role("button", name="Claim").click()
    lead = committed.query(Lead).one()
    assert nora.url == f"{home}/leads/{lead.id}"
    expect(nora.get_by_text("Hofmann GmbH").first).to_be_visible()
    nora.get_by_role("button", name="Reached", exact=True).click()
    expect(nora.get_by_text("1 · 1").first).to_be_visible()
    nora.goto(f"{home}/board")
    expect(nora.get_by_text("Contacted", exact=False).first).to_be_visible()


def test_a_logged_contact_is_confirmed_where_the_reader_is(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    lead = factories.lead(committed, cast.acme, [cast.products["pump"]])
    factories.assignment(committed, lead, partnership=cast.partnerships["nordwind"])
    page = signed_in(app, browser, home, cast, "nora", viewport=PHONE).new_page()
    committed.commit()
    page.clock.install()
    page.goto(f"{home}/leads/{lead.id}")
    button = page.get_by_role("button", name="Not reached")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")

    button.click()
    expect(page.locator("#status")).to_have_text("Contact logged.")
    assert page.evaluate("scrollY") == before
    page.clock.run_for(7_000)
    expect(page.locator("#status")).to_be_empty()
