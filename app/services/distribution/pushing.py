"""The push round: the best-ranked eligible partner is asked alone, then the next, a few at the most (W-11, T-26)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, due_at
from app.domain.distribution import OfferAnswer, RoundPlan
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.lead_routing.trace import why_offered
from app.domain.notifications import MailKind
from app.domain.ranking import Ranked, RankingPart, rank_partnerships, score_certification, score_nearness
from app.domain.territories import decide_coverage
from app.models import Lead, Offer, Round
from app.queries.manufacturers import ManufacturerRules, organisation_calendar
from app.queries.people import people_to_tell
from app.queries.ranking import ranking_candidates
from app.services.audit import record_event
from app.services.distribution.deadlines import promise
from app.services.distribution.deciding import Candidate, Considered
from app.services.notifications import owe_mails

Expiry = Callable[[Candidate, datetime, str], datetime]


def open_push_offer(
    session: Session,
    lead: Lead,
    push: Round,
    line: RoundPlan,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
    expiry_of: Expiry,
) -> bool:
    """Ask the best-ranked partner that was not asked in this round yet; False when nobody is left or enough were asked.

    The window runs in the partner's own working time. The rank and each part of it stay with the offer.
    """
    asked = set(session.scalars(select(Offer.partnership_id).where(Offer.round_id == push.id)))
    if line.max_offers is not None and len(asked) >= line.max_offers:
        return False
    left = {one.facts.partnership_id: one for one in considered.eligible if one.facts.partnership_id not in asked}
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    standing = {partnership_id: _standing(one.facts, considered.lead, today) for partnership_id, one in left.items()}
    ranked = rank_partnerships(ranking_candidates(session, lead.manufacturer_id, standing, now))
    if not ranked:
        return False
    best = left[ranked[0].partnership_id]
    window = line.window_for(is_hot=lead.is_hot)
    expires_at = due_at(window, organisation_calendar(session, best.partner_id), now)
    _make_offer(session, lead, push, best, ranked, now, expiry_of(best, expires_at, rules.time_zone))
    return True


def _standing(partnership: PartnershipFacts, lead: LeadFacts, today: date) -> dict[RankingPart, float | None]:
    """The parts of the ranking that the partner's standing tells: how near it is, and what it is certified for."""
    certified = {held.product_line for held in partnership.certifications if held.is_valid_on(today)}
    return {
        RankingPart.NEARNESS: score_nearness(decide_coverage(partnership.territory, lead.place).rule),
        RankingPart.CERTIFICATION: score_certification([line.code for line in lead.products], certified),
    }


def _make_offer(
    session: Session,
    lead: Lead,
    push: Round,
    best: Candidate,
    ranked: Sequence[Ranked],
    now: datetime,
    expires_at: datetime,
) -> None:
    offer = Offer(
        round_id=push.id,
        lead_id=lead.id,
        manufacturer_id=lead.manufacturer_id,
        partnership_id=best.facts.partnership_id,
        partner_id=best.partner_id,
        eligibility_version=best.version,
        is_exclusive=True,
        visible_from=now,
        expires_at=expires_at,
        reasons=[phrase.to_json() for phrase in why_offered(best.eligibility.results)],
        ranking={"ranked": [one.to_json() for one in ranked[:10]]},
    )
    session.add(offer)
    push.closes_at = expires_at
    session.flush()
    promise(session, lead, DeadlineKind.PUSH_EXPIRES, expires_at, round_id=push.id, offer_id=offer.id)
    record_event(
        session,
        EventKind.OFFER_MADE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=offer.partnership_id,
        data={"round": push.kind.value, "score": ranked[0].score},
    )
    people = people_to_tell(session, offer.partner_id)
    payload = {"offer_id": str(offer.id)}
    owe_mails(session, MailKind.PUSH_OFFER_TO_PARTNER, people, payload=payload, once=f"push:{offer.id}")


def expire_push_offer(session: Session, lead: Lead, offer: Offer) -> None:
    """End an exclusive offer that was not answered in time."""
    offer.answer = OfferAnswer.EXPIRED
    offer.answered_at = session.scalar(select(clock_now()))
    record_event(
        session,
        EventKind.OFFER_EXPIRED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=offer.partnership_id,
    )
    session.flush()
