"""Keeping promises: what happens when a deadline passes. PostgreSQL says what is due; a job only comes to look."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, Span, due_at
from app.domain.distribution import RoundKind, RoundOutcome
from app.domain.escalation import EscalationAction
from app.domain.notifications import MailKind
from app.domain.stalling import StallAction
from app.models import Assignment, Deadline, Lead, Offer, Partnership, Review, Round
from app.queries.escalation import sales_managers_of, workers_of
from app.queries.manufacturers import manufacturer_rules, organisation_calendar
from app.queries.people import people_remembered, people_to_tell
from app.services.audit import record_event
from app.services.departures.moves import go_on_without
from app.services.distribution.deadlines import promise
from app.services.distribution.exclusive import expire_exclusive_offer
from app.services.distribution.reviewing import DIRECT_ROLES, owe_to_manufacturer
from app.services.distribution.rounds import advance, close_round, follow_push
from app.services.distribution.telling import tell_who_lost_it
from app.services.distribution.turns import has_turn
from app.services.escalation.alerting import alert, silent_about
from app.services.escalation.re_routing import NOT_ANSWERED, NOT_CONTACTED, re_route_offer, re_route_work
from app.services.escalation.upkeep import note_follow_up, note_stalled, note_touch
from app.services.faults import is_its_own
from app.services.notifications import owe_mails, owed_together
from app.services.overdue import Look, lock_due, look_again
from app.services.rechecking import give_back_to_owner

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
        count = _fire_some()
        if count == 0:
            break
        fired += count
    return fired


def _fire_some() -> int:
    """Fire a batch, its work written together; where some of it fails, once more with each deadline by itself."""
    try:
        return _fire_batch(_fire, owed_together)
    except Exception as error:
        if not is_its_own(error):
            raise
        log.info("batch_failed", error=type(error).__name__)
        return _fire_batch(_fire_alone, nullcontext)


def _fire_batch(
    fire: Callable[[Session, Deadline, Lead, Look], None],
    owing: Callable[[Session], AbstractContextManager[object]],
) -> int:
    with transaction() as session, people_remembered(session), owing(session):
        due = lock_due(session, BATCH)
        look = look_again(session, [deadline for deadline, _ in due])
        met: set[uuid.UUID] = set()
        for fired, (deadline, lead) in enumerate(due, 1):
            if lead.id in met:  # What came before it on the same lead may have fired, cancelled or moved it.
                session.refresh(deadline)
            met.add(lead.id)
            fire(session, deadline, lead, look)
            # Somebody may hold the next one's partner, and wait for this one's or for the turn: the rest comes after.
            if has_turn(session) or any(work.ended_at is not None for work in look.works):
                return fired
        return len(due)


def _fire(session: Session, deadline: Deadline, lead: Lead, look: Look) -> None:
    """Do one deadline's work, unless it was fired, cancelled or moved just before its lead was locked."""
    is_pending = deadline.fired_at is None and deadline.cancelled_at is None
    if not is_pending or (deadline.retry_at or deadline.due_at) > look.moment:
        return
    deadline.fired_at = look.moment
    may_have_gone_on = deadline.offer_id is not None or look.is_anybody_leaving
    if may_have_gone_on and go_on_without(session, deadline, lead):
        return
    # What is only told needs none of it written before the end: it goes to the database together.
    with session.no_autoflush if _only_tells(deadline) else nullcontext():
        if deadline.kind in _UPKEEP:
            _UPKEEP[deadline.kind](session, deadline, lead, look.upkeep)
        else:
            _CONSEQUENCES[deadline.kind](session, deadline, lead)


def _only_tells(deadline: Deadline) -> bool:
    """Whether the lead stays where it is, and people are told."""
    if deadline.kind is DeadlineKind.ESCALATION_DUE:
        return deadline.step is not EscalationAction.RE_ROUTE
    if deadline.kind is DeadlineKind.ACTIVITY_DUE:
        return deadline.stall is not StallAction.RETURN_TO_DISTRIBUTION
    return deadline.kind in (DeadlineKind.CONTACT_DUE, DeadlineKind.FOLLOW_UP_DUE, DeadlineKind.NURTURE_DUE)


