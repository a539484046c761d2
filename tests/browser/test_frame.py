"""The frame of every page on a real screen: one row of navigation, menus that stay on it, nothing covered."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import put_on_board
from tests.browser.conftest import signed_in
from tests.cast import Cast

ONE_ROW = 60


def header_height(page: Page) -> float:
    box = page.locator("header.bar").bounding_box()
    assert box is not None
    return box["height"]


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_the_navigation_takes_one_row_in_every_language(
    app: Flask, committed: Session, browser: Browser, home: str, cast: Cast, language: str
) -> None:
    for name, page_of in (("ada", "/leads"), ("nora", "/board")):
        cast.people[name].language = language
        committed.commit()
        with signed_in(app, browser, home, cast, name) as context:
            page = context.new_page()
            page.goto(home + page_of)
            for width in (320, 390, 768, 1024, 1216, 1280):
                page.set_viewport_size({"width": width, "height": 700})
                assert header_height(page) <= ONE_ROW, f"{name} at {width}"


def test_rarer_pages_wait_under_more_which_says_that_one_of_them_is_open(
    app: Flask, browser: Browser, home: str, cast: Cast
) -> None:
    with signed_in(app, browser, home, cast, "ada", viewport={"width": 1280, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{home}/territories")
        expect(page.locator("#more-menu > summary")).to_have_attribute("aria-current", "true")
        expect(page.locator("#more-menu .panel")).to_be_hidden()
        page.click("#more-menu > summary")
        page.click("#more-menu a[href='/people']")
        page.wait_for_url("**/people")


@pytest.mark.parametrize("width", [320, 390])
def test_every_menu_of_the_board_opens_on_the_phones_screen(
    app: Flask, committed: Session, browser: Browser, home: str, cast: Cast, width: int
) -> None:
    put_on_board(committed, cast)
    with signed_in(app, browser, home, cast, "nora", viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{home}/board")
        menus = page.locator("details.menu:visible")
        assert {"main-menu", "away-menu", "user-menu"} <= {menu.get_attribute("id") for menu in menus.all()}
        for menu in menus.all():
            menu.locator("> summary").click()
            panel = menu.locator("> .panel").bounding_box()
            assert panel is not None
            assert panel["x"] >= 0
            assert panel["x"] + panel["width"] <= width
            menu.evaluate("menu => { menu.open = false; }")


def test_the_bar_of_the_ticked_leads_covers_nothing_until_one_is_ticked(
    app: Flask, committed: Session, browser: Browser, home: str, cast: Cast
) -> None:
    leads = [factories.lead(committed, cast.acme, [cast.products["pump"]], country="FR") for _number in range(8)]
    committed.commit()
    for lead in leads:
        route_lead(lead_id=lead.id)
    with signed_in(app, browser, home, cast, "carl", viewport={"width": 320, "height": 600}) as context:
        page = context.new_page()
        page.goto(f"{home}/slipping")
        expect(page.locator("#reassign")).not_to_be_in_viewport()
        page.check(f"#lead-{leads[0].id}-tick")
        expect(page.locator("#reassign")).to_be_in_viewport()


def test_a_long_sentence_in_a_table_takes_the_whole_width_of_a_phone(
    app: Flask, browser: Browser, home: str, cast: Cast
) -> None:
    with signed_in(app, browser, home, cast, "ada", viewport={"width": 320, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{home}/plan")
        cell = page.locator("td[data-label]").first
        said, around = cell.locator("> :first-child").bounding_box(), cell.bounding_box()
        assert said is not None and around is not None
        assert said["width"] > around["width"] * 0.9
