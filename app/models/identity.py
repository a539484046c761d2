"""Organisations, their people, and the rows that let a person in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.domain.identity import OneTimePurpose, OrganisationKind, Role


class Organisation(Base):
    """A manufacturer (tenant) or a partner. Its calendar decides working time."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind]
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str | None]
    subdivision: Mapped[str | None]
    postal_code: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    working_hours: Mapped[str] = mapped_column(default="mon-fri 09:00-17:00")
    closed_on: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    domain: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (
        Index("uq_organisation_manufacturer_name", "name", unique=True, postgresql_where="kind = 'manufacturer'"),
    )


class User(Base):
    """A person of exactly one organisation."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    password_hash: Mapped[str | None]
    invited_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    last_seen_at: Mapped[datetime | None]
    is_shortcuts_on: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class AuthSession(Base):
    """One signed-in browser. Ending the row ends the session at once, whatever cookies were copied."""

    __tablename__ = "auth_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """An invitation or password-reset link: hashed, single use, expiring."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[OneTimePurpose]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    """A user's key for the API; only its hash is kept, the prefix lets a person tell keys apart."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
