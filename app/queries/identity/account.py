"""What a person sees of itself: settings, browsers, keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select

from app.database import clock_now, db
from app.domain.api_keys import ApiScope
from app.domain.identity import Viewer
from app.domain.sign_in import SESSION_IDLE
from app.models import ApiKey, AuthSession, User


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of the person's browsers."""

    id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One of the person's keys that work."""

    id: int
    name: str
    prefix: str
    scopes: tuple[ApiScope, ...]
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a person sees of itself under "My account"."""

    name: str
    email: str
    language: str
    time_zone: str
    is_shortcuts_on: bool
    sessions: list[OwnSession]
    keys: list[OwnKey]


def own_account(*, viewer: Viewer) -> Account:
    """The person's own settings, open sessions (the latest seen first) and working keys (the newest first)."""
    user = (
        db.session.execute(
            select(User.name, User.email, User.language, User.time_zone, User.is_shortcuts_on).where(
                User.id == viewer.user_id
            )
        )
        .mappings()
        .one()
    )
    sessions = (
        select(AuthSession.id, AuthSession.user_agent, AuthSession.created_at, AuthSession.last_seen_at)
        .where(
            AuthSession.user_id == viewer.user_id,
            AuthSession.revoked_at.is_(None),
            AuthSession.expires_at > clock_now(),
            AuthSession.last_seen_at > clock_now() - SESSION_IDLE,
        )
        .order_by(AuthSession.last_seen_at.desc(), AuthSession.id.desc())
    )
    keys = (
        select(ApiKey.id, ApiKey.name, ApiKey.prefix, ApiKey.scopes, ApiKey.created_at, ApiKey.last_used_at)
        .where(ApiKey.user_id == viewer.user_id, ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.id.desc())
    )
    return Account(
        **user,
        sessions=[OwnSession(**row) for row in db.session.execute(sessions).mappings()],
        keys=[_own_key(row) for row in db.session.execute(keys).mappings()],
    )


def _own_key(row: RowMapping) -> OwnKey:
    return OwnKey(**{**row, "scopes": tuple(map(ApiScope, row["scopes"]))})
