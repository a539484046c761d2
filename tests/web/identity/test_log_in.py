"""Logging in: one page, one answer for every failure, a fresh cookie for success."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.extensions import limiter
from app.models import AuthSession, Event
from app.services.identity import passwords
from app.services.identity.passwords import hash_password
from app.web.identity.session import own_path
from tests.browsing import HTMX, Browse
from tests.cast import Cast

PASSWORD = "four words in a row"


@pytest.fixture
def nora_email(cast: Cast) -> str:
    """Nora's address; she has a password."""
    cast.people["nora"].password_hash = hash_password(PASSWORD)
    return cast.people["nora"].email


@pytest.fixture
def throttling() -> Iterator[None]:
    """The limiter, switched on and empty."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.reset()
    limiter.enabled = False


def test_works(browse: Browse, nora_email: str, session: Session) -> None:
    browser = browse(None)
    answer = browser.post("/log-in", data={"email": f" {nora_email.upper()} ", "password": PASSWORD, "next": "/people"})
    assert (answer.status_code, answer.location) == (303, "/people")
    assert browser.get("/people").status_code == 200
    assert session.scalars(select(Event.kind)).all() == [EventKind.LOGGED_IN]


def test_htmx_is_told_where_to_go(browse: Browse, nora_email: str) -> None:
    answer = browse(None).post("/log-in", data={"email": nora_email, "password": PASSWORD}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/")


def test_anonymous_is_sent_here_and_back(browse: Browse) -> None:
    answer = browse(None).get("/people?filter=a")
    assert (answer.status_code, answer.location) == (303, "/log-in?next=/people?filter%3Da")
    answer = browse(None).get("/people", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/log-in"


def test_signed_in_goes_on(browse: Browse) -> None:
    assert browse("nora").get("/log-in?next=/people").location == "/people"


def test_empty_form(browse: Browse) -> None:
    answer = browse(None).post("/log-in", data={"email": "", "password": ""})
    assert answer.status_code == 422
    assert "Type your password." in answer.text


@pytest.mark.parametrize("who", ["wrong password", "unknown", "disabled", "invited"])
def test_every_failure_has_one_answer_and_costs_one_hash(
    browse: Browse, cast: Cast, nora_email: str, session: Session, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    nora, given, hashes = cast.people["nora"], PASSWORD, []
    if who == "wrong password":
        given = "four words in a line"
    elif who == "disabled":
        nora.disabled_at = nora.joined_at
    elif who == "invited":
        nora.password_hash = None
    verify = passwords.HASHER.verify

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            hashes.append(stored)
            return verify(stored, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    email = "nobody@nowhere.example" if who == "unknown" else nora_email
    answer = browse(None).post("/log-in", data={"email": email, "password": given})
    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert len(hashes) == 1
    event = session.scalars(select(Event)).one()
    assert event.kind is EventKind.LOGIN_FAILED
    assert event.organisation_id == (None if who == "unknown" else nora.organisation_id)
    assert "@" not in str(event.data)


def test_the_dummy_hash_has_todays_costs() -> None:
    assert not passwords.is_outdated(passwords.UNMATCHED_HASH)
    assert not passwords.is_password("anything at all", None)


def test_an_outdated_hash_is_renewed(browse: Browse, cast: Cast, nora_email: str) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    cast.people["nora"].password_hash = cheap
    assert browse(None).post("/log-in", data={"email": nora_email, "password": PASSWORD}).status_code == 303
    assert not passwords.is_outdated(cast.people["nora"].password_hash or "")


def test_a_fresh_cookie_for_every_log_in(browse: Browse, nora_email: str, session: Session) -> None:
    browser = browse(None)
    with browser.session_transaction() as cookie:
        cookie["auth_token"] = "planted by somebody"
        cookie["else"] = 1
    browser.post("/log-in", data={"email": nora_email, "password": PASSWORD})
    with browser.session_transaction() as cookie:
        assert cookie["auth_token"] != "planted by somebody"
        assert "else" not in cookie
        assert cookie["auth_token"] not in session.scalars(select(AuthSession.token_hash)).all()


def test_attempts_on_one_account_are_held_off(
    browse: Browse, nora_email: str, session: Session, throttling: None
) -> None:
    browser = browse(None)
    wrong = {"email": nora_email, "password": "not this one either"}
    statuses = [browser.post("/log-in", data=wrong).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert browser.post("/log-in", data={"email": nora_email, "password": PASSWORD}).status_code == 429
    kinds = session.scalars(select(Event.kind)).all()
    assert kinds.count(EventKind.LOGIN_THROTTLED) == 1
    other = browser.post("/log-in", data={"email": "else@nowhere.example", "password": PASSWORD})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/people?x=1", "/people?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("people", "/"),
        ("/\tx", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_next_leads_to_own_paths_only(address: str | None, goes_to: str) -> None:
    assert own_path(address) == goes_to
