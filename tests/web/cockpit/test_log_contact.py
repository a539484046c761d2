"""Logging a contact in two taps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.models import Lead
from tests.browsing import HTMX, Browse
from tests.cast import Cast

CALL = {"log-kind": "call", "outcome": "not_reached", "log-submitted_key": "once"}


def path(lead: Lead) -> str:
    return f"/leads/{lead.id}/activities"


@pytest.mark.covers("K-03")
@pytest.mark.parametrize("name", ["nora", "nils", "ada", "carl", "ines"])
def test_works(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    browse(name).post(path(lead), data=CALL)
    session.refresh(lead)
    assert (lead.attempts, lead.reached) == (1, 0)


def test_a_double_tap_counts_once(browse: Browse, session: Session, lead: Lead) -> None:
    nora = browse("nora")
    for _ in range(2):
        nora.post(path(lead), data=CALL)
    session.refresh(lead)
    assert lead.attempts == 1


def test_anonymous_is_asked_to_log_in(browse: Browse, session: Session, lead: Lead) -> None:
    assert browse(None).post(path(lead), data=CALL).status_code == 303
    session.refresh(lead)
    assert lead.attempts == 0


@pytest.mark.parametrize("name", ["gina", "kenji", "rita"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=CALL).status_code == 404


@pytest.mark.parametrize("name", ["arne", "vera"])
def test_wrong_role(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=CALL).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {**CALL, "outcome": "sold"},
        {**CALL, "log-kind": "pigeon"},
        {**CALL, "log-happened_at": "yesterday"},
        {**CALL, "log-happened_at": "2099-01-01T10:00"},
        {**CALL, "outcome": "", "log-note": " "},
    ],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, data: dict[str, str]) -> None:
    answer = browse("nora").post(path(lead), data=data)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text or "pigeon" in data.values() or "sold" in data.values()
    assert "lead-log-form" in answer.text
    session.refresh(lead)
    assert lead.attempts == 0


def test_htmx_gets_the_fragment_and_a_browser_the_redirect(browse: Browse, lead: Lead) -> None:
    fragment = browse("nora").post(path(lead), data=CALL, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="lead"')
    assert '<div id="status" hx-swap-oob="innerHTML"' in fragment.text
    assert "Contact logged." in fragment.text
    redirect = browse("nora").post(path(lead), data={**CALL, "log-submitted_key": "twice"})
    assert (redirect.status_code, redirect.location) == (303, f"/leads/{lead.id}")


def test_a_note_alone(browse: Browse, session: Session, lead: Lead) -> None:
    data = {"log-kind": "call", "outcome": "", "log-note": "Prefers mornings."}
    assert browse("nora").post(path(lead), data=data).status_code == 303
    session.refresh(lead)
    assert lead.attempts == 0
    assert "Prefers mornings." in browse("carl").get(f"/leads/{lead.id}").text


def test_times_are_the_readers_own(browse: Browse, session: Session, cast: Cast, lead: Lead, clock: object) -> None:
    cast.people["nora"].time_zone = "Asia/Tokyo"
    lead.received_at = read_clock(session) - timedelta(days=2)
    then = (read_clock(session) - timedelta(hours=3)).replace(second=0, microsecond=0)
    local = (then + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    assert browse("nora").post(path(lead), data={**CALL, "log-happened_at": local}).status_code == 303
    session.refresh(lead)
    assert lead.first_contact_at == then
