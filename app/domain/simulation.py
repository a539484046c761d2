"""What would have become of past leads had partners been chosen otherwise: a replay in order of time (C-01, T-27).

Every lead goes to whom the policy chooses among those that were eligible when it was opened to partners and had room at
that moment of the replay; nobody declines or stays silent. What a partner has grows and shrinks as the replay goes on:
its leads, when it had the last one, what it has not called yet. How it answers is taken as it is known today.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.nearness import score_distance
from app.domain.newcomers import FairnessFloor
from app.domain.overlap import OverlapCandidate, OverlapPolicy, choose_partner
from app.domain.ranking import (
    Candidate,
    RankingPart,
    score_candidate,
    score_free_capacity,
    score_rotation,
    score_share,
)

UNWORKED = timedelta(hours=24)
"""How long a lead counts as not called yet with a partner of whom no first contact is known; ours."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time that is replayed: the last `days`, or the days from `first_on` to `last_on`, both included.

    Nothing lies behind today.
    """

    days: int = 90
    first_on: date | None = None
    last_on: date | None = None

    def bounds(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when on, and until before when, both aware; days are those of `zone`."""
        if self.first_on is None or self.last_on is None:
            return now - timedelta(days=self.days), now
        ends_on = min(self.last_on, now.astimezone(zone).date()) + timedelta(days=1)
        return datetime.combine(self.first_on, time(), zone), datetime.combine(ends_on, time(), zone)


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead as it was when it was opened to partners, at `at`; mappings are by partnership, and hold what is known.

    `taken_by_id` is the partner that had it first. `company` tells its company from others.
    """

    at: datetime
    eligible_ids: tuple[int, ...]
    taken_by_id: int | None = None
    region: str = ""
    company: Hashable | None = None
    asks_for_experience: bool = False
    distances_km: Mapping[int, float] = field(default_factory=dict)
    closeness: Mapping[int, float] = field(default_factory=dict)
    certification: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastPartner:
    """A partner as the replay begins, and how it answers as far as it is known today.

    `received` and `last_received_at` are what it had before; `called_at` is when it called each lead that it had not
    called yet then. `answer_time` and `contact_time` are its medians.
    """

    partnership_id: int
    cap: int
    tier: float | None = None
    response_score: int | None = None
    asked: int = 0
    answered: int = 0
    closed: int = 0
    won: int = 0
    answer_time: timedelta | None = None
    contact_time: timedelta | None = None
    received: int = 0
    last_received_at: datetime | None = None
    called_at: tuple[datetime, ...] = ()

    @property
    def response_rate(self) -> float | None:
        """Answers of the offers to it alone; unknown while there are too few to judge by."""
        return score_share(self.answered, self.asked)


class CompanyPast(NamedTuple):
    """What a partner has had to do with a company: its leads, and since when."""

    leads: int
    since: datetime


Companies = Mapping[Hashable, Mapping[int, CompanyPast]]
"""By company and partnership."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is replayed: leads in order of time, partners and companies as they were before the first."""

    leads: Sequence[PastLead]
    partners: Mapping[int, PastPartner]
    companies: Companies = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceRules:
    """How a partner is chosen, as a plan says it."""

    policy: OverlapPolicy
    fairness: FairnessFloor
    weights: Mapping[RankingPart, int]


class Given(NamedTuple):
    """Who would have had a lead; without anybody, whether a person would have had to choose."""

    partnership_id: int | None
    asks_person: bool = False


def replay(past: Past, rules: ChoiceRules) -> tuple[Given, ...]:
    """Who would have had each lead under these rules, in the order of the leads; the same each time."""
    standings = {one: _Standing(partner) for one, partner in past.partners.items()}
    companies = {company: dict(known) for company, known in past.companies.items()}
    turn = _Turn(rules, standings, companies)
    return tuple(turn.give(lead) for lead in past.leads)


