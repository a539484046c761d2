"""Leads that wait for a person of the manufacturer, and what was decided about each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.leads import ReviewReason
from app.domain.review import ReviewDecision


class Review(Base):
    """One question about one lead, who is to answer it and until when, with the evidence of that moment.

    `candidates` holds the accounts a person chooses from, best first, with their signals. At most one review of a lead
    is open, promised by a partial unique index.
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    reason: Mapped[ReviewReason]
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    due_at: Mapped[datetime]
    decision: Mapped[ReviewDecision | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_review_open", "lead_id", unique=True, postgresql_where="decided_at IS NULL"),
        Index("ix_review_waiting", "manufacturer_id", "due_at", "id", postgresql_where="decided_at IS NULL"),
    )
