"""The clock: one rings, never twice for the same thing, and works alone when nobody hears it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.adapters.job_names import ENFORCE_DEADLINES
from app.adapters.job_queue import JobQueue
from app.database import db
from app.jobs.clock import PATIENCE_SECONDS, Clock
from app.jobs.schedule import PERIODIC_JOBS, PeriodicJob
from app.models.process import ProcessHeartbeat
from tests.jobs.bells import FAIL, RUNS, WRITE_DOWN
from tests.jobs.conftest import runs

EVERY_SECOND = [PeriodicJob(WRITE_DOWN, every_seconds=1)]


@pytest.fixture
def ticking(app: Flask, committed: Session, queue: JobQueue) -> Iterator[Clock]:
    """A clock that rings every second, moved by hand."""
    clock = Clock(app, EVERY_SECOND)
    yield clock
    clock.close()


def wait_for_runs(queue: JobQueue, count: int) -> None:
    give_up_at = time.monotonic() + 5
    while queue.redis.llen(RUNS) < count:
        assert time.monotonic() < give_up_at, "the clock did not do the work"
        time.sleep(0.02)


def test_deadlines_are_rung_every_second() -> None:
    periods = {job.job_name: job.every_seconds for job in PERIODIC_JOBS}
    assert periods[ENFORCE_DEADLINES] == 1
    assert len(periods) == len(PERIODIC_JOBS)


def test_ten_seconds_without_a_worker_leave_one_job_waiting(ticking: Clock, queue: JobQueue) -> None:
    for second in range(10):
        ticking.tick(100.0 + second)
    assert queue.queue("default").count == 1


def test_a_bell_rings_no_more_often_than_its_period(ticking: Clock, queue: JobQueue) -> None:
    ticking.tick(100.0)
    queue.redis.flushdb()
    ticking.tick(100.4)
    assert queue.queue("default").count == 0
    ticking.tick(101.0)
    assert queue.queue("default").count == 1


def test_each_tick_is_a_heartbeat(ticking: Clock, committed: Session) -> None:
    ticking.tick(100.0)
    first = committed.scalar(select(func.max(ProcessHeartbeat.beat_at)))
    committed.rollback()
    ticking.tick(101.0)
    assert first is not None
    assert committed.scalar(select(func.max(ProcessHeartbeat.beat_at))) > first
    assert committed.scalar(select(func.count()).select_from(ProcessHeartbeat)) == 1


def test_of_two_clocks_one_rings_and_the_other_takes_over(app: Flask, ticking: Clock, queue: JobQueue) -> None:
    second = Clock(app, EVERY_SECOND)
    ticking.tick(100.0)
    queue.redis.flushdb()
    second.tick(100.0)
    assert queue.queue("default").count == 0
    ticking.close()
    # PostgreSQL lets go of a lock when it notices that its connection is gone: soon, not at once.
    for tick in range(50):
        second.tick(101.0 + tick)
        if queue.queue("default").count:
            break
        time.sleep(0.1)
    assert queue.queue("default").count == 1
    second.close()


def test_the_clock_takes_its_lease_anew_after_the_database_cut_it_off(
    app: Flask, ticking: Clock, queue: JobQueue
) -> None:
    ticking.tick(100.0)
    with app.app_context(), db.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        connection.execute(text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    queue.redis.flushdb()
    ticking.try_tick(101.0)
    ticking.try_tick(102.0)
    assert queue.queue("default").count == 1


def test_without_redis_the_clock_does_the_work_itself(
    app: Flask, committed: Session, no_redis: JobQueue, queue: JobQueue
) -> None:
    clock = Clock(app, EVERY_SECOND)
    app.extensions["job_queue"] = queue  # only the clock finds Redis away; the job it runs leaves its trace there
    clock.tick(100.0)
    wait_for_runs(queue, 1)
    clock.tick(101.0)
    wait_for_runs(queue, 2)
    clock.close()
    assert queue.queue("default").count == 0


def test_a_ring_nobody_answers_is_answered_by_the_clock(ticking: Clock, queue: JobQueue) -> None:
    ticking.tick(100.0)
    ticking.tick(100.0 + PATIENCE_SECONDS - 0.5)
    assert runs(queue) == []
    ticking.tick(100.0 + PATIENCE_SECONDS + 0.5)
    wait_for_runs(queue, 1)


def test_work_that_fails_here_stops_neither_the_clock_nor_the_others(
    app: Flask, committed: Session, no_redis: JobQueue, queue: JobQueue
) -> None:
    clock = Clock(app, [PeriodicJob(FAIL, every_seconds=1), *EVERY_SECOND])
    app.extensions["job_queue"] = queue
    clock.tick(100.0)
    clock.tick(101.0)
    wait_for_runs(queue, 1)
    clock.close()
