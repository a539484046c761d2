"""A lead of a known company, as its owner and its manufacturer see it: reserved, and why."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.services.lead_routing import route_lead
from tests import factories
from tests.browser.conftest import signed_in
from tests.cast import Cast

COMPANY = "Hofmann Präzision GmbH"


@pytest.mark.covers("P-01", "P-03", "A-01")
def test_both_sides_see_why_the_lead_is_reserved_to_its_owner(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    nordwind = cast.partnerships["nordwind"]
    factories.account(committed, cast.acme, COMPANY, "hofmann.example", owner_partnership_id=nordwind.id)
    lead = factories.lead(
        committed, cast.acme, [cast.products["pump"]], company=COMPANY, company_domain="hofmann.example"
    )
    committed.commit()
    route_lead(lead_id=lead.id)

    carl = signed_in(app, browser, home, cast, "carl").new_page()
    carl.goto(f"{home}/leads/{lead.id}/routing")
    expect(carl.locator("#lead-account")).to_contain_text(COMPANY)
    expect(carl.locator("#lead-account")).to_contain_text("A customer")
    expect(carl.locator("#rounds")).to_contain_text("Nordwind")

    kenji = signed_in(app, browser, home, cast, "kenji").new_page()
    kenji.goto(f"{home}/board")
    expect(kenji.get_by_text("No lead waits for you")).to_be_visible()

    nora = signed_in(app, browser, home, cast, "nora").new_page()
    nora.goto(f"{home}/board")
    card = nora.locator("[data-offer]")
    expect(card).to_contain_text("Reserved to you: this company is yours already")
    expect(nora.locator("body")).not_to_contain_text("Hofmann")
    card.get_by_role("button", name="Accept").click()
    expect(nora.get_by_text("Yours: contact by")).to_be_visible()
    nora.goto(f"{home}/leads/{lead.id}")
    expect(nora.locator("#lead-account")).to_contain_text(COMPANY)
    expect(nora.locator("#lead-account")).to_contain_text("A customer")
    expect(nora.locator("#lead-account")).not_to_contain_text("score")
