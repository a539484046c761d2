"""Mails owed: written with the change that owes them, sent by a job, each at most once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.notifications import MailKind
from app.models import OutboxMessage


def owe_mail(
    session: Session,
    kind: MailKind,
    *,
    user_id: int,
    payload: Mapping[str, Any] | None = None,
    once_key: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Owe one person one mail, inside the caller's transaction.

    `payload` holds ids only: what the mail says is drawn when it is sent, for that reader's eyes. A second call with
    the same `once_key` owes nothing more. Without `due_at` it is due at once.
    """
    values: dict[str, Any] = {
        "kind": kind.value,
        "user_id": user_id,
        "payload": dict(payload or {}),
        "once_key": once_key,
    }
    if due_at is not None:
        values["due_at"] = due_at
    session.execute(insert(OutboxMessage).values(values).on_conflict_do_nothing(index_elements=["once_key"]))
