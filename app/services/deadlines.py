"""Keeping promises: what happens when a deadline passes. PostgreSQL says what is due; a job only comes to look."""

from __future__ import annotations

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, Span, due_at
from app.domain.distribution import RoundKind, RoundOutcome
from app.domain.identity import Role
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.models import Assignment, Deadline, Lead, Offer, Partnership, Review, Round
from app.queries.manufacturers import manufacturer_rules, organisation_calendar
from app.queries.people import people_to_tell
from app.services.audit import record_event
from app.services.distribution.deadlines import promise
from app.services.distribution.exclusive import expire_exclusive_offer
from app.services.distribution.reviewing import DIRECT_ROLES, owe_to_manufacturer
from app.services.distribution.rounds import advance, close_round, follow_push
from app.services.notifications import owe_mails

BATCH = 20
"""Deadlines fired in one transaction: few enough that their leads are locked for a blink only."""
RETRY_AFTER_SECONDS = (5, 30, 120, 600, 3600)
"""How long a deadline whose work failed waits before its next try, the last for all further ones."""

log = structlog.get_logger(__name__)


def enforce_deadlines(*, limit: int = 2_000) -> int:
    """Fire every deadline that is due, each exactly once, none early; returns how many fired.

    Several may run at once: the lock of a lead is that of its deadlines too, and leads that others hold are skipped.
    A killed process rolls back, and the next call fires them. One whose work fails is pushed forward and reported; it
    stops no other. A second call finds nothing due.
    """
    fired = 0
    while fired < limit:
        count = _fire_batch()
        if count == 0:
            break
        fired += count
    return fired


def _fire_batch() -> int:
    with transaction() as session:
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
            .limit(BATCH)
            .with_for_update(of=Lead, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for deadline, lead in due:
            _fire(session, deadline, lead)
        return len(due)


def _fire(session: Session, deadline: Deadline, lead: Lead) -> None:
    """Do one deadline's work in a savepoint of its own, so that a poisoned row spoils no other."""
    try:
        with session.begin_nested():
            session.refresh(deadline)
            if not _is_due(session, deadline):
                return
            deadline.fired_at = session.scalar(select(clock_now()))
            _CONSEQUENCES[deadline.kind](session, deadline, lead)
    except Exception as error:
        log.error("deadline_failed", deadline_id=deadline.id, kind=deadline.kind.value, exc_info=error)
        _push_forward(session, deadline, error)


def _is_due(session: Session, deadline: Deadline) -> bool:
    """Whether it still is, now that its lead is locked: it may have been fired, cancelled or moved just before."""
    is_pending = deadline.fired_at is None and deadline.cancelled_at is None
    return is_pending and (deadline.retry_at or deadline.due_at) <= read_clock(session)


def _push_forward(session: Session, deadline: Deadline, error: Exception) -> None:
    session.refresh(deadline)
    wait = RETRY_AFTER_SECONDS[min(deadline.failures, len(RETRY_AFTER_SECONDS) - 1)]
    deadline.failures += 1
    deadline.last_error = f"{type(error).__name__}: {error}"[:500]
    deadline.retry_at = session.scalar(select(clock_now() + func.make_interval(0, 0, 0, 0, 0, 0, wait)))


def _close_board(session: Session, deadline: Deadline, lead: Lead) -> None:
    """Nobody claimed the lead in time: the plan goes on."""
    board = _open_round(session, deadline)
    if board is None or board.kind is not RoundKind.BOARD:
        return
    close_round(session, lead, RoundOutcome.EXPIRED)
    session.flush()
    rules = manufacturer_rules(session, lead.manufacturer_id)
    advance(session, lead, RoundKind.BOARD, rules, read_clock(session), cause="board_expired")


def _expire_push(session: Session, deadline: Deadline, lead: Lead) -> None:
    """The partner asked alone did not answer in time: the next one is asked."""
    push = _open_round(session, deadline)
    offer = session.get(Offer, deadline.offer_id) if deadline.offer_id else None
    if push is None or offer is None or offer.answer is not None:
        return
    expire_exclusive_offer(session, lead, offer)
    rules = manufacturer_rules(session, lead.manufacturer_id)
    follow_push(session, lead, push, rules, read_clock(session), cause="silence")


def _expire_owner(session: Session, deadline: Deadline, lead: Lead) -> None:
    """The owner did not answer in time: its channel manager is told, and the plan goes on without it."""
    owner_round = _open_round(session, deadline)
    offer = session.get(Offer, deadline.offer_id) if deadline.offer_id else None
    if owner_round is None or offer is None or offer.answer is not None:
        return
    expire_exclusive_offer(session, lead, offer)
    once = f"owner_silent:{offer.id}"
    payload = {"lead_id": str(lead.id), "partnership_id": offer.partnership_id}
    people = _who_looks_after(session, offer)
    owe_mails(session, MailKind.OWNER_SILENT_TO_MANUFACTURER, people, payload=payload, once=once)
    close_round(session, lead, RoundOutcome.EXPIRED)
    session.flush()
    rules = manufacturer_rules(session, lead.manufacturer_id)
    advance(session, lead, RoundKind.OWNER, rules, read_clock(session), cause="silence")


def _who_looks_after(session: Session, offer: Offer) -> list[int]:
    """The partnership's channel manager, or all of them where it has none."""
    partnership = session.get_one(Partnership, offer.partnership_id)
    if partnership.channel_manager_id is not None:
        return [partnership.channel_manager_id]
    return people_to_tell(session, offer.manufacturer_id, [Role.CHANNEL_MANAGER])


def _remind_of_direct_queue(session: Session, deadline: Deadline, lead: Lead) -> None:
    """Nobody of the manufacturer took the lead by the end of the day: say so to all who may."""
    if _open_round(session, deadline) is None:
        return
    record_event(
        session,
        EventKind.LEAD_ESCALATED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"what": deadline.kind.value},
    )
    owe_to_manufacturer(session, lead, MailKind.DIRECT_QUEUE_TO_MANUFACTURER, once=f"overdue:{deadline.id}")


