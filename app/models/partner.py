"""The partner programme: tiers, partnerships, what each may sell and where."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.domain.partners import PartnershipStatus


class Tier(Base):
    """A partner level of one manufacturer; a higher rank is the higher level. Head start in minutes of working time."""

    __tablename__ = "tier"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    name: Mapped[str]
    rank: Mapped[int]
    head_start_minutes: Mapped[int] = mapped_column(default=0)
    max_open_claims: Mapped[int] = mapped_column(default=5)
    max_claims_per_day: Mapped[int] = mapped_column(default=10)

    __table_args__ = (UniqueConstraint("manufacturer_id", "code"), UniqueConstraint("manufacturer_id", "rank"))


class Partnership(Base):
    """A partner's standing at one manufacturer.

    `unworked_claims` counts the active assignments without a contact attempt, `claims_on`/`claims_that_day` the claims
    of one day; both change only in the transaction that changes an assignment (lock order: lead, then partnership).
    Whatever may change who is eligible raises `eligibility_version`; offers made under an older version are hidden and
    cannot be claimed until the recheck has looked at them again and has set `checked_version`.
    """

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    tier_id: Mapped[int] = mapped_column(ForeignKey("tier.id"))
    status: Mapped[PartnershipStatus] = mapped_column(default=PartnershipStatus.ACTIVE)
    max_open_claims: Mapped[int | None]
    max_claims_per_day: Mapped[int | None]
    sales_manager_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    channel_manager_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    backup_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id", ondelete="SET NULL"))
    successor_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id", ondelete="SET NULL"))
    claims_suspended_until: Mapped[datetime | None]
    unworked_claims: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    claims_on: Mapped[date | None]
    claims_that_day: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    response_score: Mapped[int] = mapped_column(default=100, server_default=text("100"))
    ended_at: Mapped[datetime | None]
    eligibility_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    checked_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    tier: Mapped[Tier] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        UniqueConstraint("manufacturer_id", "code"),
        UniqueConstraint("manufacturer_id", "partner_id"),
        CheckConstraint("unworked_claims >= 0", name="unworked_claims_not_negative"),
        CheckConstraint("backup_partnership_id <> id", name="not_its_own_backup"),
        CheckConstraint("successor_partnership_id <> id", name="not_its_own_successor"),
        Index("ix_partnership_to_check", "id", postgresql_where="checked_version < eligibility_version"),
    )


class Authorisation(Base):
    """Which product line a partnership may sell."""

    __tablename__ = "authorisation"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), primary_key=True)
    product_line_id: Mapped[int] = mapped_column(ForeignKey("product_line.id"), primary_key=True, index=True)


class Certification(Base):
    """A dated qualification for a product line; both ends inclusive, an open end is None."""

    __tablename__ = "certification"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    product_line_id: Mapped[int] = mapped_column(ForeignKey("product_line.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("partnership_id", "product_line_id", "valid_until", postgresql_nulls_not_distinct=True),
    )


class TerritoryRule(Base):
    """One line of a partnership's territory; the most specific matching line decides.

    Postal texts are kept as the rules compare them: upper case, without hyphens and spaces, in C collation.
    """

    __tablename__ = "territory_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    is_exclude: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str]
    subdivision: Mapped[str | None]
    postal_prefix: Mapped[str | None]
    postal_from: Mapped[str | None]
    postal_to: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(postal_from IS NULL) = (postal_to IS NULL)", name="postal_range_complete"),
        Index("ix_territory_rule_place", "manufacturer_id", "country", "subdivision"),
    )
