"""Changing stage, forecast and follow-up, from both sides."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.domain.leads import Stage
from app.models import Lead
from tests.browsing import HTMX, Browse
from tests.cast import Cast

EDIT = {
    "edit-version": "1",
    "edit-stage": "qualified",
    "edit-expected_revenue": "84,000",
    "edit-currency": "EUR",
    "edit-close_on": "2099-03-15",
    "edit-follow_up_at": "2099-01-10T10:00",
}


def path(lead: Lead) -> str:
    return f"/leads/{lead.id}/edit"


@pytest.mark.covers("K-01", "K-04", "K-05", "K-06")
@pytest.mark.parametrize("name", ["nora", "nils", "ada", "carl", "ines"])
def test_works(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=EDIT).status_code == 303
    session.refresh(lead)
    assert (lead.stage, lead.expected_revenue_cents, lead.close_on) == (Stage.QUALIFIED, 84_000_00, date(2099, 3, 15))
    other = browse("carl" if name == "nora" else "nora").get(f"/leads/{lead.id}").text
    assert "New → Qualified" in other
    assert "€84,000" in other


def test_amounts_and_times_are_the_readers_own(browse: Browse, session: Session, cast: Cast, lead: Lead) -> None:
    cast.people["nora"].language, cast.people["nora"].time_zone = "de", "Europe/Berlin"
    data = {**EDIT, "edit-expected_revenue": "84.000,50"}
    assert browse("nora").post(path(lead), data=data).status_code == 303
    session.refresh(lead)
    assert lead.expected_revenue_cents == 84_000_50
    assert lead.follow_up_at == datetime(2099, 1, 10, 9, tzinfo=UTC)


def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead) -> None:
    assert browse(None).post(path(lead), data=EDIT).status_code == 303


@pytest.mark.parametrize("name", ["gina", "kenji", "rita"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=EDIT).status_code == 404


@pytest.mark.parametrize("name", ["arne", "vera"])
def test_wrong_role(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=EDIT).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("edit-stage", "won"),
        ("edit-expected_revenue", "plenty"),
        ("edit-currency", "XXX"),
        ("edit-close_on", "soon"),
        ("edit-follow_up_at", "2020-01-01T10:00"),
        ("edit-version", "x"),
    ],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, field: str, value: str) -> None:
    answer = browse("nora").post(path(lead), data={**EDIT, field: value})
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    session.refresh(lead)
    assert lead.version == 1


def test_htmx_gets_the_fragment_and_a_browser_the_redirect(browse: Browse, lead: Lead) -> None:
    fragment = browse("nora").post(path(lead), data=EDIT, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="lead"')
    again = browse("nora").post(path(lead), data={**EDIT, "edit-version": "2"})
    assert (again.status_code, again.location) == (303, f"/leads/{lead.id}")


@pytest.mark.covers("K-01")
def test_a_stale_edit_shows_both_versions_and_can_be_saved_again(browse: Browse, session: Session, lead: Lead) -> None:
    browse("carl").post(path(lead), data=EDIT)
    mine = {**EDIT, "edit-stage": "proposal", "edit-expected_revenue": "90,000"}

    answer = browse("nora").post(path(lead), data=mine)

    assert answer.status_code == 409
    assert "€84,000" in answer.text
    assert "€90,000" in answer.text
    assert 'name="edit-version" type="hidden" value="2"' in answer.text
    session.refresh(lead)
    assert lead.stage is Stage.QUALIFIED
    assert browse("nora").post(path(lead), data={**mine, "edit-version": "2"}).status_code == 303
    session.refresh(lead)
    assert (lead.stage, lead.expected_revenue_cents) == (Stage.PROPOSAL, 90_000_00)
