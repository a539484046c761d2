"""Writing and cancelling promises, inside the transaction of the change that makes them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.escalation import EscalationAction
from app.domain.stalling import StallAction
from app.models import Deadline, Lead

ABOUT_WORK = (
    DeadlineKind.CONTACT_DUE,
    DeadlineKind.ESCALATION_DUE,
    DeadlineKind.FOLLOW_UP_DUE,
    DeadlineKind.ACTIVITY_DUE,
    DeadlineKind.NURTURE_DUE,
)
"""What is promised about an assignment, and ends with it."""
ANSWERS_DUE = (DeadlineKind.OWNER_EXPIRES, DeadlineKind.PUSH_EXPIRES, DeadlineKind.ESCALATION_DUE)
"""What is promised about an offer to one partner alone, and ends with its answer."""


def promise(
    session: Session,
    lead: Lead,
    kind: DeadlineKind,
    due_at: datetime,
    *,
    clock: Clock = Clock.WALL,
    round_id: int | None = None,
    offer_id: uuid.UUID | None = None,
    assignment_id: int | None = None,
    step: EscalationAction | None = None,
    stall: StallAction | None = None,
) -> None:
    """Promise that something happens at `due_at`; the deadlines' job keeps it, whatever becomes of Redis.

    `step` and `stall` say what is done then about a silence before the first contact, or after it.
    """
    session.add(
        Deadline(
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            kind=kind,
            clock=clock,
            due_at=due_at,
            round_id=round_id,
            offer_id=offer_id,
            assignment_id=assignment_id,
            step=step,
            stall=stall,
        )
    )


def cancel_promises(session: Session, lead_id: uuid.UUID, *kinds: DeadlineKind) -> None:
    """Take back a lead's pending promises of `kinds` (all kinds when none is named); a second call changes nothing."""
    pending = update(Deadline).where(
        Deadline.lead_id == lead_id, Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None)
    )
    if kinds:
        pending = pending.where(Deadline.kind.in_(kinds))
    session.execute(pending.values(cancelled_at=clock_now()).execution_options(synchronize_session=False))
