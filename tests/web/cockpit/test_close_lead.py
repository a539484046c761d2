"""Closing a lead as won or lost."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.leads import LeadState, LostReason
from app.models import Lead
from tests.browsing import HTMX, Browse
from tests.cast import Cast

WON = {"close-version": "1", "close-result": "won", "close-expected_revenue": "80000", "close-currency": "EUR"}
LOST = {
    "close-version": "1",
    "close-result": "lost",
    "close-lost_reason": "price",
    "close-quality": "3",
    "close-currency": "EUR",
}


def path(lead: Lead) -> str:
    return f"/leads/{lead.id}/close"


@pytest.mark.covers("K-08")
@pytest.mark.parametrize("name", ["nora", "nils", "ada", "carl", "ines"])
def test_works(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=WON).status_code == 303
    session.refresh(lead)
    assert (lead.state, lead.expected_revenue_cents) == (LeadState.WON, 80_000_00)
    assert browse("nora").get(f"/leads/{lead.id}").status_code == 200


@pytest.mark.covers("K-07")
def test_both_sides_see_why_it_was_lost(browse: Browse, session: Session, cast: Cast, lead: Lead) -> None:
    data = {**LOST, "close-lost_reason": "competitor", "close-lost_to": "Pumpwerk AG"}
    assert browse("nora").post(path(lead), data=data).status_code == 303
    session.refresh(lead)
    assert (lead.lost_reason, lead.quality) == (LostReason.COMPETITOR, 3)
    assert cast.partnerships["nordwind"].unworked_claims == 0
    for name in ("nora", "carl"):
        assert "Pumpwerk AG" in browse(name).get(f"/leads/{lead.id}").text


def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead) -> None:
    assert browse(None).post(path(lead), data=WON).status_code == 303


@pytest.mark.parametrize("name", ["gina", "kenji", "rita"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=WON).status_code == 404


@pytest.mark.parametrize("name", ["arne", "vera"])
def test_wrong_role(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=WON).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {**LOST, "close-lost_reason": ""},
        {**LOST, "close-lost_reason": "competitor"},
        {**LOST, "close-lost_reason": "other"},
        {**LOST, "close-quality": "7"},
        {**WON, "close-result": ""},
        {**WON, "close-expected_revenue": "much"},
    ],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, data: dict[str, str]) -> None:
    answer = browse("nora").post(path(lead), data=data)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED


def test_htmx_gets_the_fragment_and_a_browser_the_redirect(browse: Browse, lead: Lead) -> None:
    fragment = browse("nora").post(path(lead), data=LOST, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="lead"')
    again = browse("nora").post(path(lead), data=LOST)
    assert (again.status_code, again.location) == (303, f"/leads/{lead.id}")


def test_closing_what_is_closed_otherwise_is_refused(browse: Browse, lead: Lead) -> None:
    browse("nora").post(path(lead), data=LOST)
    answer = browse("carl").post(path(lead), data=WON)
    assert answer.status_code == 409
    assert 'id="lead-refused"' in answer.text
