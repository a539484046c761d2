"""Sending what the outbox owes, one mail at a time."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.notifications import MailKind, next_try
from app.models import OutboxMessage
from app.queries.notifications import OwedMail, mail_facts, reader_of
from app.services.identity.links import draw_token

LINK_MAILS = (MailKind.INVITATION_TO_USER, MailKind.PASSWORD_RESET_TO_USER)

log = structlog.get_logger(__name__)


def deliver_next(send: Callable[[OwedMail], None]) -> bool:
    """Send the mail that has been due longest, and mark it sent; False when none is due.

    Its row is locked meanwhile, so two workers never send the same one; a worker killed between the server's yes and
    the commit sends it again, with the same Message-ID. A mail that fails waits longer each time and is given up after
    the last wait; it stops no other. One that has become pointless is given up unsent.
    """
    with transaction() as session:
        message = session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.due_at <= select(clock_now()).scalar_subquery(),
            )
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if message is None:
            return False
        try:
            with session.begin_nested():
                _deliver(session, message, send)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            log.warning("mail_not_sent", message_id=message.id, kind=message.kind, error=type(error).__name__)
            _put_off(session, message, error)
        return True


def _deliver(session: Session, message: OutboxMessage, send: Callable[[OwedMail], None]) -> None:
    reader = reader_of(session, message.user_id)
    facts = mail_facts(session, message, reader) if reader else None
    kind = MailKind(message.kind)
    if facts is not None and kind in LINK_MAILS:
        token = draw_token(session, facts["link_id"])
        facts = {**facts, "token": token} if token else None
    now = read_clock(session)
    if reader is None or facts is None:
        message.given_up_at, message.last_error = now, "nothing left to say"
        return
    send(OwedMail(message.id, kind, reader, facts))
    message.sent_at = now


def _put_off(session: Session, message: OutboxMessage, error: Exception) -> None:
    session.refresh(message)
    now = read_clock(session)
    message.failures += 1
    message.last_error = type(error).__name__
    again = next_try(message.failures, now)
    if again is None:
        message.given_up_at = now
    else:
        message.due_at = again
