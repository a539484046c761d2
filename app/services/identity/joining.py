"""Passwords: set with an invitation, forgotten, and changed."""

from __future__ import annotations

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import OneTimePurpose, Viewer
from app.domain.passwords import password_problem
from app.domain.people import clean_name
from app.domain.phrases import N_, Phrase
from app.domain.sign_in import LinkDead
from app.models import User
from app.queries.identity import link_target
from app.services.audit import record_event
from app.services.identity.api_keys import revoke_keys
from app.services.identity.links import mail_link, retire_links, use_link
from app.services.identity.log_in import user_by_email
from app.services.identity.passwords import hash_password, is_password
from app.services.identity.sessions import open_session, revoke_sessions
from app.services.identity.trail import record_about, viewer_of


def accept_invitation(*, token: str, name: str, password: str, user_agent: str = "") -> str:
    """Join with a name and a password, and be signed in; returns the token for the cookie.

    Invalid leaves the link as it was; LinkDead when it is spent. Of two calls with one link, one wins.
    """
    name = clean_name(name)
    hashed = _checked_hash(OneTimePurpose.INVITATION, token, password, name=name)
    with transaction() as session:
        user = use_link(session, OneTimePurpose.INVITATION, token)
        user.name, user.password_hash, user.joined_at = name, hashed, read_clock(session)
        record_about(session, EventKind.USER_JOINED, user, actor=viewer_of(user))
        return open_session(session, user, user_agent=user_agent)


def ask_password_reset(*, email: str) -> None:
    """Mail a link to whoever has this address and has joined. Says nothing either way; leaves one line each time."""
    with transaction() as session:
        user = user_by_email(session, email)
        if user is None or user.joined_at is None or user.disabled_at is not None:
            record_event(session, EventKind.PASSWORD_RESET_ASKED)
            return
        mail_link(session, user, OneTimePurpose.PASSWORD_RESET)
        record_about(session, EventKind.PASSWORD_RESET_ASKED, user, actor=None)


def reset_password(*, token: str, password: str) -> None:
    """Set a new password with a mailed link; every session, every API key and every other link of the person ends.

    Invalid leaves the link as it was; LinkDead when it is spent. Of two calls with one link, one wins.
    """
    hashed = _checked_hash(OneTimePurpose.PASSWORD_RESET, token, password)
    with transaction() as session:
        user = use_link(session, OneTimePurpose.PASSWORD_RESET, token)
        user.password_hash = hashed
        revoke_sessions(session, user.id)
        revoke_keys(session, user.id)
        retire_links(session, user.id)
        record_about(session, EventKind.PASSWORD_CHANGED, user, actor=viewer_of(user), by="link")


def change_password(*, current: str, new: str, session_id: int | None, actor: Viewer) -> None:
    """Change the person's own password; every session but the one in use ends, and so do mailed links.

    Invalid when the current password is wrong or the new one cannot be accepted.
    """
    with transaction() as session:
        user = session.get_one(User, actor.user_id)
        stored, problem = user.password_hash, password_problem(new, email=user.email, name=user.name)
    if not is_password(current, stored):
        raise _wrong("current", Phrase(N_("This is not your present password.")))
    if problem is not None:
        raise _wrong("password", problem)
    hashed = hash_password(new)
    with transaction() as session:
        user = session.get_one(User, actor.user_id)
        user.password_hash = hashed
        revoke_sessions(session, user.id, but_session_id=session_id)
        retire_links(session, user.id)
        record_about(session, EventKind.PASSWORD_CHANGED, user, actor=actor, by="password")


def _checked_hash(purpose: OneTimePurpose, token: str, password: str, *, name: str | None = None) -> str:
    """The hash of a password that this link's person may have; made before any row is locked, for it takes a while."""
    target = link_target(purpose=purpose, token=token)
    if target is None:
        raise LinkDead
    problem = password_problem(password, email=target.email, name=name or target.name)
    if problem is not None:
        raise _wrong("password", problem)
    return hash_password(password)


def _wrong(field: str, phrase: Phrase) -> Invalid:
    return Invalid(phrase, fields={field: phrase})
