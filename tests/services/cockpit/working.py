"""What the tests of working a lead do and ask."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.deadlines import DeadlineKind
from app.domain.leads import Stage
from app.domain.money import Money
from app.models import Deadline, Event, Lead
from app.services import cockpit
from app.services.cockpit import LeadEdit
from tests.cast import Cast

EDIT = LeadEdit(
    Stage.QUALIFIED,
    Money(84_000_00, "EUR"),
    date(2099, 3, 15),
    datetime(2099, 1, 10, 9, 30, tzinfo=UTC),
)
"""All that an edit can say."""


def call(cast: Cast, lead: Lead, name: str = "nora", **values: Any) -> int:
    """Log a call that reached nobody, or what else is said of it."""
    given = {"kind": ActivityKind.CALL, "outcome": ContactOutcome.NOT_REACHED} | values
    return cockpit.log_activity(lead_id=lead.id, actor=cast.viewer(name), **given)


def kinds_told(session: Session, lead: Lead) -> list[EventKind]:
    """What the trail says of the lead, oldest first."""
    return list(session.scalars(select(Event.kind).where(Event.lead_id == lead.id).order_by(Event.id)))


def pending(session: Session, lead: Lead, *kinds: DeadlineKind) -> list[Deadline]:
    """What is promised about the first contact and the follow-up; what silence later leads to is told elsewhere."""
    wanted = kinds or (DeadlineKind.CONTACT_DUE, DeadlineKind.ESCALATION_DUE, DeadlineKind.FOLLOW_UP_DUE)
    is_pending = Deadline.cancelled_at.is_(None) & Deadline.fired_at.is_(None)
    return list(
        session.scalars(select(Deadline).where(Deadline.lead_id == lead.id, is_pending, Deadline.kind.in_(wanted)))
    )
