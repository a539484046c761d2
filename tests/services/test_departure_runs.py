"""What a run of the handing on takes with it and what it leaves: kept work, a lead that fails, a database away."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.adapters.job_queue import OutOfTime
from app.domain.departures import LeadsChoice
from app.domain.distribution import OfferAnswer
from app.domain.notifications import MailKind
from app.models import Assignment, Lead, Offer, OutboxMessage
from app.queries.departures import departure_progress
from app.services.deadlines import enforce_deadlines
from app.services.departures.moves import move_on
from app.services.departures.moving import move_departing_leads
from app.services.network.partnerships import move_leads
from app.services.rechecking import recheck_eligibility
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import end, pause, works
from tests.silences import claimed, pass_until, pending, reserved

MOVE_ON = "app.services.departures.moving.move_on"


@pytest.mark.covers("W-17")
def test_offers_to_it_alone_go_on_also_where_its_leads_stay(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    works(session, cast, 2)
    lead = reserved(session, cast)
    pause(session, cast, LeadsChoice.STAY)
    recheck_eligibility()
    assert move_departing_leads() == 1
    own = select(Offer.answer).where(Offer.lead_id == lead.id, Offer.partnership_id == nordwind.id)
    assert session.scalars(own).all() == [OfferAnswer.WITHDRAWN]
    seen = departure_progress(viewer=cast.viewer("vera"), partnership_id=nordwind.id)
    assert seen is not None
    assert (seen.is_under_way, seen.moved, seen.worked, seen.only_offered) == (False, 1, 0, 1)
    kept = select(func.count()).where(Assignment.partnership_id == nordwind.id, Assignment.ended_at.is_(None))
    assert session.scalar(kept) == 2
    move_leads(actor=cast.viewer("carl"), partnership_id=nordwind.id)
    assert move_departing_leads() == 2
    after = departure_progress(viewer=cast.viewer("vera"), partnership_id=nordwind.id)
    assert after is not None
    assert (after.moved, after.worked, session.scalar(kept)) == (2, 2, 0)


@pytest.mark.covers("W-17", "W-03")
def test_a_promise_about_a_lead_it_keeps_holds_while_others_go(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    reserved(session, cast)
    pause(session, cast, LeadsChoice.STAY)
    pass_until(session, clock, pending(session, lead)[0])
    assert enforce_deadlines() >= 1
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (work.partnership_id, work.ended_at) == (cast.partnerships["nordwind"].id, None)
    alerts = (MailKind.ESCALATION_TO_SALES_MANAGER, MailKind.CONTACT_OVERDUE_TO_PARTNER)
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind.in_(alerts))).all()


@pytest.mark.covers("W-17")
@pytest.mark.parametrize(
    ("error", "is_the_leads"),
    [
        (OperationalError("", {}, psycopg.errors.QueryCanceled("statement timeout")), True),
        (OperationalError("", {}, psycopg.errors.AdminShutdown("shutting down")), False),
        (OutOfTime("120 seconds"), False),
    ],
)
def test_only_what_is_one_leads_own_trouble_leaves_the_others_to_go(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, is_the_leads: bool
) -> None:
    first_id = works(session, cast, 3)[0].id
    end(cast)

    def fail_once(held: Session, lead: Lead) -> bool:
        if lead.id == first_id:
            raise error
        return move_on(held, lead)

    monkeypatch.setattr(MOVE_ON, fail_once)
    if is_the_leads:
        assert move_departing_leads() == 2
    else:
        with pytest.raises(type(error)):
            move_departing_leads()
    monkeypatch.undo()
    assert move_departing_leads() == (1 if is_the_leads else 3), "nothing is lost"
