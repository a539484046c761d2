"""Being signed in: read anew with every request, until it ends."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import Role
from app.models import AuthSession
from app.services import identity
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine


def test_a_changed_role_counts_from_the_next_request(browse: Browse, cast: Cast) -> None:
    browser = browse("nora")
    assert browser.get("/people").status_code == 200
    cast.people["nora"].role = Role.PARTNER_SALES
    assert browser.get("/people").status_code == 403


def test_a_disabled_person_is_out_with_the_next_request(browse: Browse, cast: Cast) -> None:
    browser = browse("nils")
    assert browser.get("/account/settings").status_code == 200
    identity.disable_user(user_id=cast.people["nils"].id, actor=cast.viewer("nora"))
    assert browser.get("/account/settings").status_code == 303


def test_idles_out_after_fourteen_days(browse: Browse, clock: TimeMachine) -> None:
    browser = browse("nora")
    clock.pass_time(days=13)
    assert browser.get("/account/settings").status_code == 200
    clock.pass_time(days=13)
    assert browser.get("/account/settings").status_code == 200
    clock.pass_time(days=14, seconds=1)
    assert browser.get("/account/settings").status_code == 303


def test_ends_after_ninety_days_however_busy(browse: Browse, clock: TimeMachine) -> None:
    browser = browse("nora")
    for _ in range(8):
        clock.pass_time(days=11)
        assert browser.get("/account/settings").status_code == 200
    clock.pass_time(days=3)
    assert browser.get("/account/settings").status_code == 303


def test_last_seen_is_written_at_most_once_a_minute(browse: Browse, clock: TimeMachine, session: Session) -> None:
    browser = browse("nora")
    began = session.scalars(select(AuthSession.last_seen_at)).one()
    clock.pass_time(seconds=50)
    browser.get("/account/settings")
    assert session.scalars(select(AuthSession.last_seen_at)).one() == began
    clock.pass_time(seconds=20)
    browser.get("/account/settings")
    seen = session.scalars(select(AuthSession.last_seen_at)).one()
    assert seen > began
    browser.get("/account/settings")
    assert session.scalars(select(AuthSession.last_seen_at)).one() == seen


def test_an_unknown_token_is_nobody(browse: Browse) -> None:
    browser = browse(None)
    with browser.session_transaction() as cookie:
        cookie["auth_token"] = "guessed"
    assert browser.get("/account/settings").status_code == 303


def test_the_api_does_not_take_the_cookie(browse: Browse) -> None:
    answer = browse("nora").get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
