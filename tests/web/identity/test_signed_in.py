"""Being signed in: read anew with every request, until it ends."""

from __future__ import annotations

from flask import Response, request
from flask import session as request_cookie
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import Role
from app.models import ApiKey, AuthSession
from app.services import identity
from app.web.identity.session import keep_alive, load_person
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


def test_the_api_takes_keys_and_pages_take_cookies(browse: Browse, cast: Cast) -> None:
    browser = browse("nils")
    key = identity.create_api_key(name="CRM", scopes=["board"], actor=cast.viewer("nora"))
    headers = {"Authorization": f"Bearer {key.secret}"}
    app = browser.application
    with browser.session_transaction() as cookie:
        signed_in = dict(cookie)

    def caller(path: str) -> str | None:
        with app.test_request_context(path, headers=headers):
            request_cookie.update(signed_in)
            person = load_person(request)
            return person.name if person else None

    assert caller("/api/v1/board") == "Nora"
    assert caller("/board") == "Nils"
    headers.clear()
    assert caller("/api/v1/board") is None


def test_a_keys_use_is_remembered(browse: Browse, cast: Cast, session: Session) -> None:
    key = identity.create_api_key(name="CRM", scopes=["board"], actor=cast.viewer("nora"))
    with browse(None).application.test_request_context(
        "/api/v1/board", headers={"Authorization": f"Bearer {key.secret}"}
    ):
        load_person(request)
        keep_alive(Response())
    session.expire_all()
    assert session.get_one(ApiKey, key.id).last_used_at is not None


def test_a_bad_key_is_nobody(browse: Browse) -> None:
    app = browse(None).application
    for given in ("Bearer pb_guessed", "Bearer", "Basic bm9yYTpub3Jh", "pb_guessed"):
        with app.test_request_context("/api/v1/board", headers={"Authorization": given}):
            assert load_person(request) is None
