"""What past leads would have met under another plan: the first round of each, and who would have seen it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.distribution import ENABLED_ROUNDS, DistributionPlan, RoundKind, next_round
from app.domain.overlap import OverlapPolicy
from app.domain.plans import PlanDraft
from app.domain.round_conditions import LeadTraits


@dataclass(frozen=True, slots=True)
class TrialLead:
    """A past lead as it was decided about: `eligible_ids` were eligible when it came, `owner_id` had the company."""

    lead_id: uuid.UUID
    reference: str
    traits: LeadTraits
    eligible_ids: frozenset[int]
    owner_id: int | None = None
    taken_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeadPath:
    """The rounds that would be held in turn while nobody takes the lead, and who may see it in the first.

    No round at all: a person decides at once; `ends_with_person`: after them. Who has to register or is asked in turn
    counts as seeing it.
    """

    rounds: tuple[RoundKind, ...]
    seen_by: frozenset[int]
    ends_with_person: bool = False

    @property
    def first(self) -> RoundKind | None:
        """Where the lead would begin."""
        return self.rounds[0] if self.rounds else None


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How many leads begin with a round, and for how many it would be held at all; None is a person's decision."""

    kind: RoundKind | None
    first_before: int
    first_after: int
    held_before: int
    held_after: int


@dataclass(frozen=True, slots=True)
class PartnerCount:
    """How many leads a partner sees in their first round."""

    partnership_id: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ChangedLead:
    """A lead that would begin with another round; `loses_taker`: whoever took it would not have seen it at first."""

    lead_id: uuid.UUID
    reference: str
    before: RoundKind | None
    after: RoundKind | None
    loses_taker: bool


@dataclass(frozen=True, slots=True)
class PlanTrial:
    """What a plan would have done to past leads, beside the current one."""

    leads: int
    rounds: tuple[RoundCount, ...]
    partners: tuple[PartnerCount, ...]
    changed: tuple[ChangedLead, ...]


def lead_path(plan: PlanDraft, lead: TrialLead) -> LeadPath:
    """The rounds of one lead under a plan, as `next_round` gives them, up to where its policy asks a person."""
    rounds, ends_with_person = _rounds_of(plan, lead)
    is_owners = bool(rounds) and rounds[0] is RoundKind.OWNER
    if lead.traits.may_go_to_partners and not lead.eligible_ids and not is_owners:
        return LeadPath((), frozenset(), ends_with_person=True)
    if not rounds or rounds[0] is RoundKind.DIRECT:
        return LeadPath(rounds, frozenset(), ends_with_person)
    if is_owners:
        owner = frozenset() if lead.owner_id is None else frozenset({lead.owner_id})
        return LeadPath(rounds, owner, ends_with_person)
    return LeadPath(rounds, lead.eligible_ids, ends_with_person)


def _rounds_of(plan: PlanDraft, lead: TrialLead) -> tuple[tuple[RoundKind, ...], bool]:
    """The rounds held in turn, and whether a person decides behind them: at the plan's end, or instead of a push."""
    asks_person = plan.overlap is OverlapPolicy.MANUAL_REVIEW and len(lead.eligible_ids) > 1
    rounds: list[RoundKind] = []
    while line := next_round(plan.rounds, rounds[-1] if rounds else None, lead.traits, ENABLED_ROUNDS):
        if line.kind is RoundKind.PUSH and asks_person:
            return tuple(rounds), True
        rounds.append(line.kind)
    return tuple(rounds), not rounds or rounds[-1] is not RoundKind.DIRECT


def try_plan_on(leads: Sequence[TrialLead], before: PlanDraft, after: PlanDraft) -> PlanTrial:
    """Both plans on the same leads. Partners are those whose count changes most first; leads in the order given."""
    paths = [(lead, lead_path(before, lead), lead_path(after, lead)) for lead in leads]
    seen_before = Counter(one for _, old, _ in paths for one in old.seen_by)
    seen_after = Counter(one for _, _, new in paths for one in new.seen_by)
    partners = [PartnerCount(one, seen_before[one], seen_after[one]) for one in seen_before.keys() | seen_after.keys()]
    return PlanTrial(
        leads=len(leads),
        rounds=_round_counts([(old, new) for _, old, new in paths], after.rounds),
        partners=tuple(
            sorted(partners, key=lambda one: (-abs(one.after - one.before), -one.after, one.partnership_id))
        ),
        changed=tuple(_changed(*pair) for pair in paths if pair[1].first is not pair[2].first),
    )


def _round_counts(paths: Sequence[tuple[LeadPath, LeadPath]], plan: DistributionPlan) -> tuple[RoundCount, ...]:
    first = [Counter(pair[side].first for pair in paths) for side in (0, 1)]
    held = [Counter(kind for pair in paths for kind in pair[side].rounds) for side in (0, 1)]
    by_round = [
        RoundCount(line.kind, first[0][line.kind], first[1][line.kind], held[0][line.kind], held[1][line.kind])
        for line in plan.rounds
    ]
    nowhere = [first[0][None], first[1][None]]
    asked = [sum(pair[side].ends_with_person for pair in paths) for side in (0, 1)]
    return (*by_round, RoundCount(None, *nowhere, *asked))


def _changed(lead: TrialLead, old: LeadPath, new: LeadPath) -> ChangedLead:
    loses = lead.taken_by_id is not None and lead.taken_by_id in old.seen_by - new.seen_by
    return ChangedLead(lead.lead_id, lead.reference, old.first, new.first, loses)
