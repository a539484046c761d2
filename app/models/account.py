"""Companies a manufacturer knows, with every name and domain they go by."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, CIDR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.domain.accounts import (
    AccountChangeKind,
    AccountHealth,
    AccountNameKind,
    AccountStatus,
    OpportunityState,
    RematchCause,
    TeamRole,
)


class Account(Base):
    """A company known to one manufacturer.

    Its owner is a partnership or a direct seller (`owner_user_id`). Where both are set, a direct-sourced account is the
    seller's and the partnership is told; any other is the partnership's. The `listed_…` columns say when the mark
    strategic or named is in force, and whose the account is by it when that is not the account's owner. An owner other
    than the parent's counts only where it is meant (`keeps_own_owner`); otherwise a person decides each lead.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str]
    name: Mapped[str]
    country: Mapped[str | None]
    city: Mapped[str] = mapped_column(default="", server_default="")
    corporate_number: Mapped[str | None]
    status: Mapped[AccountStatus] = mapped_column(default=AccountStatus.PROSPECT)
    flags: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    owner_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    keeps_own_owner: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    listed_from: Mapped[date | None]
    listed_until: Mapped[date | None]
    listed_owner_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"))
    listed_owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    listed_note: Mapped[str] = mapped_column(default="", server_default="")
    contract_cents: Mapped[int | None]
    contract_currency: Mapped[str | None]
    health: Mapped[AccountHealth | None]
    has_open_ticket: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    is_enterprise: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    churned_on: Mapped[date | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    ended_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    names: Mapped[list[AccountName]] = relationship(cascade="all, delete-orphan", order_by="AccountName.id")
    domains: Mapped[list[AccountDomain]] = relationship(cascade="all, delete-orphan", order_by="AccountDomain.id")
    ip_ranges: Mapped[list[AccountIpRange]] = relationship(cascade="all, delete-orphan", order_by="AccountIpRange.id")
    opportunities: Mapped[list[Opportunity]] = relationship(cascade="all, delete-orphan", order_by="Opportunity.id")
    team: Mapped[list[AccountTeamMember]] = relationship(cascade="all, delete-orphan", order_by="AccountTeamMember.id")
    bought: Mapped[list[AccountProductLine]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("manufacturer_id", "code"),
        Index("ix_account_corporate_number", "manufacturer_id", "corporate_number"),
        Index("ix_account_owner_user", "owner_user_id", postgresql_where="owner_user_id IS NOT NULL"),
        Index("ix_account_listed", "manufacturer_id", "name", "id", postgresql_where="ended_at IS NULL"),
        Index("ix_account_country", "manufacturer_id", "country", "name", "id", postgresql_where="ended_at IS NULL"),
        Index("ix_account_status", "manufacturer_id", "status", "name", "id", postgresql_where="ended_at IS NULL"),
        Index(
            "ix_account_marked",
            "manufacturer_id",
            "name",
            "id",
            postgresql_where="ended_at IS NULL AND cardinality(flags) > 0",
        ),
        CheckConstraint("listed_from <= listed_until", name="listed_in_order"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
    )


class AccountName(Base):
    """A name or alias of an account, with the normalised key that matching looks up.

    `search_keys` are the hashed terms (`domain/matching/grams.py`) by which a name like it is found: the index that
    holds every account's names is this column's, so it is kept by the transaction that keeps the name.
    """

    __tablename__ = "account_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AccountNameKind]
    name: Mapped[str]
    name_key: Mapped[str]
    legal_form: Mapped[str] = mapped_column(default="")
    is_learned: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    search_keys: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"))

    __table_args__ = (
        Index("ix_account_name_key", "manufacturer_id", "name_key"),
        Index(
            "ix_account_name_search_keys",
            "search_keys",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # A pending list would make readers pay for writers.
        ),
        Index("ix_account_name_part", "name_key", postgresql_using="gin", postgresql_ops={"name_key": "gin_trgm_ops"}),
    )


class AccountDomain(Base):
    """A registrable domain of an account."""

    __tablename__ = "account_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str]

    __table_args__ = (Index("ix_account_domain_domain", "manufacturer_id", "domain"),)


class AccountIpRange(Base):
    """Addresses of an account's own network: a supplementary signal, never enough alone."""

    __tablename__ = "account_ip_range"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    network: Mapped[str] = mapped_column(CIDR)

    __table_args__ = (
        Index(
            "ix_account_ip_range_network", "network", postgresql_using="gist", postgresql_ops={"network": "inet_ops"}
        ),
    )


class AccountTeamMember(Base):
    """A person of the manufacturer who has to do with an account beside its owner.

    `department` is what a specialist of an enterprise account looks after, `product_line_id` which products.
    """

    __tablename__ = "account_team_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    role: Mapped[TeamRole]
    department: Mapped[str] = mapped_column(default="", server_default="")
    product_line_id: Mapped[int | None] = mapped_column(ForeignKey("product_line.id", ondelete="CASCADE"))


class AccountProductLine(Base):
    """A product line that an account has bought; asking for another one is a cross-sell."""

    __tablename__ = "account_product_line"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    product_line_id: Mapped[int] = mapped_column(ForeignKey("product_line.id", ondelete="CASCADE"), primary_key=True)


class Opportunity(Base):
    """A deal with an account, owned by a partnership or a direct seller."""

    __tablename__ = "opportunity"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="", server_default="")
    owner_partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    product_line_id: Mapped[int | None] = mapped_column(ForeignKey("product_line.id"))
    amount_cents: Mapped[int | None]
    currency: Mapped[str | None]
    state: Mapped[OpportunityState] = mapped_column(default=OpportunityState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("num_nonnulls(owner_partnership_id, owner_user_id) = 1", name="has_one_owner"),
        Index("ix_opportunity_open", "manufacturer_id", "account_id", postgresql_where="state = 'open'"),
    )


class CompanyProfile(Base):
    """One company as the leads show it: what links leads of several names and domains, with an account or without.

    Where two turn out to be one company, the later is merged into the earlier; the leads of both stay where they are.
    """

    __tablename__ = "company_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("company_profile.id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        Index("uq_company_profile_account", "account_id", unique=True, postgresql_where="account_id IS NOT NULL"),
        CheckConstraint("merged_into_id < id", name="merged_into_an_earlier_one"),
        CheckConstraint("merged_into_id IS NULL OR account_id IS NULL", name="merged_has_no_account"),
    )


class CompanyProfileKey(Base):
    """A domain, or a name within a country, by which a profile recognises its leads."""

    __tablename__ = "company_profile_key"

    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("company_profile.id", ondelete="CASCADE"), index=True)


class AccountChange(Base):
    """A change of accounts and their leads with all that is needed to take it back once."""

    __tablename__ = "account_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[AccountChangeKind]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    done_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]


class Rematch(Base):
    """One run of matching a manufacturer's open leads again, with its progress; at most one waits or runs."""

    __tablename__ = "rematch"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    cause: Mapped[RematchCause]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    changed: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    after_lead_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        Index("uq_rematch_waiting", "manufacturer_id", unique=True, postgresql_where="started_at IS NULL"),
    )
