"""Signing in as a persona with one click, in demo mode and nowhere else."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AuthSession
from tests.browsing import Browse
from tests.web.demo.conftest import STRANGER


def test_lists_the_personas_that_are_there_and_what_to_try(visitor: FlaskClient) -> None:
    page = visitor.get("/demo").text
    assert "Sign in as Nora" in page
    assert "Claim a lead from the board" in page
    assert STRANGER not in page


def test_one_click_signs_in_and_begins_the_day(visitor: FlaskClient) -> None:
    answer = visitor.post("/demo/sign-in", data={"email": "nora@nordwind.example"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/").location == "/board"
    assert "Nora" in visitor.get("/board").text


def test_another_click_changes_sides(visitor: FlaskClient) -> None:
    for email, page in (("nora@nordwind.example", "/board"), ("ada@acme.example", "/set-up")):
        visitor.post("/demo/sign-in", data={"email": email})
        assert visitor.get("/").location == page


def test_htmx_is_told_where_to_go(visitor: FlaskClient) -> None:
    answer = visitor.post("/demo/sign-in", data={"email": "nora@nordwind.example"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/")


def test_nobody_but_a_persona_can_be_become(visitor: FlaskClient, committed: Session) -> None:
    for email in (STRANGER, "nobody@nordwind.example", ""):
        assert visitor.post("/demo/sign-in", data={"email": email}).status_code == 404
    assert committed.scalars(select(func.count()).select_from(AuthSession)).one() == 0


def test_another_site_cannot_sign_a_visitor_in(visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/demo/sign-in", data={"email": "nora@nordwind.example"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_every_page_leads_back_to_the_personas_and_the_mailbox(visitor: FlaskClient) -> None:
    assert visitor.get("/").location == "/demo"
    for page in ("/log-in", "/demo"):
        assert 'href="/demo"' in visitor.get(page).text
        assert 'href="/demo/mailbox"' in visitor.get(page).text


def test_outside_demo_mode_none_of_it_exists(browse: Browse, cast: object) -> None:
    for name in (None, "ada"):
        browser = browse(name)
        assert browser.get("/demo").status_code == 404
        assert browser.get("/demo/mailbox").status_code == 404
        assert browser.post("/demo/sign-in", data={"email": "nora@nordwind.example"}).status_code == 404
    assert "/demo" not in browse(None).get("/log-in").text