class _Standing:
    """What a partner has at one moment of the replay."""

    __slots__ = ("called_at", "last_received_at", "partner", "received")

    def __init__(self, partner: PastPartner) -> None:
        self.partner = partner
        self.received = partner.received
        self.last_received_at = partner.last_received_at
        self.called_at = list(partner.called_at)
        heapify(self.called_at)

    def has_room(self, now: datetime) -> bool:
        """Whether one more lead fits under its cap, once those called by now are off the list."""
        while self.called_at and self.called_at[0] <= now:
            heappop(self.called_at)
        return len(self.called_at) < self.partner.cap

    def take(self, now: datetime) -> None:
        """Have one more lead, to be called as soon as the partner usually does."""
        self.received += 1
        self.last_received_at = now
        heappush(self.called_at, now + (self.partner.contact_time or UNWORKED))


@dataclass(slots=True)
class _Turn:
    """The replay at one moment."""

    rules: ChoiceRules
    standings: Mapping[int, _Standing]
    companies: dict[Hashable, dict[int, CompanyPast]]
    since_newcomer: int = 0

    def give(self, lead: PastLead) -> Given:
        """Choose for the next lead, and keep what follows from it."""
        there = [found for one in lead.eligible_ids if (found := self.standings.get(one)) and found.has_room(lead.at)]
        candidates = self._candidates(lead, there)
        choice = choose_partner(
            self.rules.policy,
            candidates,
            self.rules.fairness,
            self.since_newcomer,
            prefers_experience=lead.asks_for_experience,
        )
        chosen = choice.partnership_id
        if chosen is None:
            return Given(None, asks_person=bool(candidates))
        newcomers = {one.partnership_id for one in candidates if one.is_newcomer}
        if newcomers:
            self.since_newcomer = 0 if chosen in newcomers else self.since_newcomer + 1
        self.standings[chosen].take(lead.at)
        self._remember(lead, chosen)
        return Given(chosen)

    def _candidates(self, lead: PastLead, there: Sequence[_Standing]) -> list[OverlapCandidate]:
        scores = self._scores(lead, there) if self.rules.policy is OverlapPolicy.WEIGHTED else {}
        known = self.companies.get(lead.company, {}) if lead.company is not None else {}
        return [_candidate(lead, one, scores, known, self.rules.fairness) for one in there]

    def _scores(self, lead: PastLead, there: Sequence[_Standing]) -> dict[int, float]:
        """Each partner's place by the weights. Distances count where all are known: one yardstick for all."""
        by_distance = all(one.partner.partnership_id in lead.distances_km for one in there)
        scored = (score_candidate(_parts(lead, one, by_distance=by_distance), self.rules.weights) for one in there)
        return {one.partnership_id: one.score for one in scored}

    def _remember(self, lead: PastLead, chosen: int) -> None:
        if lead.company is None:
            return
        known = self.companies.setdefault(lead.company, {})
        before = known.get(chosen, CompanyPast(0, lead.at))
        known[chosen] = CompanyPast(before.leads + 1, before.since)


def _candidate(
    lead: PastLead,
    standing: _Standing,
    scores: Mapping[int, float],
    known: Mapping[int, CompanyPast],
    fairness: FairnessFloor,
) -> OverlapCandidate:
    partner = standing.partner
    one = partner.partnership_id
    company = known.get(one)
    return OverlapCandidate(
        one,
        registered_at=company.since if company else None,
        last_received_at=standing.last_received_at,
        free_capacity=score_free_capacity(len(standing.called_at), partner.cap),
        response_score=partner.response_score,
        response_rate=partner.response_rate,
        history=company.leads if company else 0,
        distance_km=lead.distances_km.get(one),
        closeness=lead.closeness.get(one),
        rank_score=scores.get(one),
        tier_weight=partner.tier,
        is_newcomer=fairness.is_newcomer(standing.received),
    )


def _parts(lead: PastLead, standing: _Standing, *, by_distance: bool) -> Candidate:
    partner = standing.partner
    one = partner.partnership_id
    return Candidate(
        one,
        {
            RankingPart.NEARNESS: score_distance(lead.distances_km[one]) if by_distance else lead.closeness.get(one),
            RankingPart.CERTIFICATION: lead.certification.get(one),
            RankingPart.RESPONSE_RATE: partner.response_rate,
            RankingPart.CONVERSION: score_share(partner.won, partner.closed),
            RankingPart.FREE_CAPACITY: score_free_capacity(len(standing.called_at), partner.cap),
            RankingPart.TIER: partner.tier,
            RankingPart.ROTATION: score_rotation(standing.last_received_at, lead.at),
        },
        standing.last_received_at,
    )
