"""Taking a return back: within minutes, and while nobody else has the lead."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, RoundKind, RoundOutcome
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.leads import LeadState, Stage
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.domain.returns import decide_undo_return
from app.domain.review import ReviewDecision
from app.models import Assignment, Deadline, Event, Lead, Partnership
from app.queries.returns import has_gone_on, own_latest_work
from app.services.cockpit.working import WORKING_ROLES, WorkedLead
from app.services.distribution.deadlines import cancel_promises
from app.services.distribution.reviewing import close_review
from app.services.distribution.rounds import close_round
from app.services.distribution.telling import tell_who_was_asked_alone
from app.services.returning.telling import tell_taken_back

_IS_WORKED = Phrase(N_("It is being worked after all."))


def undo_return(*, lead_id: uuid.UUID, actor: Viewer) -> None:
    """Take a return back within 10 minutes, as long as nobody else has the lead and no person has decided about it.

    The offers and the question that followed end; assignment, stage, follow-up and promises are as before, with their
    first due times. Whoever was told of the return, or asked because of it, is told that it is over. The partner's
    people may, and the manufacturer's. Raises `NotFound`, `Forbidden` and `Refused`; so does a second call.
    """
    with transaction() as session:
        lead, work = _lock_returned(session, lead_id, actor)
        returned_at = work.ended_at if work.end is AssignmentEnd.RETURNED else None
        is_taken = returned_at is not None and has_gone_on(session, work)
        decide_undo_return(returned_at, read_clock(session), is_taken=is_taken)
        _take_place(session, work)
        was_asked = _call_off(session, lead, actor)
        _restore(session, lead, work)
        worked = WorkedLead(lead, work, actor)
        worked.mark_changed(read_clock(session))
        worked.tell(session, EventKind.LEAD_RETURN_UNDONE, {"is_on_behalf": worked.is_on_behalf})
        if returned_at is not None:
            tell_taken_back(session, lead, work, actor, returned_at, was_asked=was_asked)


def _lock_returned(session: Session, lead_id: uuid.UUID, actor: Viewer) -> tuple[Lead, Assignment]:
    """The lead's row, locked, and the actor's own side's latest assignment of it."""
    lead = session.get(Lead, lead_id, with_for_update=True, populate_existing=True)
    work = own_latest_work(session, lead_id, actor)
    if lead is None or work is None:
        raise NotFound
    if not actor.has_role(*WORKING_ROLES):
        raise Forbidden
    return lead, work


def _take_place(session: Session, work: Assignment) -> None:
    """Give the partner its place back; no cap stands against what it had before."""
    if work.partnership_id is None:
        return
    partnership = session.get_one(
        Partnership, work.partnership_id, with_for_update={"key_share": True, "of": Partnership}, populate_existing=True
    )
    if partnership.status is not PartnershipStatus.ACTIVE:
        raise Refused(Phrase(N_("This partnership is not active.")), code="partnership_not_active")
    if work.first_attempt_at is None:
        partnership.unworked_claims += 1


def _call_off(session: Session, lead: Lead, actor: Viewer) -> bool:
    """End what the return led to, and tell the partner asked alone; whether the manufacturer's people were asked."""
    tell_who_was_asked_alone(session, lead, _IS_WORKED)
    ended = close_round(session, lead, RoundOutcome.WITHDRAWN)
    question = close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED, actor=actor)
    cancel_promises(session, lead.id)
    return question is not None or (ended is not None and ended.kind is RoundKind.DIRECT)


def _restore(session: Session, lead: Lead, work: Assignment) -> None:
    """Bring back what the return ended; its line of the trail says how the lead stood."""
    told = select(Event.data).where(Event.lead_id == lead.id, Event.kind == EventKind.LEAD_RETURNED)
    before = session.scalars(told.order_by(Event.id.desc()).limit(1)).one()
    agreed_before = Deadline.assignment_id.is_(None) & (Deadline.kind == DeadlineKind.FOLLOW_UP_DUE)
    session.execute(
        update(Deadline)
        .where(Deadline.lead_id == lead.id, (Deadline.assignment_id == work.id) | agreed_before)
        .where(Deadline.fired_at.is_(None), Deadline.cancelled_at >= work.ended_at)
        .values(cancelled_at=None)
        .execution_options(synchronize_session=False)
    )
    work.ended_at = work.end = work.return_reason = None
    work.return_note = ""
    lead.state, lead.review_reason = LeadState.ASSIGNED, None
    lead.stage, lead.quality = Stage(before["stage"]), before["quality_before"]
    lead.follow_up_at = datetime.fromisoformat(before["follow_up"]) if before["follow_up"] else None
    session.flush()
