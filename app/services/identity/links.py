"""Mailed links: single use, expiring, and written down nowhere.

A link's secret comes to be when its mail is drawn, and only its hash stays. Neither the outbox nor a backup holds
anything that opens an account, with or without the installation's secret key. When a delivery is repeated, the link of
the last mail is the one that works.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.identity import OneTimePurpose
from app.domain.notifications import MailKind
from app.domain.sign_in import LINK_LIFE, LinkDead
from app.models import OneTimeLink, User
from app.queries.identity import secret_hash
from app.services.identity.sessions import TOKEN_BYTES
from app.services.notifications import owe_mail

MAIL_KINDS = {
    OneTimePurpose.INVITATION: MailKind.INVITATION_TO_USER,
    OneTimePurpose.PASSWORD_RESET: MailKind.PASSWORD_RESET_TO_USER,
}


def draw_link(link_id: int) -> str | None:
    """The token of a link that is about to be mailed; None when the link was used, replaced or has expired.

    A second call draws another token, and the first stops working.
    """
    with transaction() as session:
        return draw_token(session, link_id)


def draw_token(session: Session, link_id: int) -> str | None:
    """`draw_link` inside the caller's transaction."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    drawn = session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock_now())
        .values(token_hash=secret_hash(token))
        .returning(OneTimeLink.id)
    )
    return token if drawn is not None else None


def make_link(session: Session, user: User, purpose: OneTimePurpose) -> int:
    """A new link in place of the person's earlier ones of that purpose; returns its id. It has no token yet."""
    retire_links(session, user.id, purpose)
    link = OneTimeLink(
        user_id=user.id,
        purpose=purpose,
        token_hash=secret_hash(secrets.token_urlsafe(TOKEN_BYTES)),
        expires_at=read_clock(session) + LINK_LIFE[purpose],
    )
    session.add(link)
    session.flush()
    return link.id


def mail_link(session: Session, user: User, purpose: OneTimePurpose) -> None:
    """Owe the person a mail with a new link."""
    link_id = make_link(session, user, purpose)
    owe_mail(session, MAIL_KINDS[purpose], user_id=user.id, payload={"link_id": link_id}, once_key=f"link-{link_id}")


def use_link(session: Session, purpose: OneTimePurpose, token: str) -> User:
    """Spend a link; LinkDead when somebody else was first, also in the same moment: the row's lock makes the order."""
    user_id = session.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == secret_hash(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock_now(),
        )
        .values(used_at=clock_now())
        .returning(OneTimeLink.user_id)
    )
    user = session.scalar(select(User).where(User.id == user_id, User.disabled_at.is_(None)))
    if user is None:
        raise LinkDead
    return user


def retire_links(session: Session, user_id: int, purpose: OneTimePurpose | None = None) -> None:
    """Let a person's unused links of that purpose, or of all, expire now."""
    conditions = [OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None)]
    if purpose is not None:
        conditions.append(OneTimeLink.purpose == purpose)
    session.execute(update(OneTimeLink).where(*conditions).values(expires_at=clock_now()))
