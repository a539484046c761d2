"""Use it or lose it: answering costs nothing, silence does (domain.md §6, W-14, W-15).

The score is not kept but counted anew from what happened, so that every figure a partner sees can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase


class ResponseKind(StrEnum):
    """What moves a partner's response score."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    FEEDBACK = "feedback"
    SILENT = "silent"
    RE_ROUTED = "re_routed"


ANSWERS = frozenset({ResponseKind.ACCEPTED, ResponseKind.DECLINED, ResponseKind.FEEDBACK})
"""What never costs anything; the others are infractions."""

RESPONSE_LABELS = {
    ResponseKind.ACCEPTED: N_("Took a lead"),
    ResponseKind.DECLINED: N_("Declined an offer"),
    ResponseKind.FEEDBACK: N_("Said what came of a lead"),
    ResponseKind.SILENT: N_("Let an offer pass without an answer"),
    ResponseKind.RE_ROUTED: N_("Lost a lead for not working it"),
}
"""What people call each."""

DEFAULT_POINTS: dict[ResponseKind, int] = {
    ResponseKind.ACCEPTED: 2,
    ResponseKind.DECLINED: 1,
    ResponseKind.FEEDBACK: 1,
    ResponseKind.SILENT: -5,
    ResponseKind.RE_ROUTED: -5,
}
"""What each is worth (domain.md §6)."""


ASKED_ENOUGH = 3
"""So many offers to a partner alone say something about how it answers."""


@dataclass(frozen=True, slots=True)
class ResponseRules:
    """The numbers of the score ⚙; the defaults are those of domain.md §6.

    A quarter is counted back from today, so that none can hide behind its turn. Raises `Invalid` where an answer costs
    points or silence gives them, or the limits are not in the order lowest ≤ suspension < warning ≤ start ≤ highest.
    """

    points: Mapping[ResponseKind, int] = field(default_factory=lambda: dict(DEFAULT_POINTS))
    start: int = 100
    lowest: int = 0
    highest: int = 120
    lapse_days: int = 90
    warn_below: int = 70
    suspend_below: int = 50
    suspension_days: int = 14
    suspensions_until_review: int = 2
    quarter_days: int = 90

    def __post_init__(self) -> None:
        if any(points < 0 if kind in ANSWERS else points > 0 for kind, points in self.points.items()):
            problem = Phrase(N_("An answer cannot cost points, and silence cannot give any."))
            raise Invalid(problem, fields={"points": problem}, code="wrong_response_rules")
        if not self.lowest <= self.suspend_below < self.warn_below <= self.start <= self.highest:
            problem = Phrase(N_("The limits of the response score are not in their order."))
            raise Invalid(problem, fields={"warn_below": problem}, code="wrong_response_rules")


DEFAULT_RESPONSE_RULES = ResponseRules()


@dataclass(frozen=True, slots=True)
class ResponseEntry:
    """One thing that happened between a partnership and the manufacturer, about which lead.

    `points` are those it was worth then; `None` is what the rules say now.
    """

    kind: ResponseKind
    at: datetime
    lead_id: UUID | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """An entry as the partner sees it: its points, when they lapse, and the score after it.

    `lapses_at` is `None` for what does not lapse. A lapsed line counts nothing: its `value_after` is that before it.
    """

    kind: ResponseKind
    points: int
    at: datetime
    lapses_at: datetime | None
    is_lapsed: bool
    value_after: int
    lead_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ResponseScore:
    """A partnership's score and what it is made of, oldest first."""

    value: int
    lines: tuple[ScoreLine, ...] = ()


def score_of(
    entries: Iterable[ResponseEntry], now: datetime, rules: ResponseRules = DEFAULT_RESPONSE_RULES
) -> ResponseScore:
    """The score at `now`: the points of all that happened until then, in order of time, kept in bounds at every step.

    Infractions lapse after 90 days and are then left out as if they had never been; what was done well stays. Entries
    after `now` do not count yet, so the same entries give the score of any day. What happened at one moment counts in
    the order given.
    """
    value, lines = rules.start, []
    for entry in sorted((entry for entry in entries if entry.at <= now), key=lambda entry: entry.at):
        points = rules.points.get(entry.kind, 0) if entry.points is None else entry.points
        lapses_at = entry.at + timedelta(days=rules.lapse_days) if points < 0 else None
        is_lapsed = lapses_at is not None and lapses_at <= now
        if not is_lapsed:
            value = min(rules.highest, max(rules.lowest, value + points))
        lines.append(ScoreLine(entry.kind, points, entry.at, lapses_at, is_lapsed, value, entry.lead_id))
    return ResponseScore(value, tuple(lines))


class StandingStep(StrEnum):
    """What a fallen score leads to."""

    WARNING = "warning"
    SUSPENSION = "suspension"


@dataclass(frozen=True, slots=True)
class StandingChange:
    """What follows from a fallen score, and why.

    `suspended_for` is how long no lead may be claimed. `needs_territory_review` puts the figures before the channel
    manager; nobody loses territory without a person's decision.
    """

    step: StandingStep
    reason: Phrase
    suspended_for: timedelta | None = None
    needs_territory_review: bool = False


