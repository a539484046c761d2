"""Handing a lead back on a phone, with and without scripts, and taking it back; being away in two taps."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.browser.conftest import signed_in
from tests.cast import Cast

PHONE = {"width": 320, "height": 640}


@pytest.mark.covers("W-06")
@pytest.mark.parametrize("has_script", [True, False])
def test_a_lead_is_returned_and_taken_back_on_a_phone(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast, has_script: bool
) -> None:
    lead = put_on_board(committed, cast)
    claim_offer(offer_id=offer_to(committed, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    page = signed_in(app, browser, home, cast, "nora", viewport=PHONE, java_script_enabled=has_script).new_page()
    page.goto(f"{home}/leads/{lead.id}")
    page.locator("#return-more summary").click()
    page.get_by_label("Asks for another product").check()
    page.get_by_role("button", name="Return the lead").click()
    expect(page.get_by_role("heading", name="The lead is returned")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Vogel")
    expect(page).to_have_url(f"{home}/leads/{lead.id}/returned")
    expect(page).to_have_title(re.compile("^Returned: "))
    if has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="To your leads").click()
    page.get_by_role("button", name=f"Take {lead.reference} back").click()
    expect(page.locator("body")).to_contain_text("Katrin Vogel")
    expect(page).to_have_url(f"{home}/leads/{lead.id}")


@pytest.mark.covers("T-15")
@pytest.mark.parametrize("has_script", [True, False])
def test_two_taps_on_the_board_pause_it_and_one_ends_that(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast, has_script: bool
) -> None:
    put_on_board(committed, cast)
    page = signed_in(app, browser, home, cast, "nora", viewport=PHONE, java_script_enabled=has_script).new_page()
    page.goto(f"{home}/board")
    page.locator("#away-menu summary").click()
    page.get_by_role("button", name="Not this week").click()
    expect(page.locator("#board-away")).to_contain_text("You are away: Not this week")
    page.get_by_role("button", name="I'm back").click()
    expect(page.locator("#board-away")).to_have_count(0)
