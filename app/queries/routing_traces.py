"""Where one lead went, when and why: every decision, every partnership considered, every round (A-01)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.database import clock_now, db
from app.domain.distribution import RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult
from app.domain.leads import LeadState, ReviewReason
from app.domain.phrases import N_, Phrase
from app.domain.visibility import GuardedField, visible_fields
from app.models import Lead, Partnership, RoutingDecision, Tier
from app.queries.lead_accounts import LeadAccount, lead_account
from app.queries.push_rankings import ShownRanking, ranking_in_question
from app.queries.routing_rounds import AssignmentLine, RoundLine, assignments_of, rounds_of

PAGE_SIZE = 50
NAMED_OUTSIDE = 20

CAUSES: dict[str, Phrase] = {
    "received": Phrase(N_("The lead came in")),
    "changed": Phrase(N_("It changed while it waited")),
    "returned": Phrase(N_("It was returned")),
    "released": Phrase(N_("A person released it")),
    "network_changed": Phrase(N_("The partner network changed")),
    "rules_changed": Phrase(N_("A routing rule was changed")),
    "board_expired": Phrase(N_("Nobody claimed it on the board")),
    "everybody_declined": Phrase(N_("Everybody declined it")),
    "declined": Phrase(N_("The partner asked declined it")),
    "silence": Phrase(N_("The partner asked did not answer in time")),
    "no_contact": Phrase(N_("The partner that had it did not contact the prospect in time")),
    "stalled": Phrase(N_("Nothing was logged on it for a long time")),
    "partner_left": Phrase(N_("The partner that had it was paused, suspended or ended")),
    "re_routed": Phrase(N_("The backup partner is asked")),
    "nobody_to_push": Phrase(N_("There was nobody to ask alone")),
    "reassigned": Phrase(N_("A person let its plan go on")),
    "by_hand": Phrase(N_("A person decided who works it")),
    "reviewed": Phrase(N_("A person decided about it")),
    "linked_by_hand": Phrase(N_("A person said which company it is")),
    "accounts_changed": Phrase(N_("The known companies changed")),
}
"""Why a decision was made, by the word that is stored."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision in the lead's story. `is_about_all` where everybody was looked at, and not only who was chosen."""

    id: int
    decided_at: datetime
    cause: str
    outcome: str
    reasons: tuple[Phrase, ...]
    considered: int
    eligible: int
    outside: int
    is_about_all: bool

    @property
    def cause_phrase(self) -> Phrase:
        """Why it was made."""
        return CAUSES.get(self.cause, Phrase(self.cause.replace("_", " ").capitalize()))

    @property
    def outcome_value(self) -> RoundKind | LeadState:
        """Where it sent the lead: into a round, or to wait."""
        return RoundKind(self.outcome) if self.outcome in list(RoundKind) else LeadState(self.outcome)


@dataclass(frozen=True, slots=True)
class ConsideredPartner:
    """One partnership as it was looked at: each rule with what it saw."""

    partnership_id: int
    name: str
    code: str
    tier: str
    is_eligible: bool
    results: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """The partnerships of one decision that match, one page of them; `outside` are some of those without territory.

    `stopped_by` counts all that may not have it by the first rule that stopped each, the most frequent first.
    """

    decision: DecisionLine
    partners: tuple[ConsideredPartner, ...]
    found: int
    page: int
    pages: int
    outside: tuple[str, ...]
    stopped_by: tuple[tuple[RuleName, int], ...]


@dataclass(frozen=True, slots=True)
class LeadTrace:
    """A lead's way through its distribution, for its manufacturer; `in_question` are those a person chooses among."""

    lead_id: uuid.UUID
    reference: str
    title: str
    company: str
    state: LeadState
    review_reason: ReviewReason | None
    is_hot: bool
    received_at: datetime
    now: datetime
    decisions: tuple[DecisionLine, ...]
    considered: Considered | None
    account: LeadAccount | None
    rounds: tuple[RoundLine, ...]
    assignments: tuple[AssignmentLine, ...]
    in_question: ShownRanking | None

    @property
    def story(self) -> list[RoundLine | AssignmentLine]:
        """Rounds and assignments in the order they began."""
        return sorted([*self.rounds, *self.assignments], key=lambda step: step.began_at)


def lead_trace(
    *,
    viewer: Viewer,
    lead_id: uuid.UUID,
    decision_id: int | None = None,
    show: str = "all",
    search: str = "",
    page: int = 1,
) -> LeadTrace:
    """Everything about one lead's routing; the chosen decision's partnerships, else those of the latest.

    `show` is `all`, `eligible` or `not`; `search` is part of a partner's name or code. `NotFound` for anybody but the
    lead's manufacturer.
    """
    lead = db.session.get(Lead, lead_id)
    if lead is None:
        raise NotFound
    sight = visible_fields(viewer, manufacturer_id=lead.manufacturer_id, assigned_partner_id=None)
    if not sight.shows(GuardedField.ROUTING):
        raise NotFound
    decisions = _decisions(lead.id)
    chosen = next((one for one in decisions if one.id == decision_id), _latest(decisions))
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    return LeadTrace(
        lead_id=lead.id,
        reference=lead.reference,
        title=", ".join(line.name for line in lead.product_lines),
        company=lead.company,
        state=lead.state,
        review_reason=lead.review_reason,
        is_hot=lead.is_hot,
        received_at=lead.received_at,
        now=now,
        decisions=decisions,
        considered=_considered(lead.manufacturer_id, chosen, show, search.strip(), page) if chosen else None,
        account=lead_account(lead, sight),
        rounds=rounds_of(lead.id),
        assignments=assignments_of(lead.id),
        in_question=ranking_in_question(lead.id) if lead.state is LeadState.IN_REVIEW else None,
    )