def decide_standing(
    before: int,
    after: int,
    suspensions_in_quarter: int,
    *,
    is_suspended: bool = False,
    rules: ResponseRules = DEFAULT_RESPONSE_RULES,
) -> StandingChange | None:
    """What a change of the score from `before` to `after` leads to; None when nothing does.

    A warning is given once, when the score falls below 70. Every fall that ends below 50 suspends claims for 14 days,
    unless they are suspended already; the second suspension in a quarter asks for a territory review (domain.md §6).
    Both scores are taken at the same moment, without and with the new entry; `suspensions_in_quarter` are those before
    this one. A score that rises never has a consequence.
    """
    if after >= before or is_suspended:
        return None
    suspension = timedelta(days=rules.suspension_days)
    values = {"score": after, "limit": rules.suspend_below, "time": suspension}
    if after < rules.suspend_below:
        return StandingChange(
            StandingStep.SUSPENSION,
            Phrase(N_("The response score fell to %(score)s, below %(limit)s: no claims for %(time)s."), values),
            suspended_for=suspension,
            needs_territory_review=suspensions_in_quarter + 1 >= rules.suspensions_until_review,
        )
    if after < rules.warn_below <= before:
        told = N_("The response score fell to %(score)s; below %(limit)s no leads can be claimed for %(time)s.")
        return StandingChange(StandingStep.WARNING, Phrase(told, values))
    return None


def how_to_mend(score: ResponseScore, rules: ResponseRules = DEFAULT_RESPONSE_RULES) -> Phrase:
    """What a partner is told of the way back up: how much is missing, what gives points, when the next loss lapses."""
    missing = rules.warn_below - score.value
    if missing <= 0:
        return Phrase(N_("Your response score is in order. An answer never lowers it, also when it is no."))
    values: dict[str, object] = {
        "missing": missing,
        "limit": rules.warn_below,
        "accepted": rules.points.get(ResponseKind.ACCEPTED, 0),
        "declined": rules.points.get(ResponseKind.DECLINED, 0),
        "feedback": rules.points.get(ResponseKind.FEEDBACK, 0),
    }
    ways = Phrase(
        N_(
            "Points missing to %(limit)s: %(missing)s. A lead taken gives %(accepted)s, an offer declined "
            "%(declined)s, feedback on a lead %(feedback)s."
        ),
        values,
    )
    lapsing = next_lapse(score)
    if lapsing is None:
        return ways
    return Phrase(
        N_("%(ways)s On %(lapses_at)s a loss of %(points)s lapses."),
        {"ways": ways, "lapses_at": lapsing.lapses_at, "points": -lapsing.points},
    )


def is_slow(score: int, *, asked: int, answered: int, rules: ResponseRules = DEFAULT_RESPONSE_RULES) -> bool:
    """Whether a partner belongs on the list for the quarterly review: its score is below the warning, or it was asked
    at least three times in the quarter and answered less than every other time (W-14)."""
    return score < rules.warn_below or (asked >= ASKED_ENOUGH and 2 * answered < asked)


def next_lapse(score: ResponseScore) -> ScoreLine | None:
    """The infraction that lapses next; None when none counts at present. Then the score is to be looked at again."""
    counting = (line for line in score.lines if line.lapses_at is not None and not line.is_lapsed)
    return next(counting, None)


def published_formula(rules: ResponseRules = DEFAULT_RESPONSE_RULES) -> tuple[Phrase, ...]:
    """The whole formula in sentences, as every partner may read it."""
    bounds = {"start": rules.start, "lowest": rules.lowest, "highest": rules.highest}
    suspension = {"limit": rules.suspend_below, "time": timedelta(days=rules.suspension_days)}
    review = {"count": rules.suspensions_until_review, "time": timedelta(days=rules.quarter_days)}
    return (
        Phrase(N_("Everybody starts at %(start)s; the score stays from %(lowest)s to %(highest)s."), bounds),
        *(_worth(kind, rules.points[kind]) for kind in ResponseKind if rules.points.get(kind)),
        Phrase(N_("A loss lapses after %(time)s."), {"time": timedelta(days=rules.lapse_days)}),
        Phrase(N_("Below %(limit)s you are warned."), {"limit": rules.warn_below}),
        Phrase(N_("Below %(limit)s you cannot claim for %(time)s."), suspension),
        Phrase(
            N_(
                "Your channel manager looks at your territory when that happens so often within %(time)s: %(count)s. "
                "Nobody loses it without a person's decision."
            ),
            review,
        ),
    )


def _worth(kind: ResponseKind, points: int) -> Phrase:
    signed = f"{points:+d}".replace("-", "\N{MINUS SIGN}")
    return Phrase(N_("%(what)s: %(points)s"), {"what": Phrase(RESPONSE_LABELS[kind]), "points": signed})
