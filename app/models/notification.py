"""What is owed to the outside, written with the change that owes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class OutboxMessage(Base):
    """One mail owed to one person. It holds ids; what it says is drawn when it is sent, for that reader's eyes."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    once_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_outbox_owed", "due_at", postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL")),
        Index("ix_outbox_given_up", "given_up_at", postgresql_where=text("given_up_at IS NOT NULL AND failures > 0")),
    )
