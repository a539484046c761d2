"""What happened with the prospect."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.cockpit import ActivityKind, ContactOutcome


class Activity(Base):
    """A call, e-mail, meeting, visit, message, quote or note; with an outcome it is a contact attempt."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[ActivityKind]
    outcome: Mapped[ContactOutcome | None]
    note: Mapped[str] = mapped_column(default="")
    happened_at: Mapped[datetime]
    submitted_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (Index("ix_activity_lead", "lead_id", "happened_at"),)
