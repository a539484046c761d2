"""What a claim is decided on when the fast way did not go through, and whose an offer is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, literal_column, select, true
from sqlalchemy.orm import Session, aliased

from app.database import clock_now
from app.domain.availability import kinds_without_claims
from app.domain.claims import ClaimFacts
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.models import (
    Absence,
    Assignment,
    Deadline,
    Lead,
    ManufacturerSettings,
    Offer,
    Organisation,
    Partnership,
    Round,
    Tier,
)


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
    """Everything the rules of claiming ask about one offer, by the database's clock, in one statement."""
    asked = {"offer_id": offer_id, "partner_id": viewer.organisation_id, "user_id": viewer.user_id}
    row = session.connection().execute(_FACTS, asked).one_or_none()
    if row is None:
        raise NotFound
    today = row.now.astimezone(ZoneInfo(row.time_zone)).date()
    facts = ClaimFacts(
        now=row.now,
        visible_from=row.visible_from,
        closes_at=row.expires_at,
        is_round_open=row.closed_at is None,
        is_eligible=row.offered_under == row.eligibility_version,
        answer=row.answer if row.answer in (OfferAnswer.CLAIMED, OfferAnswer.DECLINED) else None,
        taken_at=row.closed_at if row.answer is OfferAnswer.LOST_RACE else None,
        status=row.status,
        is_paused=row.is_paused,
        on_leave_until=row.on_leave_until,
        suspended_until=row.claims_suspended_until,
        cool_down_until=row.cool_down_until,
        open_claims=row.unworked_claims,
        open_claim_cap=row.open_claim_cap,
        claims_today=row.claims_that_day if row.claims_on == today else 0,
        daily_claim_cap=row.daily_claim_cap,
        is_hot=row.is_hot,
        is_owners=row.round_kind is RoundKind.OWNER,
    )
    return OfferFacts(row.lead_id, facts, row.assignment_id, row.contact_due_at)


_MADE = (
    select(Assignment.id, Deadline.due_at)
    .outerjoin(
        Deadline,
        (Deadline.assignment_id == Assignment.id)
        & (Deadline.kind == DeadlineKind.CONTACT_DUE)
        & Deadline.cancelled_at.is_(None),
    )
    .where(Assignment.offer_id == Offer.id, Assignment.lead_id == Offer.lead_id)
    .order_by(Assignment.id.desc())
    .limit(1)
    .correlate(Offer)
    .lateral("made")
)
"""The assignment an offer made, and when its first contact is due."""

_ON_LEAVE = (
    select(
        func.coalesce(func.bool_or(Absence.ends_at.is_(None)), False).label("is_paused"),
        func.max(Absence.ends_at).label("on_leave_until"),
    )
    .where(
        Absence.organisation_id == Offer.partner_id,
        Absence.user_id.is_(None) | (Absence.user_id == bindparam("user_id")),
        Absence.kind.in_(kinds_without_claims()),
        Absence.starts_at <= clock_now(),
        Absence.ends_at.is_(None) | (Absence.ends_at > clock_now()),
    )
    .correlate(Offer)
    .lateral("on_leave")
)
"""Whether the whole partner is away, or who claims is, and until when."""

_SILENT = aliased(Offer)
_SILENT_AT = (
    select(func.max(_SILENT.answered_at))
    .where(
        _SILENT.partnership_id == Offer.partnership_id,
        _SILENT.lead_id == Offer.lead_id,
        _SILENT.is_exclusive,
        _SILENT.answer == OfferAnswer.EXPIRED,
    )
    .correlate(Offer)
    .scalar_subquery()
)
_RE_ROUTED_AT = (
    select(func.max(Assignment.ended_at))
    .where(
        Assignment.lead_id == Offer.lead_id,
        Assignment.partnership_id == Offer.partnership_id,
        Assignment.end == AssignmentEnd.RE_ROUTED,
    )
    .correlate(Offer)
    .scalar_subquery()
)
_COOL_DOWN_UNTIL = case(
    (
        Round.number > 1,
        func.greatest(_SILENT_AT, _RE_ROUTED_AT)
        + ManufacturerSettings.cool_down_hours * literal_column("interval '1 hour'"),
    )
)
"""Until when the lead is closed to a partnership that has lost it; nobody can have lost it before its second round."""

_FACTS = (
    select(
        clock_now().label("now"),
        Offer.lead_id,
        Offer.visible_from,
        Offer.expires_at,
        Offer.answer,
        Offer.eligibility_version.label("offered_under"),
        Round.closed_at,
        Round.kind.label("round_kind"),
        Lead.is_hot,
        Partnership.status,
        Partnership.eligibility_version,
        Partnership.claims_suspended_until,
        _COOL_DOWN_UNTIL.label("cool_down_until"),
        Partnership.unworked_claims,
        Partnership.claims_on,
        Partnership.claims_that_day,
        func.coalesce(Partnership.max_open_claims, Tier.max_open_claims).label("open_claim_cap"),
        func.coalesce(Partnership.max_claims_per_day, Tier.max_claims_per_day).label("daily_claim_cap"),
        Organisation.time_zone,
        _ON_LEAVE.c.is_paused,
        _ON_LEAVE.c.on_leave_until,
        _MADE.c.id.label("assignment_id"),
        _MADE.c.due_at.label("contact_due_at"),
    )
    .join(Round, Round.id == Offer.round_id)
    .join(Lead, Lead.id == Offer.lead_id)
    .join(Partnership, Partnership.id == Offer.partnership_id)
    .join(Tier, Tier.id == Partnership.tier_id)
    .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Offer.manufacturer_id)
    .join(Organisation, Organisation.id == Offer.partner_id)
    .join(_ON_LEAVE, true())
    .outerjoin(_MADE, true())
    .where(Offer.id == bindparam("offer_id"), Offer.partner_id == bindparam("partner_id"))
)
"""Made once: a storm on a lead asks it as often as it has losers."""
