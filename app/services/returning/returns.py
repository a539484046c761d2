"""Handing a lead back: the assignment ends, the next partner is asked or a person decides."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.cockpit import OPEN_STAGES, ActivityKind, counts_as_reached, is_contact_attempt
from app.domain.distribution import AssignmentEnd, RoundKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.leads import ReviewReason, Stage
from app.domain.phrases import N_, Phrase
from app.domain.returns import Returned, ReturnFacts, ReturnReason, decide_return
from app.models import Activity, Assignment, Event, Lead
from app.queries.returns import round_taken_in
from app.services.cockpit.working import WorkedLead, lock_worked_lead
from app.services.distribution.assigning import end_assignment
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.reviewing import send_to_review
from app.services.network_order import hold_network
from app.services.response_noting import note_feedback
from app.services.returning.onward import go_on_after
from app.services.returning.telling import tell_returned
from app.services.routing_rules import prepare_by_rules

LONGEST_NOTE = 2_000
_BEGUN = [stage.value for stage in OPEN_STAGES if stage not in (Stage.NEW, Stage.CONTACTED)]


def return_lead(
    *, lead_id: uuid.UUID, actor: Viewer, reason: ReturnReason | None, note: str = "", quality: int | None = None
) -> Returned:
    """Hand a lead back that is being worked, for a defect, with how good it was (1 to 5); domain.md §8.

    The assignment and its promises end, its contact data is hidden from the partner at once, stage and follow-up begin
    anew. Wrong data and consent go to a person, the rest to the next round of the plan, without this partner. Raises
    `NotFound` for whoever does not work it (so does a second call by the partner), `Forbidden`, `Invalid`, `Refused`.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        returned = decide_return(_facts(session, worked), reason, note[:LONGEST_NOTE])
        _refuse_unknown_quality(quality)
        _take_off(session, worked, returned, quality)
        if worked.assignment is not None:
            _go_on(session, worked.lead, worked.assignment, returned, actor)
            tell_returned(session, worked.lead, worked.assignment, actor)
        return returned


def _facts(session: Session, worked: WorkedLead) -> ReturnFacts:
    work = worked.assignment
    if work is None:
        return ReturnFacts(worked.lead.state)
    done = session.execute(select(Activity.kind, Activity.outcome).where(Activity.assignment_id == work.id)).all()
    has_quoted = any(kind is ActivityKind.QUOTE for kind, _outcome in done)
    return ReturnFacts(
        worked.lead.state,
        contact_attempts=sum(is_contact_attempt(kind, outcome) for kind, outcome in done),
        times_reached=sum(counts_as_reached(kind, outcome) for kind, outcome in done),
        has_begun=has_quoted or _has_gone_on(session, work),
    )


def _has_gone_on(session: Session, work: Assignment) -> bool:
    """Whether the lead has come to a later stage under this assignment."""
    moved = select(Event.id).where(
        Event.lead_id == work.lead_id,
        Event.kind == EventKind.STAGE_CHANGED,
        Event.at >= work.assigned_at,
        Event.data["new"].astext.in_(_BEGUN),
    )
    return session.scalar(moved.limit(1)) is not None


def _refuse_unknown_quality(quality: int | None) -> None:
    if quality is not None and not 1 <= quality <= 5:
        problem = Phrase(N_("Rate the lead from 1 to 5."))
        raise Invalid(problem, fields={"quality": problem})


def _take_off(session: Session, worked: WorkedLead, returned: Returned, quality: int | None) -> None:
    """End the assignment. The line of the trail keeps what taking the return back restores."""
    lead, work = worked.lead, worked.assignment
    data: dict[str, Any] = {
        "reason": returned.reason.value,
        "note": returned.text,
        "quality": quality,
        "assignment_id": work.id if work else None,
        "is_on_behalf": worked.is_on_behalf,
        "stage": lead.stage.value,
        "follow_up": lead.follow_up_at.isoformat() if lead.follow_up_at else None,
        "quality_before": lead.quality,
    }
    hold_network(session, lead.manufacturer_id)
    lead.stage, lead.follow_up_at = Stage.NEW, None
    lead.quality = quality or lead.quality
    worked.mark_changed(read_clock(session))
    session.flush()
    ended = end_assignment(session, lead, AssignmentEnd.RETURNED)
    if ended is not None:
        ended.return_reason, ended.return_note = returned.reason, returned.text
    cancel_promises(session, lead.id)
    if quality is not None and not worked.is_on_behalf:
        note_feedback(session, work)
    worked.tell(session, EventKind.LEAD_RETURNED, data)
    session.flush()


def _go_on(session: Session, lead: Lead, work: Assignment, returned: Returned, actor: Viewer) -> None:
    """To a person when the reason asks for one, or when the lead came out of the last round of its plan."""
    is_at_end = round_taken_in(session, work) is RoundKind.DIRECT
    review = returned.review_reason or (ReviewReason.RETURNED if is_at_end else None)
    if review is None:
        go_on_after(session, lead, work, cause="returned")
    else:
        prepare_by_rules(session, lead, cause="returned")
        send_to_review(session, lead, review, None, cause="returned", actor=actor)
