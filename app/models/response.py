"""How partners answer: the entries of their score, suspensions, and territory reviews."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.response_score import ResponseKind


class ResponseEntry(Base):
    """One thing a partner did or left undone, with the points it had then; written once for each `once_key`.

    `settled_at` is when the score was counted anew with it, and what follows was done; until then nothing follows.
    """

    __tablename__ = "response_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lead.id", ondelete="SET NULL"))
    kind: Mapped[ResponseKind]
    points: Mapped[int]
    once_key: Mapped[str] = mapped_column(unique=True)
    happened_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_response_entry_partnership", "partnership_id", "happened_at"),
        Index("ix_response_entry_unsettled", "partnership_id", postgresql_where="settled_at IS NULL"),
    )


class ClaimSuspension(Base):
    """A time in which a partnership may claim nothing, because its score fell too low."""

    __tablename__ = "claim_suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    ends_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    lifted_because: Mapped[str] = mapped_column(default="", server_default="")


class TerritoryReview(Base):
    """A partnership's territory put before the channel manager, with the figures of that moment (W-14, W-15)."""

    __tablename__ = "territory_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    keeps_territory: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (
        Index("uq_territory_review_open", "partnership_id", unique=True, postgresql_where="decided_at IS NULL"),
    )
