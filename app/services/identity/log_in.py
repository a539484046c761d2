"""Log-in with e-mail and password."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now, transaction
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.models import Event, User
from app.services.audit import record_event
from app.services.identity.passwords import hash_password, is_outdated, is_password
from app.services.identity.sessions import open_session
from app.services.identity.trail import record_about

THROTTLED_TOLD_EVERY = timedelta(minutes=15)


class LogInRefused(Invalid):
    """E-mail and password do not open a session. Why is never said: not to a stranger."""

    code = "log_in_refused"

    def __init__(self) -> None:
        super().__init__(Phrase(N_("The e-mail address or the password is not right.")))


def log_in(*, email: str, password: str, user_agent: str = "") -> str:
    """Sign a person in who knows the password; returns the token for the cookie.

    LogInRefused for an unknown address, a wrong password, a disabled user and an invitation not yet accepted alike,
    after the same work: one hash, one line in the trail. A second call starts a second session.
    """
    with transaction() as session:
        user = user_by_email(session, email)
        user_id, stored = (user.id, user.password_hash) if user else (None, None)
    is_right = is_password(password, stored)
    with transaction() as session:
        user = session.get(User, user_id) if user_id is not None else None
        token = _opened(session, user, password, stored, user_agent) if user and is_right else None
        if token is None:
            _record_failure(session, user, EventKind.LOGIN_FAILED)
    if token is None:
        raise LogInRefused
    return token


def note_throttled(*, email: str) -> None:
    """Tell the trail that attempts on one account were held off; at most one line every 15 minutes."""
    with transaction() as session:
        user = user_by_email(session, email)
        told = select(Event.id).where(
            Event.kind == EventKind.LOGIN_THROTTLED,
            Event.at > clock_now() - THROTTLED_TOLD_EVERY,
            Event.organisation_id.is_not_distinct_from(user.organisation_id if user else None),
            Event.data["user_id"].as_integer().is_not_distinct_from(user.id if user else None),
        )
        if session.scalar(told.limit(1)) is None:
            _record_failure(session, user, EventKind.LOGIN_THROTTLED)


def user_by_email(session: Session, email: str) -> User | None:
    """The person with this address, however it is written."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def _opened(session: Session, user: User, password: str, stored: str | None, user_agent: str) -> str | None:
    """The new session's token; None if the user was disabled or the password changed while it was being checked."""
    if user.disabled_at is not None or stored is None or user.password_hash != stored:
        return None
    if is_outdated(stored):
        user.password_hash = hash_password(password)
    return open_session(session, user, user_agent=user_agent)


def _record_failure(session: Session, user: User | None, kind: EventKind) -> None:
    if user is None:
        record_event(session, kind)
    else:
        record_about(session, kind, user, actor=None)
