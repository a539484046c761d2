"""Offers to partners and the assignment that the winning claim makes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, DeclineReason, OfferAnswer
from app.domain.returns import ReturnReason


class Offer(Base):
    """A round and a partnership: visible from, expires, answered how, and the reasons this partner was offered it."""

    __tablename__ = "offer"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    eligibility_version: Mapped[int] = mapped_column(default=1)
    is_exclusive: Mapped[bool] = mapped_column(default=False)
    visible_from: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    answer: Mapped[OfferAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    decline_reason: Mapped[DeclineReason | None]
    decline_note: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    ranking: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        UniqueConstraint("round_id", "partnership_id"),
        Index("ix_offer_board", "partner_id", "expires_at", "id", postgresql_where="answer IS NULL"),
        Index("ix_offer_partnership", "partnership_id", "lead_id"),
        Index("ix_offer_exclusive", "partnership_id", "created_at", postgresql_where="is_exclusive"),
        Index("ix_offer_unanswered", "round_id", postgresql_where="answer IS NULL"),
        Index("ix_offer_answered", "partner_id", "answered_at", postgresql_where="answer IS NOT NULL"),
    )


class Assignment(Base):
    """Who works the lead. At most one is active per lead, promised by a partial unique index (B-06)."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id"))
    origin: Mapped[AssignmentOrigin]
    reason: Mapped[str] = mapped_column(default="")
    assigned_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    first_attempt_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[AssignmentEnd | None]
    return_reason: Mapped[ReturnReason | None]
    return_note: Mapped[str] = mapped_column(default="", server_default="")
    stalled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_assignment_active", "lead_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_assignment_partner", "partner_id", "assigned_at"),
        Index("ix_assignment_lead", "lead_id", "assigned_at"),
        Index(
            "ix_assignment_quiet",
            "manufacturer_id",
            postgresql_where="ended_at IS NULL AND (first_attempt_at IS NULL OR stalled_at IS NOT NULL)",
        ),
        CheckConstraint("(partnership_id IS NULL) = (partner_id IS NULL)", name="partner_complete"),
        CheckConstraint("partnership_id IS NOT NULL OR user_id IS NOT NULL", name="somebody_works_it"),
    )
