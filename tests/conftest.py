"""What every test may ask for: an application on a real PostgreSQL and Redis, rolled back or really committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.config import load_config
from app.database import db
from app.extensions import limiter
from tests.browsing import Browse, Browser, open_browser
from tests.cast import Cast, engage_cast
from tests.databases import emptied_after, fresh_database, rolled_back, test_servers


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "covers(*ids): the capabilities of the source documents that this test proves",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have recorded, whichever process they ran in."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.user_properties:
            terminalreporter.section(report.nodeid)
            for name, value in report.user_properties:
                terminalreporter.write_line(f"{name:52} {value}")


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The application, on a database of this test process's own, built by the migrations."""
    servers = test_servers()
    with fresh_database(servers) as database_url:
        settings = load_config({"PULLBOARD_VAR": str(servers.var), "PULLBOARD_LOG_LEVEL": "WARNING"})
        config = replace(
            settings,
            database_url=database_url,
            redis_url=f"{servers.redis_url.rstrip('/')}/{1 + os.getpid() % 15}",
        )
        app = create_app(config)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        limiter.enabled = False
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose commits are savepoints in one outer transaction, rolled back at the end."""
    with rolled_back(app) as session:
        yield session


@pytest.fixture
def committed(app: Flask) -> Iterator[Session]:
    """A session that really commits, for tests with several connections or processes; all tables are emptied after."""
    with emptied_after(app) as session:
        yield session


@pytest.fixture
def cast(session: Session) -> Cast:
    """Acme, Nordwind, Kansai, Rival and Globex, in the rolled-back session."""
    return engage_cast(session)


@pytest.fixture
def committed_cast(committed: Session) -> Cast:
    """The same cast, really committed."""
    return engage_cast(committed)


@pytest.fixture
def browse(app: Flask, request: pytest.FixtureRequest) -> Browse:
    """`browse("nora")`: a client signed in as one of the cast, by a session row; `browse(None)` is nobody's."""
    cast: Cast = request.getfixturevalue("committed_cast" if "committed" in request.fixturenames else "cast")

    def signed_in(name: str | None = None) -> Browser:
        return open_browser(app, cast.people[name].id if name else None)

    return signed_in


class TimeMachine:
    """Moves the database's clock for the rolled-back session, and only for it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offset = timedelta()

    def pass_time(self, **span: float) -> None:
        """Let `timedelta(**span)` pass for everything that asks the database for the time."""
        self._offset += timedelta(**span)
        seconds = f"{self._offset.total_seconds()} seconds"
        self._session.execute(
            text("SELECT set_config('pullboard.clock_offset', :offset, false)"),
            {"offset": seconds},
        )
        self._session.commit()


@pytest.fixture
def clock(session: Session) -> Iterator[TimeMachine]:
    """The database's clock, movable."""
    yield TimeMachine(session)
    session.rollback()
    session.execute(text("SELECT set_config('pullboard.clock_offset', '', false)"))
