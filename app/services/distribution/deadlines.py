"""Writing and cancelling promises, inside the transaction of the change that makes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.escalation import EscalationAction, StepTime
from app.domain.stalling import StallAction, is_follow_up_passed
from app.models import Assignment, Deadline, Lead
from app.queries.escalation_mails import last_activity_at

ABOUT_WORK = (
    DeadlineKind.CONTACT_DUE,
    DeadlineKind.ESCALATION_DUE,
    DeadlineKind.FOLLOW_UP_DUE,
    DeadlineKind.ACTIVITY_DUE,
    DeadlineKind.NURTURE_DUE,
)
"""What is promised about an assignment, and ends with it."""


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


def promise_alerts(
    session: Session,
    lead: Lead,
    alerts: Iterable[StepTime],
    *,
    round_id: int | None = None,
    offer_id: uuid.UUID | None = None,
) -> None:
    """Promise each step at which somebody is told that nobody has acted, on the clock of that step."""
    for step, step_due in alerts:
        promise(
            session,
            lead,
            DeadlineKind.ESCALATION_DUE,
            step_due,
            clock=step.wait(is_hot=lead.is_hot).clock,
            round_id=round_id,
            offer_id=offer_id,
            step=step.action,
        )


def keep_follow_up(session: Session, lead: Lead, work: Assignment | None) -> None:
    """Promise anew the follow-up that was agreed with the prospect: it outlives the work in which it was agreed.

    Without `work` it is for whoever takes the lead by then. One that is overdue is due at once, where somebody is told.
    """
    if lead.follow_up_at is None:
        return
    now = read_clock(session)
    is_overdue = is_follow_up_passed(lead.follow_up_at, last_activity_at(session, lead.id), now)
    if lead.follow_up_at > now or (work is not None and is_overdue):
        due_at = max(lead.follow_up_at, now)
        promise(session, lead, DeadlineKind.FOLLOW_UP_DUE, due_at, assignment_id=work.id if work else None)


def cancel_promises(
    session: Session, lead_id: uuid.UUID, *kinds: DeadlineKind, offer_id: uuid.UUID | None = None
) -> None:
    """Take back a lead's pending promises of `kinds` (all kinds when none is named); a second call changes nothing.

    With an `offer_id` only those about this offer: what is promised about its round stays.
    """
    pending = update(Deadline).where(
        Deadline.lead_id == lead_id, Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None)
    )
    if kinds:
        pending = pending.where(Deadline.kind.in_(kinds))
    if offer_id is not None:
        pending = pending.where(Deadline.offer_id == offer_id)
    session.execute(pending.values(cancelled_at=clock_now()).execution_options(synchronize_session=False))
