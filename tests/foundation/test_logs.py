"""Logs: enough to find a fault, nothing that says who a person is."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from flask import Flask

from app import logs
from app.config import Config

PRIVATE = "erika@musterfirma.example"


@pytest.fixture
def settings(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Config]:
    """The settings of a production installation's logs; the tests' own come back afterwards."""
    config = replace(app.extensions["config"], is_production=True, log_level="INFO")
    structlog.contextvars.clear_contextvars()
    yield config
    logs.configure(app.extensions["config"])


@pytest.fixture
def small_app(settings: Config) -> Flask:
    """An application with one page that works and one that fails."""
    app = Flask(__name__)
    app.extensions["config"] = settings
    logs.init_app(app)

    @app.post("/reset/<token>")
    def reset(token: str) -> str:
        return token

    @app.post("/fail")
    def fail() -> str:
        raise ValueError(PRIVATE)

    return app


def lines(written: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.splitlines()]


def test_a_request_is_named_by_its_route_and_id(small_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    small_app.test_client().post(
        "/reset/secret-token?email=" + PRIVATE, data={"email": PRIVATE}, headers={"X-Request-ID": "abcdefgh"}
    )
    written = capsys.readouterr().err
    (line,) = lines(written)
    named = {name: line[name] for name in ("event", "method", "route", "status", "request_id")}
    assert named == {
        "event": "request",
        "method": "POST",
        "route": "/reset/<token>",
        "status": 200,
        "request_id": "abcdefgh",
    }
    assert PRIVATE not in written
    assert "secret-token" not in written


def test_a_fault_tells_where_it_was_raised_and_quotes_nobody(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    small_app.test_client().post("/fail", data={"email": PRIVATE})
    written = capsys.readouterr().err
    failed = lines(written)[0]
    assert (failed["event"], failed["route"], failed["exception"]) == ("request_failed", "/fail", "builtins.ValueError")
    assert "test_logs.py" in str(failed["raised_in"])
    assert PRIVATE not in written


@pytest.mark.parametrize("is_production", [True, False])
def test_a_librarys_record_takes_the_same_form(
    settings: Config, capsys: pytest.CaptureFixture[str], is_production: bool
) -> None:
    logs.configure(replace(settings, is_production=is_production))
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        logging.getLogger("some.library").exception("It failed")
    written = capsys.readouterr().err
    assert "It failed" in written
    assert "builtins.ValueError" in written
    assert PRIVATE not in written


def test_a_developers_console_shows_short_lines(settings: Config, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(replace(settings, is_production=False))
    structlog.get_logger("x").info("clock_lease_taken", job="a.b")
    time, level, event, job = capsys.readouterr().err.split()
    assert (len(time), level, event, job) == (8, "info", "clock_lease_taken", "job=a.b")
