"""The owner round: the lead is reserved to the partner that has the relationship, before anybody else sees it (§5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.consent import ConsentScope, lets_partner_call
from app.domain.deadlines import due_at
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundPlan
from app.domain.escalation import re_routed_at, step_times
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.models import Assignment, Consent, Lead, Offer, Partnership, Round
from app.queries.absences import partners_away
from app.queries.manufacturers import organisation_calendar, round_ladder
from app.services.distribution.exclusive import Asked, make_exclusive_offer
from app.services.network_order import hold_network

WHY_RESERVED = Phrase(N_("Reserved to you: this company is yours already."))
"""What the owner is told before it accepts: not which company, not by which level."""
OWNER_NOT_ACTIVE = Phrase(N_("The owner's partnership is not active now."))
"""What a decision says of a resting owner; once it takes part again, its leads that nobody has are found by it."""


def owner_obstacle(session: Session, lead: Lead, partnership_id: int) -> Phrase | None:
    """Why the partnership that owns the relationship cannot be offered this lead; None when it can.

    An existing relationship overrides territory, product and tier (P-01); the partnership's standing, the prospect's
    consent and an answer it has given already it does not. Nor is an owner asked that could not answer: who is away,
    or may claim nothing now, would lose the lead and points for a silence that is none (W-17).
    """
    hold_network(session, lead.manufacturer_id)
    partnership = session.get_one(Partnership, partnership_id, populate_existing=True)
    if partnership.status is not PartnershipStatus.ACTIVE:
        return OWNER_NOT_ACTIVE
    consent = session.get(Consent, lead.id)
    scope = consent.scope if consent and consent.withdrawn_at is None else ConsentScope.NONE
    if not lets_partner_call(scope, consent.partnership_ids if consent else (), partnership_id):
        return Phrase(N_("The prospect has not agreed to be called by the owner."))
    if _has_answered(session, lead, partnership_id):
        return Phrase(N_("The owner has declined this lead or lost it."))
    return _why_it_cannot_answer(session, partnership)


def _why_it_cannot_answer(session: Session, partnership: Partnership) -> Phrase | None:
    if partners_away(session, [partnership.partner_id]):
        return Phrase(N_("The owner is away now."))
    until = partnership.claims_suspended_until
    if until is not None and until > read_clock(session):
        return Phrase(N_("The owner's claims are suspended until %(until)s."), {"until": until})
    return None


def _has_answered(session: Session, lead: Lead, partnership_id: int) -> bool:
    answered = select(Offer.id).where(
        Offer.lead_id == lead.id,
        Offer.partnership_id == partnership_id,
        (Offer.answer == OfferAnswer.DECLINED) | (Offer.is_exclusive & (Offer.answer == OfferAnswer.EXPIRED)),
    )
    left = select(Assignment.id).where(
        Assignment.lead_id == lead.id,
        Assignment.partnership_id == partnership_id,
        Assignment.end.in_([AssignmentEnd.RE_ROUTED, AssignmentEnd.RETURNED, AssignmentEnd.REASSIGNED]),
    )
    return session.scalar(select(answered.exists() | left.exists())) or False


def open_owner_offer(
    session: Session, lead: Lead, owner_round: Round, line: RoundPlan, partnership_id: int, now: datetime
) -> None:
    """Reserve the lead to its owner, and tell it: in its own working time, until the ladder gives the lead to others.

    The window of the plan is when the answer is due. Nobody is told of a silence before; where the ladder takes nothing
    away, the reservation ends with the window.
    """
    owner = session.get_one(Partnership, partnership_id)
    calendar = organisation_calendar(session, owner.partner_id)
    answer_by = due_at(line.window_for(is_hot=lead.is_hot), calendar, now)
    ladder = round_ladder(session, lead.plan_id, line)
    times = step_times(ladder, calendar, now, is_hot=lead.is_hot, not_before=answer_by)
    owner_round.answer_by = answer_by
    expires_at = re_routed_at(times) or answer_by
    make_exclusive_offer(
        session,
        lead,
        owner_round,
        Asked(owner.id, owner.partner_id, owner.eligibility_version),
        now=now,
        expires_at=expires_at,
        reasons=[WHY_RESERVED],
        times=times,
    )
