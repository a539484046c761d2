"""Mails owed: written with the change that owes them, sent by a job, each at most once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.notifications import MailKind
from app.models import OutboxMessage

_TOGETHER = "pullboard_mails_owed_together"
_LISTED_LATER = "pullboard_mails_listed_later"
_OWED_ONCE = insert(OutboxMessage).on_conflict_do_nothing(index_elements=["once_key"])


def owe_mail(
    session: Session, kind: MailKind, *, user_id: int, payload: Mapping[str, Any], once_key: str | None = None
) -> None:
    """Owe one person one mail, inside the caller's transaction.

    `payload` holds ids only: what the mail says is drawn when it is sent, for that reader's eyes. A second call with
    the same `once_key` owes nothing more.
    """
    _owe(session, [{"kind": kind.value, "user_id": user_id, "payload": dict(payload), "once_key": once_key}])


def owe_mails(
    session: Session, kind: MailKind, people: Iterable[int], *, payload: Mapping[str, Any], once: str
) -> None:
    """Owe each of `people` the same mail, inside the caller's transaction; once per `once` and person."""
    owed = {"kind": kind.value, "payload": dict(payload)}
    _owe(session, [{**owed, "user_id": user_id, "once_key": f"{once}:{user_id}"} for user_id in people])


@contextmanager
def owed_together(session: Session) -> Iterator[None]:
    """Write all mails that are owed meanwhile with one statement at the end: for work that owes one after the other."""
    rows: list[dict[str, Any]] = []
    session.info[_TOGETHER] = rows
    try:
        yield
    finally:
        del session.info[_TOGETHER]
    _owe(session, rows)


@contextmanager
def listed_later(session: Session, kinds: Collection[MailKind]) -> Iterator[None]:
    """Owe no mail of these kinds meanwhile: whoever works in here tells people of everything in one list afterwards."""
    session.info[_LISTED_LATER] = frozenset(kind.value for kind in kinds)
    try:
        yield
    finally:
        del session.info[_LISTED_LATER]


def _owe(session: Session, rows: list[dict[str, Any]]) -> None:
    listed_later = session.info.get(_LISTED_LATER, frozenset())
    rows = [row for row in rows if row["kind"] not in listed_later]
    if _TOGETHER in session.info:
        session.info[_TOGETHER].extend(rows)
    elif rows:
        session.execute(_OWED_ONCE, rows)
