"""An empty Redis, and one that is not there; a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.adapters.job_queue import JobQueue, connect_redis
from tests.jobs.bells import RUNS
from tests.mail_server import MailServer, served


@pytest.fixture
def queue(app: Flask) -> Iterator[JobQueue]:
    """The application's queues, emptied before and after."""
    queue: JobQueue = app.extensions["job_queue"]
    queue.redis.flushdb()
    yield queue
    queue.redis.flushdb()


@pytest.fixture
def no_redis(app: Flask, queue: JobQueue) -> Iterator[JobQueue]:
    """The application with queues on a Redis that refuses connections; `queue` stays the way to what is there."""
    absent = JobQueue(connect_redis(replace(app.extensions["config"], redis_url="redis://127.0.0.1:1/0")))
    app.extensions["job_queue"] = absent
    yield absent
    app.extensions["job_queue"] = queue


@pytest.fixture
def mail_server(app: Flask) -> Iterator[MailServer]:
    """A running mail server that the application sends through."""
    with served(app) as server:
        yield server


def runs(queue: JobQueue) -> list[str]:
    """What the test's jobs have written down."""
    return [word.decode() for word in queue.redis.lrange(RUNS, 0, -1)]
