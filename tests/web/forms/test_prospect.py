"""The hosted form as a prospect meets it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.submissions import SubmissionState
from app.extensions import limiter
from app.models import Lead, Submission
from app.services import intake
from app.services.intake import FormValues
from app.web.forms import time_stamp
from tests.browsing import Browse
from tests.cast import Cast
from tests.services.intake.arrivals import count

FILLED = {
    "given_name": "Katrin",
    "family_name": "Vogel",
    "company": "Hofmann Präzision GmbH",
    "email": "k.vogel@hofmann.example",
    "country": "DE",
    "agreed": "y",
    "lang": "de",
}


@pytest.fixture
def slug(cast: Cast) -> str:
    """Acme's form, which one site may embed."""
    values = FormValues(title="Ask Acme", language="de", allowed_origins=("https://www.acme.example",))
    intake.create_form(actor=cast.viewer("ada"), slug="acme", values=values)
    return "acme"


@pytest.fixture
def filled(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a person sends who took its time."""
    with app.app_context():
        began = time_stamp.drawn_now()
    monkeypatch.setattr(time_stamp, "FASTEST_PERSON", time_stamp.FASTEST_PERSON * 0)
    return FILLED | {"products": str(cast.products["pump"].id), "began": began}


def test_a_prospect_sends_a_request(browse: Browse, session: Session, slug: str, filled: dict[str, str]) -> None:
    browser = browse(None)
    answer = browser.post(f"/f/{slug}", data=filled)
    assert (answer.status_code, answer.location) == (303, "/f/acme/thanks?lang=de")
    assert browser.get(answer.location).status_code == 200
    lead = session.scalars(select(Lead)).one()
    assert (lead.company, lead.language, lead.ip_address) == ("Hofmann Präzision GmbH", "de", "127.0.0.1")


def test_it_may_be_framed_by_its_own_sites_only(browse: Browse, slug: str) -> None:
    policy = browse(None).get(f"/f/{slug}").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.acme.example" in policy


def test_another_form_may_not_be_framed(browse: Browse, cast: Cast) -> None:
    intake.create_form(actor=cast.viewer("gina"), slug="globex", values=FormValues(title="Ask"))
    assert "frame-ancestors 'none'" in browse(None).get("/f/globex").headers["Content-Security-Policy"]


@pytest.mark.parametrize(("query", "language"), [("", "de"), ("?lang=ja", "ja"), ("?lang=xx", "de")])
def test_it_speaks_its_own_language_or_the_one_chosen(browse: Browse, slug: str, query: str, language: str) -> None:
    page = browse(None).get(f"/f/{slug}{query}").text
    assert f'<html lang="{language}"' in page
    assert {"de": "Ich bin einverstanden, dass Acme", "ja": "Acmeが私の"}[language] in page


@pytest.mark.parametrize("missing", ["email", "country", "family_name", "products"])
def test_what_is_missing_is_said_beside_its_field(
    browse: Browse, session: Session, slug: str, filled: dict[str, str], missing: str
) -> None:
    answer = browse(None).post(f"/f/{slug}", data={name: text for name, text in filled.items() if name != missing})
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert "Hofmann Präzision GmbH" in answer.text
    assert count(session, Submission) == 0


def test_an_address_that_is_none_is_said(browse: Browse, slug: str, filled: dict[str, str]) -> None:
    answer = browse(None).post(f"/f/{slug}", data=filled | {"email": "katrin(at)hofmann"})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_a_program_is_thanked_and_makes_no_lead(
    browse: Browse, session: Session, slug: str, filled: dict[str, str]
) -> None:
    answer = browse(None).post(f"/f/{slug}", data=filled | {"fax_number": "555"})
    assert answer.status_code == 303
    assert count(session) == 0
    assert session.scalars(select(Submission.state)).one() is SubmissionState.REJECTED


@pytest.mark.parametrize("began", ["", "forged"])
def test_without_our_stamp_a_person_looks_first(
    browse: Browse, session: Session, slug: str, filled: dict[str, str], began: str
) -> None:
    assert browse(None).post(f"/f/{slug}", data=filled | {"began": began}).status_code == 303
    assert session.scalars(select(Submission.state)).one() is SubmissionState.QUARANTINED


def test_in_no_time_a_person_looks_first(
    browse: Browse, session: Session, slug: str, filled: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert browse(None).post(f"/f/{slug}", data=filled).status_code == 303
    assert session.scalars(select(Submission.state)).one() is SubmissionState.QUARANTINED


def test_the_partners_are_named(browse: Browse, slug: str) -> None:
    page = browse(None).get(f"/f/{slug}/partners").text
    assert "Nordwind" in page
    assert "Rival" not in page


@pytest.mark.parametrize("page", ["", "/thanks", "/partners"])
def test_a_form_that_is_not_there(browse: Browse, cast: Cast, page: str) -> None:
    assert browse(None).get(f"/f/nobody{page}").status_code == 404


def test_one_address_may_not_flood(app: Flask, browse: Browse, slug: str, filled: dict[str, str]) -> None:
    limiter.enabled = True
    try:
        limiter.reset()
        answers = [browse(None).post(f"/f/{slug}", data=filled).status_code for _ in range(11)]
    finally:
        limiter.reset()
        limiter.enabled = False
    assert answers == [303] * 10 + [429]
