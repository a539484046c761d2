"""The push round: the best-ranked eligible partner is asked alone, then the next, a few at the most (W-11, T-26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import due_at
from app.domain.distribution import RoundPlan
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.lead_routing.trace import why_offered
from app.domain.ranking import RankingPart, rank_partnerships, score_certification, score_nearness
from app.domain.territories import decide_coverage
from app.models import Lead, Offer, Round
from app.queries.absences import partners_away
from app.queries.manufacturers import ManufacturerRules, organisation_calendar
from app.queries.ranking import ranking_candidates
from app.services.distribution.deciding import Candidate, Considered
from app.services.distribution.exclusive import Asked, make_exclusive_offer

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

    Who is away is passed by. The window runs in the partner's own working time. The rank and each part of it stay with
    the offer.
    """
    left = _left_to_ask(session, push, line, considered)
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    standing = {partnership_id: _standing(one.facts, considered.lead, today) for partnership_id, one in left.items()}
    ranked = rank_partnerships(ranking_candidates(session, lead.manufacturer_id, standing, now))
    if not ranked:
        return False
    best = left[ranked[0].partnership_id]
    window = line.window_for(is_hot=lead.is_hot)
    expires_at = due_at(window, organisation_calendar(session, best.partner_id), now)
    make_exclusive_offer(
        session,
        lead,
        push,
        Asked(best.facts.partnership_id, best.partner_id, best.version),
        now=now,
        expires_at=expiry_of(best, expires_at, rules.time_zone),
        reasons=why_offered(best.eligibility.results),
        ranking={"ranked": [one.to_json() for one in ranked[:10]]},
    )
    return True


def _left_to_ask(session: Session, push: Round, line: RoundPlan, considered: Considered) -> dict[int, Candidate]:
    """The eligible partnerships that are there and were not asked in this round; none once enough were asked."""
    asked = set(session.scalars(select(Offer.partnership_id).where(Offer.round_id == push.id)))
    if line.max_offers is not None and len(asked) >= line.max_offers:
        return {}
    away = partners_away(session, {one.partner_id for one in considered.eligible})
    return {
        one.facts.partnership_id: one
        for one in considered.eligible
        if one.facts.partnership_id not in asked and one.partner_id not in away
    }


def _standing(partnership: PartnershipFacts, lead: LeadFacts, today: date) -> dict[RankingPart, float | None]:
    """The parts of the ranking that the partner's standing tells: how near it is, and what it is certified for."""
    certified = {held.product_line for held in partnership.certifications if held.is_valid_on(today)}
    return {
        RankingPart.NEARNESS: score_nearness(decide_coverage(partnership.territory, lead.place).rule),
        RankingPart.CERTIFICATION: score_certification([line.code for line in lead.products], certified),
    }
