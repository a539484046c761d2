"""The doorbell: RQ queues on Redis, asked by dotted name.

PostgreSQL holds everything that is owed; a job only says "look now". When Redis is away nothing is lost: the request
goes on, and the clock process looks by itself.
"""

from __future__ import annotations

import time
from enum import Enum

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError, InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException

from app.adapters.job_names import queue_of
from app.config import Config

# After Redis did not answer, requests leave it alone for this long instead of each waiting for its time-out.
SECONDS_OF_SILENCE = 5.0
JOB_TIMEOUT_SECONDS = 600
RING_TIMEOUT_SECONDS = 120
FAILED_JOB_SECONDS = 7 * 24 * 3600
OutOfTime = BaseTimeoutException
"""What a job that has run for too long is ended with, wherever it is: never the fault of what it was at."""

log = structlog.get_logger(__name__)


class Ring(Enum):
    """What became of ringing for a periodic job."""

    QUEUED = "queued"
    PENDING = "pending"
    UNREACHABLE = "unreachable"


class JobQueue:
    """The queues of one installation."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._silent_until = 0.0

    def queue(self, name: str) -> Queue:
        """The RQ queue `name`; arguments travel as JSON, since pickle would run whatever someone puts there."""
        return Queue(name, connection=self.redis, serializer=JSONSerializer)

    @property
    def is_silent(self) -> bool:
        """Whether Redis failed a moment ago."""
        return time.monotonic() < self._silent_until

    def enqueue(self, job_name: str, arguments: dict[str, object]) -> bool:
        """Put one job into its queue; False when Redis is away."""
        if self.is_silent:
            return False
        try:
            self.queue(queue_of(job_name)).enqueue_call(
                job_name,
                kwargs=arguments,
                timeout=JOB_TIMEOUT_SECONDS,
                result_ttl=0,
                failure_ttl=FAILED_JOB_SECONDS,
                description=job_name,
            )
        except RedisError as error:
            self._fall_silent(job_name, error)
            return False
        return True

    def ring(self, job_name: str) -> Ring:
        """Ask for one periodic job, unless the last ring for it still waits or runs."""
        if self.is_silent:
            return Ring.UNREACHABLE
        try:
            self.queue(queue_of(job_name)).enqueue_call(
                job_name,
                timeout=RING_TIMEOUT_SECONDS,
                result_ttl=0,
                failure_ttl=1,
                description=job_name,
                job_id=_ring_id(job_name),
                unique=True,
            )
        except DuplicateJobError:
            return Ring.PENDING
        except RedisError as error:
            self._fall_silent(job_name, error)
            return Ring.UNREACHABLE
        return Ring.QUEUED

    def drop_waiting_ring(self, job_name: str) -> None:
        """Take back a ring no worker has begun with, also one that a worker took and lost by dying."""
        try:
            job = Job.fetch(_ring_id(job_name), connection=self.redis, serializer=JSONSerializer)
            if job.get_status() is JobStatus.QUEUED:
                job.delete()
        except (NoSuchJobError, InvalidJobOperation):  # It has gone, at the latest while it was looked at.
            return
        except RedisError as error:
            self._fall_silent(job_name, error)

    def _fall_silent(self, job_name: str, error: RedisError) -> None:
        self._silent_until = time.monotonic() + SECONDS_OF_SILENCE
        log.warning("redis_away", job=job_name, error=type(error).__name__)


def connect_redis(config: Config) -> Redis:
    """A client that gives up soon: one try, one more on a connection that has gone stale."""
    return Redis.from_url(
        config.redis_url,
        socket_connect_timeout=config.timeouts.redis_seconds,
        socket_timeout=config.timeouts.redis_seconds,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 1),
    )


def init_app(app: Flask) -> None:
    """Give `app` its queues; nothing is connected before the first use."""
    app.extensions["job_queue"] = JobQueue(connect_redis(app.extensions["config"]))


def current_queue() -> JobQueue:
    """The queues of the application at work."""
    queue: JobQueue = current_app.extensions["job_queue"]
    return queue


def enqueue(job_name: str, **arguments: object) -> bool:
    """Ask for `job_name(**arguments)` soon; False when Redis is away, which loses nothing that PostgreSQL owes."""
    return current_queue().enqueue(job_name, arguments)


def _ring_id(job_name: str) -> str:
    return "ring-" + job_name.replace(".", "-")
