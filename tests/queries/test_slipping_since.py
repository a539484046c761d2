"""Since when nobody can take a lead that slips."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.departures import LeadsChoice
from app.domain.partners import PartnershipStatus
from app.models import Round
from app.queries.slipping.offers import hindrances_of
from app.services.departures.moving import move_departing_leads
from app.services.rechecking import recheck_eligibility
from tests.boards import put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import pause, works


@pytest.mark.covers("A-03")
def test_a_partner_that_was_away_before_has_not_hindered_since_then(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    works(session, cast, 1)
    pause(session, cast, LeadsChoice.GO)
    recheck_eligibility()
    move_departing_leads()
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    clock.pass_time(days=30)
    lead = put_on_board(session, cast)
    pause(session, cast, LeadsChoice.STAY)
    board = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one()
    since = hindrances_of([board.id])[lead.id].since
    assert since is None or since >= board.opened_at
