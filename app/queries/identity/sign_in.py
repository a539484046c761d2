"""Who is signed in, read anew for every request: a changed role or an ended session counts at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from app.database import clock_now, db
from app.domain.identity import OneTimePurpose, OrganisationKind, Role, Viewer
from app.domain.sign_in import SEEN_EVERY, SESSION_IDLE
from app.models import ApiKey, AuthSession, OneTimeLink, Organisation, User


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
    row = (
        db.session.execute(
            select(*_PERSON, AuthSession.id.label("session_id"), _is_stale(AuthSession.last_seen_at))
            .join(User.organisation)
            .join(AuthSession, AuthSession.user_id == User.id)
            .where(
                AuthSession.token_hash == secret_hash(token),
                AuthSession.revoked_at.is_(None),
                AuthSession.expires_at > clock_now(),
                AuthSession.last_seen_at > clock_now() - SESSION_IDLE,
                User.disabled_at.is_(None),
            )
        )
        .mappings()
        .one_or_none()
    )
    return SignedInUser(**row) if row else None


def api_user(*, secret: str) -> SignedInUser | None:
    """The person a key acts as, with the key's scopes; None when the key is unknown, revoked or its user disabled."""
    row = db.session.connection().execute(_HOLDER_OF_KEY, {"key_hash": secret_hash(secret)}).mappings().one_or_none()
    return SignedInUser(**{**row, "scopes": frozenset(row["scopes"])}) if row else None


def viewer_with_email(*, email: str) -> Viewer | None:
    """The person with this address as an actor, for commands run by whoever runs the installation."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower(), User.disabled_at.is_(None)))
    if user is None:
        return None
    organisation = user.organisation
    return Viewer(user.id, organisation.id, organisation.kind, user.role, user.name, user.language, user.time_zone)


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Whom a mailed link is for."""

    email: str
    name: str
    language: str
    organisation_name: str
    expires_at: datetime


def link_target(*, purpose: OneTimePurpose, token: str) -> LinkTarget | None:
    """Whom a mailed link is for, as long as it works. Looking at it does not spend it."""
    row = (
        db.session.execute(
            select(
                User.email,
                User.name,
                User.language,
                Organisation.name.label("organisation_name"),
                OneTimeLink.expires_at,
            )
            .join(User.organisation)
            .join(OneTimeLink, OneTimeLink.user_id == User.id)
            .where(
                OneTimeLink.token_hash == secret_hash(token),
                OneTimeLink.purpose == purpose,
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > clock_now(),
                User.disabled_at.is_(None),
            )
        )
        .mappings()
        .one_or_none()
    )
    return LinkTarget(**row) if row else None


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
    return func.coalesce(seen_at < clock_now() - SEEN_EVERY, True).label("is_seen_stale")


_HOLDER_OF_KEY = (
    select(*_PERSON, ApiKey.id.label("api_key_id"), ApiKey.scopes, _is_stale(ApiKey.last_used_at))
    .join(User.organisation)
    .join(ApiKey, ApiKey.user_id == User.id)
    .where(ApiKey.key_hash == bindparam("key_hash"), ApiKey.revoked_at.is_(None), User.disabled_at.is_(None))
)
"""Made once: every request of the API asks it."""
