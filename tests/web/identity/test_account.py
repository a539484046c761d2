"""A person's own pages: settings, password, browsers, keys."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.models import ApiKey, AuthSession, Event
from app.services.identity.passwords import hash_password, is_password
from app.web.identity.browsers import browser_name
from tests.browsing import HTMX, Browse
from tests.cast import Cast

SETTINGS = {"name": "Nora N.", "language": "de", "time_zone": "Europe/Berlin", "is_shortcuts_on": "y"}
PASSWORD = "four words in a row"
WRITES = (
    "/account/settings",
    "/account/password",
    "/account/sessions/1/end",
    "/account/sessions/end-others",
    "/account/keys",
    "/account/keys/1/revoke",
)


def test_anonymous_goes_to_the_log_in_page(browse: Browse) -> None:
    for address in ("/account/settings", "/account/sessions", "/account/keys"):
        assert browse(None).get(address).location == f"/log-in?next={address}"
    for address in WRITES:
        assert browse(None).post(address).location == "/log-in"


@pytest.mark.parametrize("name", ["ada", "vera", "nils"])
def test_everybody_has_an_account(browse: Browse, name: str) -> None:
    for address in ("/account/settings", "/account/sessions", "/account/keys"):
        assert browse(name).get(address).status_code == 200


def test_settings(browse: Browse, cast: Cast) -> None:
    browser, nora = browse("nora"), cast.people["nora"]
    answer = browser.post("/account/settings", data=SETTINGS)
    assert (answer.status_code, answer.location) == (303, "/account/settings")
    assert (nora.name, nora.language, nora.time_zone, nora.is_shortcuts_on) == ("Nora N.", "de", "Europe/Berlin", True)
    assert '<html lang="de"' in browser.get("/account/settings").text


@pytest.mark.parametrize("wrong", [{"name": " "}, {"language": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_settings_that_cannot_be(browse: Browse, cast: Cast, wrong: dict[str, str]) -> None:
    answer = browse("nora").post("/account/settings", data=SETTINGS | wrong)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    assert cast.people["nora"].name == "Nora"


def test_password(browse: Browse, cast: Cast, session: Session) -> None:
    nora = cast.people["nora"]
    nora.password_hash = hash_password("the old phrase of mine")
    here, there = browse("nora"), browse("nora")
    data = {"current": "the old phrase of mine", "password": PASSWORD}
    assert here.post("/account/password", data=data).location == "/account/settings"
    assert is_password(PASSWORD, nora.password_hash)
    assert here.get("/account/settings").status_code == 200
    assert there.get("/account/settings").status_code == 303
    assert EventKind.PASSWORD_CHANGED in session.scalars(select(Event.kind)).all()


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [
        ("not that one", PASSWORD, "This is not your present password."),
        ("the old phrase of mine", "short", "Use at least 12 characters."),
        ("", "", "Type your password."),
    ],
)
def test_a_password_that_cannot_be(browse: Browse, cast: Cast, current: str, new: str, said: str) -> None:
    cast.people["nora"].password_hash = hash_password("the old phrase of mine")
    answer = browse("nora").post("/account/password", data={"current": current, "password": new})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Nora"' in answer.text
    assert "the old phrase of mine" not in answer.text


def test_own_sessions_are_listed_and_ended(browse: Browse, session: Session) -> None:
    here, there = browse("nora"), browse("nora")
    browse("nils")
    page = here.get("/account/sessions").text
    first, second = session.scalars(select(AuthSession.id).order_by(AuthSession.id).limit(2)).all()
    assert re.findall(r'data-session="(\d+)"', page) == [str(second), str(first)]
    answer = here.post(f"/account/sessions/{second}/end", headers=HTMX)
    assert answer.text.lstrip().startswith('<div class="stack" id="sessions"')
    assert f'data-session="{second}"' not in answer.text
    assert there.get("/account/sessions").status_code == 303
    assert here.post(f"/account/sessions/{second}/end").status_code == 404


def test_another_persons_session_does_not_exist(browse: Browse, session: Session) -> None:
    nils = browse("nils")
    theirs = session.scalars(select(AuthSession.id)).one()
    assert browse("nora").post(f"/account/sessions/{theirs}/end").status_code == 404
    assert nils.get("/account/sessions").status_code == 200


def test_all_other_sessions_end(browse: Browse) -> None:
    here, there, somebody = browse("nora"), browse("nora"), browse("nils")
    assert here.post("/account/sessions/end-others").location == "/account/sessions"
    assert [browser.get("/account/sessions").status_code for browser in (here, there, somebody)] == [200, 303, 200]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_key_is_shown_once(browse: Browse, session: Session, headers: dict[str, str]) -> None:
    browser = browse("nils")
    data = {"name": "CRM", "scopes": ["board", "claim"]}
    answer = browser.post("/account/keys", data=data, headers=headers)
    assert answer.status_code == 200
    secret = re.search(r'value="(pb_[\w-]{43})"', answer.text)
    assert secret
    assert ("<html" in answer.text) is not bool(headers)
    page = browser.get("/account/keys").text
    assert secret[1] not in page
    key = session.scalars(select(ApiKey)).one()
    assert f'data-key="{key.id}"' in page
    assert browser.post(f"/account/keys/{key.id}/revoke").location == "/account/keys"
    assert f'data-key="{key.id}"' not in browser.get("/account/keys").text


@pytest.mark.parametrize(
    "data", [{"name": "", "scopes": "board"}, {"name": "CRM"}, {"name": "CRM", "scopes": "leads:write"}]
)
def test_a_key_that_cannot_be(browse: Browse, session: Session, data: dict[str, str]) -> None:
    assert browse("nils").post("/account/keys", data=data).status_code == 422
    assert session.scalars(select(ApiKey)).all() == []


def test_another_persons_key_does_not_exist(browse: Browse, session: Session) -> None:
    browse("nils").post("/account/keys", data={"name": "CRM", "scopes": "board"})
    key_id = session.scalars(select(ApiKey.id)).one()
    assert browse("nora").post(f"/account/keys/{key_id}/revoke").status_code == 404


def test_the_language_is_the_persons_or_the_browsers(browse: Browse, cast: Cast) -> None:
    nobody, nora = browse(None), browse("nora")
    there = {"Referer": "http://localhost/log-in?next=/people"}
    assert nobody.post("/language", data={"language": "ja"}, headers=there).location == "/log-in?next=/people"
    assert '<html lang="ja"' in nobody.get("/log-in").text
    assert nora.post("/language", data={"language": "de"}).location == "/"
    assert cast.people["nora"].language == "de"
    assert nora.post("/language", data={"language": "xx"}).status_code == 422
    elsewhere = {"Referer": "http://evil.example/x"}
    assert nobody.post("/language", data={"language": "en"}, headers=elsewhere).location == "/"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_have_names(browse: Browse, user_agent: str, name: str) -> None:
    with browse(None).application.test_request_context():
        assert browser_name(user_agent) == name
