"""A lead reserved to its owner: every page tells both moments, in one voice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import due_at
from app.domain.distribution import RoundKind
from app.domain.identity import OrganisationKind
from app.domain.reservations import answer_asked
from app.localisation import phrase_text
from app.models import Lead, Offer, Round, User
from app.queries.manufacturers import manufacturer_rules, organisation_calendar
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import open_round, reserved


def told(reader: User, its_round: Round, kind: OrganisationKind) -> str:
    """The one sentence, as this reader is to read it everywhere."""
    assert its_round.closes_at is not None
    asked = answer_asked(its_round.answer_by, its_round.closes_at, kind)
    return phrase_text(asked, "en", reader.time_zone)


def its_round(session: Session, lead: Lead) -> Round:
    found = open_round(session, lead)
    assert found is not None and found.kind is RoundKind.OWNER
    return found


@pytest.mark.covers("W-02", "W-08")
@pytest.mark.parametrize("is_hot", [False, True])
def test_every_page_says_by_when_to_answer_and_when_it_goes_on(
    browse: Browse, cast: Cast, session: Session, is_hot: bool
) -> None:
    lead = reserved(session, cast, is_hot=is_hot)
    owner_round = its_round(session, lead)
    calendar = organisation_calendar(session, cast.nordwind.id)
    line = manufacturer_rules(session, cast.acme.id).plan.round_of(RoundKind.OWNER)
    assert line is not None and owner_round.closes_at is not None
    assert owner_round.answer_by == due_at(line.window_for(is_hot=is_hot), calendar, owner_round.opened_at)
    assert owner_round.answer_by < owner_round.closes_at

    offer = session.scalars(select(Offer.id).where(Offer.lead_id == lead.id)).one()
    partner = escape(told(cast.people["nora"], owner_round, OrganisationKind.PARTNER))
    assert "Please answer by" in partner and ", it goes on." in partner
    for url in ("/board", f"/offers/{offer}"):
        assert partner in browse("nora").get(url).text, url
    own = escape(told(cast.people["carl"], owner_round, OrganisationKind.MANUFACTURER))
    for url in (f"/leads/{lead.id}", f"/leads/{lead.id}/routing", "/leads"):
        assert own in browse("carl").get(url).text, url


@pytest.mark.covers("W-08")
@pytest.mark.parametrize("person", ["carl", "nora"])
def test_plan_and_procedure_say_the_same_hours(browse: Browse, cast: Cast, person: str) -> None:
    pages = ["/plan", "/plan/procedure"] if person == "carl" else [f"/procedure/{cast.partnerships['nordwind'].id}"]
    for url in pages:
        page = browse(person).get(url).text
        assert "asked to answer within 4 working hours; if nobody does, it goes on after 24 working hours." in page, url
        assert "within 5 working minutes; if nobody does, it goes on after 1 working hour." in page, url


def test_after_the_answer_was_due_the_owner_is_late_and_the_end_still_counts_down(
    browse: Browse, cast: Cast, session: Session, clock: TimeMachine
) -> None:
    lead = reserved(session, cast)
    owner_round = its_round(session, lead)
    assert owner_round.answer_by is not None and owner_round.closes_at is not None
    due = f'data-due="{owner_round.answer_by.isoformat()}"'
    watched = ("nora", "/board"), ("carl", f"/leads/{lead.id}"), ("carl", f"/leads/{lead.id}/routing")
    assert all(due in browse(person).get(url).text for person, url in watched)
    clock.pass_time(seconds=(owner_round.answer_by - owner_round.opened_at + timedelta(minutes=1)).total_seconds())
    page = browse("nora").get("/board").text
    assert due not in page and f'data-due="{owner_round.closes_at.isoformat()}"' in page
    assert "Overdue since" in browse("carl").get(f"/leads/{lead.id}").text
