"""A board on which nobody can take the lead any more waits for nobody: the plan goes on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.distribution import DeclineReason, RoundKind, RoundOutcome
from app.models import Certification, Lead, Offer, Partnership, Round
from app.services.claims import decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.lead_routing import route_lead
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import pass_until, pending


def rounds_of(session: Session, lead: Lead) -> list[tuple[RoundKind, RoundOutcome | None]]:
    rows = session.scalars(
        select(Round).where(Round.lead_id == lead.id).order_by(Round.number).execution_options(populate_existing=True)
    )
    return [(row.kind, row.outcome) for row in rows]


def for_robots(session: Session, cast: Cast) -> Lead:
    """A lead on a board that stays open for days, for partners whose certification must hold."""
    lead = factories.lead(session, cast.acme, [cast.products["robot"]])
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def ends_early(session: Session, offer: Offer, **left: float) -> None:
    """Have an offer end before its board does, as one whose certification runs out."""
    offer.expires_at = read_clock(session) + timedelta(**left)
    session.commit()


@pytest.mark.covers("A-03", "W-06")
def test_a_decline_goes_on_with_the_plan_when_the_others_offers_are_over(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = put_on_board(session, cast)
    ends_early(session, offer_to(session, lead, cast.partnerships["kansai"]), minutes=5)
    clock.pass_time(minutes=6)
    nordwinds = offer_to(session, lead, cast.partnerships["nordwind"])
    decline_offer(offer_id=nordwinds.id, actor=cast.viewer("nora"), reason=DeclineReason.TOO_SMALL)
    assert rounds_of(session, lead)[0] == (RoundKind.BOARD, RoundOutcome.DECLINED)
    assert rounds_of(session, lead)[-1][1] is None


@pytest.mark.covers("A-03", "B-03")
def test_a_partner_whose_head_start_is_still_to_come_is_waited_for(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, is_hot=False)
    nordwinds = offer_to(session, lead, cast.partnerships["nordwind"])
    assert offer_to(session, lead, cast.partnerships["kansai"]).visible_from > read_clock(session)
    decline_offer(offer_id=nordwinds.id, actor=cast.viewer("nora"), reason=DeclineReason.TOO_SMALL)
    assert rounds_of(session, lead) == [(RoundKind.BOARD, None)]


def certified_until(session: Session, cast: Cast, partnership: Partnership, day: date) -> None:
    wanted = select(Certification).where(
        Certification.partnership_id == partnership.id, Certification.product_line_id == cast.products["robot"].id
    )
    session.scalars(wanted).one().valid_until = day
    partnership.eligibility_version += 1
    session.commit()
    recheck_eligibility()


@pytest.mark.covers("A-03", "T-02")
def test_a_board_ends_with_the_last_certification_it_rests_on(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead, nordwind = for_robots(session, cast), cast.partnerships["nordwind"]
    board = session.scalars(select(Round).where(Round.lead_id == lead.id)).one()
    board.closes_at = read_clock(session) + timedelta(days=4)
    session.commit()
    today = read_clock(session).date()
    for day in (today, date(2099, 12, 31)):
        certified_until(session, cast, nordwind, day)
        (promise,) = pending(session, lead)
        assert promise.due_at == offer_to(session, lead, nordwind).expires_at
    assert promise.due_at == board.closes_at
    certified_until(session, cast, nordwind, today)
    (promise,) = pending(session, lead)
    assert promise.due_at == offer_to(session, lead, nordwind).expires_at < board.closes_at
    pass_until(session, clock, promise)
    enforce_deadlines()
    assert rounds_of(session, lead)[0] == (RoundKind.BOARD, RoundOutcome.EXPIRED)


@pytest.mark.covers("A-03", "T-02")
def test_a_certification_without_an_end_is_written_as_the_last_of_all_days(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    certified_until(session, cast, nordwind, date.max)
    lead = for_robots(session, cast)
    board = session.scalars(select(Round).where(Round.lead_id == lead.id)).one()
    assert offer_to(session, lead, nordwind).expires_at == board.closes_at
