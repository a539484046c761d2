"""Jobs for the tests of clock and worker, found by dotted name like any other."""

from __future__ import annotations

from flask import current_app
from redis import Redis

WRITE_DOWN = "tests.jobs.bells.write_down"
FAIL = "tests.jobs.bells.fail"
RUNS = "test-bells-runs"


def write_down(word: str = "rung") -> None:
    """Leave a trace that the test can count."""
    redis: Redis = current_app.extensions["job_queue"].redis
    redis.rpush(RUNS, word)


def fail() -> None:
    """Fail with a message that quotes a person."""
    raise ValueError("erika@musterfirma.example")
