"""Looking at the list and at one lead."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.distribution import RoundKind
from app.domain.leads import LeadState
from app.models import Event, Lead, Reveal
from app.services.profiles import join_profile
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast


@pytest.mark.covers("K-01", "K-02", "K-10")
@pytest.mark.parametrize("name", ["ada", "carl", "arne", "ines", "vera", "nora", "nils"])
def test_works(browse: Browse, lead: Lead, name: str) -> None:
    listed = browse(name).get("/leads")
    shown = browse(name).get(f"/leads/{lead.id}")

    assert listed.status_code == shown.status_code == 200
    assert f'id="lead-{lead.id}"' in listed.text
    assert "Katrin Vogel" in shown.text
    assert "Contact the prospect." in shown.text


def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead) -> None:
    for path in ("/leads", f"/leads/{lead.id}"):
        answer = browse(None).get(path)
        assert (answer.status_code, answer.location.startswith("/log-in")) == (303, True)


@pytest.mark.parametrize("name", ["gina", "kenji", "rita"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str) -> None:
    listed = browse(name).get("/leads?q=Hofmann")
    assert listed.status_code == 200
    assert str(lead.id) not in listed.text
    assert "Hofmann Pr" not in listed.text
    assert browse(name).get(f"/leads/{lead.id}").status_code == 404


def test_readers_get_no_forms(browse: Browse, lead: Lead) -> None:
    assert "lead-log-form" not in browse("vera").get(f"/leads/{lead.id}").text
    assert "lead-log-form" in browse("ines").get(f"/leads/{lead.id}").text


@pytest.mark.parametrize(
    "query", ["state=nonsense", "stage=9", "product=x", "partner=99999999999999999999", "sort=no", "place=x", "q=%25"]
)
def test_strange_filters_do_no_harm(browse: Browse, lead: Lead, query: str) -> None:
    assert browse("carl").get(f"/leads?{query}").status_code == 200


def test_the_address_bar_gets_the_page(browse: Browse, lead: Lead) -> None:
    assert "<html" in browse("nora").get(f"/leads/{lead.id}", headers=HTMX).text


def test_filters_stay_in_the_links(browse: Browse, session: Session, cast: Cast, lead: Lead) -> None:
    page = browse("carl").get("/leads?hot=y&q=Hofmann")
    assert "No lead matches" in page.text
    assert "overdue=y" in page.text
    assert 'value="Hofmann"' in page.text


@pytest.mark.covers("K-11")
def test_the_manufacturer_sees_all_contacts_of_the_company(
    browse: Browse, session: Session, cast: Cast, lead: Lead
) -> None:
    other = factories.lead(session, cast.acme, [cast.products["pump"]], given_name="Jonas", family_name="Keller")
    for one in (lead, other):
        join_profile(session, one)
    session.commit()
    assert str(other.id) in browse("carl").get(f"/leads/{lead.id}").text
    assert "Jonas Keller" not in browse("nora").get(f"/leads/{lead.id}").text


def test_every_further_person_of_the_partner_is_kept(browse: Browse, session: Session, lead: Lead) -> None:
    for name in ("nils", "nils", "nora", "carl"):
        browse(name).get(f"/leads/{lead.id}")
    assert session.scalar(select(func.count()).select_from(Reveal)) == 2
    revealed = select(func.count()).select_from(Event).where(Event.kind == EventKind.LEAD_REVEALED)
    assert session.scalar(revealed) == 2


@pytest.mark.parametrize("state", list(LeadState))
def test_every_state_has_a_page(browse: Browse, session: Session, cast: Cast, state: LeadState) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], state=state)
    assert browse("carl").get(f"/leads/{lead.id}").status_code == 200
    assert browse("carl").get("/leads").status_code == 200


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_list_can_be_taken_out(browse: Browse, session: Session, lead: Lead, file_format: str) -> None:
    answer = browse("nora").post("/leads/export?sort=company", data={"format": file_format})
    assert answer.status_code == 200
    assert f"leads.{file_format}" in answer.headers["Content-Disposition"]
    if file_format == "csv":
        assert lead.reference in answer.get_data().decode("utf-8-sig")
    kept = session.scalars(select(Event).where(Event.kind == EventKind.DATA_EXPORTED)).one()
    assert kept.data["count"] == 1


def test_an_export_holds_only_what_is_seen(browse: Browse, lead: Lead) -> None:
    answer = browse("kenji").post("/leads/export", data={"format": "csv"})
    assert lead.reference not in answer.text


@pytest.mark.parametrize("state", [LeadState.NURTURING, LeadState.IN_REVIEW])
def test_a_waiting_lead_can_be_handed_out_from_its_page(
    browse: Browse, session: Session, cast: Cast, state: LeadState
) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], state=state)
    for name, is_theirs in {"carl": True, "ines": True, "vera": False}.items():
        page = browse(name).get(f"/leads/{lead.id}").text
        assert ("lead-release" in page, "lead-assign" in page) == (is_theirs, is_theirs)


def test_a_lead_of_the_direct_queue_says_so(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.round_(session, lead, RoundKind.DIRECT)
    page = browse("carl").get(f"/leads/{lead.id}").text
    assert ("lead-release" in page, "lead-assign" in page) == (False, True)
    assert "On offer" not in browse("carl").get("/leads?q=Hofmann").text.split("<tbody>")[1]


def test_a_contacted_lead_without_a_next_step_leads_to_the_follow_up(browse: Browse, lead: Lead) -> None:
    assert "#edit-follow_up_at" not in browse("nora").get(f"/leads/{lead.id}").text
    data = {"log-kind": "call", "outcome": "reached", "log-submitted_key": "once"}
    assert browse("nora").post(f"/leads/{lead.id}/activities", data=data).status_code == 303
    page = browse("nora").get(f"/leads/{lead.id}").text
    assert 'href="#edit-follow_up_at"' in page
    assert 'id="edit-follow_up_at"' in page


def test_a_closed_lead_has_no_follow_up(browse: Browse, session: Session, lead: Lead) -> None:
    lead.follow_up_at = lead.received_at.replace(year=2031)
    assert "2031" in browse("carl").get("/leads").text
    won = {"close-version": "1", "close-result": "won", "close-currency": "EUR"}
    assert browse("nora").post(f"/leads/{lead.id}/close", data=won).status_code == 303
    assert "2031" not in browse("carl").get("/leads").text
