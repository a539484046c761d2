"""Choosing one partner among several as the lead's own plan says: what is known of each, and what follows (C-01)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain import ranking
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.money import Money
from app.domain.nearness import score_distance
from app.domain.overlap import OverlapCandidate, OverlapPolicy, choose_partner
from app.domain.phrases import N_, Phrase
from app.domain.plans import PlanDraft
from app.domain.push_ranking import PushRanking, keep_ranking
from app.domain.ranking import Ranked, RankingPart
from app.domain.territories import decide_coverage
from app.models import DistributionPlan, Lead
from app.queries.manufacturers import ManufacturerRules
from app.queries.places import distances_km
from app.queries.plans import draft_of_plan
from app.queries.push_history import CompanyHistory, company_histories
from app.queries.ranking import PartnerRecord, partner_records, tier_ranks
from app.services.distribution.deciding import Candidate, Considered
from app.services.distribution.turns import note_choice, take_turn

NOBODY_LEFT = PushRanking(OverlapPolicy.WEIGHTED, None, (Phrase(N_("Nobody is left to ask.")),))
NOBODY_HAS_ROOM = PushRanking(
    OverlapPolicy.WEIGHTED, None, (Phrase(N_("Whoever is eligible has no room, or may claim nothing now.")),)
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A partner that may be asked, and what is known of it."""

    record: PartnerRecord
    standing: PartnershipFacts
    closeness: float | None
    distance_km: float | None
    history: CompanyHistory

    @property
    def id(self) -> int:
        return self.record.partnership_id


def choose_among(
    session: Session,
    lead: Lead,
    considered: Considered,
    eligible: Collection[Candidate],
    rules: ManufacturerRules,
    now: datetime,
) -> PushRanking:
    """Choose whom to ask among some of those eligible, by the policy of the plan version the lead started with.

    Whom a routing rule prefers goes first, and partners that a rule names for all leads take turns.
    Who has no room for one more lead, or may claim nothing now, is passed by (T-05, W-17). The caller holds the lead
    and the network; the turn to choose is taken here and kept until the transaction ends, so that no two choices are
    made on the same figures.
    """
    if not eligible:
        return NOBODY_LEFT
    since_newcomer = take_turn(session, lead.manufacturer_id)
    known = _known(session, lead, considered.lead, eligible, now)
    if not known:
        return NOBODY_HAS_ROOM
    draft = draft_of_plan(session.get_one(DistributionPlan, lead.plan_id or rules.plan_id))
    today = now.astimezone(ZoneInfo(rules.time_zone)).date()
    parts = _parts(known, considered.lead, tier_ranks(session, lead.manufacturer_id), now, today)
    ranked = ranking.rank_partnerships(parts, draft.weights)
    newcomers = {one.id for one in known if draft.fairness.is_newcomer(one.record.worked.received)}
    preferred = {one.facts.partnership_id for one in eligible if one.eligibility.is_preferred}
    candidates = _candidates(known, ranked, newcomers, preferred)
    policy, asks_for_experience = _policy(eligible, known, draft), _asks_for_experience(lead, draft)
    choice = choose_partner(policy, candidates, draft.fairness, since_newcomer, prefers_experience=asks_for_experience)
    if newcomers and choice.partnership_id is not None:
        note_choice(session, lead.manufacturer_id, is_newcomer=choice.partnership_id in newcomers)
    return keep_ranking(policy, choice, ranked, newcomers)


def _policy(eligible: Collection[Candidate], known: Collection[_Known], draft: PlanDraft) -> OverlapPolicy:
    """The plan's policy, unless somebody is there whom a routing rule names for all leads: they take turns (T-23)."""
    in_turn = {one.facts.partnership_id for one in eligible if one.eligibility.is_in_turn}
    return OverlapPolicy.ROUND_ROBIN if any(one.id in in_turn for one in known) else draft.overlap


def _asks_for_experience(lead: Lead, draft: PlanDraft) -> bool:
    has_value = lead.amount_cents is not None and lead.currency is not None
    value = Money(lead.amount_cents or 0, lead.currency or "") if has_value else None
    return draft.experience.asks_for_experience(score=lead.score, value=value)


def _known(
    session: Session, lead: Lead, about: LeadFacts, eligible: Collection[Candidate], now: datetime
) -> list[_Known]:
    candidates = {one.facts.partnership_id: one for one in eligible}
    records = [one for one in partner_records(session, lead, list(candidates), now) if one.has_room]
    there = [one.partnership_id for one in records]
    histories = company_histories(session, lead, there)
    distances = distances_km(session, lead, [candidates[one].partner_id for one in there])
    return [
        _Known(
            record,
            candidates[record.partnership_id].facts,
            _closeness(candidates[record.partnership_id].facts, about),
            distances.get(candidates[record.partnership_id].partner_id),
            histories.get(record.partnership_id, CompanyHistory()),
        )
        for record in records
    ]


def _closeness(partnership: PartnershipFacts, about: LeadFacts) -> float | None:
    return ranking.score_nearness(decide_coverage(partnership.territory, about.place).rule)


def _parts(
    known: Collection[_Known], about: LeadFacts, tiers: Collection[int], now: datetime, today: date
) -> list[ranking.Candidate]:
    """Each partner's parts of the ranking. Distances count where all are known: one yardstick for all."""
    by_distance = all(one.distance_km is not None for one in known)
    return [
        ranking.Candidate(
            one.id,
            {
                RankingPart.NEARNESS: score_distance(one.distance_km or 0) if by_distance else one.closeness,
                RankingPart.CERTIFICATION: _certification(one.standing, about, today),
                RankingPart.RESPONSE_RATE: one.record.response_rate,
                RankingPart.CONVERSION: one.record.conversion,
                RankingPart.FREE_CAPACITY: one.record.free_capacity,
                RankingPart.TIER: ranking.score_tier(one.record.tier_rank, tiers),
                RankingPart.ROTATION: ranking.score_rotation(one.record.last_received_at, now),
            },
            one.record.last_received_at,
        )
        for one in known
    ]


def _certification(partnership: PartnershipFacts, about: LeadFacts, today: date) -> float | None:
    certified = {held.product_line for held in partnership.certifications if held.is_valid_on(today)}
    return ranking.score_certification([line.code for line in about.products], certified)


def _candidates(
    known: Collection[_Known], ranked: Collection[Ranked], newcomers: Collection[int], preferred: Collection[int]
) -> list[OverlapCandidate]:
    """The partners as the policies look at them."""
    scores = {one.partnership_id: one for one in ranked}
    return [
        OverlapCandidate(
            one.id,
            registered_at=one.history.since,
            last_received_at=one.record.last_received_at,
            free_capacity=one.record.free_capacity,
            response_score=one.record.response_score,
            response_rate=one.record.response_rate,
            history=one.history.leads,
            distance_km=one.distance_km,
            closeness=one.closeness,
            rank_score=scores[one.id].score,
            tier_weight=_tier_weight(scores[one.id]),
            is_newcomer=one.id in newcomers,
            is_preferred=one.id in preferred,
        )
        for one in known
    ]


def _tier_weight(ranked: Ranked) -> float | None:
    parts: Mapping[RankingPart, float] = {part.part: part.value for part in ranked.parts if part.is_known}
    return parts.get(RankingPart.TIER)
