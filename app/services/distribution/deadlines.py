"""Writing and cancelling promises, inside the transaction of the change that makes them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.deadlines import Clock, DeadlineKind
from app.models import Deadline, Lead


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
) -> None:
    """Promise that something happens at `due_at`; the deadlines' job keeps it, whatever becomes of Redis."""
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
