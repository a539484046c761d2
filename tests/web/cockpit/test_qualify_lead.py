"""Noting who the contact is and what is known of the deal, from both sides."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import Audience, EventKind
from app.domain.leads import LeadState
from app.domain.qualification import ContactRole
from app.models import Assignment, Event, Lead
from app.services.profiles import join_profile
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast

KNOWN = {
    "qualify-version": "1",
    "qualify-contact_role": "economic_buyer",
    "qualify-department": "Einkauf",
    "qualify-budget": "120,000 EUR are set aside",
    "qualify-champion": "Frau Sommer",
}


def path(lead: Lead) -> str:
    return f"/leads/{lead.id}/qualification"


@pytest.mark.covers("P-28")
@pytest.mark.parametrize("name", ["nora", "nils", "ada", "carl", "ines"])
def test_works_and_both_sides_read_it(browse: Browse, session: Session, lead: Lead, name: str) -> None:
    owner = session.scalar(select(Assignment.partnership_id).where(Assignment.ended_at.is_(None)))
    assert browse(name).post(path(lead), data=KNOWN).status_code == 303
    session.refresh(lead)
    assert (lead.contact_role, lead.department, lead.version) == (ContactRole.ECONOMIC_BUYER, "Einkauf", 2)
    assert lead.qualification == {"budget": "120,000 EUR are set aside", "champion": "Frau Sommer"}
    for reader in ("carl", "nora", "vera"):
        page = browse(reader).get(f"/leads/{lead.id}").text
        assert "Economic buyer" in page
        assert "120,000 EUR are set aside" in page
        assert "2 of 10 known" in page
    assert session.scalar(select(Assignment.partnership_id).where(Assignment.ended_at.is_(None))) == owner


@pytest.mark.covers("P-28")
def test_it_is_told_to_both_without_the_answers(browse: Browse, session: Session, lead: Lead) -> None:
    browse("nora").post(path(lead), data=KNOWN)
    event = session.scalars(select(Event).where(Event.kind == EventKind.QUALIFICATION_CHANGED)).one()
    assert event.audience is Audience.SHARED
    assert event.data == {
        "before": {"contact_role": None},
        "after": {"contact_role": "economic_buyer"},
        "fields": ["budget", "champion", "department"],
    }
    page = browse("carl").get(f"/leads/{lead.id}").text
    assert "changed what is known of the contact and the deal" in page
    assert "Role of the contact: – → Economic buyer · Noted: Budget, Champion, Department" in page
    browse("nora").post(path(lead), data={**KNOWN, "qualify-version": "2"})
    assert len(session.scalars(select(Event).where(Event.kind == EventKind.QUALIFICATION_CHANGED)).all()) == 1


def test_what_is_emptied_is_gone(browse: Browse, session: Session, lead: Lead) -> None:
    browse("nora").post(path(lead), data=KNOWN)
    browse("nora").post(path(lead), data={"qualify-version": "2", "qualify-contact_role": "", "qualify-need": " x "})
    session.refresh(lead)
    assert (lead.contact_role, lead.department, lead.qualification) == (None, "", {"need": "x"})


@pytest.mark.covers("P-28", "P-25")
def test_the_manufacturer_may_qualify_before_anybody_works_it(browse: Browse, session: Session, cast: Cast) -> None:
    waiting = factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.NURTURING)
    session.commit()
    assert browse("ines").post(path(waiting), data=KNOWN).status_code == 303
    assert browse("nora").post(path(waiting), data=KNOWN).status_code == 404


def test_a_closed_lead_is_only_read(browse: Browse, session: Session, lead: Lead) -> None:
    browse("nora").post(path(lead), data=KNOWN)
    close = {"close-version": "2", "close-result": "lost", "close-lost_reason": "price", "close-currency": "EUR"}
    assert browse("nora").post(f"/leads/{lead.id}/close", data=close).status_code == 303
    refused = browse("nora").post(path(lead), data={**KNOWN, "qualify-version": "3", "qualify-budget": "0"})
    assert refused.status_code == 409
    assert 'id="lead-qualification-form"' not in refused.text
    assert "120,000 EUR are set aside" in refused.text


def test_anonymous_is_asked_to_log_in(browse: Browse, lead: Lead) -> None:
    assert browse(None).post(path(lead), data=KNOWN).status_code == 303


@pytest.mark.parametrize("name", ["gina", "kenji", "rita"])
def test_outsiders_find_nothing(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=KNOWN).status_code == 404


@pytest.mark.parametrize("name", ["arne", "vera"])
def test_wrong_role(browse: Browse, lead: Lead, name: str) -> None:
    assert browse(name).post(path(lead), data=KNOWN).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [("qualify-contact_role", "boss"), ("qualify-version", "x"), ("qualify-budget", "x" * 501)],
)
def test_bad_input_shows_the_form_again(browse: Browse, session: Session, lead: Lead, field: str, value: str) -> None:
    answer = browse("nora").post(path(lead), data={**KNOWN, field: value})
    assert answer.status_code == 422
    assert 'id="form-errors"' in answer.text
    assert '<details class="disclosure" id="qualify-more" open>' in answer.text
    session.refresh(lead)
    assert lead.version == 1


def test_htmx_gets_the_fragment_and_a_browser_the_redirect(browse: Browse, lead: Lead) -> None:
    fragment = browse("nora").post(path(lead), data=KNOWN, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="lead"')
    again = browse("nora").post(path(lead), data={**KNOWN, "qualify-version": "2", "qualify-need": "soon"})
    assert (again.status_code, again.location) == (303, f"/leads/{lead.id}")


@pytest.mark.covers("K-01", "P-28")
def test_a_stale_edit_shows_both_versions_and_can_be_saved_again(browse: Browse, session: Session, lead: Lead) -> None:
    browse("carl").post(path(lead), data=KNOWN)
    mine = {**KNOWN, "qualify-contact_role": "gatekeeper", "qualify-budget": "none"}

    answer = browse("nora").post(path(lead), data=mine)

    assert answer.status_code == 409
    assert "120,000 EUR are set aside" in answer.text
    assert "Gatekeeper" in answer.text
    assert 'href="#lead-qualification"' in answer.text
    session.refresh(lead)
    assert lead.contact_role is ContactRole.ECONOMIC_BUYER
    assert browse("nora").post(path(lead), data={**mine, "qualify-version": "2"}).status_code == 303


@pytest.mark.covers("P-28")
@pytest.mark.parametrize(("name", "sort"), [("carl", "priority"), ("nora", "priority")])
def test_economic_buyers_are_marked_and_come_first(
    browse: Browse, session: Session, cast: Cast, lead: Lead, name: str, sort: str
) -> None:
    browse("nora").post(path(lead), data=KNOWN)
    later, hot = (
        factories.lead(session, cast.acme, [cast.products["pump"]], company=company, is_hot=company == "Hot AG")
        for company in ("Later AG", "Hot AG")
    )
    for other in (later, hot):
        factories.assignment(session, other, partnership=cast.partnerships["nordwind"])
    session.commit()
    answer = browse(name).get(f"/leads?sort={sort}")
    assert answer.status_code == 200
    page = answer.text
    assert page.index("Hot AG") < page.index("Hofmann Präzision GmbH") < page.index("Later AG")
    assert page.count("Economic buyer") == 1


@pytest.mark.covers("K-11")
def test_the_other_leads_of_the_company_stand_beside_it(
    browse: Browse, session: Session, cast: Cast, lead: Lead
) -> None:
    other = factories.lead(session, cast.acme, [cast.products["pump"]], given_name="Otto", family_name="Zweiter")
    for one in (lead, other):
        one.company_domain = "hofmann.example"
        join_profile(session, one)
    factories.assignment(session, other, partnership=cast.partnerships["kansai"])
    session.commit()
    ours = browse("carl").get(f"/leads/{lead.id}").text
    assert 'id="company-profile"' in ours
    assert f'id="company-lead-{other.id}"' in ours
    theirs = browse("nora").get(f"/leads/{lead.id}").text
    assert "Zweiter" not in theirs
    assert 'id="company-profile"' not in theirs
