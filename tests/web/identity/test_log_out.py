"""Logging out ends the session itself, not only this browser's cookie."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.models import Event
from tests.browsing import HTMX, Browse


def test_works(browse: Browse, session: Session) -> None:
    browser = browse("nora")
    answer = browser.post("/log-out")
    assert (answer.status_code, answer.location) == (303, "/log-in")
    assert browser.get("/people").location == "/log-in?next=/people"
    assert EventKind.LOGGED_OUT in session.scalars(select(Event.kind)).all()


def test_a_copied_cookie_is_dead(browse: Browse) -> None:
    browser, thief = browse("nora"), browse(None)
    with browser.session_transaction() as cookie, thief.session_transaction() as copied:
        copied.update(cookie)
    assert thief.get("/people").status_code == 200
    browser.post("/log-out")
    assert thief.get("/people").status_code == 303


def test_htmx_is_told_where_to_go(browse: Browse) -> None:
    assert browse("nora").post("/log-out", headers=HTMX).headers["HX-Redirect"] == "/log-in"


def test_anonymous(browse: Browse) -> None:
    assert browse(None).post("/log-out").location == "/log-in"


def test_a_link_cannot_log_out(browse: Browse) -> None:
    assert browse("nora").get("/log-out").status_code == 405
