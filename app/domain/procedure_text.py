"""The written procedure of passing leads on, in sentences made of the rules in force (W-08, W-09, W-10).

How long is too long, to whom a lead goes then, who is not asked again: what stands here is what the engine does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.deadlines import Span
from app.domain.distribution import ENABLED_ROUNDS, RoundKind, RoundPlan
from app.domain.escalation import EscalationAction, EscalationLadder
from app.domain.labels import label_of
from app.domain.lead_conditions import joined
from app.domain.overlap import OVERLAP_LABELS
from app.domain.phrases import N_, Phrase
from app.domain.plans import PlanDraft
from app.domain.reservations import WHOSE_IT_IS, reservation_rules
from app.domain.returns import ReturnRules
from app.domain.span_text import span_phrase
from app.domain.stalling import StallAction, StallRules


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """The rules in force: the plan new leads start with, the windows of the first contact, the days of silence."""

    plan: PlanDraft
    contact: Span
    hot_contact: Span
    owner_contact: Span
    stalling: StallRules
    returns: ReturnRules
    cool_down_hours: int


@dataclass(frozen=True, slots=True)
class ProcedurePart:
    """One question and its answers, a sentence each."""

    key: str
    heading: Phrase
    sentences: tuple[Phrase, ...]


def procedure_parts(rules: ProcedureRules) -> tuple[ProcedurePart, ...]:
    """The whole procedure, question by question; for both sides, so nothing in it names a partner or a condition."""
    return (
        ProcedurePart("answer", Phrase(N_("How long may an answer take?")), tuple(_answering(rules.plan))),
        ProcedurePart("contact", Phrase(N_("How long may the first contact take?")), tuple(_contacting(rules))),
        ProcedurePart("quiet", Phrase(N_("How long may a lead lie still?")), tuple(_lying_still(rules.stalling))),
        ProcedurePart("next", Phrase(N_("Who gets the lead then?")), tuple(_passing_on(rules.plan))),
        ProcedurePart("returns", Phrase(N_("What if it is returned?")), tuple(_returning(rules.returns))),
        ProcedurePart("again", Phrase(N_("Who is not asked again?")), tuple(_not_again(rules.cool_down_hours))),
        ProcedurePart("same", Phrase(N_("For whom does this hold?")), _SAME_FOR_ALL),
    )


def _held(plan: PlanDraft) -> list[RoundPlan]:
    return [line for line in plan.rounds.rounds if line.is_on and line.kind in ENABLED_ROUNDS]


_WINDOWS = {
    RoundKind.BOARD: (
        N_("On the board a lead stays for %(time)s, a hot one for %(hot)s; then the next round begins."),
        N_("On the board a lead stays for %(time)s; then the next round begins."),
    ),
    RoundKind.PUSH: (
        N_(
            "A partner that is asked alone answers within %(time)s, "
            "for a hot lead within %(hot)s; then the next is asked."
        ),
        N_("A partner that is asked alone answers within %(time)s; then the next is asked."),
    ),
    RoundKind.DIRECT: (
        N_("In the direct queue somebody takes it within %(time)s, a hot one within %(hot)s; then all are reminded."),
        N_("In the direct queue somebody takes it within %(time)s; then all are reminded."),
    ),
}
"""Each twice: where hot leads have a time of their own, and where all have the same."""


def _timed(words: tuple[str, str], time: Span, hot: Span) -> Phrase:
    """The first sentence where a hot lead has a time of its own, else the second, which says the time once."""
    apart, alike = words
    if time == hot:
        return Phrase(alike, {"time": span_phrase(time)})
    return Phrase(apart, {"time": span_phrase(time), "hot": span_phrase(hot)})


def _answering(plan: PlanDraft) -> Iterable[Phrase]:
    for line in _held(plan):
        if line.kind is RoundKind.OWNER:
            yield WHOSE_IT_IS
            yield from reservation_rules(line, plan.contact_ladder)
        else:
            yield _timed(_WINDOWS[line.kind], line.window, line.window_for(is_hot=True))
        if line.ladder is not None and line.ladder.steps:
            yield Phrase(N_("Without an answer:"))
            yield from _steps(line.ladder)
        elif line.ladder is None and line.kind is RoundKind.OWNER:
            yield Phrase(N_("Without an answer the same steps follow as without a first contact, see below."))


_CONTACT = (
    N_("Whoever takes a lead contacts the prospect within %(time)s, a hot one within %(hot)s."),
    N_("Whoever takes a lead contacts the prospect within %(time)s."),
)


def _contacting(rules: ProcedureRules) -> Iterable[Phrase]:
    yield _timed(_CONTACT, rules.contact, rules.hot_contact)
    told = N_("Where the company is the partner's own already: within %(time)s.")
    yield Phrase(told, {"time": span_phrase(rules.owner_contact)})
    if rules.plan.contact_ladder.steps:
        yield Phrase(N_("What counts is a logged contact attempt, also one that reached nobody. Without one:"))
        yield from _steps(rules.plan.contact_ladder)
    else:
        yield Phrase(N_("Silence has no further consequence."))


_STEPS = {
    EscalationAction.ALERT_SALES_MANAGER: (
        N_("After %(time)s (hot: %(hot)s) the partner's sales manager is told."),
        N_("After %(time)s the partner's sales manager is told."),
    ),
    EscalationAction.ALERT_CHANNEL_MANAGER: (
        N_("After %(time)s (hot: %(hot)s) the manufacturer's channel manager is told."),
        N_("After %(time)s the manufacturer's channel manager is told."),
    ),
    EscalationAction.RE_ROUTE: (
        N_("After %(time)s (hot: %(hot)s) the lead goes to somebody else."),
        N_("After %(time)s the lead goes to somebody else."),
    ),
}


def _steps(ladder: EscalationLadder) -> Iterable[Phrase]:
    for step in ladder.steps:
        yield _timed(_STEPS[step.action], step.after, step.hot_after)


_QUIET = {
    StallAction.REMIND_PARTNER: N_("After %(days)s days without an entry whoever works it is reminded."),
    StallAction.TELL_CHANNEL_MANAGER: N_("After %(days)s days the manufacturer's channel manager is told."),
    StallAction.RETURN_TO_DISTRIBUTION: N_("After %(days)s days the lead goes to somebody else."),
}


def _lying_still(rules: StallRules) -> Iterable[Phrase]:
    for action, days in rules.waits:
        yield Phrase(_QUIET[action], {"days": days})
    yield Phrase(N_("An agreed follow-up date counts like an entry: the days begin with it."))


def _passing_on(plan: PlanDraft) -> Iterable[Phrase]:
    yield Phrase(N_("First the backup partner of whoever had it, where it may have the lead, is there and has room."))
    rounds = [label_of(line.kind) for line in _held(plan)]
    if rounds:
        told = N_("Else the next round of the plan; the rounds are, in this order: %(rounds)s.")
        yield Phrase(told, {"rounds": joined(rounds)})
        yield Phrase(N_("Which rounds a lead passes follows from what is asked for, never from who would be asked."))
    yield Phrase(N_("At the end it waits in the direct queue for one of the manufacturer's own people."))
    yield Phrase(
        N_("Where several partners may have it and one is asked alone, the order is: %(policy)s."),
        {"policy": Phrase(OVERLAP_LABELS[plan.overlap])},
    )
    if plan.fairness_every:
        told = N_("One such offer in %(every)s goes to a partner that has had few leads so far.")
        yield Phrase(told, {"every": plan.fairness_every})
    yield Phrase(N_("When nobody can take it any more, the manufacturer sees that at once and decides by hand."))


def _returning(rules: ReturnRules) -> Iterable[Phrase]:
    yield Phrase(N_("A lead may be returned for a defect, and the next partner is asked at once."))
    first = joined([label_of(reason) for reason in rules.reviewed])
    yield Phrase(N_("With these reasons a person decides first: %(reasons)s."), {"reasons": first})
    told = N_("A prospect counts as not reachable after %(attempts)s logged attempts.")
    yield Phrase(told, {"attempts": rules.attempts_until_unreachable})
    yield Phrase(N_("A return can be taken back within %(time)s."), {"time": rules.undo_within})


def _not_again(cool_down_hours: int) -> Iterable[Phrase]:
    yield Phrase(N_("Whoever declined a lead is not offered it again."))
    told = N_("Whoever was asked alone and did not answer is not offered it again for %(hours)s hours.")
    yield Phrase(told, {"hours": cool_down_hours})
    yield Phrase(N_("Whoever had it and returned it, or lost it, is not asked again."))


_SAME_FOR_ALL = (
    Phrase(N_("For every lead and every partner alike; the same clock decides for all, and no person is needed.")),
    Phrase(N_("Working time is that of whoever is to act: its own hours, holidays and time zone.")),
    Phrase(N_("A lead keeps the version of the plan it began with, also when the plan is changed meanwhile.")),
    Phrase(N_("A person may decide otherwise only with a reason, which both sides read and which is kept for good.")),
)
