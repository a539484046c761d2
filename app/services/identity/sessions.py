"""Signed-in browsers: a random token in the cookie, its hash in a row. Ending the row ends every copy of the cookie."""

from __future__ import annotations

import secrets

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.sign_in import SEEN_EVERY, SESSION_AGE
from app.models import AuthSession, User
from app.queries.identity import secret_hash
from app.services.identity.trail import record_about, viewer_of

TOKEN_BYTES = 32
LONGEST_USER_AGENT = 300


def start_session(user_id: int, *, user_agent: str = "") -> str:
    """Sign a person in without asking for a password: the demo's personas, an accepted invitation, a test.

    Returns the token for the cookie; only its hash is kept. NotFound when there is no such person or it is disabled.
    A second call starts a second session.
    """
    with transaction() as session:
        user = session.get(User, user_id)
        if user is None or user.disabled_at is not None:
            raise NotFound
        return open_session(session, user, user_agent=user_agent)


def open_session(session: Session, user: User, *, user_agent: str) -> str:
    """A new session row inside the caller's transaction, with its event; returns the token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = read_clock(session)
    row = AuthSession(
        user_id=user.id,
        token_hash=secret_hash(token),
        user_agent=user_agent[:LONGEST_USER_AGENT],
        created_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_AGE,
    )
    session.add(row)
    user.last_seen_at = now
    session.flush()
    record_about(session, EventKind.LOGGED_IN, user, actor=viewer_of(user), session_id=row.id)
    return token


def see_session(session_id: int) -> None:
    """Keep a session from idling out. Called as often as you like, it writes at most once a minute."""
    with transaction() as session:
        user_id = session.scalar(
            update(AuthSession)
            .where(
                AuthSession.id == session_id,
                AuthSession.last_seen_at < clock_now() - SEEN_EVERY,
            )
            .values(last_seen_at=clock_now())
            .returning(AuthSession.user_id)
        )
        if user_id is not None:
            session.execute(update(User).where(User.id == user_id).values(last_seen_at=clock_now()))


def log_out(*, session_id: int, actor: Viewer) -> None:
    """End the session the person is using. A second call changes nothing and says nothing."""
    with transaction() as session:
        if _revoke(session, AuthSession.id == session_id, AuthSession.user_id == actor.user_id):
            user = session.get_one(User, actor.user_id)
            record_about(session, EventKind.LOGGED_OUT, user, actor=actor, session_id=session_id)


def end_session(*, session_id: int, actor: Viewer) -> None:
    """End one of the person's own sessions, wherever that browser is. NotFound when it is not theirs or has ended."""
    with transaction() as session:
        if not _revoke(session, AuthSession.id == session_id, AuthSession.user_id == actor.user_id):
            raise NotFound
        user = session.get_one(User, actor.user_id)
        record_about(session, EventKind.SESSION_ENDED, user, actor=actor, session_id=session_id)


def end_other_sessions(*, but_session_id: int | None, actor: Viewer) -> int:
    """End all of the person's sessions except the one in use; returns how many ended. A second call ends none."""
    with transaction() as session:
        ended = revoke_sessions(session, actor.user_id, but_session_id=but_session_id)
        if ended:
            user = session.get_one(User, actor.user_id)
            record_about(session, EventKind.SESSION_ENDED, user, actor=actor, count=ended)
    return ended


def revoke_sessions(session: Session, user_id: int, *, but_session_id: int | None = None) -> int:
    """End a person's sessions inside the caller's transaction; returns how many were open."""
    return _revoke(
        session,
        AuthSession.user_id == user_id,
        AuthSession.id.is_distinct_from(but_session_id),
    )


def _revoke(session: Session, *conditions: ColumnElement[bool]) -> int:
    ended = session.scalars(
        update(AuthSession)
        .where(AuthSession.revoked_at.is_(None), *conditions)
        .values(revoked_at=clock_now())
        .returning(AuthSession.id)
    )
    return len(ended.all())
