"""Partners that were paused, suspended or ended, and where each lead went that they worked or were offered alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.departures import Destination
from app.domain.partners import PartnershipStatus


class Departure(Base):
    """The handing on of a partnership's leads, from the change of its standing until none is left; one at a time.

    The row is written with the change itself: whatever dies afterwards, somebody finds it. The successor is a
    partnership or one of the manufacturer's people. `keeps_work` when only those go that nobody else is offered, and
    what the partner works stays with it. `is_stopped` when the partner took part again before the end.
    """

    __tablename__ = "departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    status: Mapped[PartnershipStatus]
    successor_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    successor_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    started_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    finished_at: Mapped[datetime | None]
    keeps_work: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_stopped: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    __table_args__ = (
        Index("uq_departure_open", "partnership_id", unique=True, postgresql_where="finished_at IS NULL"),
    )


class DepartedLead(Base):
    """One lead that was handed on: where it went, to which partnership, and whether people have been told."""

    __tablename__ = "departed_lead"

    id: Mapped[int] = mapped_column(primary_key=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey("departure.id", ondelete="CASCADE"))
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    destination: Mapped[Destination]
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    moved_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    is_told: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    __table_args__ = (
        UniqueConstraint("departure_id", "lead_id"),
        Index("ix_departed_lead_untold", "departure_id", postgresql_where="NOT is_told"),
    )
