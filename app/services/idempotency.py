"""Repeats of one request: what was answered is kept for a day, so that sending it again changes nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, delete, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock_now, transaction
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.models import IdempotencyKey

KEPT_FOR = timedelta(hours=24)
"""How long an answer is kept (reliability.md 8)."""
LOST_AFTER = timedelta(minutes=2)
"""A request that has run longer lost its process: no answer takes longer than the web server lets it."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered the first time."""

    status: int
    body: dict[str, Any]


def begin_request(*, actor: Viewer, key: str, request_hash: str) -> StoredAnswer | None:
    """Take `key` for one request of the person; None means that it is to be carried out now, once.

    `request_hash` tells one request from another. The same again gets the stored answer. Raises `Invalid` when the key
    was used for another request, `Refused` while the first one runs. Of two at once the unique index lets one through.
    One whose process was lost is to be carried on from its `progress_of`.
    """
    with transaction() as session:
        taken = insert(IdempotencyKey).values(user_id=actor.user_id, key=key, request_hash=request_hash)
        is_old = IdempotencyKey.created_at < clock_now() - KEPT_FOR
        progress = case((is_old, null()), else_=IdempotencyKey.body)
        anew = {"request_hash": request_hash, "status": None, "body": progress, "created_at": clock_now()}
        is_lost = and_(
            IdempotencyKey.status.is_(None),
            IdempotencyKey.request_hash == request_hash,
            IdempotencyKey.created_at < clock_now() - LOST_AFTER,
        )
        taken = taken.on_conflict_do_update(
            index_elements=[IdempotencyKey.user_id, IdempotencyKey.key], set_=anew, where=or_(is_old, is_lost)
        )
        if session.execute(taken.returning(IdempotencyKey.id)).first() is not None:
            return None
        first = session.execute(
            select(IdempotencyKey.request_hash, IdempotencyKey.status, IdempotencyKey.body).where(
                IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key
            )
        ).first()
    if first is not None and first.request_hash != request_hash:
        raise Invalid(
            Phrase(N_("This Idempotency-Key was used for another request. Use a new one for each.")),
            code="idempotency_key_reused",
        )
    if first is None or first.status is None:
        raise Refused(
            Phrase(N_("The same request is being carried out at this moment.")),
            code="still_running",
            remedy=Phrase(N_("Try once more in a few seconds.")),
        )
    return StoredAnswer(first.status, first.body or {})


def keep_answer(*, actor: Viewer, key: str, status: int, body: Mapping[str, Any]) -> None:
    """Keep what was answered to the request that took `key`."""
    with transaction() as session:
        session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key)
            .values(status=status, body=dict(body))
        )


def progress_of(session: Session, *, actor: Viewer, key: str) -> Mapping[str, Any]:
    """How far the request that took `key` has come, by `note_progress`; empty while nothing is noted."""
    noted = select(IdempotencyKey.body).where(IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key)
    return session.scalar(noted) or {}


def note_progress(session: Session, *, actor: Viewer, key: str, progress: Mapping[str, Any]) -> None:
    """Keep how far a request has come that is several transactions, within the one that brings it there.

    Whoever sends it again after its process was lost carries it on from there.
    """
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key)
        .values(body=dict(progress))
    )


def forget_request(*, actor: Viewer, key: str) -> None:
    """Give `key` back after a request that changed nothing, so that it can be tried again; twice is no harm."""
    with transaction() as session:
        session.execute(
            delete(IdempotencyKey).where(
                IdempotencyKey.user_id == actor.user_id, IdempotencyKey.key == key, IdempotencyKey.status.is_(None)
            )
        )


def forget_old_answers() -> int:
    """Delete what is older than a day; returns how many."""
    with transaction() as session:
        old = delete(IdempotencyKey).where(IdempotencyKey.created_at < clock_now() - KEPT_FOR)
        return len(session.execute(old.returning(IdempotencyKey.id)).all())
