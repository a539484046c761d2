"""`/livez` says that this process answers; `/readyz` says whether the installation does its work.

`/readyz` answers 503 when the database is away, its schema is not this code's, the clock is silent or deadlines are
overdue. Without Redis, or with mail held up, it answers 200 and `degraded`: the clock does the work itself, later.
Load balancers ask `/livez`, since one stopped clock is no reason to take every web host away; monitoring asks this.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, jsonify
from redis.exceptions import RedisError

from app.extensions import limiter
from app.queries.health import WorkState, database_state
from app.web.access import public

OLDEST_CLOCK_SECONDS = 15.0
OLDEST_DEADLINE_SECONDS = 60.0
OLDEST_MAIL_SECONDS = 600.0

blueprint = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. What is not `required` degrades the service instead of ending it."""

    name: str
    is_good: bool
    detail: str = ""
    required: bool = True


@blueprint.get("/livez")
@public
@limiter.exempt
def livez() -> Response:
    """This process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
@limiter.exempt
def readyz() -> tuple[Response, int]:
    """Each check with its finding; 503 when a required one fails."""
    checks = [*_database_checks(), _redis_check()]
    ready = all(check.is_good for check in checks if check.required)
    status = "ok" if all(check.is_good for check in checks) else "degraded" if ready else "unready"
    findings = {check.name: {"ok": check.is_good, "detail": check.detail} for check in checks}
    response = jsonify(status=status, checks=findings)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if ready else 503


def _database_checks() -> list[Check]:
    state = database_state()
    if state.error is not None:
        return [Check("database", False, state.error)]
    schema = Check("schema", state.work is not None, f"{state.version}, expected {state.expected_version}")
    return [Check("database", True), schema, *(_work_checks(state.work) if state.work else [])]


def _work_checks(work: WorkState) -> list[Check]:
    return [
        Check("clock", work.clock_age is not None and work.clock_age <= OLDEST_CLOCK_SECONDS, _age(work.clock_age)),
        _lag_check("deadlines", work.oldest_overdue_deadline, OLDEST_DEADLINE_SECONDS),
        _lag_check("outbox", work.oldest_owed_mail, OLDEST_MAIL_SECONDS, required=False),
    ]


def _lag_check(name: str, seconds: float | None, limit: float, *, required: bool = True) -> Check:
    return Check(name, seconds is None or seconds <= limit, _age(seconds), required)


def _redis_check() -> Check:
    try:
        current_app.extensions["job_queue"].redis.ping()
    except RedisError as error:
        return Check("redis", False, type(error).__name__, required=False)
    return Check("redis", True, required=False)


def _age(seconds: float | None) -> str:
    return "none" if seconds is None else f"{seconds:.1f} s"
