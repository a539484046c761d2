"""Whose turn it is, read with the lead itself: the open round, the contact deadline, the follow-up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from app.domain.cockpit import Duty, DutyFacts, next_duty
from app.domain.deadlines import DeadlineKind
from app.domain.leads import LeadState
from app.models import Assignment, Deadline, Lead, Round
from app.queries.cockpit.scope import Work

OpenRound = aliased(Round, name="open_round")


def with_duty(statement: Select[Any]) -> Select[Any]:
    """Add to a statement made by `with_work` what `duty_of` reads."""
    return statement.outerjoin(
        OpenRound, and_(OpenRound.lead_id == Lead.id, OpenRound.closed_at.is_(None))
    ).add_columns(
        OpenRound.kind.label("round_kind"),
        OpenRound.opened_at.label("round_opened_at"),
        OpenRound.answer_by.label("round_answer_by"),
        OpenRound.closes_at.label("round_closes_at"),
        contact_due_at().label("contact_due_at"),
    )


def contact_due_at() -> ColumnElement[Any]:
    """Until when the active assignment's first contact attempt is due; a deadline that has passed still counts."""
    return (
        select(func.max(Deadline.due_at))
        .where(
            Deadline.lead_id == Lead.id,
            Deadline.assignment_id == Work.id,
            Deadline.kind == DeadlineKind.CONTACT_DUE,
            Deadline.cancelled_at.is_(None),
        )
        .correlate(Lead, Work)
        .scalar_subquery()
    )


def due_at() -> ColumnElement[Any]:
    """When the next duty of a lead is due, as `duty_of` says it; null when nothing presses. For sorting and filters."""
    ends = func.coalesce(Round.answer_by, Round.closes_at)
    closes_at = select(ends).where(Round.lead_id == Lead.id, Round.closed_at.is_(None))
    return case(
        (and_(Lead.state == LeadState.ASSIGNED, Work.first_attempt_at.is_(None)), contact_due_at()),
        (Lead.state == LeadState.ASSIGNED, Lead.follow_up_at),
        (Lead.state == LeadState.DISTRIBUTING, closes_at.correlate(Lead).scalar_subquery()),
        else_=None,
    )


def duty_of(lead: Lead, work: Assignment | None, row: Any, now: datetime) -> Duty:
    """Who must act next on a lead; `row` is one of a statement made by `with_duty`."""
    return next_duty(
        DutyFacts(
            state=lead.state,
            round_kind=row.round_kind,
            round_answer_by=row.round_answer_by,
            round_closes_at=row.round_closes_at,
            contact_attempts=int(work is not None and work.first_attempt_at is not None),
            contact_due_at=row.contact_due_at,
            follow_up_at=lead.follow_up_at,
        ),
        now,
    )


def duty_opened_at(lead: Lead, work: Assignment | None, row: Any) -> datetime:
    """When the time of the next duty began to run: what its shrinking bar is measured against."""
    if lead.state is LeadState.DISTRIBUTING and row.round_opened_at is not None:
        opened: datetime = row.round_opened_at
        return opened
    if work is None:
        return lead.received_at
    return max(work.assigned_at, lead.updated_at) if work.first_attempt_at else work.assigned_at