def _fire_alone(session: Session, deadline: Deadline, lead: Lead, look: Look) -> None:
    """Do one deadline's work in a savepoint of its own, so that a poisoned row spoils no other."""
    try:
        with session.begin_nested():
            session.refresh(deadline)
            _fire(session, deadline, lead, look)
    except Exception as error:
        if not is_its_own(error):
            raise
        log.error("deadline_failed", deadline_id=deadline.id, kind=deadline.kind.value, exc_info=error)
        _push_forward(session, deadline, error)


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
    """The partner asked alone did not answer in time: its sales manager is told, and the next one is asked."""
    push = _open_round(session, deadline)
    offer = session.get(Offer, deadline.offer_id) if deadline.offer_id else None
    if push is None or offer is None or offer.answer is not None:
        return
    expire_exclusive_offer(session, lead, offer)
    left = session.get_one(Partnership, offer.partnership_id)
    tell_who_lost_it(session, lead, left, NOT_ANSWERED, sales_managers_of(session, left), once=f"offer:{offer.id}")
    if give_back_to_owner(session, lead, cause="silence"):
        return
    rules = manufacturer_rules(session, lead.manufacturer_id)
    follow_push(session, lead, push, rules, read_clock(session), cause="silence")


def _expire_owner(session: Session, deadline: Deadline, lead: Lead) -> None:
    """The owner did not answer, and the ladder has come to its end: the lead goes to somebody else."""
    offer = session.get(Offer, deadline.offer_id) if deadline.offer_id else None
    if _open_round(session, deadline) is not None and offer is not None and offer.answer is None:
        re_route_offer(session, lead, offer)


def _escalate(session: Session, deadline: Deadline, lead: Lead) -> None:
    """A step of the ladder: somebody is told, or the lead goes to somebody else."""
    silent = silent_about(session, deadline)
    if silent is None or deadline.step is None:
        return
    if deadline.step is not EscalationAction.RE_ROUTE:
        alert(session, deadline, lead, silent, deadline.step)
    elif isinstance(silent, Assignment) and silent.partnership_id is not None:
        re_route_work(session, lead, silent, NOT_CONTACTED, cause="no_contact")


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
    """No contact attempt in time: both sides see it, and the partner's sales manager is told (W-02).

    Where the ladder's first step is due at the same moment, it is this promise, and its mail says what comes next.
    """
    work = silent_about(session, deadline)
    if not isinstance(work, Assignment):
        return
    record_event(
        session,
        EventKind.CONTACT_OVERDUE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=work.partnership_id,
        data={"due_at": deadline.due_at.isoformat()},
    )
    if deadline.step is not None:
        alert(session, deadline, lead, work, deadline.step)
        return
    once, payload = f"overdue:{deadline.id}", {"lead_id": str(lead.id)}
    owe_mails(session, MailKind.CONTACT_OVERDUE_TO_PARTNER, _who_answers_for(session, work), payload=payload, once=once)


def _who_answers_for(session: Session, work: Assignment) -> list[int]:
    """The partner's sales manager, or the manufacturer's own seller."""
    if work.partnership_id is not None:
        return sales_managers_of(session, session.get_one(Partnership, work.partnership_id))
    return workers_of(session, work)


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
    DeadlineKind.ESCALATION_DUE: _escalate,
    DeadlineKind.REVIEW_DUE: _remind_of_review,
}
_UPKEEP = {
    DeadlineKind.FOLLOW_UP_DUE: note_follow_up,
    DeadlineKind.ACTIVITY_DUE: note_stalled,
    DeadlineKind.NURTURE_DUE: note_touch,
}
