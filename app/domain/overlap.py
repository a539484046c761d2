"""Who is asked first when several partners qualify: the overlap policies and their reasons (C-01, C-02, T-08, T-24).

Every policy is a pure function from a candidate to its merit: what it is measured by, and that said in words. Who has
no merit, because the value is not known, never goes before one who has. Equal merits go to who waited longest (T-05).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain.money import Money
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


@dataclass(frozen=True, slots=True)
class OverlapCandidate:
    """An eligible partnership and what is known of it; `None` is unknown.

    `registered_at`: when it registered this customer. `last_received_at`: when it last was offered or given a lead.
    Shares and weights lie between 0 and 1; `history` counts its leads with this company; `rank_score` is that of
    `ranking.rank_partnerships`.
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


@dataclass(frozen=True, slots=True)
class FairnessFloor:
    """That newer partners get their share ⚙: of `every` offers at least one goes to a newcomer among the eligible.

    The defaults are ours: one in five, and a newcomer has had fewer than five leads, as many as a rate is judged by
    (T-11, T-12, T-27). `every` of `None` is no floor.
    """

    every: int | None = 5
    newcomer_below: int = 5

    def __post_init__(self) -> None:
        if self.every is not None and self.every < 1:
            raise ValueError("one of no offers cannot go to a newcomer")

    def is_newcomer(self, leads_received: int) -> bool:
        """Whether a partnership that has had so many leads counts as new."""
        return leads_received < self.newcomer_below

    def is_newcomers_turn(self, since_newcomer: int) -> bool:
        """Whether the next offer is a newcomer's, after so many in a row that a newcomer could have had and did not."""
        return self.every is not None and since_newcomer >= self.every - 1

    def to_json(self) -> dict[str, int | None]:
        """A form that JSON can keep."""
        return {"every": self.every, "newcomer_below": self.newcomer_below}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FairnessFloor:
        """Read what `to_json` wrote."""
        return cls(data["every"], data["newcomer_below"])


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked, why, and the whole order; `partnership_id` is `None` where a person decides or nobody is there."""

    partnership_id: int | None
    reasons: tuple[Phrase, ...]
    order: tuple[int, ...] = ()


class Merit(NamedTuple):
    """What a candidate is measured by (more is better, the first number before the second), and that in words."""

    measure: tuple[float, float]
    why: Phrase


def _by_registration(candidate: OverlapCandidate) -> Merit | None:
    at = candidate.registered_at
    if at is None:
        return None
    return Merit((-at.timestamp(), 0), Phrase(N_("Registered the customer first, on %(at)s."), {"at": at}))


def _by_turn(_: OverlapCandidate) -> Merit | None:
    return None


def _by_capacity(candidate: OverlapCandidate) -> Merit | None:
    free = candidate.free_capacity
    if free is None:
        return None
    return Merit((free, 0), Phrase(N_("Has the most room: %(percent)s%% free."), {"percent": round(free * 100)}))


def _by_response(candidate: OverlapCandidate) -> Merit | None:
    score, rate = candidate.response_score, candidate.response_rate
    if score is None and rate is None:
        return None
    measure = (-1 if score is None else score, -1 if rate is None else rate)
    if rate is None:
        return Merit(measure, Phrase(N_("Answers best: response score %(score)s."), {"score": score}))
    percent = round(rate * 100)
    if score is None:
        return Merit(measure, Phrase(N_("Answers best: %(percent)s%% of offers."), {"percent": percent}))
    told = N_("Answers best: response score %(score)s, %(percent)s%% of offers answered.")
    return Merit(measure, Phrase(told, {"score": score, "percent": percent}))


def _by_history(candidate: OverlapCandidate) -> Merit | None:
    if not candidate.history:
        return None
    why = Phrase(N_("Knows the company best; leads with it: %(count)s."), {"count": candidate.history})
    return Merit((candidate.history, 0), why)


def _by_nearness(candidate: OverlapCandidate) -> Merit | None:
    if candidate.distance_km is not None:
        why = Phrase(N_("Is nearest: %(km)s km away."), {"km": round(candidate.distance_km)})
        return Merit((1, -candidate.distance_km), why)
    if candidate.closeness is not None:
        return Merit((0, candidate.closeness), Phrase(N_("Its territory names the place most closely.")))
    return None


def _by_weights(candidate: OverlapCandidate) -> Merit | None:
    rank, tier = candidate.rank_score, candidate.tier_weight
    if rank is None:
        return None
    why = Phrase(N_("Ranks highest: %(points)s of 100 points."), {"points": round(rank * 100)})
    return Merit((rank, -1 if tier is None else tier), why)


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
    score, `asks_for_experience`) puts newcomers behind the others until then. Neither touches a registration or a
    relationship with the company. The order never depends on chance nor on the order given.
    """
    contenders = [_contend(candidate, policy, prefers_experience) for candidate in candidates]
    contenders.sort(key=lambda contender: contender.place)
    order = tuple(contender.candidate.partnership_id for contender in contenders)
    if not contenders:
        return Choice(None, (Phrase(N_("Nobody is eligible.")),))
    if policy is OverlapPolicy.MANUAL_REVIEW:
        return Choice(None, (Phrase(N_("Several partners qualify: a person decides.")),), order)
    newcomer = next((contender for contender in contenders if contender.candidate.is_newcomer), contenders[0])
    if contenders[0].has_right or newcomer is contenders[0] or not fairness.is_newcomers_turn(since_newcomer):
        return Choice(order[0], _reasons(contenders, policy), order)
    chosen = newcomer.candidate.partnership_id
    why = Phrase(N_("One offer in %(every)s goes to a newer partner."), {"every": fairness.every})
    return Choice(chosen, (why,), (chosen, *(other for other in order if other != chosen)))


@dataclass(frozen=True, slots=True)
class _Contender:
    """A candidate with what decides its place under a policy."""

    candidate: OverlapCandidate
    merit: Merit | None
    has_right: bool
    is_put_back: bool

    @property
    def level(self) -> tuple[bool, bool, bool, tuple[float, ...]]:
        """The place but for the waiting; the lowest goes first."""
        measure = tuple(-part for part in self.merit.measure) if self.merit else ()
        return not self.has_right, self.is_put_back, self.merit is None, measure

    @property
    def place(self) -> tuple[object, ...]:
        """The place, which no two have in common."""
        return *self.level, self.candidate.last_received_at or _NEVER, self.candidate.partnership_id


def _contend(candidate: OverlapCandidate, policy: OverlapPolicy, prefers_experience: bool) -> _Contender:
    merit = _MERITS[policy](candidate)
    has_right = merit is not None and policy in _RIGHTS
    is_put_back = prefers_experience and candidate.is_newcomer and not has_right
    return _Contender(candidate, merit, has_right, is_put_back)


def _reasons(contenders: Sequence[_Contender], policy: OverlapPolicy) -> tuple[Phrase, ...]:
    """Why the first is the first."""
    first, *others = contenders
    if not others:
        return (Phrase(N_("Nobody else is eligible.")),)
    reasons = []
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


def asks_for_experience(
    *, score: int | None, value: Money | None, high_score: int | None = 80, high_value: Money | None = None
) -> bool:
    """Whether a lead goes to experienced partners first: its score or value is high ⚙ (T-11, T-12).

    80 is where the best score band begins; the value has no limit of its own until a manufacturer sets one. What is
    unknown, or in another currency than the limit, is not high.
    """
    if high_score is not None and score is not None and score >= high_score:
        return True
    if high_value is None or value is None:
        return False
    return value.currency == high_value.currency and value.cents >= high_value.cents
