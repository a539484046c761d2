"""Companies a manufacturer knows, with every name and domain they go by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.domain.accounts import AccountNameKind, AccountStatus


class Account(Base):
    """A company known to one manufacturer; its owner is a partnership or a direct seller."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    name: Mapped[str]
    country: Mapped[str | None]
    status: Mapped[AccountStatus] = mapped_column(default=AccountStatus.PROSPECT)
    flags: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    owner_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opportunity_owner_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    churned_on: Mapped[date | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    names: Mapped[list[AccountName]] = relationship(cascade="all, delete-orphan", order_by="AccountName.id")
    domains: Mapped[list[AccountDomain]] = relationship(cascade="all, delete-orphan", order_by="AccountDomain.id")

    __table_args__ = (UniqueConstraint("manufacturer_id", "code"),)


class AccountName(Base):
    """A name or alias of an account, with the normalised key that matching looks up."""

    __tablename__ = "account_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AccountNameKind]
    name: Mapped[str]
    name_key: Mapped[str]
    legal_form: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_account_name_key", "manufacturer_id", "name_key"),)


class AccountDomain(Base):
    """A registrable domain of an account."""

    __tablename__ = "account_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str]

    __table_args__ = (Index("ix_account_domain_domain", "manufacturer_id", "domain"),)
