"""Whether anybody can still take what is offered, or what keeps each partner from it until the offer ends.

A partner whose eligibility is being looked at anew counts as one who can: that takes seconds, and where it is no longer
eligible its offer is over afterwards.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select

from app.database import clock_now, db
from app.domain.availability import kinds_without_claims
from app.domain.distribution import OfferAnswer
from app.domain.partners import PartnershipStatus
from app.domain.slipping import Hindrance
from app.models import Absence, ClaimSuspension, Departure, Offer, Partnership, Round


@dataclass(frozen=True, slots=True)
class Hindered:
    """How many offers of a round cannot be taken, by why, and since when none can; None where that is not known."""

    counted: Mapping[Hindrance, int]
    since: datetime | None


def hindrance() -> ColumnElement[Any]:
    """Why an offer cannot be taken before it ends, or null; for statements of offers joined with their partnerships.

    A head start, a suspension or an absence that is over before the offer ends only makes the partner wait; a full
    partner can make room.
    """
    now = select(clock_now()).scalar_subquery()
    return case(
        (Offer.answer == OfferAnswer.DECLINED, Hindrance.DECLINED.value),
        (Offer.answer.is_not(None) | (Offer.expires_at <= now), Hindrance.OVER.value),
        (Partnership.status != PartnershipStatus.ACTIVE, Hindrance.NOT_ACTIVE.value),
        (Partnership.claims_suspended_until >= Offer.expires_at, Hindrance.SUSPENDED.value),
        (_is_away(now), Hindrance.AWAY.value),
    )


def _absences(now: Any) -> tuple[ColumnElement[bool], ...]:
    """Of which absences the whole partner may claim nothing from now until the offer ends."""
    return (
        Absence.organisation_id == Offer.partner_id,
        Absence.user_id.is_(None),
        Absence.kind.in_(kinds_without_claims()),
        Absence.starts_at <= now,
        Absence.ends_at.is_(None) | (Absence.ends_at >= Offer.expires_at),
    )


def _is_away(now: Any) -> ColumnElement[bool]:
    return exists().where(*_absences(now))


def _hindered_at() -> ColumnElement[Any]:
    """Since when an offer cannot be taken, or null where nobody wrote that down; for offers with their partnerships.

    A departure from before the offer was another one: whoever is offered a lead takes part again.
    """
    now = select(clock_now()).scalar_subquery()
    left = select(func.max(Departure.started_at)).where(
        Departure.partnership_id == Partnership.id, Departure.started_at >= Offer.created_at
    )
    suspended = select(func.max(ClaimSuspension.starts_at)).where(ClaimSuspension.partnership_id == Partnership.id)
    away = select(func.min(Absence.starts_at)).where(*_absences(now))
    return case(
        (Offer.answer.is_not(None), Offer.answered_at),
        (Offer.expires_at <= now, Offer.expires_at),
        (Partnership.status != PartnershipStatus.ACTIVE, left.scalar_subquery()),
        (Partnership.claims_suspended_until >= Offer.expires_at, suspended.scalar_subquery()),
        else_=away.scalar_subquery(),
    )


def is_anybody_able() -> ColumnElement[bool]:
    """Whether somebody can take what a round offers before it ends; for statements about rounds.

    `hindrance` turned round, so that the first offer that can be taken ends the look at a round.
    """
    now = select(clock_now()).scalar_subquery()
    is_hindered = exists().where(
        Partnership.id == Offer.partnership_id,
        (Partnership.status != PartnershipStatus.ACTIVE) | (Partnership.claims_suspended_until >= Offer.expires_at),
    )
    able = exists().where(
        Offer.round_id == Round.id, Offer.answer.is_(None), Offer.expires_at > now, ~is_hindered, ~_is_away(now)
    )
    return able.correlate(Round)


def hindrances_of(round_ids: Collection[int]) -> Mapping[uuid.UUID, Hindered]:
    """What keeps each offer of rounds that nobody can take, by their lead."""
    why, at = hindrance().label("why"), _hindered_at()
    since = case((func.bool_and(at.is_not(None)), func.max(at))).label("since")
    rows = db.session.execute(
        select(Offer.lead_id, why, func.count().label("offers"), since)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(Offer.round_id.in_(round_ids))
        .group_by(Offer.lead_id, why)
    )
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.lead_id].append(row)
    return {lead_id: _hindered(of_lead) for lead_id, of_lead in found.items()}


def _hindered(rows: Sequence[Any]) -> Hindered:
    moments = [row.since for row in rows]
    counted = {Hindrance(row.why): row.offers for row in rows if row.why is not None}
    return Hindered(counted, None if None in moments else max(moments))