def _latest(decisions: Sequence[DecisionLine]) -> DecisionLine | None:
    """The latest decision for which everybody was looked at, else the latest of all."""
    about_all = [one for one in decisions if one.is_about_all]
    return next(reversed(about_all or decisions), None)


def _decisions(lead_id: uuid.UUID) -> tuple[DecisionLine, ...]:
    rows = db.session.execute(
        select(
            RoutingDecision.id,
            RoutingDecision.decided_at,
            RoutingDecision.cause,
            RoutingDecision.outcome,
            RoutingDecision.reasons,
            func.jsonb_array_length(RoutingDecision.considered).label("considered"),
            func.cardinality(RoutingDecision.eligible_ids).label("eligible"),
            select(func.count() - func.jsonb_array_length(RoutingDecision.considered))
            .where(_was_partner_then())
            .scalar_subquery()
            .label("outside"),
            RoutingDecision.has_considered,
        )
        .where(RoutingDecision.lead_id == lead_id)
        .order_by(RoutingDecision.id)
    )
    return tuple(
        DecisionLine(
            row.id,
            row.decided_at,
            row.cause,
            row.outcome,
            tuple(Phrase.from_json(one) for one in row.reasons),
            row.considered,
            row.eligible,
            row.outside,
            row.has_considered,
        )
        for row in rows
    )


def _considered(manufacturer_id: int, decision: DecisionLine, show: str, search: str, page: int) -> Considered:
    stored = db.session.scalars(select(RoutingDecision.considered).where(RoutingDecision.id == decision.id)).one()
    traces = [Eligibility.from_json(one) for one in stored]
    outside = _names_outside(decision, [one.partnership_id for one in traces], search)
    stopped_by = _stopped_by(traces, decision.outside)
    if show in ("eligible", "not"):
        traces = [one for one in traces if one.is_eligible is (show == "eligible")]
    if search:
        named = _found(manufacturer_id, search)
        traces = [one for one in traces if one.partnership_id in named]
    traces.sort(key=lambda one: (len(one.failures), one.partnership_id))
    pages = max(1, -(-len(traces) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return Considered(
        decision=decision,
        partners=_partners(traces[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        found=len(traces),
        page=page,
        pages=pages,
        outside=outside,
        stopped_by=stopped_by,
    )


def _stopped_by(traces: Collection[Eligibility], outside: int) -> tuple[tuple[RuleName, int], ...]:
    stopped = Counter(one.failures[0].rule for one in traces if one.failures)
    stopped += Counter({RuleName.GEOGRAPHY: outside})
    return tuple(stopped.most_common())


def _found(manufacturer_id: int, search: str) -> set[int]:
    own = select(Partnership.id).where(Partnership.manufacturer_id == manufacturer_id, _is_called(search))
    return set(db.session.scalars(own))


def _is_called(search: str) -> ColumnElement[bool]:
    return or_(Partnership.name.icontains(search, autoescape=True), Partnership.code.icontains(search, autoescape=True))


def _partners(traces: Collection[Eligibility]) -> tuple[ConsideredPartner, ...]:
    rows = db.session.execute(
        select(Partnership.id, Partnership.name, Partnership.code, Tier.name.label("tier"))
        .join(Tier, Tier.id == Partnership.tier_id)
        .where(Partnership.id.in_([one.partnership_id for one in traces]))
    )
    known: Mapping[int, Any] = {row.id: row for row in rows}
    return tuple(
        ConsideredPartner(
            one.partnership_id,
            known[one.partnership_id].name,
            known[one.partnership_id].code,
            known[one.partnership_id].tier,
            one.is_eligible,
            one.results,
        )
        for one in traces
        if one.partnership_id in known
    )


def _was_partner_then() -> ColumnElement[bool]:
    """Whether a partnership stood when a decision was made, and partners were looked at."""
    return and_(
        RoutingDecision.has_considered,
        Partnership.manufacturer_id == RoutingDecision.manufacturer_id,
        Partnership.created_at <= RoutingDecision.decided_at,
        or_(Partnership.ended_at.is_(None), Partnership.ended_at > RoutingDecision.decided_at),
    )


def _names_outside(decision: DecisionLine, considered_ids: Collection[int], search: str) -> tuple[str, ...]:
    """Some of the partners that had no territory at the lead's place."""
    names = select(Partnership.name).join(RoutingDecision, _was_partner_then())
    names = names.where(RoutingDecision.id == decision.id, Partnership.id.not_in(considered_ids), _is_called(search))
    return tuple(db.session.scalars(names.order_by(Partnership.name).limit(NAMED_OUTSIDE)))
