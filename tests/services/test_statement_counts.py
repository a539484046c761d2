"""What is done for each lead, and by the thousand, asks the database no more often than it must."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import DeadlineKind
from app.models import Assignment, Deadline, Lead, OutboxMessage
from app.services.deadlines import enforce_deadlines
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.counting import statements
from tests.silences import claimed

MOST_FOR_A_LEAD = 36
"""Of a company nobody knows, onto the board: thirty-four, and a little room."""


def test_routing_a_lead_takes_few_statements(session: Session, cast: Cast) -> None:
    first, second = (factories.lead(session, cast.acme, [cast.products["pump"]], company=name) for name in ("A1", "B2"))
    session.commit()
    route_lead(lead_id=first.id)
    assert statements(lambda: route_lead(lead_id=second.id)) <= MOST_FOR_A_LEAD


def test_more_reminders_at_once_take_no_more_statements(session: Session, cast: Cast, clock: TimeMachine) -> None:
    few, many = ([claimed(session, cast) for _ in range(count)] for count in (1, 4))
    sent = []
    for leads in (few, many):
        for lead in leads:
            agree_follow_up(session, lead)
        session.commit()
        clock.pass_time(seconds=61)
        sent.append(statements(enforce_deadlines))
    told = select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "follow_up_to_worker")
    assert session.scalar(told) == len(few) + len(many)
    assert sent[0] == sent[1]


def agree_follow_up(session: Session, lead: Lead) -> None:
    """Let nothing be promised about a lead but a follow-up in a minute."""
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    lead.follow_up_at = read_clock(session) + timedelta(minutes=1)
    session.add(
        Deadline(
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            kind=DeadlineKind.FOLLOW_UP_DUE,
            due_at=lead.follow_up_at,
            assignment_id=work.id,
        )
    )
