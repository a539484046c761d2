"""Who is asked first when several partners qualify: the overlap policies and their reasons (C-01, C-02, T-08, T-24).

Every policy is a pure function from a candidate to its merit: what it is measured by, and that said in words. Who has
no merit, because the value is not known, never goes before one who has. Equal merits go to who waited longest (T-05).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.newcomers import FairnessFloor
from app.domain.phrases import N_, Phrase


class OverlapPolicy(StrEnum):
    """How the partner is chosen where several qualify ⚙ (domain.md §3)."""

    FIRST_REGISTERED = "first_registered"
    ROUND_ROBIN = "round_robin"
    CAPACITY = "capacity"
    BEST_RESPONSE = "best_response"
    ACCOUNT_HISTORY = "account_history"
    NEAREST = "nearest"
    WEIGHTED = "weighted"
    MANUAL_REVIEW = "manual_review"


OVERLAP_LABELS = {
    OverlapPolicy.FIRST_REGISTERED: N_("Who registered first"),
    OverlapPolicy.ROUND_ROBIN: N_("In turn"),
    OverlapPolicy.CAPACITY: N_("Who has the most room"),
    OverlapPolicy.BEST_RESPONSE: N_("Who answers best"),
    OverlapPolicy.ACCOUNT_HISTORY: N_("Who knows the company"),
    OverlapPolicy.NEAREST: N_("Who is nearest"),
    OverlapPolicy.WEIGHTED: N_("By the weighted ranking"),
    OverlapPolicy.MANUAL_REVIEW: N_("A person decides"),
}
"""What people call the policies."""

OVERLAP_MEANINGS = {
    OverlapPolicy.FIRST_REGISTERED: N_(
        "Who was with the company first: its earliest deal or lead there, until deals are registered."
    ),
    OverlapPolicy.ROUND_ROBIN: N_("Whoever has waited longest since its last lead."),
    OverlapPolicy.CAPACITY: N_("Whoever has the largest part of its open claims free."),
    OverlapPolicy.BEST_RESPONSE: N_("The highest response score, then the larger part of offers answered."),
    OverlapPolicy.ACCOUNT_HISTORY: N_("Whoever has worked most leads of the company."),
    OverlapPolicy.NEAREST: N_(
        "The shortest way by postal codes; where none is known, whose territory names the place most closely."
    ),
    OverlapPolicy.WEIGHTED: N_("The highest sum of the parts of the ranking, each by its weight."),
    OverlapPolicy.MANUAL_REVIEW: N_("The lead waits in the reviews, and a person assigns it."),
}
"""What each policy does."""


@dataclass(frozen=True, slots=True)
class OverlapCandidate:
    """An eligible partnership and what is known of it; `None` is unknown.

    `registered_at`: when it registered this customer, or first had to do with it. `last_received_at`: when it last was
    offered or given a lead. Shares and weights lie between 0 and 1; `history` counts its leads with this company;
    `rank_score` is that of `ranking.rank_partnerships`. `is_preferred`: a routing rule the lead meets prefers it.
    """

    partnership_id: int
    registered_at: datetime | None = None
    last_received_at: datetime | None = None
    free_capacity: float | None = None
    response_score: int | None = None
    response_rate: float | None = None
    history: int = 0
    distance_km: float | None = None
    closeness: float | None = None
    rank_score: float | None = None
    tier_weight: float | None = None
    is_newcomer: bool = False
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked, why, and the whole order; `partnership_id` is `None` where a person decides or nobody is there.

    `said` is what the policy saw of each, where it saw something.
    """

    partnership_id: int | None
    reasons: tuple[Phrase, ...]
    order: tuple[int, ...] = ()
    said: Mapping[int, Phrase] = field(default_factory=dict)


class Merit(NamedTuple):
    """What a candidate is measured by (more is better, the first number before the second).

    `why` says it of the best one, `said` of anyone.
    """

    measure: tuple[float, float]
    why: Phrase
    said: Phrase


def _by_registration(candidate: OverlapCandidate) -> Merit | None:
    at = candidate.registered_at
    if at is None:
        return None
    why = Phrase(N_("Was with the company first, on %(at)s."), {"at": at})
    return Merit((-at.timestamp(), 0), why, Phrase(N_("since %(at)s"), {"at": at}))


def _by_turn(_: OverlapCandidate) -> Merit | None:
    return None


