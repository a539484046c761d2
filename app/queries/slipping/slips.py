"""Which of a manufacturer's leads are about to be lost: one part per reason, the worst reason of each lead counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, cast, exists, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import UUID, distinct_on
from sqlalchemy.orm import aliased

from app.database import clock_now, db
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.leads import LeadState, ReviewReason
from app.domain.slipping import LAST_PART, MAIL_DAYS, STUCK_AFTER, WATCHER_ROLES, SlipKind
from app.models import Activity, Assignment, Deadline, Lead, Offer, OutboxMessage, Review, Round, User
from app.queries.slipping.offers import is_anybody_able

COUNT_CAP = 99
"""The badge counts so far; more is more than that."""

_OFFERED = (RoundKind.OWNER, RoundKind.BOARD, RoundKind.PUSH)
_NOW = select(clock_now()).scalar_subquery()
_RANKS = {kind: rank for rank, kind in enumerate(SlipKind)}


def slips(manufacturer_id: int) -> CTE:
    """Each slipping lead once, with the worst reason: `lead_id`, `rank`, `since`, `round_id`."""
    parts = (
        _nobody_left(manufacturer_id),
        _nobody_eligible(manufacturer_id),
        _stuck(manufacturer_id),
        _undelivered(manufacturer_id),
        _unanswered(manufacturer_id),
        _uncalled(manufacturer_id),
        _window_ending(manufacturer_id),
        _queue_overdue(manufacturer_id),
        _review_overdue(manufacturer_id),
        _stalled(manufacturer_id),
        _follow_up_passed(manufacturer_id),
    )
    every = union_all(*parts).cte("every_slip")
    worst = select(every).ext(distinct_on(every.c.lead_id)).order_by(every.c.lead_id, every.c.rank)
    return worst.cte("slip")


def count_slipping(*, viewer: Viewer) -> int:
    """How many of the viewer's leads are about to be lost, for the badge: none for who does not watch over them.

    Stops one above `COUNT_CAP`.
    """
    if not viewer.is_manufacturer or not viewer.has_role(*WATCHER_ROLES):
        return 0
    slip = slips(viewer.organisation_id)
    some = select(slip.c.lead_id).limit(COUNT_CAP + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _slip(kind: SlipKind, lead_id: Any, since: Any, round_id: Any = None) -> Select[Any]:
    return select(
        lead_id.label("lead_id"),
        literal(_RANKS[kind]).label("rank"),
        since.label("since"),
        cast(round_id, BigInteger).label("round_id"),
    )


def _of_open_rounds(statement: Select[Any], manufacturer_id: int) -> Select[Any]:
    """A statement about rounds, narrowed to the open ones of leads on their way."""
    return statement.join(Lead, and_(Lead.id == Round.lead_id, Round.closed_at.is_(None))).where(
        Lead.manufacturer_id == manufacturer_id, Lead.state == LeadState.DISTRIBUTING
    )


def _nobody_left(manufacturer_id: int) -> Select[Any]:
    """Nobody can take what is offered; where the round's time has just ended, the plan is about to go on."""
    found = _slip(SlipKind.NOBODY_LEFT, Round.lead_id, Round.opened_at, Round.id)
    is_going_on = Round.closes_at.is_not(None) & Round.closes_at.between(_NOW - STUCK_AFTER, _NOW)
    return _of_open_rounds(found, manufacturer_id).where(Round.kind.in_(_OFFERED), ~is_going_on, ~is_anybody_able())


def _open_reviews(kind: SlipKind, manufacturer_id: int) -> Select[Any]:
    found = _slip(kind, Review.lead_id, Review.opened_at)
    return found.where(Review.manufacturer_id == manufacturer_id, Review.decided_at.is_(None))


def _nobody_eligible(manufacturer_id: int) -> Select[Any]:
    waiting = _open_reviews(SlipKind.NOBODY_LEFT, manufacturer_id)
    return waiting.where(Review.reason == ReviewReason.NOBODY_ELIGIBLE)


def _review_overdue(manufacturer_id: int) -> Select[Any]:
    return _open_reviews(SlipKind.REVIEW_OVERDUE, manufacturer_id).where(Review.due_at <= _NOW)


def _stuck(manufacturer_id: int) -> Select[Any]:
    return _slip(SlipKind.STUCK, Lead.id, Lead.received_at).where(
        Lead.manufacturer_id == manufacturer_id,
        Lead.state == LeadState.RECEIVED,
        Lead.received_at <= _NOW - STUCK_AFTER,
    )


