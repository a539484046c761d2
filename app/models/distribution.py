"""The plan, the decisions made by it, and the rounds of one lead."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.accounts import AccountLevel
from app.domain.distribution import RoundKind, RoundOutcome
from app.domain.escalation import default_ladder
from app.domain.overlap import OverlapPolicy


class DistributionPlan(Base):
    """One version of a manufacturer's ordered rounds; a lead keeps the version it started with.

    `experience` and `weights` are `PlanDraft`'s; nothing in them means the defaults.
    """

    __tablename__ = "distribution_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    rounds: Mapped[list[dict[str, Any]]]
    contact_ladder: Mapped[list[dict[str, Any]]] = mapped_column(
        default=lambda: default_ladder().to_json(), server_default=text("'[]'")
    )
    overlap: Mapped[OverlapPolicy] = mapped_column(default=OverlapPolicy.WEIGHTED, server_default="weighted")
    fairness_every: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    newcomer_below: Mapped[int] = mapped_column(default=5, server_default=text("5"))
    experience: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    note: Mapped[str] = mapped_column(default="", server_default="")
    is_current: Mapped[bool] = mapped_column(default=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        UniqueConstraint("manufacturer_id", "version"),
        Index("uq_distribution_plan_current", "manufacturer_id", unique=True, postgresql_where="is_current"),
    )


class RoutingRule(Base):
    """One custom rule of a manufacturer: when a lead meets `conditions`, `actions` are done, in order of `position`."""

    __tablename__ = "routing_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    trigger: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())


class RuleApplication(Base):
    """That a rule was followed for a lead, and when last: it is counted, and colleagues hear of it once.

    `version` is the rule's version that is in force for the lead; None when it was asked again and not met any more, 0
    when it was never followed, but says since a change of the rules who may have the lead.
    """

    __tablename__ = "rule_application"

    rule_id: Mapped[int] = mapped_column(ForeignKey("routing_rule.id", ondelete="CASCADE"), primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True, index=True)
    applied_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    version: Mapped[int | None]


class OwedRecheck(Base):
    """That a lead is to be looked at anew since a rule or the network was changed; gone as soon as that is done.

    `why` says which rule and what was done to it; without it the look is for `partnership_ids`, whose standing has
    changed. Before `due_at` nobody looks: a lead that failed waits. No foreign key binds the lead: whoever changes
    rules holds the network, and the leads come before it in the order of locks.
    """

    __tablename__ = "owed_recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[uuid.UUID] = mapped_column(index=True)
    why: Mapped[dict[str, Any] | None]
    partnership_ids: Mapped[list[int] | None]
    due_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())


class RoutingDecision(Base):
    """The stored trace of one decision: when, to whom, why (A-01).

    Where partners were looked at (`has_considered`), `considered` holds one entry per partnership whose territory
    touches the lead's place, with every rule's result; all others had no territory there.
    """

    __tablename__ = "routing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    cause: Mapped[str]
    outcome: Mapped[str]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    considered: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    has_considered: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    eligible_ids: Mapped[list[int]] = mapped_column(default=list, server_default=text("'{}'"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    account_level: Mapped[AccountLevel | None]


class Round(Base):
    """One step of distributing one lead. At most one round of a lead is open, promised by a partial unique index.

    `answer_by` is when an answer is due that a round waits for longer: an owner's. `backup_for_id` is the partnership
    that did not work the lead, where its backup is asked: a step beside the plan.
    """

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("routing_decision.id"))
    number: Mapped[int]
    kind: Mapped[RoundKind]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    answer_by: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[RoundOutcome | None]
    backup_for_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))

    __table_args__ = (
        UniqueConstraint("lead_id", "number"),
        Index("uq_round_open", "lead_id", unique=True, postgresql_where="closed_at IS NULL"),
    )


class PushTurn(Base):
    """Whose turn it is to choose a partner to ask alone: its row's lock puts a manufacturer's choices in order.

    `since_newcomer` counts the offers in a row for which a newer partner could have been asked and was not.
    """

    __tablename__ = "push_turn"

    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    since_newcomer: Mapped[int] = mapped_column(default=0, server_default=text("0"))
