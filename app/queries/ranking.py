"""What the ranking weighs: a partnership's record with the manufacturer's offers and leads, and its free capacity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.ranking import Candidate, RankingPart, score_free_capacity, score_rotation, score_share, score_tier
from app.models import Assignment, Offer, Partnership, Tier

RECORD_DAYS = 365
"""How far back a partner's record counts."""


@dataclass(frozen=True, slots=True)
class _Record:
    """Exclusive offers ended and answered, leads closed and won."""

    asked: int = 0
    answered: int = 0
    last_offered_at: datetime | None = None
    closed: int = 0
    won: int = 0


def ranking_candidates(
    session: Session,
    manufacturer_id: int,
    standing: Mapping[int, Mapping[RankingPart, float | None]],
    now: datetime,
) -> list[Candidate]:
    """The partnerships that have room for one more lead and may claim, with each part of their score as it is known.

    `standing` holds, per partnership, the parts the caller knows. Overloaded and suspended partners are skipped
    (W-17, T-05).
    """
    partnership_ids = list(standing)
    if not partnership_ids:
        return []
    ranks = session.scalars(select(Tier.rank).where(Tier.manufacturer_id == manufacturer_id)).all()
    records = _records(session, partnership_ids, now)
    cap = func.coalesce(Partnership.max_open_claims, Tier.max_open_claims)
    rows = session.execute(
        select(Partnership.id, Partnership.unworked_claims, Tier.rank, cap.label("cap"))
        .join(Tier, Tier.id == Partnership.tier_id)
        .where(
            Partnership.id.in_(partnership_ids),
            Partnership.unworked_claims < cap,
            or_(Partnership.claims_suspended_until.is_(None), Partnership.claims_suspended_until <= clock_now()),
        )
    )
    return [
        Candidate(
            row.id,
            {
                **standing[row.id],
                RankingPart.RESPONSE_RATE: _response_rate(records[row.id]),
                RankingPart.CONVERSION: _conversion(records[row.id]),
                RankingPart.FREE_CAPACITY: score_free_capacity(row.unworked_claims, row.cap),
                RankingPart.TIER: score_tier(row.rank, ranks),
                RankingPart.ROTATION: score_rotation(records[row.id].last_offered_at, now),
            },
            records[row.id].last_offered_at,
        )
        for row in rows
    ]


def _response_rate(record: _Record) -> float | None:
    return score_share(record.answered, record.asked)


def _conversion(record: _Record) -> float | None:
    return score_share(record.won, record.closed)


def _records(session: Session, partnership_ids: Collection[int], now: datetime) -> dict[int, _Record]:
    since = now - timedelta(days=RECORD_DAYS)
    answered = func.count(case((Offer.answer.in_([OfferAnswer.CLAIMED, OfferAnswer.DECLINED]), 1)))
    offers = session.execute(
        select(Offer.partnership_id, func.count(Offer.answer), answered, func.max(Offer.created_at))
        .where(
            Offer.partnership_id.in_(partnership_ids),
            Offer.is_exclusive,
            Offer.created_at >= since,
        )
        .group_by(Offer.partnership_id)
    )
    asked = {row[0]: (row[1], row[2], row[3]) for row in offers}
    won = func.count(case((Assignment.end == AssignmentEnd.WON, 1)))
    leads = session.execute(
        select(Assignment.partnership_id, func.count(), won)
        .where(
            Assignment.partnership_id.in_(partnership_ids),
            Assignment.end.in_([AssignmentEnd.WON, AssignmentEnd.LOST]),
            Assignment.ended_at >= since,
        )
        .group_by(Assignment.partnership_id)
    )
    closed = {row[0]: (row[1], row[2]) for row in leads}
    records = {}
    for one in partnership_ids:
        asked_count, answered_count, last_offered_at = asked.get(one, (0, 0, None))
        closed_count, won_count = closed.get(one, (0, 0))
        records[one] = _Record(asked_count, answered_count, last_offered_at, closed_count, won_count)
    return records
