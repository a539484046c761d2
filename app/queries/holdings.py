"""What a partner holds now: the leads it works, and the offers that only it has."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.database import clock_now
from app.models import Assignment, Offer, Partnership


def count_worked(session: Session, partnership_id: int) -> int:
    """How many leads a partnership works now."""
    return session.scalar(select(func.count()).select_from(Assignment).where(worked_by(partnership_id))) or 0


def worked_by(partnership_id: int) -> ColumnElement[bool]:
    """What a partnership works now; by its partner too, with which the index begins."""
    partner_id = select(Partnership.partner_id).where(Partnership.id == partnership_id).scalar_subquery()
    is_its = (Assignment.partner_id == partner_id) & (Assignment.partnership_id == partnership_id)
    return is_its & Assignment.ended_at.is_(None)


def asked_alone() -> ColumnElement[bool]:
    """An offer to one partner alone that can still be answered."""
    return Offer.is_exclusive & Offer.answer.is_(None)


def left_to_it_alone() -> ColumnElement[bool]:
    """An open offer that nobody else has: made to one partner alone, or the last one on its board."""
    other = aliased(Offer)
    others = exists().where(
        other.round_id == Offer.round_id,
        other.id != Offer.id,
        other.answer.is_(None),
        other.expires_at > select(clock_now()).scalar_subquery(),
    )
    return Offer.answer.is_(None) & (Offer.is_exclusive | ~others)