def _by_capacity(candidate: OverlapCandidate) -> Merit | None:
    free = candidate.free_capacity
    if free is None:
        return None
    percent = {"percent": round(free * 100)}
    why = Phrase(N_("Has the most room: %(percent)s%% free."), percent)
    return Merit((free, 0), why, Phrase(N_("%(percent)s%% free"), percent))


def _by_response(candidate: OverlapCandidate) -> Merit | None:
    score, rate = candidate.response_score, candidate.response_rate
    if score is None and rate is None:
        return None
    measure = (-1 if score is None else score, -1 if rate is None else rate)
    seen = {"score": score, "percent": None if rate is None else round(rate * 100)}
    if rate is None:
        why, said = N_("Answers best: response score %(score)s."), N_("response score %(score)s")
    elif score is None:
        why, said = N_("Answers best: %(percent)s%% of offers."), N_("%(percent)s%% of offers answered")
    else:
        why = N_("Answers best: response score %(score)s, %(percent)s%% of offers answered.")
        said = N_("response score %(score)s, %(percent)s%% of offers answered")
    known = {name: value for name, value in seen.items() if value is not None}
    return Merit(measure, Phrase(why, known), Phrase(said, known))


def _by_history(candidate: OverlapCandidate) -> Merit | None:
    if not candidate.history:
        return None
    count = {"count": candidate.history}
    why = Phrase(N_("Knows the company best; leads with it: %(count)s."), count)
    return Merit((candidate.history, 0), why, Phrase(N_("leads with the company: %(count)s"), count))


def _by_nearness(candidate: OverlapCandidate) -> Merit | None:
    if candidate.distance_km is not None:
        km = {"km": round(candidate.distance_km)}
        why = Phrase(N_("Is nearest: %(km)s km away."), km)
        return Merit((1, -candidate.distance_km), why, Phrase(N_("%(km)s km away"), km))
    if candidate.closeness is not None:
        why = Phrase(N_("Its territory names the place most closely."))
        return Merit((0, candidate.closeness), why, Phrase(_area_named(candidate.closeness)))
    return None


def _area_named(closeness: float) -> str:
    """What `ranking.score_nearness` means by a closeness."""
    if closeness >= 1:
        return N_("its territory names the postal area")
    return N_("its territory names the region") if closeness >= 0.75 else N_("its territory names the country")


def _by_weights(candidate: OverlapCandidate) -> Merit | None:
    rank, tier = candidate.rank_score, candidate.tier_weight
    if rank is None:
        return None
    points = {"points": round(rank * 100)}
    why = Phrase(N_("Ranks highest: %(points)s of 100 points."), points)
    return Merit((rank, -1 if tier is None else tier), why, Phrase(N_("%(points)s of 100 points"), points))


_MERITS: dict[OverlapPolicy, Callable[[OverlapCandidate], Merit | None]] = {
    OverlapPolicy.FIRST_REGISTERED: _by_registration,
    OverlapPolicy.ROUND_ROBIN: _by_turn,
    OverlapPolicy.CAPACITY: _by_capacity,
    OverlapPolicy.BEST_RESPONSE: _by_response,
    OverlapPolicy.ACCOUNT_HISTORY: _by_history,
    OverlapPolicy.NEAREST: _by_nearness,
    OverlapPolicy.WEIGHTED: _by_weights,
    OverlapPolicy.MANUAL_REVIEW: _by_turn,
}

_RIGHTS = frozenset({OverlapPolicy.FIRST_REGISTERED, OverlapPolicy.ACCOUNT_HISTORY})
"""Where a merit is a right: a registration or a relationship is not given to somebody else for the sake of fairness."""

_NEVER = datetime.min.replace(tzinfo=UTC)


