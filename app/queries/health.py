"""What an installation knows about its own state. The one read without a viewer: it holds nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import Extract, Select, extract, func, select, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from app.config import CHECKOUT
from app.database import clock_now, db
from app.models.deadline import Deadline
from app.models.notification import OutboxMessage
from app.models.process import ProcessHeartbeat


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Whether the database answers (`error` says why not), its migration, and the work in it once that is ours."""

    error: str | None = None
    version: str | None = None
    expected_version: str | None = None
    work: WorkState | None = None


@dataclass(frozen=True, slots=True)
class WorkState:
    """How far behind the work is, in seconds; None where there is nothing to measure."""

    clock_age: float | None
    oldest_overdue_deadline: float | None
    oldest_owed_mail: float | None


def database_state() -> DatabaseState:
    """What the database says about itself; an answer also when it is away."""
    expected = _newest_version()
    try:
        version = _schema_version()
        work = _work_state() if version == expected else None
    except SQLAlchemyError as error:
        db.session.rollback()
        return DatabaseState(error=type(error).__name__, expected_version=expected)
    return DatabaseState(version=version, expected_version=expected, work=work)


def _schema_version() -> str | None:
    """The migration the database stands at; None before the first."""
    try:
        version: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except ProgrammingError:
        db.session.rollback()
        return None
    return version


@cache
def _newest_version() -> str | None:
    """The migration this code was written for."""
    return ScriptDirectory(str(CHECKOUT / "migrations")).get_current_head()


def _work_state() -> WorkState:
    """The clock's last sign of life, the oldest deadline past due and the oldest mail owed."""
    clock_beat = select(func.max(ProcessHeartbeat.beat_at)).where(ProcessHeartbeat.name == "clock")
    due_at = func.coalesce(Deadline.retry_at, Deadline.due_at)
    overdue = select(func.min(due_at)).where(
        Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None), due_at <= clock_now()
    )
    owed = select(func.min(OutboxMessage.due_at)).where(
        OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.due_at <= clock_now()
    )
    row = db.session.execute(select(*map(_seconds_since, (clock_beat, overdue, owed)))).one()
    return WorkState(*(None if value is None else max(0.0, float(value)) for value in row))


def _seconds_since(moment: Select[datetime]) -> Extract:
    return extract("epoch", clock_now() - moment.scalar_subquery())
