"""Rounds, offers and assignments, and the plan that orders them (domain.md §2, §3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.deadlines import Clock, Span
from app.domain.escalation import EscalationAction, EscalationLadder
from app.domain.partners import TierRule
from app.domain.round_conditions import LeadTraits, RoundCondition
from app.domain.working_time import WorkingCalendar, add_working_time


class RoundKind(StrEnum):
    """One way of offering a lead."""

    OWNER = "owner"
    BOARD = "board"
    PUSH = "push"
    REGISTRATION = "registration"
    DIRECT = "direct"


class RoundOutcome(StrEnum):
    """How a round ended."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    AWARDED = "awarded"
    ASSIGNED_BY_HAND = "assigned_by_hand"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOBODY_ELIGIBLE = "nobody_eligible"
    WITHDRAWN = "withdrawn"


class OfferAnswer(StrEnum):
    """How an offer ended. A taken offer is `claimed`, on the board and after a push alike: the round tells which."""

    CLAIMED = "claimed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST_RACE = "lost_race"


class DeclineReason(StrEnum):
    """Why a partner does not want an offer."""

    NO_CAPACITY = "no_capacity"
    WRONG_FIT = "wrong_fit"
    NOT_OUR_PRODUCT = "not_our_product"
    OUT_OF_TERRITORY = "out_of_territory"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    TOO_SMALL = "too_small"
    OTHER = "other"


class AssignmentOrigin(StrEnum):
    """What made an assignment."""

    CLAIM = "claim"
    PUSH = "push"
    OWNER = "owner"
    RULING = "ruling"
    HAND = "hand"


class AssignmentEnd(StrEnum):
    """What ended an assignment."""

    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    RETURNED = "returned"
    RE_ROUTED = "re_routed"
    REASSIGNED = "reassigned"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


ASKED_ALONE = frozenset({RoundKind.OWNER, RoundKind.PUSH})
"""The rounds in which one partner is asked at a time; the plan's escalation ladder holds for them."""