def _note_missing_contact(session: Session, deadline: Deadline, lead: Lead) -> None:
    """No contact attempt in time: both sides see it, and the partner's sales manager is told (W-02)."""
    assignment = session.get(Assignment, deadline.assignment_id) if deadline.assignment_id else None
    if assignment is None or assignment.ended_at is not None or assignment.first_attempt_at is not None:
        return
    record_event(
        session,
        EventKind.CONTACT_OVERDUE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=assignment.partnership_id,
        data={"due_at": deadline.due_at.isoformat()},
    )
    once, payload = f"overdue:{deadline.id}", {"lead_id": str(lead.id)}
    owe_mails(
        session, MailKind.CONTACT_OVERDUE_TO_PARTNER, _who_answers_for(session, assignment), payload=payload, once=once
    )


def _who_answers_for(session: Session, assignment: Assignment) -> list[int]:
    """The partner's sales managers, or the manufacturer's own seller."""
    if assignment.partner_id is not None:
        return people_to_tell(session, assignment.partner_id, [Role.PARTNER_ADMIN])
    return [assignment.user_id] if assignment.user_id is not None else []


def _note_follow_up(session: Session, deadline: Deadline, lead: Lead) -> None:
    """The follow-up date has come: it stands in the time line and on top of the lead."""
    if lead.state is not LeadState.ASSIGNED:
        return
    record_event(
        session,
        EventKind.FOLLOW_UP_PASSED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"due_at": deadline.due_at.isoformat()},
    )


def _remind_of_review(session: Session, deadline: Deadline, lead: Lead) -> None:
    """Nobody answered the question about a lead by the end of the day: its owner is told, and all who may a day later.

    Where nobody in particular is to answer it, all are told at once.
    """
    review = session.scalars(select(Review).where(Review.lead_id == lead.id, Review.decided_at.is_(None))).one_or_none()
    if review is None:
        return
    record_event(
        session,
        EventKind.LEAD_ESCALATED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"what": deadline.kind.value},
    )
    deciders = people_to_tell(session, lead.manufacturer_id, DIRECT_ROLES)
    is_owners_turn = review.owner_user_id in deciders and deadline.due_at <= review.due_at
    people = [review.owner_user_id] if is_owners_turn and review.owner_user_id else deciders
    payload, once = {"lead_id": str(lead.id)}, f"review-overdue:{review.id}:{deadline.id}"
    owe_mails(session, MailKind.REVIEW_OVERDUE_TO_MANUFACTURER, people, payload=payload, once=once)
    if is_owners_turn:
        calendar = organisation_calendar(session, lead.manufacturer_id)
        next_day = due_at(Span(is_same_day=True), calendar, read_clock(session))
        promise(session, lead, DeadlineKind.REVIEW_DUE, next_day)


def _open_round(session: Session, deadline: Deadline) -> Round | None:
    round_ = session.get(Round, deadline.round_id, populate_existing=True) if deadline.round_id else None
    return round_ if round_ is not None and round_.closed_at is None else None


_CONSEQUENCES = {
    DeadlineKind.OWNER_EXPIRES: _expire_owner,
    DeadlineKind.BOARD_CLOSES: _close_board,
    DeadlineKind.PUSH_EXPIRES: _expire_push,
    DeadlineKind.DIRECT_DUE: _remind_of_direct_queue,
    DeadlineKind.CONTACT_DUE: _note_missing_contact,
    DeadlineKind.FOLLOW_UP_DUE: _note_follow_up,
    DeadlineKind.REVIEW_DUE: _remind_of_review,
}
