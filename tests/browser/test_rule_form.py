"""The form of a routing rule while it is filled in."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from sqlalchemy.orm import Session

from tests.browser.conftest import signed_in
from tests.cast import Cast


@pytest.mark.covers("T-22")
def test_choosing_a_field_loses_nothing_that_is_typed_meanwhile(
    app: Flask, browser: Browser, home: str, committed: Session, cast: Cast
) -> None:
    page = signed_in(app, browser, home, cast, "carl").new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{home}/plan/rules/new")
    typed = {"#if_value_1": "DE", "#if_value_2": "Medical devices", "#score": "70"}

    def type_before_it_answers(route: Route) -> None:
        for field, value in typed.items():
            page.locator(field).fill(value)
        route.continue_()

    page.route("**/plan/rules/new", type_before_it_answers)
    page.locator("#if_field_1").select_option("country")
    expect(page.locator("#rule-list-1 option")).not_to_have_count(0)
    for field, value in typed.items():
        expect(page.locator(field)).to_have_value(value)
    expect(page.locator("#score")).to_be_focused()
    assert problems == []
