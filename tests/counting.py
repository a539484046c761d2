"""How often something asks the database."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event

from app.database import db


def statements(work: Callable[[], object]) -> int:
    """How many statements something sends, with nothing remembered."""
    db.session.expire_all()
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)
