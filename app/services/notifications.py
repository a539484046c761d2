"""Mails owed: written with the change that owes them, sent by a job, each at most once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.notifications import MailKind
from app.models import OutboxMessage


def owe_mail(
    session: Session, kind: MailKind, *, user_id: int, payload: Mapping[str, Any], once_key: str | None = None
) -> None:
    """Owe one person one mail, inside the caller's transaction.

    `payload` holds ids only: what the mail says is drawn when it is sent, for that reader's eyes. A second call with
    the same `once_key` owes nothing more.
    """
    values = {"kind": kind.value, "user_id": user_id, "payload": dict(payload), "once_key": once_key}
    session.execute(insert(OutboxMessage).values(values).on_conflict_do_nothing(index_elements=["once_key"]))


def owe_mails(
    session: Session, kind: MailKind, people: Iterable[int], *, payload: Mapping[str, Any], once: str
) -> None:
    """Owe each of `people` the same mail, inside the caller's transaction; once per `once` and person."""
    for user_id in people:
        owe_mail(session, kind, user_id=user_id, payload=payload, once_key=f"{once}:{user_id}")
