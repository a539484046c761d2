"""What a manufacturer sells."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class ProductLine(Base):
    """A line of products a partner may be authorised for; the line may demand a tier or a certification."""

    __tablename__ = "product_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    name: Mapped[str]
    min_tier_id: Mapped[int | None] = mapped_column(ForeignKey("tier.id"))
    requires_certification: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    __table_args__ = (UniqueConstraint("manufacturer_id", "code"),)