ROUND_STEPS: dict[RoundKind, tuple[EscalationAction, ...]] = {
    RoundKind.OWNER: tuple(EscalationAction),
    RoundKind.BOARD: (EscalationAction.ALERT_CHANNEL_MANAGER,),
    RoundKind.PUSH: (EscalationAction.ALERT_SALES_MANAGER, EscalationAction.ALERT_CHANNEL_MANAGER),
    RoundKind.REGISTRATION: (),
    RoundKind.DIRECT: (EscalationAction.ALERT_CHANNEL_MANAGER,),
}
"""What a round's own ladder may do. A board and a push offer end with their windows, so there people are only told."""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """One line of a distribution plan. `max_offers`: how many partners are asked in turn; `None` is all at once.

    `ladder` is what follows while nobody answers in this round; `None` is the plan's own ladder where one partner is
    asked alone, and nothing elsewhere.
    """

    kind: RoundKind
    window: Span
    hot_window: Span | None = None
    max_offers: int | None = None
    condition: RoundCondition = field(default_factory=RoundCondition)
    is_on: bool = True
    ladder: EscalationLadder | None = None

    def window_for(self, *, is_hot: bool) -> Span:
        """How long the round, or each of its offers in turn, stays open."""
        return self.hot_window if is_hot and self.hot_window is not None else self.window

    def ladder_beside(self, plans: EscalationLadder) -> EscalationLadder:
        """What follows while nobody answers in this round of a plan whose ladder is `plans`."""
        if self.ladder is not None:
            return self.ladder
        return plans if self.kind in ASKED_ALONE else EscalationLadder(())

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {
            "kind": self.kind.value,
            "window": self.window.to_json(),
            "hot_window": self.hot_window.to_json() if self.hot_window else None,
            "max_offers": self.max_offers,
            "condition": self.condition.to_json(),
            "is_on": self.is_on,
            "ladder": None if self.ladder is None else self.ladder.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RoundPlan:
        """Read what `to_json` wrote, also before rounds had ladders of their own."""
        ladder = data.get("ladder")
        return cls(
            RoundKind(data["kind"]),
            Span.from_json(data["window"]),
            Span.from_json(data["hot_window"]) if data["hot_window"] else None,
            data["max_offers"],
            RoundCondition.from_json(data["condition"]),
            data.get("is_on", True),
            None if ladder is None else EscalationLadder.from_json(ladder),
        )


@dataclass(frozen=True, slots=True)
class DistributionPlan:
    """The rounds a lead goes through, in order; no kind comes twice, so a kind is also a place in the plan."""

    rounds: tuple[RoundPlan, ...]

    def __post_init__(self) -> None:
        if len({line.kind for line in self.rounds}) < len(self.rounds):
            raise ValueError("a distribution plan holds each kind of round at most once")

    def round_of(self, kind: RoundKind) -> RoundPlan | None:
        """The plan's line for a kind of round, if it has one."""
        return next((line for line in self.rounds if line.kind is kind), None)

    def to_json(self) -> list[dict[str, object]]:
        """A form that JSON can keep."""
        return [line.to_json() for line in self.rounds]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> DistributionPlan:
        """Read what `to_json` wrote."""
        return cls(tuple(map(RoundPlan.from_json, data)))

    @property
    def looks_at_fields(self) -> bool:
        """Whether a round has a condition on any field, so that all fields of a lead must be known."""
        return any(line.condition.fields for line in self.rounds)


ENABLED_ROUNDS = frozenset({RoundKind.OWNER, RoundKind.BOARD, RoundKind.PUSH, RoundKind.DIRECT})
"""The kinds of rounds that are held; a plan's other lines are skipped."""


def default_plan() -> DistributionPlan:
    """The plan a manufacturer starts with (numbers of domain.md §3); strategic leads skip board and push (C-03).

    A window is when the answer is due. An owner that is silent then meets the escalation ladder, whose first step comes
    after 4 hours, for a hot lead after 5 minutes (§6); an offer by push ends with its window, and the next is asked.
    """
    four_hours, an_hour, five_minutes = Span(minutes=4 * 60), Span(minutes=60), Span(minutes=5)
    not_strategic = RoundCondition(is_strategic=False)
    return DistributionPlan(
        (
            RoundPlan(RoundKind.OWNER, four_hours, hot_window=five_minutes),
            RoundPlan(
                RoundKind.BOARD,
                Span(minutes=24 * 60, clock=Clock.WALL),
                hot_window=Span(minutes=2 * 60, clock=Clock.WALL),
                condition=not_strategic,
            ),
            RoundPlan(RoundKind.PUSH, four_hours, hot_window=an_hour, max_offers=3, condition=not_strategic),
            RoundPlan(RoundKind.REGISTRATION, Span(days=3)),
            RoundPlan(RoundKind.DIRECT, Span(is_same_day=True)),
        )
    )


def next_round(
    plan: DistributionPlan, after: RoundKind | None, traits: LeadTraits, enabled: Collection[RoundKind]
) -> RoundPlan | None:
    """The round that follows `after` (`None`: the first) for a lead; `None` when the plan is at its end.

    Skipped are rounds that are off or not enabled, whose condition does not hold, that need an owner the lead has not,
    and, when the prospect agreed to be called by the manufacturer only, every round but `direct`.
    Raises `ValueError` when the plan has no round of the kind `after`.
    """
    kinds = [line.kind for line in plan.rounds]
    start = 0 if after is None else kinds.index(after) + 1
    return next((line for line in plan.rounds[start:] if line.kind in enabled and _is_held(line, traits)), None)


def _is_held(line: RoundPlan, traits: LeadTraits) -> bool:
    if not line.is_on:
        return False
    if line.kind is not RoundKind.DIRECT and not traits.may_go_to_partners:
        return False
    if line.kind is RoundKind.OWNER and not traits.has_owner:
        return False
    return line.condition.applies_to(traits)


def head_starts(tiers: Iterable[TierRule], present: Collection[str], *, is_hot: bool) -> dict[str, timedelta]:
    """How much working time after the opening each tier with eligible partners sees the lead (domain.md §3).

    A tier is alone with a lead from its head start to the next lower tier's. The lonely times of tiers without an
    eligible partner fall away: the best tier present begins at once, and the others move up by as much. Hot leads
    have no head starts. `present` holds tier keys; the result has an entry for each that is one of `tiers`.
    """
    best_first = sorted(tiers, key=lambda tier: (tier.head_start, -tier.rank))
    starts: dict[str, timedelta] = {}
    elapsed = timedelta(0)
    for tier, following in zip(best_first, [*best_first[1:], best_first[-1]] if best_first else (), strict=True):
        if tier.key in present:
            starts[tier.key] = timedelta(0) if is_hot else elapsed
            elapsed += following.head_start - tier.head_start
    return starts


def visible_from(
    starts: Mapping[str, timedelta], calendar: WorkingCalendar, *, opens_at: datetime, closes_at: datetime
) -> dict[str, datetime]:
    """When each tier sees the lead, in UTC: its head start in working time, at most half the window's wall time.

    Who has no head start sees it at the opening, also outside working hours.
    """
    latest = opens_at + (closes_at - opens_at) / 2
    return {
        key: min(add_working_time(calendar, opens_at, hours=start), latest) if start else opens_at
        for key, start in starts.items()
    }
