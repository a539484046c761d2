"""Connections to PostgreSQL, tuned: what is prepared stays prepared, and a dead line is noticed without asking."""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool

PREPARED_STATEMENTS = 1_000
"""So many a connection keeps: more than there are, so that none is prepared twice."""


def tune_connections() -> None:
    """Have every engine of this process open its connections and look after them as below; once is enough."""
    event.listen(Engine, "do_connect", _connect)
    event.listen(Pool, "checkout", _check_line)


class _Line(psycopg.Connection[Any]):
    """A connection that keeps its prepared statements over a rollback.

    psycopg forgets them then, since a rollback may take back a table they speak of. Here every request that only reads
    ends in a rollback, and none makes tables: prepared once instead of each time, a claim costs a third (bench/claims).
    """

    def rollback(self) -> None:
        """Roll back what has begun, if anything has."""
        with self.lock:
            if self.pgconn.transaction_status == TransactionStatus.IDLE:
                return
            if self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                return
        super().rollback()


def _connect(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> _Line:
    line = _Line.connect(*arguments, **named)
    line.prepared_max = PREPARED_STATEMENTS
    return line


def _check_line(connection: psycopg.Connection, _record: object, _proxy: object) -> None:
    """Notice that the server has hung up before a request runs into it, without a round trip for every request.

    On a line at rest there is nothing to read but the end of it, or a last word before that: only then it is asked.
    """
    is_quiet = not connection.closed and not _readable(connection.fileno())
    if is_quiet:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def _readable(descriptor: int) -> bool:
    waiting = poll()
    waiting.register(descriptor, POLLIN)
    return bool(waiting.poll(0))
