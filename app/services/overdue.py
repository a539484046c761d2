"""Taking deadlines that are due: their leads' locks, and one look at what the whole batch asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now, is_one_of, read_clock
from app.models import Assignment, Deadline, Lead
from app.services.departures.moves import is_anybody_leaving
from app.services.escalation.upkeep import Upkeep, look_after


@dataclass(frozen=True, slots=True)
class Look:
    """What a batch's look at the database found once its leads were locked, and when that was."""

    moment: datetime
    is_anybody_leaving: bool
    works: Sequence[Assignment]
    """The work its deadlines are about and that goes on, held here so that the session knows it."""
    upkeep: Upkeep


def lock_due(session: Session, limit: int) -> list[tuple[Deadline, Lead]]:
    """The deadlines that have been due longest, their leads locked; leads that others hold are skipped."""
    when = func.coalesce(Deadline.retry_at, Deadline.due_at)
    due = session.execute(
        select(Deadline, Lead)
        .join(Lead, Lead.id == Deadline.lead_id)
        .where(
            Deadline.fired_at.is_(None),
            Deadline.cancelled_at.is_(None),
            when <= select(clock_now()).scalar_subquery(),
        )
        .order_by(when, Deadline.id)
        .limit(limit)
        .with_for_update(of=Lead, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(deadline, lead) for deadline, lead in due]


def look_again(session: Session, deadlines: Sequence[Deadline]) -> Look:
    """Read the deadlines, and the work they are about, as they are now that their leads are locked."""
    rows = session.execute(
        select(Deadline, Assignment)
        .outerjoin(Assignment, Assignment.id == Deadline.assignment_id)
        .where(is_one_of(Deadline.id, [one.id for one in deadlines]))
        .execution_options(populate_existing=True)
    ).all()
    going_on = {work.id: work for _, work in rows if work is not None and work.ended_at is None}
    upkeep = look_after(session, deadlines, going_on.values())
    return Look(read_clock(session), is_anybody_leaving(session), list(going_on.values()), upkeep)
