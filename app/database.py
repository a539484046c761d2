"""The database: the declarative base, the session, the one clock, and the only place that commits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    Enum,
    MetaData,
    Text,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from app.connections import tune_connections

_CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _enum_values(enum_class: type[StrEnum]) -> list[str]:
    return [member.value for member in enum_class]


class Base(DeclarativeBase):
    """What every table shares: names of constraints and the column type behind each annotation."""

    metadata = MetaData(naming_convention=_CONSTRAINT_NAMES)
    type_annotation_map = {
        int: BigInteger(),
        str: Text(),
        datetime: DateTime(timezone=True),
        date: Date(),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        list[str]: ARRAY(Text()),
        list[int]: ARRAY(BigInteger()),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, create_constraint=True, values_callable=_enum_values),
    }


db = SQLAlchemy(metadata=Base.metadata)
tune_connections()

_OPEN = "pullboard_transaction_open"
_AFTER_COMMIT = "pullboard_after_commit"
_IS_PART = "pullboard_part_of_one_commit"

DATABASE_BROKEN = (OperationalError, InterfaceError, PendingRollbackError, PoolExhausted)
"""What says nothing of the work at hand: the server is gone, busy, or chose this transaction to end a deadlock."""

_ONE_TRANSACTION = frozenset({"40001", "40P01", "55P03", "57014"})
"""What PostgreSQL calls a conflict, a deadlock, a lock or a statement that took too long (SQLSTATE)."""


def is_database_away(error: BaseException) -> bool:
    """Whether nothing can be done at present, rather than only this one piece of work, which may be tried again."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, DATABASE_BROKEN) and state not in _ONE_TRANSACTION


clock_now = func.clock_now
"""The database's clock as SQL: every due time is compared with it, never with a host's clock.

A function of ours over `clock_timestamp()`, so that a test or a simulation can move time for one database.
"""


_CLOCK = select(clock_now())


def read_clock(session: Session) -> datetime:
    """The database's present moment, aware, in UTC."""
    moment: datetime = session.execute(_CLOCK).scalar_one()
    return moment


def is_one_of(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | InstrumentedAttribute[uuid.UUID],
    ids: Iterable[int] | Iterable[uuid.UUID],
) -> ColumnElement[bool]:
    """`column IN ids` as one statement however many they are, so that it is prepared once and not for each number."""
    return column == any_(literal(list(ids), ARRAY(column.type)))


def is_one_given(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], name: str
) -> ColumnElement[bool]:
    """`is_one_of` in a statement that is built once: the ids are a list given as `name` each time it is executed."""
    return column == any_(bindparam(name, type_=ARRAY(BigInteger)))


@contextmanager
def transaction() -> Iterator[Session]:
    """One business transaction: commit on success, roll back on any exception, never nested.

    Callbacks given to `after_commit` run only once the commit has succeeded.
    """
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("transaction() does not nest: compose through private functions or enqueue the next step")
    session.rollback()
    session.info[_OPEN] = True
    session.info[_AFTER_COMMIT] = []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(_AFTER_COMMIT, None)
        raise
    finally:
        session.info.pop(_OPEN, None)
    for callback in session.info.pop(_AFTER_COMMIT, []):
        if not session.info.get(_IS_PART):
            callback()


@contextmanager
def all_or_nothing() -> Iterator[Connection]:
    """Make every `transaction()` inside a part of one, committed at the end or not at all; yields its connection.

    For a process that builds a whole world, like the demo's. Nothing is visible to others before the end, so callbacks
    of `after_commit` are left out: what they would have rung for is found by the clock's own looking.
    """
    engine = db.engine
    with engine.connect() as connection, connection.begin():
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        _bind(connection)
        db.session().info[_IS_PART] = True
        try:
            yield connection
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            _bind(engine)


def _bind(bind: Engine | Connection) -> None:
    """Have every session of this application work on `bind` from now on."""
    engines = cast("dict[str | None, Engine | Connection]", db.engines)
    engines[None] = bind


def after_commit(session: Session, callback: Callable[[], object]) -> None:
    """Have `callback` run once the surrounding `transaction()` has committed; never if it rolls back."""
    callbacks: list[Callable[[], object]] = session.info[_AFTER_COMMIT]
    callbacks.append(callback)
