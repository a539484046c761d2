"""What is known of partners before one of them is asked: room, standing, and their record with leads.

Every statement names the partnerships it asks about, so that a choice costs what its candidates cost, however many
partners there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundKind
from app.domain.ranking import score_free_capacity, score_share
from app.models import Assignment, Lead, LeadProductLine, ManufacturerSettings, Offer, Partnership, Round, Tier

RECORD_DAYS = 365
"""How far back a partner's record counts."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Offers to a partnership alone: how many ended and were answered in the last year, how many are open."""

    ended: int = 0
    answered: int = 0
    open: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Worked:
    """Leads of a partnership: all it ever had, and those closed and won in the last year, alike or not."""

    received: int = 0
    closed: int = 0
    won: int = 0
    closed_alike: int = 0
    won_alike: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """One partnership that may take a lead, and what is known of it; `response_score` is None where none is kept.

    `held` counts the leads it has not called yet and the open offers to it alone: each may become one. What is reserved
    to it as its owner needs no place.
    """

    partnership_id: int
    tier_rank: int
    cap: int
    held: int
    response_score: int | None
    asked: _Asked
    worked: _Worked

    @property
    def has_room(self) -> bool:
        """Whether one more lead fits under its cap (W-17, T-05)."""
        return self.held < self.cap

    @property
    def free_capacity(self) -> float:
        """The free share of its open claims, 0 to 1."""
        return score_free_capacity(self.held, self.cap)

    @property
    def response_rate(self) -> float | None:
        """Answers of the offers to it alone."""
        return score_share(self.asked.answered, self.asked.ended)

    @property
    def conversion(self) -> float | None:
        """Leads won of those closed: of those with a product line in common where there are enough, else of all."""
        alike = score_share(self.worked.won_alike, self.worked.closed_alike)
        return score_share(self.worked.won, self.worked.closed) if alike is None else alike

    @property
    def last_received_at(self) -> datetime | None:
        """When it last was asked alone or given a lead."""
        return max(filter(None, (self.asked.last_at, self.worked.last_at)), default=None)


def partner_records(
    session: Session, lead: Lead, partnership_ids: Collection[int], now: datetime
) -> list[PartnerRecord]:
    """The record of each of these partnerships, leaving out those whose claims are suspended (W-15)."""
    if not partnership_ids:
        return []
    since = now - timedelta(days=RECORD_DAYS)
    asked, worked = _asked(session, partnership_ids, since), _worked(session, lead, partnership_ids, since)
    score = case((ManufacturerSettings.is_response_scored, Partnership.response_score))
    cap = func.coalesce(Partnership.max_open_claims, Tier.max_open_claims)
    rows = session.execute(
        select(Partnership.id, Partnership.unworked_claims, Tier.rank, cap.label("cap"), score.label("score"))
        .join(Tier, Tier.id == Partnership.tier_id)
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Partnership.manufacturer_id)
        .where(
            Partnership.id.in_(partnership_ids),
            or_(Partnership.claims_suspended_until.is_(None), Partnership.claims_suspended_until <= clock_now()),
        )
        .order_by(Partnership.id)
    )
    return [_record(row, asked.get(row.id, _Asked()), worked.get(row.id, _Worked())) for row in rows]


def tier_ranks(session: Session, manufacturer_id: int) -> list[int]:
    """The ranks of a manufacturer's levels."""
    return list(session.scalars(select(Tier.rank).where(Tier.manufacturer_id == manufacturer_id)))


def _record(row: Any, asked: _Asked, worked: _Worked) -> PartnerRecord:
    held = row.unworked_claims + asked.open
    return PartnerRecord(row.id, row.rank, row.cap, held, row.score, asked, worked)


def _asked(session: Session, partnership_ids: Collection[int], since: datetime) -> dict[int, _Asked]:
    is_recent = Offer.created_at >= since
    is_answer = Offer.answer.in_([OfferAnswer.CLAIMED, OfferAnswer.DECLINED])
    is_open = Offer.answer.is_(None) & (Offer.expires_at > clock_now()) & (Round.kind != RoundKind.OWNER)
    rows: Iterable[Any] = session.execute(
        select(
            Offer.partnership_id,
            func.count().filter(is_recent & Offer.answer.is_not(None)),
            func.count().filter(is_recent & is_answer),
            func.count().filter(is_open),
            func.max(Offer.created_at),
        )
        .join(Round, Round.id == Offer.round_id)
        .where(Offer.partnership_id.in_(partnership_ids), Offer.is_exclusive)
        .group_by(Offer.partnership_id)
    )
    return {row[0]: _Asked(*row[1:]) for row in rows}


def _worked(session: Session, lead: Lead, partnership_ids: Collection[int], since: datetime) -> dict[int, _Worked]:
    is_won = Assignment.end == AssignmentEnd.WON
    is_closed = Assignment.end.in_([AssignmentEnd.WON, AssignmentEnd.LOST]) & (Assignment.ended_at >= since)
    is_alike = _has_product_of(lead)
    counted = (is_closed, is_closed & is_won, is_closed & is_alike, is_closed & is_won & is_alike)
    # The index begins with the partner: by the partnership alone every assignment would be read.
    partners = select(Partnership.partner_id).where(Partnership.id.in_(partnership_ids))
    rows: Iterable[Any] = session.execute(
        select(
            Assignment.partnership_id,
            func.count(),
            *(func.count().filter(condition) for condition in counted),
            func.max(Assignment.assigned_at),
        )
        .where(Assignment.partner_id.in_(partners), Assignment.partnership_id.in_(partnership_ids))
        .group_by(Assignment.partnership_id)
    )
    return {row[0]: _Worked(*row[1:]) for row in rows}


def _has_product_of(lead: Lead) -> ColumnElement[bool]:
    """Whether an assignment's lead asks for a product line that this one asks for too (T-18)."""
    wanted = select(LeadProductLine.product_line_id).where(LeadProductLine.lead_id == lead.id)
    alike = select(LeadProductLine.lead_id).where(
        LeadProductLine.lead_id == Assignment.lead_id, LeadProductLine.product_line_id.in_(wanted)
    )
    return alike.exists()
