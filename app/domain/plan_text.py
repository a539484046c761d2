"""A distribution plan in sentences, and two plans beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.distribution import ENABLED_ROUNDS, RoundKind, RoundPlan
from app.domain.escalation import ESCALATION_LABELS, EscalationLadder
from app.domain.labels import label_of
from app.domain.lead_conditions import joined
from app.domain.leads import SourceKind
from app.domain.overlap import OVERLAP_LABELS
from app.domain.phrases import N_, Phrase
from app.domain.plans import PlanDraft
from app.domain.ranking import RankingPart
from app.domain.reservations import WHOSE_IT_IS, reservation_rules
from app.domain.round_conditions import RoundCondition
from app.domain.span_text import span_phrase

_ROUNDS = {
    RoundKind.BOARD: N_("Shown to every eligible partner, the best tiers first, for %(window)s."),
    RoundKind.PUSH: N_("Offered to one partner at a time, to each for %(window)s."),
    RoundKind.REGISTRATION: N_("Every eligible partner may register the deal, for %(window)s."),
    RoundKind.DIRECT: N_("Waits in the direct queue for a person, for %(window)s."),
}


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part of a plan: a round at its place (from 1), or what holds for all rounds (`place` None)."""

    key: str
    heading: Phrase
    sentences: tuple[Phrase, ...]
    place: int | None = None
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """A part that is not the same in two plans."""

    heading: Phrase
    before: tuple[Phrase, ...]
    after: tuple[Phrase, ...]

    @property
    def gone(self) -> tuple[Phrase, ...]:
        """What the first plan says and the second does not."""
        return tuple(one for one in self.before if one not in self.after)

    @property
    def added(self) -> tuple[Phrase, ...]:
        """What the second plan says and the first does not."""
        return tuple(one for one in self.after if one not in self.before)


def plan_parts(draft: PlanDraft, products: Mapping[str, str]) -> tuple[PlanPart, ...]:
    """The plan's rounds in their order, then the rest; `products` are the names of product lines by their codes."""
    rounds = tuple(
        PlanPart(
            line.kind.value, label_of(line.kind), tuple(_round_sentences(line, draft, products)), place, line.is_on
        )
        for place, line in enumerate(draft.rounds.rounds, 1)
    )
    return (
        *rounds,
        PlanPart("ladder", Phrase(N_("When nobody acts")), _ladder_sentences(draft.contact_ladder)),
        PlanPart("overlap", Phrase(N_("When several partners qualify")), tuple(_choice_sentences(draft))),
    )


def compare_plans(before: PlanDraft, after: PlanDraft, products: Mapping[str, str]) -> tuple[PlanDifference, ...]:
    """Every part that differs, in the order of the plan afterwards, and the order itself when it is another."""
    old = {part.key: part for part in plan_parts(before, products)}
    new = plan_parts(after, products)
    told = [
        PlanDifference(part.heading, _told(old.get(part.key)), _told(part))
        for part in new
        if _told(old.get(part.key)) != _told(part)
    ]
    orders = [[line.kind for line in draft.rounds.rounds] for draft in (before, after)]
    if orders[0] != orders[1]:
        was, becomes = ((joined([label_of(kind) for kind in order]),) for order in orders)
        told.insert(0, PlanDifference(Phrase(N_("Order of the rounds")), was, becomes))
    return tuple(told)


def _told(part: PlanPart | None) -> tuple[Phrase, ...]:
    if part is None or not part.is_on:
        return (Phrase(N_("Off")),)
    return part.sentences


def _round_sentences(line: RoundPlan, draft: PlanDraft, products: Mapping[str, str]) -> Iterable[Phrase]:
    yield from _window_sentences(line, draft)
    if line.max_offers is not None:
        yield Phrase(N_("Partners asked in turn, at most: %(count)s."), {"count": line.max_offers})
    if line.ladder is not None:
        yield from _ladder_sentences(line.ladder, none=_NOBODY_IS_TOLD)
    yield from condition_sentences(line.condition, products)
    if line.kind not in ENABLED_ROUNDS:
        yield Phrase(N_("Skipped as long as deal registration is not switched on."))


