"""Signs of life of workers and clocks, and the lease that lets one clock of many ring."""

from __future__ import annotations

import os
import socket

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.database import clock_now
from app.models.process import ProcessHeartbeat

# Any number will do, as long as every clock asks for the same; these letters spell "pull".
CLOCK_LOCK = 0x70756C6C
FORGET_AFTER = "1 day"

log = structlog.get_logger(__name__)


def record_heartbeat(connection: Connection, name: str) -> None:
    """Say that this process is alive, by the database's clock. `connection` commits by itself."""
    beat = insert(ProcessHeartbeat).values(name=name, host=socket.gethostname(), pid=os.getpid())
    connection.execute(
        beat.on_conflict_do_update(
            index_elements=[ProcessHeartbeat.name, ProcessHeartbeat.host, ProcessHeartbeat.pid],
            set_={"beat_at": clock_now()},
        )
    )


class ClockLease:
    """The right to ring: a PostgreSQL advisory lock held by one connection, lost with it, so nothing has to expire."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Take or keep the lease and record the clock's heartbeat; False while another clock has it.

        Raises `SQLAlchemyError` when the database is away; the next call connects anew.
        """
        try:
            if self._connection is None:
                self._acquire()
            if self._connection is not None:
                record_heartbeat(self._connection, "clock")
        except SQLAlchemyError:
            self.release()
            raise
        return self._connection is not None

    def release(self) -> None:
        """Give the lease back by closing the connection that holds it."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _acquire(self) -> None:
        connection = self._engine.connect()
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": CLOCK_LOCK}):
            connection.close()
            return
        self._connection = connection
        log.info("clock_lease_taken")
        forget = text("DELETE FROM process_heartbeat WHERE beat_at < clock_now() - CAST(:age AS interval)")
        connection.execute(forget, {"age": FORGET_AFTER})
