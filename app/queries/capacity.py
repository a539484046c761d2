"""How many more leads a partnership can take now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.distribution import RoundKind
from app.models import Offer, Partnership, Round, Tier


@dataclass(frozen=True, slots=True)
class Room:
    """How many more open claims a partnership has room for, its cap, and until when its claims are suspended, if so."""

    places: int
    cap: int
    suspended_until: datetime | None = None


def free_places(session: Session, partnership_id: int) -> int:
    """How many more open claims a partnership has room for; see `room_of`."""
    return room_of(session, partnership_id).places


def room_of(session: Session, partnership_id: int) -> Room:
    """The places left under the cap of open claims, less those that leads offered to it alone would take; 0 when full.

    None are left while its claims are suspended. What is reserved to it as its owner needs no place.
    """
    asked = (
        select(func.count())
        .select_from(Offer)
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.partnership_id == partnership_id, Offer.is_exclusive, Round.kind != RoundKind.OWNER)
        .where(Offer.answer.is_(None), Offer.expires_at > select(clock_now()).scalar_subquery())
        .scalar_subquery()
    )
    cap = func.coalesce(Partnership.max_open_claims, Tier.max_open_claims)
    suspended_until = case((~may_claim_again(), Partnership.claims_suspended_until))
    found = select(cap, cap - Partnership.unworked_claims - asked, suspended_until)
    of_it = found.join(Tier, Tier.id == Partnership.tier_id).where(Partnership.id == partnership_id)
    limit, left, until = session.execute(of_it).tuples().one()
    return Room(0 if until else max(0, left), limit, until)


def may_claim_again() -> ColumnElement[bool]:
    """Whether a partnership's claims are not suspended now, by the database's clock (W-15)."""
    until = Partnership.claims_suspended_until
    return until.is_(None) | (until <= select(clock_now()).scalar_subquery())