def choose_partner(
    policy: OverlapPolicy,
    candidates: Iterable[OverlapCandidate],
    fairness: FairnessFloor,
    since_newcomer: int = 0,
    *,
    prefers_experience: bool = False,
) -> Choice:
    """Choose among eligible partners by the manufacturer's policy, with the reasons for the routing decision.

    `since_newcomer` counts the offers in a row for which a newcomer was eligible and somebody else was chosen; when the
    floor is reached the best newcomer by the same policy is chosen. `prefers_experience` (a lead of high value or
    score, `ExperienceLimits`) puts newcomers behind the others until then. Neither touches a registration, a
    relationship with the company or what a routing rule prefers. Where a person decides and only one is there, that one
    is asked. The order never depends on chance nor on the order given.
    """
    contenders = [_contend(candidate, policy, prefers_experience) for candidate in candidates]
    contenders.sort(key=lambda contender: contender.place)
    if not contenders:
        return Choice(None, (Phrase(N_("Nobody is eligible.")),))
    order = tuple(contender.candidate.partnership_id for contender in contenders)
    said = {one.candidate.partnership_id: one.said(policy) for one in contenders}
    known = {partnership_id: phrase for partnership_id, phrase in said.items() if phrase is not None}
    if policy is OverlapPolicy.MANUAL_REVIEW and len(order) > 1:
        return Choice(None, (Phrase(N_("Several partners qualify: a person decides.")),), order, known)
    newcomer = next((contender for contender in contenders if contender.candidate.is_newcomer), contenders[0])
    if contenders[0].stays_first or newcomer is contenders[0] or not fairness.is_newcomers_turn(since_newcomer):
        return Choice(order[0], _reasons(contenders, policy), order, known)
    chosen = newcomer.candidate.partnership_id
    why = Phrase(N_("One offer in %(every)s goes to a newer partner."), {"every": fairness.every})
    return Choice(chosen, (why,), (chosen, *(other for other in order if other != chosen)), known)


@dataclass(frozen=True, slots=True)
class _Contender:
    """A candidate with what decides its place under a policy."""

    candidate: OverlapCandidate
    merit: Merit | None
    has_right: bool
    is_put_back: bool

    @property
    def stays_first(self) -> bool:
        """Whether fairness gives its place to nobody."""
        return self.has_right or self.candidate.is_preferred

    @property
    def level(self) -> tuple[bool, bool, bool, bool, tuple[float, ...]]:
        """The place but for the waiting; the lowest goes first."""
        measure = tuple(-part for part in self.merit.measure) if self.merit else ()
        return not self.candidate.is_preferred, not self.has_right, self.is_put_back, self.merit is None, measure

    def said(self, policy: OverlapPolicy) -> Phrase | None:
        """What the policy saw; where it only looks at whose turn it is, the last one."""
        if self.merit is not None or policy is not OverlapPolicy.ROUND_ROBIN:
            return self.merit.said if self.merit else None
        last = self.candidate.last_received_at
        return Phrase(N_("last lead on %(at)s"), {"at": last}) if last else Phrase(N_("no lead yet"))

    @property
    def place(self) -> tuple[object, ...]:
        """The place, which no two have in common."""
        return *self.level, self.candidate.last_received_at or _NEVER, self.candidate.partnership_id


def _contend(candidate: OverlapCandidate, policy: OverlapPolicy, prefers_experience: bool) -> _Contender:
    merit = _MERITS[policy](candidate)
    has_right = merit is not None and policy in _RIGHTS
    is_put_back = prefers_experience and candidate.is_newcomer and not (has_right or candidate.is_preferred)
    return _Contender(candidate, merit, has_right, is_put_back)


def _reasons(contenders: Sequence[_Contender], policy: OverlapPolicy) -> tuple[Phrase, ...]:
    """Why the first is the first."""
    first, *others = contenders
    if not others:
        return (Phrase(N_("Nobody else is eligible.")),)
    reasons = []
    if first.candidate.is_preferred and not all(other.candidate.is_preferred for other in others):
        reasons.append(Phrase(N_("A routing rule prefers it.")))
        others = [other for other in others if other.candidate.is_preferred]
        if not others:
            return tuple(reasons)
    if not first.has_right and not first.is_put_back and any(other.is_put_back for other in others):
        reasons.append(Phrase(N_("A lead of high value or score goes to an experienced partner first.")))
    if first.merit is not None:
        reasons.append(first.merit.why)
    elif policy is not OverlapPolicy.ROUND_ROBIN:
        reasons.append(Phrase(N_("What this policy compares is not known.")))
    if any(other.level == first.level for other in others):
        reasons.append(_waited(first.candidate))
    return tuple(reasons)


def _waited(candidate: OverlapCandidate) -> Phrase:
    if candidate.last_received_at is None:
        return Phrase(N_("Has waited longest: never had a lead before."))
    return Phrase(N_("Has waited longest: had its last lead on %(at)s."), {"at": candidate.last_received_at})
