"""Where postal codes lie, for the whole installation."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Double, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class PostalPlace(Base):
    """The middle of one postal code's area, in degrees (WGS 84), as an imported file has it.

    Codes are kept as territory rules compare them: upper case, without hyphens and spaces. C collation keeps all codes
    that begin alike beside each other in the key, so that a prefix is a range of it.
    """

    __tablename__ = "postal_place"

    country: Mapped[str] = mapped_column(primary_key=True)
    postal_code: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
    )
