"""The clock process: every second it rings what is periodic into RQ, and does it itself when nobody answers.

It reads nothing but the time and its lease. Several clocks may run, on any hosts; one rings. What is due is decided by
the jobs, by the database's clock.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from threading import Event

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.job_queue import JobQueue, Ring
from app.database import db
from app.jobs.schedule import PERIODIC_JOBS, PeriodicJob
from app.services.processes import ClockLease

TICK_SECONDS = 1.0
# A ring that waits longer than this has no worker to hear it: the clock does the work itself.
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Bell:
    """One periodic job: when it is to be rung next, and since when a ring has gone unanswered."""

    def __init__(self, job: PeriodicJob) -> None:
        self.job = job
        self._due_at = 0.0
        self._waiting_since: float | None = None

    def is_due(self, now: float) -> bool:
        """Whether the job's period has passed since it was last rung."""
        return now >= self._due_at

    def ring(self, queue: JobQueue, now: float) -> bool:
        """Ring, and say whether somebody is there to hear it."""
        self._due_at = now + self.job.every_seconds
        answer = queue.ring(self.job.job_name)
        if answer is Ring.UNREACHABLE:
            return False
        if answer is Ring.QUEUED:
            self._waiting_since = now
            return True
        self._waiting_since = now if self._waiting_since is None else self._waiting_since
        if now - self._waiting_since < PATIENCE_SECONDS:
            return True
        queue.drop_waiting_ring(self.job.job_name)
        return False


class Clock:
    """Rings the bells of `app` while it holds the lease."""

    def __init__(self, app: Flask, jobs: Sequence[PeriodicJob] = PERIODIC_JOBS) -> None:
        self._app = app
        self._queue: JobQueue = app.extensions["job_queue"]
        self._bells = [Bell(job) for job in jobs]
        self._own_work: dict[str, Future[None]] = {}
        self._threads = ThreadPoolExecutor(max_workers=len(jobs), thread_name_prefix="clock")
        self._stopped = Event()
        with app.app_context():
            self._lease = ClockLease(db.engine)

    def run(self) -> None:
        """Tick every second until `stop()`; outlives a restart of PostgreSQL and of Redis."""
        while not self._stopped.is_set():
            began = time.monotonic()
            self.try_tick(began)
            self._stopped.wait(max(0.0, TICK_SECONDS - (time.monotonic() - began)))
        self.close()

    def stop(self) -> None:
        """Finish the tick under way, then end."""
        self._stopped.set()

    def close(self) -> None:
        """Wait for the work under way here and give the lease back."""
        self._threads.shutdown(wait=True)
        self._lease.release()

    def try_tick(self, now: float) -> None:
        """Tick; a database that is away is reported and asked again at the next tick."""
        try:
            self.tick(now)
        except SQLAlchemyError as error:
            log.warning("database_away", error=type(error).__name__)

    def tick(self, now: float) -> None:
        """Ring every bell that is due, or do its work here when nobody hears it."""
        if not self._lease.hold():
            return
        for bell in self._bells:
            if bell.is_due(now) and not bell.ring(self._queue, now):
                self._work_here(bell.job.job_name)

    def _work_here(self, job_name: str) -> None:
        """Do a job in a thread of this process, one at a time per job, so that a slow one delays no other."""
        running = self._own_work.get(job_name)
        if running is None or running.done():
            self._own_work[job_name] = self._threads.submit(self._run_job, job_name)

    def _run_job(self, job_name: str) -> None:
        module, _, function = job_name.rpartition(".")
        with self._app.app_context():
            try:
                getattr(import_module(module), function)()
            except Exception as error:
                log.error("periodic_job_failed", job=job_name, exc_info=error)
