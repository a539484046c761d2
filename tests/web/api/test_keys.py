"""Who gets in: keys, never cookies; within their scopes; no longer than they and their person last."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app.database import db
from app.extensions import limiter
from app.models import ApiKey, Lead, User
from app.services.identity import disable_user, revoke_api_key
from app.web.access import allowed_roles, api_scopes
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.web.api.conftest import API, Programs, is_problem


def test_without_a_key_it_says_how_to_send_one(program: Programs) -> None:
    answer = program(None).get("/board")
    assert is_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_opens_nothing_here(browse: Browse) -> None:
    browser = browse("nora")
    assert browser.get("/board").status_code == 200
    assert browser.get(f"{API}/board").status_code == 401
    assert browser.post(f"{API}/leads").status_code == 401


def test_a_key_opens_no_page(app: Flask, program: Programs) -> None:
    asked = program("nora")
    answer = asked._browser.get("/board", headers=asked._headers)
    assert answer.status_code == 303


def test_a_write_by_key_needs_no_token_against_forged_forms(
    app: Flask, program: Programs, session: Session, cast: Cast
) -> None:
    offer = offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert program("nora").post(f"/offers/{offer.id}/claim").status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_revoked_key_is_no_key(program: Programs, session: Session, cast: Cast) -> None:
    nora = program("nora")
    assert nora.get("/board").status_code == 200
    revoke_api_key(key_id=session.scalars(select(ApiKey.id)).one(), actor=cast.viewer("nora"))
    assert is_problem(nora.get("/board"), 401, "unauthorized")


def test_a_disabled_person_has_no_key(program: Programs, session: Session, cast: Cast) -> None:
    nils = program("nils")
    assert nils.get("/board").status_code == 200
    disable_user(user_id=cast.people["nils"].id, actor=cast.viewer("nora"))
    assert is_problem(nils.get("/board"), 401, "unauthorized")


def test_a_key_does_no_more_than_its_scopes(program: Programs, session: Session, cast: Cast) -> None:
    offer = offer_to(session, put_on_board(session, cast), cast.partnerships["nordwind"])
    reader = program("nora", "board")
    assert reader.get("/board").status_code == 200
    for answer in (
        reader.post(f"/offers/{offer.id}/claim"),
        reader.post(f"/offers/{offer.id}/decline", {"reason": "no_capacity"}),
        reader.get("/leads"),
    ):
        assert is_problem(answer, 403, "forbidden")
    assert is_problem(program("nora", "claim").get("/board"), 403, "forbidden")
    assert is_problem(program("ada", "leads:read").post("/leads", {"consent": {"scope": "none"}}), 403, "forbidden")


def test_roles_still_bind(program: Programs, session: Session) -> None:
    vera = program("vera")
    assert vera.get("/leads").status_code == 200
    assert is_problem(vera.post("/leads", {"consent": {"scope": "none"}}), 403, "forbidden")
    session.execute(update(User).where(User.name == "Ines").values(role="viewer"))
    session.commit()
    assert is_problem(program("ada").get("/board"), 403, "forbidden")


def test_last_use_is_kept_once_a_minute(program: Programs, session: Session, clock: TimeMachine) -> None:
    nora = program("nora")

    def last_used() -> object:
        return session.scalars(select(ApiKey.last_used_at)).one()

    nora.get("/board")
    first = last_used()
    nora.get("/board")
    assert first is not None
    assert last_used() == first
    clock.pass_time(minutes=2)
    nora.get("/board")
    assert last_used() > first


def test_every_route_names_its_scopes(app: Flask) -> None:
    unscoped = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not api_scopes(app.view_functions[rule.endpoint])
    }
    assert unscoped == {"api_v1.document"}
    assert allowed_roles(app.view_functions["api_v1.document"]) is None


def test_too_many_requests_wait(app: Flask, program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = replace(app.extensions["config"], api_limit="2 per minute")
    monkeypatch.setitem(app.extensions, "config", narrow)
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    nora, kenji = program("nora"), program("kenji")
    assert [nora.get("/board").status_code for _ in range(3)] == [200, 200, 429]
    refused = nora.get("/leads")
    assert is_problem(refused, 429, "throttled")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert kenji.get("/board").status_code == 200


def test_a_claim_takes_three_statements(program: Programs, session: Session, cast: Cast) -> None:
    lead: Lead = put_on_board(session, cast)
    offer = offer_to(session, lead, cast.partnerships["nordwind"])
    claim = f"/offers/{offer.id}/claim"
    nora = program("nora")
    nora.get("/board")
    said: list[str] = []
    connection = db.engines[None]

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:
            said.append(statement)

    event.listen(connection, "before_cursor_execute", listen)
    try:
        assert nora.post(claim).status_code == 200
    finally:
        event.remove(connection, "before_cursor_execute", listen)
    assert len(said) == 3, said
