"""How many more leads a partnership can take now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.distribution import RoundKind
from app.models import Offer, Partnership, Round, Tier


def free_places(session: Session, partnership_id: int) -> int:
    """The places left under the cap of open claims, less those that leads offered to it alone would take; 0 when full.

    None are left while its claims are suspended. What is reserved to it as its owner needs no place.
    """
    cap = func.coalesce(Partnership.max_open_claims, Tier.max_open_claims)
    asked = (
        select(func.count())
        .select_from(Offer)
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.partnership_id == partnership_id, Offer.is_exclusive, Round.kind != RoundKind.OWNER)
        .where(Offer.answer.is_(None), Offer.expires_at > select(clock_now()).scalar_subquery())
        .scalar_subquery()
    )
    left = select(cap - Partnership.unworked_claims - asked).join(Tier, Tier.id == Partnership.tier_id)
    return max(0, session.scalar(left.where(Partnership.id == partnership_id, may_claim_again())) or 0)


def may_claim_again() -> ColumnElement[bool]:
    """Whether a partnership's claims are not suspended now, by the database's clock (W-15)."""
    until = Partnership.claims_suspended_until
    return until.is_(None) | (until <= select(clock_now()).scalar_subquery())
