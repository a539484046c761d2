"""Who is signed in, read anew for every request: a changed role or an ended session counts at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from app.database import clock_now, db
from app.domain.identity import OrganisationKind, Role
from app.domain.sign_in import SEEN_EVERY, SESSION_IDLE
from app.models import AuthSession, Organisation, User


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """The person behind a request, as Flask-Login and the access guard read it. No row crosses this line.

    `session_id` is None for an API key, `api_key_id` None for a browser; `scopes` is what the key may do.
    `is_seen_stale` says that "last seen" is to be written again.
    """

    id: int
    name: str
    role: Role
    language: str
    time_zone: str
    organisation_id: int
    organisation_kind: OrganisationKind
    organisation_name: str
    is_seen_stale: bool
    is_shortcuts_on: bool = True
    session_id: int | None = None
    api_key_id: int | None = None
    scopes: frozenset[str] = frozenset()

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The identity as text, for Flask-Login."""
        return str(self.id)


def secret_hash(secret: str) -> str:
    """What is stored of a random secret of 256 bits: with that much chance in it, a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def signed_in_user(*, token: str) -> SignedInUser | None:
    """The person whose browser holds `token`; None when the session ended, idled out or its user was disabled."""
    row = db.session.execute(
        select(
            *_PERSON,
            AuthSession.id.label("session_id"),
            _is_stale(AuthSession.last_seen_at),
        )
        .join(User.organisation)
        .join(AuthSession, AuthSession.user_id == User.id)
        .where(
            AuthSession.token_hash == secret_hash(token),
            AuthSession.revoked_at.is_(None),
            AuthSession.expires_at > clock_now(),
            AuthSession.last_seen_at > clock_now() - SESSION_IDLE,
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    return _signed_in(row) if row else None


_PERSON = (
    User.id,
    User.name,
    User.role,
    User.language,
    User.time_zone,
    User.is_shortcuts_on,
    User.organisation_id,
    Organisation.kind.label("organisation_kind"),
    Organisation.name.label("organisation_name"),
)


def _is_stale(seen_at: Any) -> ColumnElement[bool]:
    stale: ColumnElement[bool] = (seen_at < clock_now() - SEEN_EVERY).label(
        "is_seen_stale"
    )
    return stale


def _signed_in(row: Row[Any]) -> SignedInUser:
    return SignedInUser(**row._mapping)