def _undelivered(manufacturer_id: int) -> Select[Any]:
    """A mail to somebody who is to answer or to call was given up, and nobody there has done either."""
    told = aliased(Offer)
    of_offer = select(told.lead_id).where(told.id == cast(OutboxMessage.payload["offer_id"].astext, UUID))
    lead_id = func.coalesce(cast(OutboxMessage.payload["lead_id"].astext, UUID), of_offer.scalar_subquery())
    is_theirs_to_call = exists().where(
        Assignment.lead_id == Lead.id,
        Assignment.ended_at.is_(None),
        Assignment.first_attempt_at.is_(None),
        Assignment.partner_id == User.organisation_id,
    )
    is_theirs_to_answer = exists().where(
        Offer.lead_id == Lead.id, Offer.is_exclusive, Offer.answer.is_(None), Offer.partner_id == User.organisation_id
    )
    return (
        _slip(SlipKind.UNDELIVERED, Lead.id, OutboxMessage.given_up_at)
        .select_from(OutboxMessage)
        .join(User, User.id == OutboxMessage.user_id)
        .join(Lead, Lead.id == lead_id)
        .where(
            OutboxMessage.given_up_at > _NOW - timedelta(days=MAIL_DAYS),
            OutboxMessage.failures > 0,
            Lead.manufacturer_id == manufacturer_id,
            or_(is_theirs_to_call, is_theirs_to_answer),
        )
    )


def _unanswered(manufacturer_id: int) -> Select[Any]:
    """One partner is asked alone, and the first step of the ladder is behind it."""
    is_late = exists().where(
        Deadline.offer_id == Offer.id,
        Deadline.lead_id == Offer.lead_id,
        Deadline.kind == DeadlineKind.ESCALATION_DUE,
        Deadline.cancelled_at.is_(None),
        Deadline.due_at <= _NOW,
    )
    found = _slip(SlipKind.SILENT, Round.lead_id, Offer.created_at, Round.id).join(
        Offer, and_(Offer.round_id == Round.id, Offer.is_exclusive, Offer.answer.is_(None))
    )
    return _of_open_rounds(found, manufacturer_id).where(is_late)


def _uncalled(manufacturer_id: int) -> Select[Any]:
    """The first contact is overdue, or a step of the ladder is behind who works it."""
    is_late = exists().where(
        Deadline.assignment_id == Assignment.id,
        Deadline.lead_id == Assignment.lead_id,
        Deadline.kind.in_([DeadlineKind.CONTACT_DUE, DeadlineKind.ESCALATION_DUE]),
        Deadline.cancelled_at.is_(None),
        Deadline.due_at <= _NOW,
    )
    found = _slip(SlipKind.SILENT, Assignment.lead_id, Assignment.assigned_at)
    return _of_work(found, manufacturer_id).where(Assignment.first_attempt_at.is_(None), is_late)


def _of_work(statement: Select[Any], manufacturer_id: int) -> Select[Any]:
    return statement.where(Assignment.manufacturer_id == manufacturer_id, Assignment.ended_at.is_(None))


def _window_ending(manufacturer_id: int) -> Select[Any]:
    """The last part of a window has begun; a lead of the direct queue is here only until its time is over."""
    found = _slip(SlipKind.WINDOW_ENDING, Round.lead_id, Round.opened_at, Round.id)
    whole, left = _seconds(Round.closes_at - Round.opened_at), _seconds(Round.closes_at - _NOW)
    is_waiting = (Round.kind == RoundKind.BOARD) | ((Round.kind == RoundKind.DIRECT) & (Round.closes_at > _NOW))
    return _of_open_rounds(found, manufacturer_id).where(is_waiting, left * LAST_PART <= whole)


def _queue_overdue(manufacturer_id: int) -> Select[Any]:
    """Nobody took it out of the direct queue in time: no round follows there, so it waits on."""
    found = _slip(SlipKind.QUEUE_OVERDUE, Round.lead_id, Round.opened_at, Round.id)
    return _of_open_rounds(found, manufacturer_id).where(Round.kind == RoundKind.DIRECT, Round.closes_at <= _NOW)


def _seconds(interval: Any) -> ColumnElement[Any]:
    return func.extract("epoch", interval)


def _stalled(manufacturer_id: int) -> Select[Any]:
    found = _slip(SlipKind.STALLED, Assignment.lead_id, Assignment.stalled_at)
    return _of_work(found, manufacturer_id).where(Assignment.stalled_at.is_not(None))


def _follow_up_passed(manufacturer_id: int) -> Select[Any]:
    """A date was agreed, has come, and nothing was logged since: of leads that are worked or nurtured."""
    is_done = exists().where(Activity.lead_id == Lead.id, Activity.happened_at >= Lead.follow_up_at)
    return _slip(SlipKind.FOLLOW_UP_PASSED, Lead.id, Lead.follow_up_at).where(
        Lead.manufacturer_id == manufacturer_id,
        Lead.follow_up_at <= _NOW,
        Lead.closed_at.is_(None),
        Lead.state.in_([LeadState.ASSIGNED, LeadState.NURTURING]),
        ~is_done,
    )
