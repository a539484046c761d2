"""A reviewer at work: ten near matches cleared by keyboard alone, one taken back, and all of it without a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.review import ReviewDecision
from app.models import Account, Lead, Review
from tests import factories
from tests.browser.conftest import Serve
from tests.browser.test_claim import signed_in
from tests.cast import Cast
from tests.reviews import ask_about

NEAR_MATCHES = 10
KEYS = "mnmapmnxmm"
"""What is pressed for each of the ten."""
MEANING = {
    "m": ReviewDecision.MATCHED,
    "n": ReviewDecision.NOT_THIS,
    "a": ReviewDecision.NEW_ACCOUNT,
    "x": ReviewDecision.DISQUALIFIED,
    "p": ReviewDecision.SENT_TO_PLAN,
}


@pytest.fixture
def home(app: Flask, committed_cast: Cast, serve: Serve) -> Iterator[str]:
    """The application with the cast, at an address of this machine."""
    with serve(app) as address:
        yield address


@pytest.fixture
def accounts(committed: Session, committed_cast: Cast) -> list[Account]:
    """Two accounts that look alike; the first is Nordwind's."""
    owner_id = committed_cast.partnerships["nordwind"].id
    first = factories.account(committed, committed_cast.acme, "Hofmann Präzision GmbH", owner_partnership_id=owner_id)
    return [first, factories.account(committed, committed_cast.acme, "Hofmann Präzisionsguss AG")]


@pytest.fixture
def reviews(committed: Session, committed_cast: Cast, accounts: list[Account]) -> list[int]:
    """Ten companies spelled nearly like them, in the order in which they are due."""
    asked = [
        ask_about(committed, committed_cast, *accounts, company=f"Hofman {place}", company_key=f"hofman {place}")
        for place in range(NEAR_MATCHES)
    ]
    return [review.id for review in asked]


def open_title(page: Page, place: int) -> None:
    """Wait until that question is open, and the focus on it."""
    expect(page.locator("#review-title")).to_have_text(f"Hofman {place}")
    expect(page.locator("#review-title")).to_be_focused()


@pytest.mark.covers("C-07", "P-10", "U-01")
def test_ten_near_matches_by_keyboard_alone(
    app: Flask, browser: Browser, home: str, committed: Session, committed_cast: Cast,
    accounts: list[Account], reviews: list[int],
) -> None:  # fmt: skip
    page = signed_in(app, browser, home, committed_cast, "ines").new_page()
    page.goto(f"{home}/reviews")
    expect(page.get_by_role("heading", name="10 questions wait for a person")).to_be_visible()
    for place, key in enumerate(KEYS):
        expect(page.locator("#review-title")).to_have_text(f"Hofman {place}")
        if place == 2:
            page.keyboard.press("2")
        page.keyboard.press(key)
        if place + 1 < NEAR_MATCHES:
            open_title(page, place + 1)
    expect(page.get_by_role("heading", name="No question waits for a person")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Hofman 9: It is this company.")
    assert page.url == f"{home}/reviews"

    committed.expire_all()
    decided = [committed.get_one(Review, review_id) for review_id in reviews]
    assert [one.decision for one in decided] == [MEANING[key] for key in KEYS]
    chosen = {one.id: one.account_id for one in decided if one.decision is ReviewDecision.MATCHED}
    assert chosen == {
        reviews[place]: accounts[1 if place == 2 else 0].id for place, key in enumerate(KEYS) if key == "m"
    }

    page.keyboard.press("u")
    open_title(page, 9)
    expect(page.get_by_role("heading", name="1 question waits for a person")).to_be_visible()
    committed.expire_all()
    assert committed.get_one(Review, reviews[9]).decision is None


def test_keys_move_through_the_list_and_type_in_fields(
    app: Flask, browser: Browser, home: str, committed: Session, committed_cast: Cast, reviews: list[int]
) -> None:
    page = signed_in(app, browser, home, committed_cast, "ines").new_page()
    page.goto(f"{home}/reviews")
    page.keyboard.press("j")
    open_title(page, 1)
    assert page.url == f"{home}/reviews/{reviews[1]}"
    page.keyboard.press("j")
    open_title(page, 2)
    page.keyboard.press("k")
    open_title(page, 1)
    page.keyboard.press("/")
    page.keyboard.type("manx")
    expect(page.locator("#review-search")).to_have_value("manx")
    expect(page.locator("#review-title")).to_have_text("Hofman 1")
    assert committed.scalars(select(Review.id).where(Review.decided_at.is_not(None))).all() == []


def test_the_second_reviewer_reads_what_the_first_decided(
    app: Flask, browser: Browser, home: str, committed: Session, committed_cast: Cast, reviews: list[int]
) -> None:
    pages = {name: signed_in(app, browser, home, committed_cast, name).new_page() for name in ("ines", "carl")}
    for page in pages.values():
        page.goto(f"{home}/reviews/{reviews[0]}")
    pages["ines"].keyboard.press("n")
    open_title(pages["ines"], 1)
    pages["carl"].keyboard.press("m")
    expect(pages["carl"].locator("#review-refused")).to_contain_text("Ines decided at")
    expect(pages["carl"].locator("#review-refused")).to_be_focused()
    pages["carl"].keyboard.press("j")
    open_title(pages["carl"], 1)


@pytest.mark.covers("C-07")
def test_it_works_without_a_script_on_a_phone(
    app: Flask, browser: Browser, home: str, committed: Session, committed_cast: Cast,
    accounts: list[Account], reviews: list[int],
) -> None:  # fmt: skip
    phone = {"width": 320, "height": 700}
    context = signed_in(app, browser, home, committed_cast, "ines", java_script_enabled=False, viewport=phone)
    page = context.new_page()
    page.goto(f"{home}/reviews")
    page.locator(f"#choose-{accounts[1].id}").check()
    page.get_by_role("button", name="Match", exact=False).first.click()
    expect(page.locator("#review-title")).to_have_text("Hofman 1")
    lead_id = committed.get_one(Review, reviews[0], populate_existing=True).lead_id
    assert committed.get_one(Lead, lead_id, populate_existing=True).account_id == accounts[1].id
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#review-title")).to_have_text("Hofman 0")
    for place in (1, 2):
        page.locator(f"#tick-{reviews[place]}").check()
    page.locator("#together-decision").select_option("not_this")
    page.get_by_role("button", name="Decide together").click()
    expect(page.get_by_text("2 leads: It is another company.")).to_be_visible()
