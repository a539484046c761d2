"""The append-only trail, and who was shown whose contact data."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.audit import STANDING_EVENTS, Audience, EventKind

_IS_OF_STANDING = f"kind IN ({', '.join(repr(kind.value) for kind in STANDING_EVENTS)})"


class Event(Base):
    """One line of the audit trail and of the lead's timeline. A trigger refuses to change or delete it.

    `data` holds ids and values, never a prospect's personal data, so that an erasure leaves the trail valid.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    lead_id: Mapped[uuid.UUID | None]
    partnership_id: Mapped[int | None]
    kind: Mapped[EventKind]
    audience: Mapped[Audience] = mapped_column(default=Audience.MANUFACTURER)
    actor_user_id: Mapped[int | None]
    actor_organisation_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (
        Index("ix_event_lead", "lead_id", "id"),
        Index("ix_event_manufacturer", "manufacturer_id", "id"),
        Index("ix_event_organisation", "organisation_id", "id"),
        Index("ix_event_account", text("(data -> 'account_id')"), "id", postgresql_where="data ? 'account_id'"),
        Index("ix_event_rules", "manufacturer_id", "id", postgresql_where="kind = 'network.routing_rule_changed'"),
        Index("ix_event_standing", "partnership_id", "id", postgresql_where=_IS_OF_STANDING),
        Index("ix_event_accounts", "manufacturer_id", "id", postgresql_where="data ? 'account_ids'"),
    )


class Reveal(Base):
    """Who saw a prospect's contact data, when, and on what ground."""

    __tablename__ = "reveal"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ground: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (Index("uq_reveal_once", "lead_id", "user_id", "ground", unique=True),)
