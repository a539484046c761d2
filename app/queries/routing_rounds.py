"""The rounds of one lead as its manufacturer sees them: to whom it was offered, who answered what, who works it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.domain.distribution import (
    AssignmentEnd,
    AssignmentOrigin,
    DeclineReason,
    OfferAnswer,
    RoundKind,
    RoundOutcome,
)
from app.domain.identity import OrganisationKind
from app.domain.phrases import Phrase
from app.domain.push_ranking import PushRanking
from app.domain.reservations import answer_asked
from app.models import Assignment, Offer, Partnership, Round, User
from app.queries.push_rankings import ShownRanking, names_in, show_ranking

OFFERS_SHOWN = 25
"""Offers drawn per round, answered ones first; the rest is counted."""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer: when it could be seen and was, and how it ended."""

    partner: str
    visible_from: datetime
    expires_at: datetime
    seen_at: datetime | None
    answer: OfferAnswer | None
    answered_at: datetime | None
    answered_by: str | None
    decline_reason: DeclineReason | None
    decline_note: str
    ranking: ShownRanking | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round with some of its offers, and how many there were."""

    number: int
    kind: RoundKind
    opened_at: datetime
    answer_by: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    outcome: RoundOutcome | None
    offers: tuple[OfferLine, ...]
    offer_count: int

    @property
    def asked(self) -> Phrase | None:
        """By when an owner is asked to answer, and when the lead goes on; None in other rounds and afterwards."""
        if self.closed_at or self.answer_by is None or self.closes_at is None:
            return None
        return answer_asked(self.answer_by, self.closes_at, OrganisationKind.MANUFACTURER)

    @property
    def began_at(self) -> datetime:
        """Its place in the lead's story."""
        return self.opened_at


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """Who worked the lead, from when to when, and what made it theirs."""

    name: str
    origin: AssignmentOrigin
    reason: str
    assigned_at: datetime
    ended_at: datetime | None
    end: AssignmentEnd | None

    @property
    def began_at(self) -> datetime:
        """Its place in the lead's story."""
        return self.assigned_at


def rounds_of(lead_id: uuid.UUID) -> tuple[RoundLine, ...]:
    """The lead's rounds in their order."""
    rounds = db.session.scalars(select(Round).where(Round.lead_id == lead_id).order_by(Round.number)).all()
    counts = {
        row[0]: row[1]
        for row in db.session.execute(
            select(Offer.round_id, func.count()).where(Offer.lead_id == lead_id).group_by(Offer.round_id)
        )
    }
    rows = _offers(lead_id)
    kept = {row.Offer.id: PushRanking.from_json(row.Offer.ranking) for found in rows.values() for row in found}
    rankings = {offer_id: ranking for offer_id, ranking in kept.items() if ranking is not None}
    names = names_in(rankings.values())
    shown = {offer_id: show_ranking(ranking, names) for offer_id, ranking in rankings.items()}
    return tuple(
        RoundLine(
            number=one.number,
            kind=one.kind,
            opened_at=one.opened_at,
            answer_by=one.answer_by,
            closes_at=one.closes_at,
            closed_at=one.closed_at,
            outcome=one.outcome,
            offers=tuple(_offer(row, shown.get(row.Offer.id)) for row in rows[one.id]),
            offer_count=counts.get(one.id, 0),
        )
        for one in rounds
    )


def _offers(lead_id: uuid.UUID) -> Mapping[int, list[Any]]:
    """The first offers of each round: those with an answer of their own, then the first to see it."""
    place = func.row_number().over(
        partition_by=Offer.round_id,
        order_by=(
            Offer.answer.in_([OfferAnswer.CLAIMED, OfferAnswer.DECLINED]).is_(True).desc(),
            Offer.visible_from,
            Offer.created_at,
            Offer.id,
        ),
    )
    placed = select(Offer.id, place.label("place")).where(Offer.lead_id == lead_id).subquery()
    rows = db.session.execute(
        select(Offer, Partnership.name, User.name.label("answered_by"))
        .join(placed, placed.c.id == Offer.id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .outerjoin(User, User.id == Offer.answered_by_id)
        .where(placed.c.place <= OFFERS_SHOWN)
        .order_by(placed.c.place)
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.Offer.round_id].append(row)
    return found


def _offer(row: Any, ranking: ShownRanking | None) -> OfferLine:
    offer: Offer = row.Offer
    return OfferLine(
        partner=row.name,
        visible_from=offer.visible_from,
        expires_at=offer.expires_at,
        seen_at=offer.seen_at,
        answer=offer.answer,
        answered_at=offer.answered_at,
        answered_by=row.answered_by,
        decline_reason=offer.decline_reason,
        decline_note=offer.decline_note,
        ranking=ranking,
    )


def assignments_of(lead_id: uuid.UUID) -> tuple[AssignmentLine, ...]:
    """Who worked the lead, in order."""
    rows = db.session.execute(
        select(Assignment, func.coalesce(Partnership.name, User.name, ""))
        .outerjoin(Partnership, Partnership.id == Assignment.partnership_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Assignment.lead_id == lead_id)
        .order_by(Assignment.id)
    )
    return tuple(
        AssignmentLine(name, one.origin, one.reason, one.assigned_at, one.ended_at, one.end) for one, name in rows
    )
