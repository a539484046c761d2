"""The doorbell: rung once however often it is rung, and silent without harm when Redis is away."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from rq.job import Job
from rq.serializers import JSONSerializer

from app.adapters import job_names, job_queue
from app.adapters.job_queue import JobQueue, Ring
from tests.jobs.bells import WRITE_DOWN


def test_a_job_waits_in_its_queue_with_its_arguments_as_json(app: Flask, queue: JobQueue) -> None:
    with app.app_context():
        assert job_queue.enqueue(WRITE_DOWN, word="hello")
    (job_id,) = queue.queue("default").job_ids
    stored = queue.redis.hget(f"rq:job:{job_id}", "data")
    job = Job.fetch(job_id, connection=queue.redis, serializer=JSONSerializer)
    assert (job.func_name, job.kwargs) == (WRITE_DOWN, {"word": "hello"})
    assert stored is not None


@pytest.mark.parametrize(
    ("job_name", "queue_name"),
    [(job_names.ENFORCE_DEADLINES, "urgent"), (job_names.DELIVER_OUTBOX, "mail"), (WRITE_DOWN, "default")],
)
def test_each_job_knows_its_queue(job_name: str, queue_name: str) -> None:
    assert job_names.queue_of(job_name) == queue_name
    assert queue_name in job_names.QUEUE_NAMES


def test_ringing_again_does_not_pile_up(queue: JobQueue) -> None:
    answers = [queue.ring(WRITE_DOWN) for _ in range(5)]
    assert answers == [Ring.QUEUED, *[Ring.PENDING] * 4]
    assert queue.queue("default").count == 1


def test_a_ring_lost_by_a_dying_worker_can_be_rung_again(queue: JobQueue) -> None:
    queue.ring(WRITE_DOWN)
    queue.redis.delete("rq:queue:default")  # taken from the list, then the worker was killed
    assert queue.ring(WRITE_DOWN) is Ring.PENDING
    queue.drop_waiting_ring(WRITE_DOWN)
    assert queue.ring(WRITE_DOWN) is Ring.QUEUED
    assert queue.queue("default").count == 1


@pytest.mark.covers("W-03")
def test_a_ring_that_lapses_while_it_is_looked_at_stops_nobody(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Job.fetch

    def fetch_the_last_second(*given: Any, **named: Any) -> Job:
        job = fetch(*given, **named)
        queue.redis.flushdb()
        return job

    queue.ring(WRITE_DOWN)
    monkeypatch.setattr(Job, "fetch", fetch_the_last_second)
    queue.drop_waiting_ring(WRITE_DOWN)
    assert queue.ring(WRITE_DOWN) is Ring.QUEUED


def test_a_wiped_redis_hears_the_next_ring(queue: JobQueue) -> None:
    queue.ring(WRITE_DOWN)
    queue.redis.flushdb()
    assert queue.ring(WRITE_DOWN) is Ring.QUEUED


def test_without_redis_a_request_goes_on_at_once(app: Flask, no_redis: JobQueue) -> None:
    began = time.monotonic()
    with app.app_context():
        assert [job_queue.enqueue(WRITE_DOWN) for _ in range(50)] == [False] * 50
    assert no_redis.ring(WRITE_DOWN) is Ring.UNREACHABLE
    assert time.monotonic() - began < 5


def test_redis_is_asked_again_after_the_silence(
    queue: JobQueue, no_redis: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert no_redis.ring(WRITE_DOWN) is Ring.UNREACHABLE
    no_redis.redis = queue.redis
    assert no_redis.ring(WRITE_DOWN) is Ring.UNREACHABLE
    monkeypatch.setattr(no_redis, "_silent_until", 0.0)
    assert no_redis.ring(WRITE_DOWN) is Ring.QUEUED
