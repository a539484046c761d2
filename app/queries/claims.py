"""What a claim is decided on when the fast way did not go through, and whose an offer is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.claims import ClaimFacts
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import OfferAnswer
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.models import Assignment, Deadline, Lead, Offer, Organisation, Partnership, Round, Tier


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """One offer as its own partner may know it, and the assignment it made, if it did."""

    lead_id: uuid.UUID
    rule_facts: ClaimFacts
    assignment_id: int | None
    contact_due_at: datetime | None


def offer_owner(session: Session, *, offer_id: uuid.UUID, viewer: Viewer) -> uuid.UUID:
    """The lead of an offer made to the viewer's organisation; `NotFound` for anybody else's."""
    lead_id = session.scalar(
        select(Offer.lead_id).where(Offer.id == offer_id, Offer.partner_id == viewer.organisation_id)
    )
    if lead_id is None:
        raise NotFound
    return lead_id


def claim_facts(session: Session, *, offer_id: uuid.UUID, viewer: Viewer) -> OfferFacts:
    """Everything the rules of claiming ask about one offer, by the database's clock."""
    row = session.execute(
        select(Offer, Round, Lead.is_hot, Partnership, Tier, Organisation.time_zone)
        .join(Round, Round.id == Offer.round_id)
        .join(Lead, Lead.id == Offer.lead_id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .join(Tier, Tier.id == Partnership.tier_id)
        .join(Organisation, Organisation.id == Offer.partner_id)
        .where(Offer.id == offer_id, Offer.partner_id == viewer.organisation_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    offer, round_, is_hot, partnership, tier, time_zone = row
    now = read_clock(session)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    assignment_id, contact_due_at = _assignment_of(session, offer.id)
    facts = ClaimFacts(
        now=now,
        visible_from=offer.visible_from,
        closes_at=offer.expires_at,
        is_round_open=round_.closed_at is None,
        is_eligible=offer.eligibility_version == partnership.eligibility_version,
        answer=offer.answer if offer.answer in (OfferAnswer.CLAIMED, OfferAnswer.DECLINED) else None,
        taken_at=round_.closed_at if offer.answer is OfferAnswer.LOST_RACE else None,
        status=partnership.status,
        suspended_until=partnership.claims_suspended_until,
        open_claims=partnership.unworked_claims,
        open_claim_cap=_first_set(partnership.max_open_claims, tier.max_open_claims),
        claims_today=partnership.claims_that_day if partnership.claims_on == today else 0,
        daily_claim_cap=_first_set(partnership.max_claims_per_day, tier.max_claims_per_day),
        is_hot=is_hot,
    )
    return OfferFacts(offer.lead_id, facts, assignment_id, contact_due_at)


def _first_set(own: int | None, of_tier: int) -> int:
    return of_tier if own is None else own


def _assignment_of(session: Session, offer_id: uuid.UUID) -> tuple[int | None, datetime | None]:
    row = session.execute(
        select(Assignment.id, Deadline.due_at)
        .outerjoin(
            Deadline,
            (Deadline.assignment_id == Assignment.id)
            & (Deadline.kind == DeadlineKind.CONTACT_DUE)
            & Deadline.cancelled_at.is_(None),
        )
        .where(Assignment.offer_id == offer_id)
        .order_by(Assignment.id.desc())
        .limit(1)
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])
