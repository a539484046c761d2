"""Mailed links on screen: looking never spends them, one form does."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import OneTimePurpose, Role
from app.domain.sign_in import link_path
from app.extensions import limiter
from app.jobs.notifications import draw_mail
from app.models import OutboxMessage
from app.services import identity
from app.services.identity.passwords import is_password
from app.services.mail_delivery import deliver_next
from tests.browsing import HTMX, Browse
from tests.cast import Cast

PASSWORD = "four words in a row"


def mailed(purpose: OneTimePurpose) -> str:
    """Where the link in the mail leads that is owed, as the mail is drawn for its reader."""
    texts: list[str] = []
    assert deliver_next(lambda mail: texts.append(draw_mail(mail, "https://leads.example")[1]))
    found = re.search(r"https://leads\.example(\S+)", texts[0])
    assert found
    assert found[1].startswith(link_path(purpose, ""))
    return found[1]


@pytest.fixture
def invitation(cast: Cast) -> str:
    """Where Nele's invitation leads."""
    identity.invite_user(email="nele@nordwind.example", name="Nele", role=Role.PARTNER_SALES, actor=cast.viewer("nora"))
    return mailed(OneTimePurpose.INVITATION)


@pytest.fixture
def reset(cast: Cast) -> str:
    """Where Nora's reset link leads."""
    identity.ask_password_reset(email=cast.people["nora"].email)
    return mailed(OneTimePurpose.PASSWORD_RESET)


def test_join(browse: Browse, invitation: str) -> None:
    browser = browse(None)
    for _ in range(2):
        page = browser.get(invitation)
        assert page.status_code == 200
        assert "nele@nordwind.example" in page.text
    answer = browser.post(invitation, data={"name": "Nele N.", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/account/settings").status_code == 200
    assert browse(None).get(invitation).status_code == 404
    assert browse(None).post(invitation, data={"name": "X", "password": PASSWORD}).status_code == 404


def test_join_by_htmx(browse: Browse, invitation: str) -> None:
    answer = browse(None).post(invitation, data={"name": "Nele", "password": PASSWORD}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/"


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", PASSWORD, "Type the name."),
        ("Nele", "", "Type a password."),
        ("Nele", "short", "Use at least 12 characters."),
        ("Nele Neumannova", "neleneumannova", "Do not use your name"),
    ],
)
def test_join_with_bad_input(browse: Browse, invitation: str, name: str, password: str, said: str) -> None:
    answer = browse(None).post(invitation, data={"name": name, "password": password})
    assert answer.status_code == 422
    assert said in answer.text
    assert browse(None).get(invitation).status_code == 200


@pytest.mark.parametrize("address", ["/join/guessed", "/reset-password/guessed"])
def test_a_guessed_link_is_dead(browse: Browse, address: str) -> None:
    assert browse(None).get(address).status_code == 404
    answer = browse(None).post(address, data={"name": "X", "password": PASSWORD})
    assert answer.status_code == 404
    assert "does not work any more" in answer.text


def test_the_answer_to_a_forgotten_password_is_the_same(browse: Browse, cast: Cast, session: Session) -> None:
    known, unknown = cast.people["nora"].email, "nobody@nowhere.example"
    answers = [browse(None).post("/forgotten-password", data={"email": email}) for email in (known, unknown)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/forgotten-password/asked")}
    assert browse(None).get("/forgotten-password/asked").status_code == 200
    assert session.scalars(select(OutboxMessage.user_id)).all() == [cast.people["nora"].id]


def test_mails_to_one_account_are_held_off(browse: Browse, cast: Cast, session: Session) -> None:
    limiter.enabled = True
    limiter.reset()
    try:
        email = {"email": cast.people["nora"].email}
        statuses = [browse(None).post("/forgotten-password", data=email).status_code for _ in range(4)]
    finally:
        limiter.reset()
        limiter.enabled = False
    assert statuses == [303, 303, 303, 429]
    assert len(session.scalars(select(OutboxMessage)).all()) == 3


def test_forgotten_password_without_an_address(browse: Browse) -> None:
    assert browse(None).get("/forgotten-password").status_code == 200
    assert browse(None).post("/forgotten-password", data={"email": ""}).status_code == 422


def test_reset(browse: Browse, cast: Cast, reset: str) -> None:
    signed_in, mail_reader = browse("nora"), browse(None)
    assert mail_reader.get(reset).status_code == 200
    assert mail_reader.post(reset, data={"password": "short"}).status_code == 422
    answer = mail_reader.post(reset, data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/log-in")
    assert is_password(PASSWORD, cast.people["nora"].password_hash)
    assert signed_in.get("/account/settings").status_code == 303
    assert mail_reader.post(reset, data={"password": PASSWORD}).status_code == 404
