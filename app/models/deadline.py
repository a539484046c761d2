"""Promises with a due time."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.escalation import EscalationAction
from app.domain.stalling import StallAction


class Deadline(Base):
    """What is due, for which row, by which clock. Exactly one of fired and cancelled ends it.

    `step` and `stall` say which step of a silence it is: before the first contact and after it.
    A row whose work fails is pushed forward (`retry_at`) and reported; it never stops the others.
    """

    __tablename__ = "deadline"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[DeadlineKind]
    clock: Mapped[Clock] = mapped_column(default=Clock.WALL)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    step: Mapped[EscalationAction | None]
    stall: Mapped[StallAction | None]
    starts_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    due_at: Mapped[datetime]
    retry_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_error: Mapped[str] = mapped_column(default="")
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        Index(
            "ix_deadline_pending",
            text("coalesce(retry_at, due_at)"),
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
    )
