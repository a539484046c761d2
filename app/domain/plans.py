"""A manufacturer's whole distribution plan as it is edited: its rounds, ladder, choice and fairness (domain.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.deadlines import Span
from app.domain.distribution import ROUND_STEPS, DistributionPlan, RoundKind, RoundPlan
from app.domain.errors import Invalid
from app.domain.escalation import EscalationLadder
from app.domain.newcomers import ExperienceLimits, FairnessFloor
from app.domain.overlap import OverlapPolicy
from app.domain.phrases import N_, Phrase
from app.domain.ranking import DEFAULT_WEIGHTS, RankingPart

MOST_PARTNERS_IN_TURN = 20
LONGEST_NOTE = 300
LONGEST_WINDOW_DAYS = 90
HIGHEST_WEIGHT = 100
MOST_LEADS_OF_NEWCOMER = 1_000


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """Everything that one version of a plan says.

    `fairness_every` of 0 is no fairness floor; who has had fewer leads than `newcomer_below` is a newer partner.
    `weights` are those of the ranking; a part without one does not count.
    """

    rounds: DistributionPlan
    contact_ladder: EscalationLadder
    overlap: OverlapPolicy = OverlapPolicy.WEIGHTED
    fairness_every: int = 5
    newcomer_below: int = 5
    experience: ExperienceLimits = field(default_factory=ExperienceLimits)
    weights: Mapping[RankingPart, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))

    @property
    def fairness(self) -> FairnessFloor:
        """The share of newer partners."""
        return FairnessFloor(self.fairness_every or None, self.newcomer_below)

    def check(self) -> None:
        """Raise `Invalid` where a plan cannot be followed."""
        if not any(line.is_on for line in self.rounds.rounds):
            first = f"{self.rounds.rounds[0].kind.value}_is_on" if self.rounds.rounds else "rounds"
            raise _wrong(Phrase(N_("A plan needs at least one round that is on.")), first)
        if not 0 <= self.fairness_every <= 100:
            raise _wrong(Phrase(N_("The fairness floor is a number between 0 and 100.")), "fairness_every")
        _check_choice(self)
        for line in self.rounds.rounds:
            _check_round(line)
        _check_waits(self.contact_ladder, "")


def _check_choice(draft: PlanDraft) -> None:
    if not 1 <= draft.newcomer_below <= MOST_LEADS_OF_NEWCOMER:
        told = N_("A newer partner has had fewer than a number of leads between 1 and %(most)s.")
        raise _wrong(Phrase(told, {"most": MOST_LEADS_OF_NEWCOMER}), "newcomer_below")
    if draft.experience.score is not None and not 0 <= draft.experience.score <= 100:
        raise _wrong(Phrase(N_("A score lies between 0 and 100.")), "experience_score")
    if draft.experience.value is not None and draft.experience.value.cents < 0:
        raise _wrong(Phrase(N_("A value is not less than nothing.")), "experience_value")
    for part, weight in draft.weights.items():
        if not 0 <= weight <= HIGHEST_WEIGHT:
            told = N_("A weight lies between 0 and %(most)s.")
            raise _wrong(Phrase(told, {"most": HIGHEST_WEIGHT}), f"weight_{part.value}")
    if not any(draft.weights.values()):
        problem = Phrase(N_("At least one weight is more than 0."))
        raise _wrong(problem, f"weight_{next(iter(RankingPart)).value}")


def _check_round(line: RoundPlan) -> None:
    windows = {"window": line.window} | ({"hot_window": line.hot_window} if line.hot_window else {})
    for name, window in windows.items():
        if not _can_pass(window):
            told = N_("A round stays open for more than no time, and for at most %(days)s days.")
            raise _wrong(Phrase(told, {"days": LONGEST_WINDOW_DAYS}), f"{line.kind.value}_{name}")
    if line.max_offers is not None and not 1 <= line.max_offers <= MOST_PARTNERS_IN_TURN:
        told = N_("Between 1 and %(most)s partners can be asked in turn.")
        raise _wrong(Phrase(told, {"most": MOST_PARTNERS_IN_TURN}), f"{line.kind.value}_max_offers")
    score = line.condition.min_score
    if score is not None and not 0 <= score <= 100:
        raise _wrong(Phrase(N_("A score lies between 0 and 100.")), f"{line.kind.value}_min_score")
    for condition in line.condition.fields:
        condition.check()
    _check_ladder(line)


def _check_ladder(line: RoundPlan) -> None:
    if line.ladder is None:
        return
    for step in line.ladder.steps:
        if step.action not in ROUND_STEPS[line.kind]:
            name = f"{line.kind.value}_{step.action.value}_after"
            raise _wrong(Phrase(N_("This step cannot be taken in this round.")), name)
    _check_waits(line.ladder, f"{line.kind.value}_")


def _check_waits(ladder: EscalationLadder, prefix: str) -> None:
    for step in ladder.steps:
        for name, wait in (("after", step.after), ("hot_after", step.hot_after)):
            if not _can_pass(wait):
                told = Phrase(N_("A step waits at most %(days)s days."), {"days": LONGEST_WINDOW_DAYS})
                raise _wrong(told, f"{prefix}{step.action.value}_{name}")


def _can_pass(window: Span) -> bool:
    return window.is_same_day or 0 < window.days * 1_440 + window.minutes <= LONGEST_WINDOW_DAYS * 1_440


def _wrong(problem: Phrase, field: str) -> Invalid:
    return Invalid(problem, fields={field: problem}, code="wrong_plan")


def moved(order: tuple[RoundKind, ...], kind: RoundKind, *, up: bool) -> tuple[RoundKind, ...]:
    """The order with one kind of round a place further up or down; the first and the last stay where they are."""
    place = order.index(kind)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(order):
        return order
    changed = list(order)
    changed[place], changed[other] = changed[other], changed[place]
    return tuple(changed)
