"""The list: open questions about leads and arrivals that could not be read, what is due first on top."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_

from app.database import clock_now, db
from app.domain.deadlines import Span, due_at
from app.domain.errors import NotFound
from app.domain.identity import Role, Viewer
from app.domain.leads import ReviewReason
from app.domain.person_names import full_name
from app.models import Lead, ManufacturerSettings, Review, User
from app.queries.board.cards import Product, products_of
from app.queries.intake.submissions import count_quarantined, oldest_quarantined
from app.queries.manufacturers import organisation_calendar

REVIEWER_ROLES = (Role.ADMIN, Role.CHANNEL_MANAGER, Role.INSIDE_SALES)
"""Who decides."""
READER_ROLES = (*REVIEWER_ROLES, Role.VIEWER)
"""Who may look."""
QUEUE_CAP = 100
"""Rows of the list; what lies behind moves up as the first are decided."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What the list is narrowed to."""

    reason: ReviewReason | None = None
    is_mine: bool = False
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class QueuedItem:
    """One thing that waits: a question about a lead, or an arrival that could not be read (then without a review)."""

    review_id: int | None
    submission_id: int | None
    lead_id: uuid.UUID | None
    reason: ReviewReason
    headline: str
    title: str
    is_hot: bool
    owner: str
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The first rows, and how many wait by reason, for the viewer, and beyond their time."""

    items: tuple[QueuedItem, ...]
    counts: Mapping[ReviewReason, int]
    mine: int
    overdue: int
    now: datetime

    @property
    def total(self) -> int:
        """Everything that waits."""
        return sum(self.counts.values())


def review_queue(*, viewer: Viewer, wanted: ReviewFilter | None = None) -> ReviewQueue:
    """Everything of the viewer's manufacturer that waits for a person, what is due first on top; `NotFound` else."""
    if not viewer.is_manufacturer:
        raise NotFound
    wanted = wanted or ReviewFilter()
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    settings = db.session.get(ManufacturerSettings, viewer.organisation_id)
    reviewer = db.session.get(User, settings.reviewer_id) if settings and settings.reviewer_id else None
    arrivals = _quarantined(viewer, reviewer)
    counts, mine, overdue = _counts(viewer)
    unread = count_quarantined(viewer=viewer)
    is_mine = reviewer is not None and reviewer.id == viewer.user_id
    shown = [
        item
        for item in arrivals
        if wanted.reason in (None, ReviewReason.QUARANTINED)
        and (is_mine or not wanted.is_mine)
        and (item.due_at <= now or not wanted.is_overdue)
    ]
    items = sorted((*_reviews(viewer, wanted), *shown), key=lambda item: (item.due_at, item.review_id or 0))
    return ReviewQueue(
        items=tuple(items[:QUEUE_CAP]),
        counts=counts | ({ReviewReason.QUARANTINED: unread} if unread else {}),
        mine=mine + (unread if is_mine else 0),
        overdue=overdue + sum(item.due_at <= now for item in arrivals),
        now=now,
    )


def following_review(*, viewer: Viewer, wanted: ReviewFilter, due_at: datetime, review_id: int) -> int | None:
    """The open review below this place of the list, after the last one the first again; None when none is left."""
    is_before = tuple_(Review.due_at, Review.id) < tuple_(due_at, review_id)
    following = (
        select(Review.id)
        .where(*_conditions(viewer, wanted), Review.id != review_id)
        .order_by(is_before, Review.due_at, Review.id)
        .limit(1)
    )
    return db.session.scalar(following)


def _conditions(viewer: Viewer, wanted: ReviewFilter) -> list[ColumnElement[bool]]:
    conditions = [Review.manufacturer_id == viewer.organisation_id, Review.decided_at.is_(None)]
    if wanted.reason is not None:
        conditions.append(Review.reason == wanted.reason)
    if wanted.is_mine:
        conditions.append(Review.owner_user_id == viewer.user_id)
    if wanted.is_overdue:
        conditions.append(Review.due_at <= select(clock_now()).scalar_subquery())
    return conditions


def _counts(viewer: Viewer) -> tuple[dict[ReviewReason, int], int, int]:
    """How many open reviews there are by reason, how many are the viewer's own, and how many are overdue."""
    is_overdue = Review.due_at <= select(clock_now()).scalar_subquery()
    rows = db.session.execute(
        select(
            Review.reason,
            func.count(),
            func.count().filter(Review.owner_user_id == viewer.user_id),
            func.count().filter(is_overdue),
        )
        .where(*_conditions(viewer, ReviewFilter()))
        .group_by(Review.reason)
    ).all()
    return {row[0]: row[1] for row in rows}, sum(row[2] for row in rows), sum(row[3] for row in rows)


def _reviews(viewer: Viewer, wanted: ReviewFilter) -> list[QueuedItem]:
    rows = db.session.execute(
        select(Review, Lead, User.name.label("owner"))
        .join(Lead, Lead.id == Review.lead_id)
        .outerjoin(User, User.id == Review.owner_user_id)
        .where(*_conditions(viewer, wanted))
        .order_by(Review.due_at, Review.id)
        .limit(QUEUE_CAP)
    ).all()
    products = products_of({row.Lead.id for row in rows})
    return [_item(row.Review, row.Lead, row.owner, products.get(row.Lead.id, ())) for row in rows]


def _item(review: Review, lead: Lead, owner: str | None, products: tuple[Product, ...]) -> QueuedItem:
    return QueuedItem(
        review_id=review.id,
        submission_id=None,
        lead_id=lead.id,
        reason=review.reason,
        headline=lead.company or full_name(lead.given_name, lead.family_name) or lead.reference,
        title=", ".join(product.name for product in products),
        is_hot=lead.is_hot,
        owner=owner or "",
        opened_at=review.opened_at,
        due_at=review.due_at,
    )


def _quarantined(viewer: Viewer, reviewer: User | None) -> list[QueuedItem]:
    """The oldest arrivals that could not be read; like every question they are due at the end of the working day."""
    calendar = organisation_calendar(db.session(), viewer.organisation_id)
    return [
        QueuedItem(
            review_id=None,
            submission_id=row.id,
            lead_id=None,
            reason=ReviewReason.QUARANTINED,
            headline=row.headline,
            title=row.origin,
            is_hot=False,
            owner=reviewer.name if reviewer else "",
            opened_at=row.received_at,
            due_at=due_at(Span(is_same_day=True), calendar, row.received_at),
        )
        for row in oldest_quarantined(viewer=viewer)
    ]
