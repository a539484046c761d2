"""`/livez` and `/readyz`: what a supervisor, a load balancer and monitoring are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.job_queue import JobQueue, connect_redis
from app.queries import health
from app.services.processes import record_heartbeat

CHECKS = {"database", "schema", "clock", "deadlines", "outbox", "redis"}


@pytest.fixture
def beating(session: Session) -> Session:
    """A clock that was alive a moment ago."""
    record_heartbeat(session.connection(), "clock")
    session.commit()
    return session


def readyz(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def test_livez_answers_whatever_else_is_down(app: Flask) -> None:
    answer = app.test_client().get("/livez")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


@pytest.mark.usefixtures("beating")
def test_everything_in_order(app: Flask) -> None:
    status, found = readyz(app)
    assert (status, found["status"], set(found["checks"])) == (200, "ok", CHECKS)


@pytest.mark.usefixtures("session")
def test_without_a_clock_nothing_is_ready(app: Flask) -> None:
    status, found = readyz(app)
    assert (status, found["status"], found["checks"]["clock"]["ok"]) == (503, "unready", False)


def test_a_silent_clock_is_noticed(app: Flask, beating: Session) -> None:
    beating.execute(text("UPDATE process_heartbeat SET beat_at = clock_now() - interval '20 seconds'"))
    beating.commit()
    assert readyz(app)[0] == 503


@pytest.mark.usefixtures("beating")
def test_without_redis_the_service_is_degraded_but_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = JobQueue(connect_redis(replace(app.extensions["config"], redis_url="redis://127.0.0.1:1/0")))
    monkeypatch.setitem(app.extensions, "job_queue", absent)
    status, found = readyz(app)
    assert (status, found["status"], found["checks"]["redis"]["ok"]) == (200, "degraded", False)


def test_mail_held_up_degrades(app: Flask, beating: Session) -> None:
    columns, values = "kind, payload, last_error, due_at", "'x', '{}', '', clock_now() - interval '1 hour'"
    beating.execute(text(f"INSERT INTO outbox_message ({columns}) VALUES ({values})"))
    beating.commit()
    status, found = readyz(app)
    assert (status, found["status"], found["checks"]["outbox"]["ok"]) == (200, "degraded", False)


@pytest.mark.usefixtures("beating")
def test_a_schema_of_another_version_is_not_ours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_newest_version", lambda: "9999")
    status, found = readyz(app)
    assert (status, found["checks"]["schema"]["ok"]) == (503, False)
    assert "expected 9999" in found["checks"]["schema"]["detail"]


def test_the_request_id_of_the_caller_comes_back(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/livez", headers={"X-Request-ID": "abc-12345678"}).headers["X-Request-ID"] == "abc-12345678"
    forged = client.get("/livez", headers={"X-Request-ID": "a b\tc<script>"}).headers["X-Request-ID"]
    assert len(forged) == 32
