"""What follows, step by step, when nobody answers an offer or calls a prospect (domain.md §6).

The ladder is for the silence before the first contact; `stalling` is for the silence after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain.deadlines import Clock, DeadlineKind, Span, due_at
from app.domain.errors import Invalid
from app.domain.identity import OrganisationKind
from app.domain.phrases import N_, Phrase
from app.domain.span_text import span_phrase
from app.domain.working_time import WorkingCalendar


class EscalationAction(StrEnum):
    """What a step of the ladder does."""

    ALERT_SALES_MANAGER = "alert_sales_manager"
    ALERT_CHANNEL_MANAGER = "alert_channel_manager"
    RE_ROUTE = "re_route"


ESCALATION_LABELS = {
    EscalationAction.ALERT_SALES_MANAGER: N_("Tell the partner's sales manager"),
    EscalationAction.ALERT_CHANNEL_MANAGER: N_("Tell the channel manager"),
    EscalationAction.RE_ROUTE: N_("Give the lead to somebody else"),
}
"""What people call the steps."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step: what is done how long after the silence began; `hot_after` holds for a hot lead."""

    action: EscalationAction
    after: Span
    hot_after: Span

    def wait(self, *, is_hot: bool) -> Span:
        """How long the step waits."""
        return self.hot_after if is_hot else self.after

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {"action": self.action.value, "after": self.after.to_json(), "hot_after": self.hot_after.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LadderStep:
        """Read what `to_json` wrote."""
        return cls(EscalationAction(data["action"]), Span.from_json(data["after"]), Span.from_json(data["hot_after"]))


@dataclass(frozen=True, slots=True)
class EscalationLadder:
    """The steps in their order; without any, silence has no consequence.

    Raises `Invalid` where an action comes twice, something follows the re-routing, a step waits for the end of a day,
    or a step does not wait longer than the one before it on the same clock; what is wrong with a wait is said of
    `<action>_after`, for hot leads of `<action>_hot_after`. Steps on different clocks cannot be compared without a
    calendar: `step_times` keeps those in order.
    """

    steps: tuple[LadderStep, ...]

    def __post_init__(self) -> None:
        actions = [step.action for step in self.steps]
        if len(set(actions)) < len(actions):
            raise _wrong_ladder({"ladder": Phrase(N_("Each step of the escalation can be there only once."))})
        if EscalationAction.RE_ROUTE in actions[:-1]:
            raise _wrong_ladder({"ladder": Phrase(N_("Nothing can follow after the lead went to somebody else."))})
        if any(step.after.is_same_day or step.hot_after.is_same_day for step in self.steps):
            told = N_("A step of the escalation waits for a number of days, hours or minutes.")
            raise _wrong_ladder({"ladder": Phrase(told)})
        if wrong := _too_soon(self.steps):
            raise _wrong_ladder(wrong)

    def to_json(self) -> list[dict[str, object]]:
        """A form that JSON can keep."""
        return [step.to_json() for step in self.steps]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> EscalationLadder:
        """Read what `to_json` wrote."""
        return cls(tuple(map(LadderStep.from_json, data)))


def _wrong_ladder(problems: Mapping[str, Phrase]) -> Invalid:
    return Invalid(next(iter(problems.values())), fields=problems, code="wrong_ladder")


def _too_soon(steps: Sequence[LadderStep]) -> dict[str, Phrase]:
    """Each wait that is too short, and what to do about it; a hot lead's that is the usual one is said once."""
    problems: dict[str, Phrase] = {}
    for step, before in _short_waits(steps, is_hot=False):
        problems[f"{step.action.value}_after"] = _longer_than(before)
    for step, before in _short_waits(steps, is_hot=True):
        if step.hot_after != step.after or f"{step.action.value}_after" not in problems:
            problems[f"{step.action.value}_hot_after"] = _longer_than(before)
    return problems


def _short_waits(steps: Sequence[LadderStep], *, is_hot: bool) -> Iterable[tuple[LadderStep, Span]]:
    """The steps that wait no longer than the one before on the same clock, or than nothing, each with that wait."""
    longest: dict[Clock, Span] = {}
    for step in steps:
        wait = step.wait(is_hot=is_hot)
        before = longest.get(wait.clock, Span(clock=wait.clock))
        if wait.rough_minutes > before.rough_minutes:
            longest[wait.clock] = wait
        else:
            yield step, before


def _longer_than(before: Span) -> Phrase:
    if not before.rough_minutes:
        return Phrase(N_("A step of the escalation waits for more than no time."))
    told = N_("Choose more than %(time)s, or shorten the step before: each step waits longer than the one before it.")
    return Phrase(told, {"time": span_phrase(before)})


def default_ladder() -> EscalationLadder:
    """The ladder a manufacturer starts with: 4, 8 and 24 working hours; hot leads 5, 15 and 60 minutes (domain.md §6).

    W-03 to W-05 give the hours, W-12 the five minutes.
    """
    return EscalationLadder(
        (
            LadderStep(EscalationAction.ALERT_SALES_MANAGER, Span(minutes=4 * 60), Span(minutes=5)),
            LadderStep(EscalationAction.ALERT_CHANNEL_MANAGER, Span(minutes=8 * 60), Span(minutes=15)),
            LadderStep(EscalationAction.RE_ROUTE, Span(minutes=24 * 60), Span(minutes=60)),
        )
    )


class StepTime(NamedTuple):
    """A step and the moment at which it is due, in UTC."""

    step: LadderStep
    due_at: datetime


def step_times(
    ladder: EscalationLadder,
    calendar: WorkingCalendar,
    start: datetime,
    *,
    is_hot: bool,
    not_before: datetime | None = None,
) -> tuple[StepTime, ...]:
    """When each step is due for a silence that began at `start`, in UTC.

    A step is never due before the one ahead of it, also where one runs in working and the other in wall-clock time,
    and never before `not_before`, when the answer or the first contact was asked for: until then nobody is late.
    """
    times: list[StepTime] = []
    earliest = not_before
    for step in ladder.steps:
        due = due_at(step.wait(is_hot=is_hot), calendar, start)
        earliest = max(due, earliest) if earliest else due
        times.append(StepTime(step, earliest))
    return tuple(times)


def re_routed_at(times: Iterable[StepTime]) -> datetime | None:
    """When the lead is taken away; None where the ladder takes nothing away."""
    return next((time.due_at for time in times if time.step.action is EscalationAction.RE_ROUTE), None)


def alerts_before(times: Iterable[StepTime], end: datetime) -> tuple[StepTime, ...]:
    """The steps at which somebody is told while there is still something to do: those before `end`."""
    return tuple(time for time in times if time.step.action is not EscalationAction.RE_ROUTE and time.due_at < end)


class Promised(NamedTuple):
    """One promise about a silence: its kind, the step taken when it passes, its clock, and when, in UTC."""

    kind: DeadlineKind
    step: EscalationAction | None
    clock: Clock
    due_at: datetime


def contact_promises(
    ladder: EscalationLadder,
    calendar: WorkingCalendar,
    window: Span,
    start: datetime,
    *,
    is_hot: bool,
    is_own_seller: bool = False,
) -> tuple[Promised, ...]:
    """The first contact within `window`, and what follows without it; the first is always the contact itself.

    The sales manager's alert joins it where both are due at the same moment: one promise, one mail. The manufacturer's
    own seller has no sales manager at a partner, and no rule takes a lead from its own people: the channel manager is
    told.
    """
    due = due_at(window, calendar, start)
    times = step_times(ladder, calendar, start, is_hot=is_hot, not_before=due)
    if is_own_seller:
        times = tuple(time for time in times if time.step.action is EscalationAction.ALERT_CHANNEL_MANAGER)
    is_joined = bool(times) and times[0].due_at == due and times[0].step.action is EscalationAction.ALERT_SALES_MANAGER
    contact = Promised(
        DeadlineKind.CONTACT_DUE, EscalationAction.ALERT_SALES_MANAGER if is_joined else None, window.clock, due
    )
    later = [
        Promised(DeadlineKind.ESCALATION_DUE, step.action, step.wait(is_hot=is_hot).clock, step_due)
        for step, step_due in times[is_joined:]
    ]
    return (contact, *later)


_NEXT: dict[tuple[EscalationAction, OrganisationKind], str] = {
    (EscalationAction.ALERT_SALES_MANAGER, OrganisationKind.PARTNER): N_(
        "If nothing happens by %(due_at)s, the sales manager of your company is told."
    ),
    (EscalationAction.ALERT_SALES_MANAGER, OrganisationKind.MANUFACTURER): N_(
        "If nothing happens by %(due_at)s, the partner's sales manager is told."
    ),
    (EscalationAction.ALERT_CHANNEL_MANAGER, OrganisationKind.PARTNER): N_(
        "If nothing happens by %(due_at)s, the manufacturer's channel manager is told."
    ),
    (EscalationAction.ALERT_CHANNEL_MANAGER, OrganisationKind.MANUFACTURER): N_(
        "If nothing happens by %(due_at)s, the channel manager is told."
    ),
    (EscalationAction.RE_ROUTE, OrganisationKind.PARTNER): N_(
        "If nothing happens by %(due_at)s, the lead goes to somebody else, and your response score falls."
    ),
    (EscalationAction.RE_ROUTE, OrganisationKind.MANUFACTURER): N_(
        "If nothing happens by %(due_at)s, the lead goes to the backup partner, the next round or direct sales."
    ),
}


def what_happens_next(action: EscalationAction, due_at: datetime, reader: OrganisationKind) -> Phrase:
    """What a side is told about the coming step, for an unanswered offer and an uncalled prospect alike.

    The sentence stands below the duty that names what is to be done (`cockpit.next_duty`).
    """
    return Phrase(_NEXT[action, reader], {"due_at": due_at})


def reminder_ahead(due_at: datetime) -> Phrase:
    """What a partner's sales manager reads of the step that tells the sales manager."""
    told = N_("If nothing happens by %(due_at)s, you are reminded as your company's sales manager.")
    return Phrase(told, {"due_at": due_at})


_ROUND_ENDS = {
    DeadlineKind.BOARD_CLOSES: N_("If nobody claims it by %(due_at)s, the distribution plan goes on."),
    DeadlineKind.DIRECT_DUE: N_("If nobody takes it by %(due_at)s, all who may take it are reminded."),
}


def what_a_round_ends_in(kind: DeadlineKind, due_at: datetime) -> Phrase:
    """What the manufacturer is told about the end of a round in which many may take the lead, and nobody has."""
    return Phrase(_ROUND_ENDS[kind], {"due_at": due_at})


class ReRoutedTo(StrEnum):
    """Where a lead goes that nobody worked."""

    BACKUP = "backup"
    PLAN = "plan"
    DIRECT = "direct"


def decide_re_route(*, may_backup_take_it: bool, has_next_round: bool) -> ReRoutedTo:
    """Where a re-routed lead goes: the backup partner, else the next round, else direct sales (W-05, W-07).

    `may_backup_take_it`: there is a backup partnership, it is eligible, and it has not had this lead before.
    """
    if may_backup_take_it:
        return ReRoutedTo.BACKUP
    return ReRoutedTo.PLAN if has_next_round else ReRoutedTo.DIRECT
