"""The ends of a lead: won, lost, disqualified, withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.cockpit import Closed, decide_edit, decide_lost, decide_won
from app.domain.distribution import AssignmentEnd, RoundOutcome
from app.domain.errors import Forbidden, Invalid
from app.domain.identity import Role, Viewer
from app.domain.leads import LeadState, LostReason, Stage, decide_move
from app.domain.money import Money
from app.domain.phrases import N_, Phrase
from app.domain.review import ReviewDecision
from app.services.cockpit.editing import current_values, set_revenue, stored_money
from app.services.cockpit.working import MANUFACTURERS_WORKERS, WorkedLead, lock_worked_lead
from app.services.distribution.assigning import end_assignment
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.reviewing import close_review
from app.services.distribution.rounds import close_round
from app.services.response_noting import note_feedback


def close_won(
    *,
    lead_id: uuid.UUID,
    actor: Viewer,
    version: int,
    revenue: Money | None = None,
    quality: int | None = None,
    note: str = "",
) -> None:
    """Close a worked lead as won, with what it brought and how good the lead was (1 to 5).

    Ends the assignment and every promise. Raises `StaleEdit`, `Refused` when nobody works it, `Invalid`, `NotFound`,
    `Forbidden`. A second call on a won lead changes nothing.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        if worked.lead.state is LeadState.WON:
            return
        closed = decide_won(worked.lead.state, revenue=revenue, text=note)
        wanted: dict[str, object] = {"stage": Stage.WON}
        if revenue is not None:
            wanted["expected_revenue"] = revenue
        decide_edit(version, worked.lead.version, mine=wanted, theirs=current_values(worked.lead))
        if revenue is not None:
            set_revenue(worked.lead, revenue)
        data = {"expected_revenue": stored_money(current_values(worked.lead)["expected_revenue"])}
        _close(session, worked, closed, AssignmentEnd.WON, quality, EventKind.LEAD_WON, data)


def close_lost(
    *,
    lead_id: uuid.UUID,
    actor: Viewer,
    version: int,
    reason: LostReason | None,
    competitor: str = "",
    quality: int | None = None,
    note: str = "",
) -> None:
    """Close a worked lead as lost, with the reason (a competitor is named) and how good the lead was (1 to 5).

    Ends the assignment and every promise. Raises `StaleEdit`, `Refused` when nobody works it, `Invalid` without a
    reason, `NotFound`, `Forbidden`. A second call on a lost lead changes nothing.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        if worked.lead.state is LeadState.LOST:
            return
        closed = decide_lost(worked.lead.state, reason=reason, competitor=competitor, text=note)
        theirs = current_values(worked.lead)
        decide_edit(version, worked.lead.version, mine={"stage": Stage.LOST}, theirs=theirs)
        data = {"reason": closed.lost_reason.value if closed.lost_reason else None, "lost_to": closed.lost_to}
        _close(session, worked, closed, AssignmentEnd.LOST, quality, EventKind.LEAD_LOST, data)


def disqualify_lead(*, lead_id: uuid.UUID, actor: Viewer, reason: str) -> None:
    """Take a lead out because it is none: spam, a test, not our market; with the reason, by the manufacturer.

    Ends the open round with its offers, the assignment and every promise. Raises `Refused` for a closed lead,
    `Invalid` without a reason, `NotFound`, `Forbidden`. A second call changes nothing.
    """
    _take_out(lead_id, actor, reason, LeadState.DISQUALIFIED)


def withdraw_lead(*, lead_id: uuid.UUID, actor: Viewer, reason: str) -> None:
    """Withdraw a lead in whatever state it is: nobody may contact the prospect any more, partners see nothing of it.

    Only an administrator or a channel manager decides it. Raises as `disqualify_lead`; a second call changes nothing.
    """
    if not actor.has_role(Role.ADMIN, Role.CHANNEL_MANAGER):
        raise Forbidden
    _take_out(lead_id, actor, reason, LeadState.WITHDRAWN)


_TAKEN_OUT = {
    LeadState.DISQUALIFIED: (AssignmentEnd.DISQUALIFIED, EventKind.LEAD_DISQUALIFIED),
    LeadState.WITHDRAWN: (AssignmentEnd.WITHDRAWN, EventKind.LEAD_WITHDRAWN),
}


def _take_out(lead_id: uuid.UUID, actor: Viewer, reason: str, state: LeadState) -> None:
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        if not actor.has_role(*MANUFACTURERS_WORKERS):
            raise Forbidden
        if worked.lead.state is state:
            return
        if not reason.strip():
            problem = Phrase(N_("Say why; the reason stays with the lead."))
            raise Invalid(problem, fields={"reason": problem})
        worked.lead.state = decide_move(worked.lead.state, state)
        worked.lead.closing_note = reason.strip()
        end, kind = _TAKEN_OUT[state]
        close_round(session, worked.lead, RoundOutcome.WITHDRAWN)
        close_review(session, worked.lead, ReviewDecision.DISQUALIFIED, actor=actor)
        _end_work(session, worked, end)
        worked.tell(session, kind, {})


def _close(
    session: Session,
    worked: WorkedLead,
    closed: Closed,
    end: AssignmentEnd,
    quality: int | None,
    kind: EventKind,
    data: Mapping[str, Any],
) -> None:
    if quality is not None and not 1 <= quality <= 5:
        problem = Phrase(N_("Rate the lead from 1 to 5."))
        raise Invalid(problem, fields={"quality": problem})
    lead = worked.lead
    lead.state, lead.stage = decide_move(lead.state, closed.state), closed.stage
    lead.lost_reason, lead.lost_to = closed.lost_reason, closed.lost_to
    lead.closing_note = closed.text
    lead.quality = quality
    _end_work(session, worked, end)
    if quality is not None and not worked.is_on_behalf:
        note_feedback(session, worked.assignment)
    worked.tell(session, kind, {**data, "quality": quality})


def _end_work(session: Session, worked: WorkedLead, end: AssignmentEnd) -> None:
    now = read_clock(session)
    worked.lead.closed_at = now
    worked.mark_changed(now)
    session.flush()
    end_assignment(session, worked.lead, end)
    cancel_promises(session, worked.lead.id)
