"""The direct queue, and giving a lead to somebody by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.consent import ConsentScope
from app.domain.distribution import RoundKind
from app.models import Assignment, Lead
from app.services.lead_routing import route_lead
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast


@pytest.fixture
def queued(session: Session, cast: Cast) -> Lead:
    """A lead whose prospect agreed to be called by Acme only."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], consent=ConsentScope.MANUFACTURER_ONLY)
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


@pytest.fixture
def stuck(session: Session, cast: Cast) -> Lead:
    """A lead from Texas, where no partner has a territory."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], country="US", subdivision="US-TX")
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def worker(session: Session, lead: Lead) -> Assignment | None:
    return session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one_or_none()


@pytest.mark.covers("W-07")
def test_the_queue_holds_what_no_partner_took(browse: Browse, queued: Lead) -> None:
    page = browse("ines").get("/direct-queue").text
    assert "1 lead waits for you" in page
    assert f'href="/leads/{queued.id}/assign"' in page


def test_what_waits_for_a_decision_is_in_the_reviews(browse: Browse, queued: Lead, stuck: Lead) -> None:
    page = browse("ines").get("/direct-queue").text
    assert (f'id="lead-{stuck.id}"' in page, "1 lead waits for a decision instead" in page) == (False, True)
    assert "No partner is eligible" in browse("ines").get("/reviews").text


def test_a_viewer_reads_only(browse: Browse, queued: Lead) -> None:
    page = browse("vera").get("/direct-queue").text
    assert (f'id="lead-{queued.id}"' in page, "/assign" in page) == (True, False)
    assert browse("vera").get(f"/leads/{queued.id}/assign").status_code == 403


def test_an_empty_queue_says_so(browse: Browse) -> None:
    assert "The queue is empty" in browse("ada").get("/direct-queue").text


@pytest.mark.parametrize(("name", "status"), [("arne", 403), ("nora", 403), (None, 303)])
def test_others_have_no_queue(browse: Browse, name: str | None, status: int) -> None:
    assert browse(name).get("/direct-queue").status_code == status


def test_another_manufacturer_sees_its_own_queue(browse: Browse, queued: Lead) -> None:
    assert str(queued.id) not in browse("gina").get("/direct-queue").text


def test_a_colleague_takes_it(browse: Browse, session: Session, cast: Cast, queued: Lead) -> None:
    data = {"assignee": f"person-{cast.people['ines'].id}", "reason": "She knows the plant"}
    answer = browse("ada").post(f"/leads/{queued.id}/assign", data=data)
    assert (answer.status_code, answer.location) == (303, f"/leads/{queued.id}")
    work = worker(session, queued)
    assert work is not None
    assert (work.user_id, work.reason) == (cast.people["ines"].id, "She knows the plant")
    assert str(queued.id) not in browse("ada").get("/direct-queue").text


def test_a_partner_takes_it_and_reads_why(browse: Browse, session: Session, cast: Cast, stuck: Lead) -> None:
    page = browse("carl").get(f"/leads/{stuck.id}/assign?search=nordw").text
    assignee = f"partner-{cast.partnerships['nordwind'].id}"
    assert (f'value="{assignee}"' in page, "Kansai" in page, "1 partner found" in page) == (True, False, True)
    data = {"assignee": assignee, "reason": "They have a branch in Dallas"}
    assert browse("carl").post(f"/leads/{stuck.id}/assign", data=data).status_code == 303
    work = worker(session, stuck)
    assert work is not None
    assert work.partner_id == cast.nordwind.id


def test_eligible_partners_come_first(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], country="JP", subdivision="JP-27", score=10)
    session.commit()
    route_lead(lead_id=lead.id)
    page = browse("ada").get(f"/leads/{lead.id}/assign").text
    assert page.index("Kansai (") < page.index("Nordwind (")
    assert "not eligible – No territory covers JP-27" in page
    assert page.index("Nordwind (") < page.index("Your own people")


def test_a_partner_the_prospect_has_not_agreed_to_cannot_be_chosen(browse: Browse, cast: Cast, queued: Lead) -> None:
    page = browse("ada").get(f"/leads/{queued.id}/assign").text
    box = page.partition(f'value="partner-{cast.partnerships["nordwind"].id}"')
    assert "disabled" in box[0].rpartition("<input")[2] + box[2].partition(">")[0]
    assert "The prospect has not agreed to be called by this partner." in box[2].partition("</div>")[0]
    person = page.partition(f'value="person-{cast.people["ines"].id}"')
    assert "disabled" not in person[0].rpartition("<input")[2] + person[2].partition(">")[0]


@pytest.mark.parametrize("data", [{}, {"reason": "x"}, {"assignee": "person-1"}, {"assignee": "x-9", "reason": "x"}])
def test_bad_input_is_asked_for_again(browse: Browse, session: Session, queued: Lead, data: dict[str, str]) -> None:
    answer = browse("ada").post(f"/leads/{queued.id}/assign", data=data)
    assert (answer.status_code, 'id="assign"' in answer.text) == (422, True)
    assert worker(session, queued) is None


def test_somebody_elses_people_and_partners_are_not_there(browse: Browse, cast: Cast, stuck: Lead) -> None:
    for assignee in (f"person-{cast.people['gina'].id}", f"partner-{cast.partnerships['rival'].id}"):
        data = {"assignee": assignee, "reason": "x"}
        assert browse("ada").post(f"/leads/{stuck.id}/assign", data=data).status_code == 404


def test_consent_binds_a_person_too(browse: Browse, session: Session, cast: Cast, queued: Lead) -> None:
    data = {"assignee": f"partner-{cast.partnerships['nordwind'].id}", "reason": "x"}
    answer = browse("ada").post(f"/leads/{queued.id}/assign", data=data)
    assert (answer.status_code, "has not agreed" in answer.text, "Ask the prospect first" in answer.text) == (
        409,
        True,
        True,
    )
    assert worker(session, queued) is None


@pytest.mark.parametrize(("name", "status"), [("gina", 404), ("nora", 403), ("arne", 403), (None, 303)])
def test_others_do_not_assign(browse: Browse, queued: Lead, name: str | None, status: int) -> None:
    assert browse(name).get(f"/leads/{queued.id}/assign").status_code == status
    assert browse(name).post(f"/leads/{queued.id}/assign", data={"reason": "x"}).status_code == status


def test_htmx_is_told_where_to_go(browse: Browse, cast: Cast, queued: Lead) -> None:
    data = {"assignee": f"person-{cast.people['ines'].id}", "reason": "x"}
    answer = browse("ada").post(f"/leads/{queued.id}/assign", data=data, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/leads/{queued.id}")


def test_a_direct_round_shows_when_it_is_due(browse: Browse, session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    factories.round_(session, lead, RoundKind.DIRECT)
    session.commit()
    assert "data-due" in browse("ada").get("/direct-queue").text
