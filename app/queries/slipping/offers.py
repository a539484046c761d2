"""Whether anybody can still take what is offered, or what keeps each partner from it until the offer ends."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select

from app.database import clock_now, db
from app.domain.availability import kinds_without_claims
from app.domain.distribution import OfferAnswer
from app.domain.partners import PartnershipStatus
from app.domain.slipping import Hindrance
from app.models import Absence, Offer, Partnership, Round


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
        (Partnership.eligibility_version != Offer.eligibility_version, Hindrance.BEING_CHECKED.value),
        (Partnership.claims_suspended_until >= Offer.expires_at, Hindrance.SUSPENDED.value),
        (_is_away(now), Hindrance.AWAY.value),
    )


def _is_away(now: Any) -> ColumnElement[bool]:
    """Whether the whole partner may claim nothing from now until the offer ends."""
    return exists().where(
        Absence.organisation_id == Offer.partner_id,
        Absence.user_id.is_(None),
        Absence.kind.in_(kinds_without_claims()),
        Absence.starts_at <= now,
        Absence.ends_at.is_(None) | (Absence.ends_at >= Offer.expires_at),
    )


def is_anybody_able() -> ColumnElement[bool]:
    """Whether somebody can take what a round offers before it ends; for statements about rounds.

    `hindrance` turned round, so that the first offer that can be taken ends the look at a round.
    """
    now = select(clock_now()).scalar_subquery()
    is_hindered = exists().where(
        Partnership.id == Offer.partnership_id,
        (Partnership.status != PartnershipStatus.ACTIVE)
        | (Partnership.eligibility_version != Offer.eligibility_version)
        | (Partnership.claims_suspended_until >= Offer.expires_at),
    )
    able = exists().where(
        Offer.round_id == Round.id, Offer.answer.is_(None), Offer.expires_at > now, ~is_hindered, ~_is_away(now)
    )
    return able.correlate(Round)


def hindrances_of(round_ids: Collection[int]) -> Mapping[uuid.UUID, Mapping[Hindrance, int]]:
    """How many offers of each round cannot be taken, and why, by their lead."""
    why = hindrance().label("why")
    rows = db.session.execute(
        select(Offer.lead_id, why, func.count().label("offers"))
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(Offer.round_id.in_(round_ids))
        .group_by(Offer.lead_id, why)
    )
    counted: dict[uuid.UUID, dict[Hindrance, int]] = defaultdict(dict)
    for row in rows:
        if row.why is not None:
            counted[row.lead_id][Hindrance(row.why)] = row.offers
    return counted
