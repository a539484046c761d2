"""Keys for the API: a random secret shown once, its hash in a row, never more than its user may."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now, transaction
from app.domain.api_keys import KEY_MARK, check_scopes
from app.domain.audit import EventKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.people import clean_name
from app.domain.sign_in import SEEN_EVERY
from app.models import ApiKey, User
from app.queries.identity import secret_hash
from app.services.identity.sessions import TOKEN_BYTES
from app.services.identity.trail import record_about

SHOWN_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key. This is the only time its secret can be read."""

    id: int
    secret: str


def create_api_key(*, name: str, scopes: Collection[str], actor: Viewer) -> CreatedKey:
    """A key that acts as the person, within `scopes`. Invalid for a scope its side does not have.

    A second call makes a second key.
    """
    chosen = check_scopes(scopes, actor.organisation_kind)
    secret = KEY_MARK + secrets.token_urlsafe(TOKEN_BYTES)
    with transaction() as session:
        user = session.get(User, actor.user_id)
        if user is None or user.disabled_at is not None:
            raise NotFound
        key = ApiKey(
            user_id=user.id,
            name=clean_name(name),
            prefix=secret[: len(KEY_MARK) + SHOWN_CHARACTERS],
            key_hash=secret_hash(secret),
            scopes=[scope.value for scope in chosen],
        )
        session.add(key)
        session.flush()
        record_about(session, EventKind.API_KEY_CREATED, user, actor=actor, key_id=key.id, scopes=key.scopes)
        return CreatedKey(key.id, secret)


def revoke_api_key(*, key_id: int, actor: Viewer) -> None:
    """End one of the person's own keys at once. NotFound when it is not theirs; a second call changes nothing."""
    with transaction() as session:
        key = session.scalar(select(ApiKey).where(ApiKey.id == key_id, ApiKey.user_id == actor.user_id))
        if key is None:
            raise NotFound
        if key.revoked_at is None:
            user = session.get_one(User, actor.user_id)
            session.execute(update(ApiKey).where(ApiKey.id == key_id).values(revoked_at=clock_now()))
            record_about(session, EventKind.API_KEY_REVOKED, user, actor=actor, key_id=key_id)


def see_api_key(key_id: int) -> None:
    """Keep when a key was last used. Called as often as you like, it writes at most once a minute."""
    with transaction() as session:
        session.execute(
            update(ApiKey)
            .where(
                ApiKey.id == key_id,
                ApiKey.last_used_at.is_(None) | (ApiKey.last_used_at < clock_now() - SEEN_EVERY),
            )
            .values(last_used_at=clock_now())
        )


def revoke_keys(session: Session, user_id: int) -> None:
    """End every key of a person inside the caller's transaction: whoever had to reset a password may have lost them."""
    session.execute(
        update(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None)).values(revoked_at=clock_now())
    )
