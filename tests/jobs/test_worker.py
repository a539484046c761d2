"""The worker: runs jobs with the application, reports failures without quoting people, says that it lives."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters import job_queue
from app.adapters.job_queue import JobQueue, connect_redis
from app.jobs.worker import PullboardWorker
from app.models.process import ProcessHeartbeat
from tests.jobs.bells import FAIL, WRITE_DOWN
from tests.jobs.conftest import runs


def work_off(app: Flask) -> None:
    worker = PullboardWorker(app, connect_redis(app.extensions["config"]))
    worker.work(burst=True, logging_level="WARNING")


@pytest.fixture
def _committed(committed: Session) -> Session:
    return committed


@pytest.mark.usefixtures("_committed")
def test_a_job_runs_once_with_the_application_and_its_arguments(app: Flask, queue: JobQueue) -> None:
    with app.app_context():
        job_queue.enqueue(WRITE_DOWN, word="hello")
    work_off(app)
    work_off(app)
    assert runs(queue) == ["hello"]


@pytest.mark.usefixtures("_committed")
def test_a_ring_is_answered_and_can_be_rung_again(app: Flask, queue: JobQueue) -> None:
    for _ in range(2):
        queue.ring(WRITE_DOWN)
        work_off(app)
    assert runs(queue) == ["rung", "rung"]


@pytest.mark.usefixtures("_committed")
def test_a_failed_job_is_kept_and_its_report_quotes_nobody(
    app: Flask, queue: JobQueue, capfd: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        job_queue.enqueue(FAIL)
    work_off(app)
    assert queue.queue("default").failed_job_registry.count == 1
    reported = "".join(capfd.readouterr())
    assert "musterfirma" not in reported


def test_a_worker_is_known_to_be_alive_even_after_redis_was_wiped(
    app: Flask, committed: Session, queue: JobQueue
) -> None:
    work_off(app)
    queue.redis.flushdb()
    names = committed.scalars(select(ProcessHeartbeat.name)).all()
    assert names == ["worker"]
    assert committed.scalar(select(func.count()).select_from(ProcessHeartbeat)) == 1