def _window_sentences(line: RoundPlan, draft: PlanDraft) -> Iterable[Phrase]:
    """To whom the lead goes in a round, and for how long."""
    if line.kind is RoundKind.OWNER:
        yield WHOSE_IT_IS
        yield from reservation_rules(line, draft.contact_ladder)
        return
    yield Phrase(_ROUNDS[line.kind], {"window": span_phrase(line.window)})
    if line.hot_window is not None:
        yield Phrase(N_("Hot leads: %(window)s."), {"window": span_phrase(line.hot_window)})


def condition_sentences(condition: RoundCondition, products: Mapping[str, str]) -> Iterable[Phrase]:
    """For which leads a round is held."""
    if condition.products:
        names = joined([Phrase("%(name)s", {"name": products.get(code, code)}) for code in sorted(condition.products)])
        yield Phrase(N_("Only for %(products)s."), {"products": names})
    if condition.areas:
        yield Phrase(N_("Only from %(areas)s."), {"areas": ", ".join(sorted(condition.areas))})
    if condition.min_value is not None:
        yield Phrase(N_("Only from a value of %(amount)s."), {"amount": condition.min_value})
    if condition.min_score is not None:
        yield Phrase(N_("Only from a score of %(score)s."), {"score": condition.min_score})
    if condition.is_strategic is not None:
        strategic, others = N_("Only for strategic accounts."), N_("Not for strategic accounts.")
        yield Phrase(strategic if condition.is_strategic else others)
    if condition.sources:
        kinds = joined([label_of(SourceKind(source)) for source in sorted(condition.sources)])
        yield Phrase(N_("Only by way of %(sources)s."), {"sources": kinds})
    for comparison in condition.fields:
        yield Phrase(N_("Only where %(condition)s."), {"condition": comparison.phrase})


_NO_CONSEQUENCE = Phrase(N_("Silence has no consequence."))
_NOBODY_IS_TOLD = Phrase(N_("Nobody is told before the time is over."))


def _ladder_sentences(ladder: EscalationLadder, none: Phrase = _NO_CONSEQUENCE) -> tuple[Phrase, ...]:
    if not ladder.steps:
        return (none,)
    return tuple(
        Phrase(
            N_("%(action)s after %(time)s; hot leads: after %(hot)s."),
            {
                "action": Phrase(ESCALATION_LABELS[step.action]),
                "time": span_phrase(step.after),
                "hot": span_phrase(step.hot_after),
            },
        )
        for step in ladder.steps
    )


def _choice_sentences(draft: PlanDraft) -> Iterable[Phrase]:
    yield Phrase(N_("Who is asked first: %(policy)s."), {"policy": Phrase(OVERLAP_LABELS[draft.overlap])})
    if draft.fairness_every:
        told = N_("One offer in %(every)s goes to a newer partner; a newer one has had fewer than %(leads)s leads.")
        yield Phrase(told, {"every": draft.fairness_every, "leads": draft.newcomer_below})
    else:
        yield Phrase(N_("Newer partners have no share of their own."))
    yield from _experience_sentences(draft)
    weights = [
        Phrase(N_("%(part)s %(weight)s"), {"part": label_of(part), "weight": draft.weights[part]})
        for part in RankingPart
        if draft.weights.get(part)
    ]
    yield Phrase(N_("Weights of the ranking: %(weights)s."), {"weights": joined(weights)})


def _experience_sentences(draft: PlanDraft) -> Iterable[Phrase]:
    score, value = draft.experience.score, draft.experience.value
    if score is not None:
        told = N_("From a score of %(score)s on, experienced partners go before newer ones.")
        yield Phrase(told, {"score": score})
    if value is not None:
        told = N_("From a value of %(amount)s on, experienced partners go before newer ones.")
        yield Phrase(told, {"amount": value})
