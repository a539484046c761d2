"""The worker process: RQ with the application loaded once in the parent, so that a job starts in milliseconds."""

from __future__ import annotations

import time
from typing import Any

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue, Worker
from rq.exceptions import InvalidJobOperation
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.job_names import QUEUE_NAMES
from app.adapters.job_queue import connect_redis
from app.config import Config
from app.database import db
from app.services.processes import record_heartbeat

WORKER_TTL_SECONDS = 30
MAINTENANCE_INTERVAL_SECONDS = 10
HEARTBEAT_SECONDS = 10.0

log = structlog.get_logger(__name__)


class PullboardWorker(Worker):
    """Runs each job in a fork that has the application and a fresh connection; its heartbeat is a PostgreSQL row."""

    max_connection_wait_time = 5.0
    log_result_lifespan = False

    def __init__(self, app: Flask, connection: Redis) -> None:
        self._app = app
        self._beat_at = 0.0
        super().__init__(
            [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUE_NAMES],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL_SECONDS,
            maintenance_interval=MAINTENANCE_INTERVAL_SECONDS,
            job_monitoring_interval=MAINTENANCE_INTERVAL_SECONDS,
            log_job_description=False,
        )

    @property
    def dequeue_timeout(self) -> int:
        """Wake often enough for the heartbeat."""
        return int(HEARTBEAT_SECONDS)

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """RQ's own sign of life in Redis, and ours in PostgreSQL, which a wiped Redis does not forget."""
        super().heartbeat(*args, **kwargs)
        if time.monotonic() - self._beat_at >= HEARTBEAT_SECONDS / 2:
            self._beat_at = time.monotonic()
            self._record_heartbeat()

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run one job in this fork: with the parent's application, never with its database connections."""
        with self._app.app_context(), structlog.contextvars.bound_contextvars(job=job.func_name, job_id=job.id):
            db.engine.dispose(close=False)
            try:
                return super().perform_job(job, queue, execution)
            finally:
                db.session.remove()
                db.engine.dispose()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # noqa: ARG002 - RQ's signature
        """Report a failed job by where it failed; RQ's own report would quote the exception's message."""
        if exc_info and exc_info[0] is InvalidJobOperation:
            # The clock grew tired of waiting and took the ring back while this worker was at it: the work is done.
            log.info("ring_taken_back")
        else:
            log.error("job_failed", exc_info=exc_info)

    def _record_heartbeat(self) -> None:
        try:
            with (
                self._app.app_context(),
                db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
            ):
                record_heartbeat(connection, "worker")
        except SQLAlchemyError as error:
            log.warning("database_away", error=type(error).__name__)


def run_worker(app: Flask) -> None:
    """Work until told to stop; waits for a Redis that is not there yet."""
    config: Config = app.extensions["config"]
    while not _answers(config):
        time.sleep(1)
    PullboardWorker(app, connect_redis(config)).work(logging_level="WARNING")


def _answers(config: Config) -> bool:
    """Ask on a connection of its own: the worker's must be made with the longer time-out of a waiting read."""
    with connect_redis(config) as connection:
        try:
            return bool(connection.ping())
        except (RedisConnectionError, RedisTimeoutError) as error:
            log.warning("redis_away", error=type(error).__name__)
            return False
