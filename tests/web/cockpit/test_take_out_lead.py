"""Disqualifying and withdrawing, by the manufacturer."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.leads import LeadState
from app.models import Lead
from tests.browsing import HTMX, Browse

SPAM = {"out-state": "disqualified", "out-reason": "Spam"}
GONE = {"out-state": "withdrawn", "out-reason": "The prospect asked for it."}


def path(lead: Lead) -> str:
    return f"/leads/{lead.id}/take-out"


@pytest.mark.parametrize("name", ["ada", "carl", "ines"])
def test_works(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=SPAM).status_code == 303
    session.refresh(lead)
    assert lead.state is LeadState.DISQUALIFIED


def test_a_withdrawn_lead_is_nobodys_to_see(browse: Browse, lead: Lead) -> None:
    assert browse("carl").post(path(lead), data=GONE).status_code == 303
    assert browse("nora").get(f"/leads/{lead.id}").status_code == 404
    assert browse("carl").get(f"/leads/{lead.id}").status_code == 200


def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead) -> None:
    assert browse(None).post(path(lead), data=SPAM).status_code == 303


def test_outsiders_find_nothing(browse: Browse, lead: Lead) -> None:
    assert browse("gina").post(path(lead), data=SPAM).status_code == 404


@pytest.mark.parametrize("name", ["arne", "vera", "nora", "nils", "kenji", "rita"])
def test_wrong_role(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=SPAM).status_code == 403


@pytest.mark.parametrize("data", [{**SPAM, "out-reason": ""}, {**SPAM, "out-state": "won"}, {"out-reason": "Spam"}])
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, data: dict[str, str]) -> None:
    answer = browse("carl").post(path(lead), data=data)
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    session.refresh(lead)
    assert lead.state is LeadState.ASSIGNED


def test_inside_sales_may_not_withdraw(browse: Browse, lead: Lead) -> None:
    assert browse("ines").post(path(lead), data=GONE).status_code == 422


def test_htmx_gets_the_fragment_and_a_browser_the_redirect(browse: Browse, lead: Lead) -> None:
    fragment = browse("carl").post(path(lead), data=SPAM, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="lead"')
    again = browse("carl").post(path(lead), data=SPAM)
    assert (again.status_code, again.location) == (303, f"/leads/{lead.id}")
