"""When people and partners are away, and who stands in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.domain.availability import AbsenceKind


class Absence(Base):
    """A person, or a whole partner (`user_id` is NULL), takes no new leads for a while; a person may name a deputy.

    With `hides_board` its leads are not shown meanwhile either, save what is offered to the partner alone.
    """

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[AbsenceKind]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="", server_default="")
    hides_board: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        Index("ix_absence_organisation", "organisation_id", "ends_at"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
        CheckConstraint("deputy_id <> user_id", name="deputy_is_another"),
    )
