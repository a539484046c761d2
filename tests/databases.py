"""Databases for tests: one server kept between runs, one template per schema, one database per test process."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import create_app
from app.adapters.local_servers import ensure_postgresql, ensure_redis
from app.config import load_config
from app.database import db

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class TestServers:
    """The PostgreSQL and Redis the tests run against."""

    var: Path
    database_url: str
    redis_url: str


def test_servers() -> TestServers:
    """The servers named by TEST_DATABASE_URL and TEST_REDIS_URL, else local ones under `var/test`."""
    var = Path(os.environ.get("PULLBOARD_TEST_VAR", CHECKOUT / "var" / "test"))
    return TestServers(
        var,
        os.environ.get("TEST_DATABASE_URL") or ensure_postgresql(var),
        os.environ.get("TEST_REDIS_URL") or ensure_redis(var),
    )


@contextmanager
def fresh_database(servers: TestServers) -> Iterator[str]:
    """A migrated database that nobody else uses; dropped afterwards."""
    template = _template(servers)
    name = f"pb_test_{os.getpid()}"
    _administer(servers, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _named(servers, name)
    finally:
        _administer(servers, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def rolled_back(app: Flask) -> Iterator[Session]:
    """A session inside one outer transaction that is rolled back: commits of the code under test are savepoints."""
    with app.app_context():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        db.engines[None] = connection  # type: ignore[assignment]
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.session.configure(join_transaction_mode="conditional_savepoint")
            db.engines[None] = engine
            outer.rollback()
            connection.close()


@contextmanager
def emptied_after(app: Flask) -> Iterator[Session]:
    """A session that really commits; all tables are emptied at the end."""
    with app.app_context():
        try:
            yield db.session()
        finally:
            db.session.remove()
            _empty_tables()


def _empty_tables() -> None:
    """Empty every table; what a killed process has left running in the database is ended when it stands in the way."""
    tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    for is_last in (False, False, True):
        try:
            with db.engine.begin() as connection:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
            return
        except OperationalError:
            if is_last:
                raise
            with db.engine.begin() as connection:
                connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


def _template(servers: TestServers) -> str:
    """The migrated template of the present migrations, built once by whoever comes first."""
    versions = sorted((CHECKOUT / "migrations" / "versions").glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()[:12]
    name = f"pb_template_{digest}"
    with (servers.var / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(servers, name):
            draft = f"{name}_draft"
            _administer(
                servers, f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)", f"CREATE DATABASE {draft} TEMPLATE template0"
            )
            _migrate(servers, _named(servers, draft))
            _administer(servers, f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


def _migrate(servers: TestServers, database_url: str) -> None:
    settings = load_config({"PULLBOARD_VAR": str(servers.var), "PULLBOARD_LOG_LEVEL": "WARNING"})
    app = create_app(replace(settings, database_url=database_url, redis_url=servers.redis_url))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _named(servers: TestServers, name: str) -> str:
    return make_url(servers.database_url).set(database=name).render_as_string(hide_password=False)


def _exists(servers: TestServers, name: str) -> bool:
    engine = create_engine(servers.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).scalar()
    engine.dispose()
    return found is not None


def _administer(servers: TestServers, *statements: str) -> None:
    engine = create_engine(servers.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
