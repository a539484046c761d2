"""One local PostgreSQL: made with `initdb`, started and stopped with `pg_ctl`."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from app.adapters.local_servers.account import command_as_owner, hand_over, make_private_directory
from app.adapters.local_servers.binaries import PostgresqlBinaries, find_postgresql
from app.adapters.local_servers.state import (
    HOST,
    Access,
    LocalServerError,
    last_lines,
    new_access,
    pid_working_in,
    read_access,
    server_directory,
    with_free_port,
    write_access,
)

NAME = "postgresql"
# The application's role owns its database and may make more of them (tests do); it is no superuser, as in production.
ROLE = DATABASE = "pullboard"
SUPERUSER = "postgres"
START_ATTEMPTS = 3
SETTINGS = f"""
listen_addresses = '{HOST}'
unix_socket_directories = ''
max_connections = 200
shared_buffers = '128MB'
max_wal_size = '512MB'
wal_level = minimal
max_wal_senders = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
"""


def ensure_running(var: Path) -> str:
    """The URL of the server under `var`; makes it, starts it, or finds it running."""
    directory = server_directory(var, NAME)
    data = directory / "data"
    make_private_directory(directory)
    access = read_access(directory)
    if access is None or not _is_complete(data):
        access = _create_cluster(directory, access or new_access())
    if running_pid(var) is None or not _answers(access):
        access = _start(directory, access)
    _ensure_database(access)
    return f"postgresql+psycopg://{ROLE}:{access.password}@{HOST}:{access.port}/{DATABASE}"


def running_pid(var: Path) -> int | None:
    """The process id of the server under `var`, None when it is not running."""
    data = server_directory(var, NAME) / "data"
    return pid_working_in(data / "postmaster.pid", data)


def stop(var: Path) -> None:
    """End every connection, write everything down and wait until the server is gone."""
    directory = server_directory(var, NAME)
    if running_pid(var) is None:
        return
    binaries = _binaries_for(directory / "data")
    for mode in ("fast", "immediate"):
        if _run(directory, binaries, "pg_ctl", "stop", "-w", "-t", "30", "-m", mode).returncode == 0:
            return
    raise LocalServerError(f"PostgreSQL (process {running_pid(var)}) does not stop: {last_lines(directory / 'log')}")


def _is_complete(data: Path) -> bool:
    """Whether `initdb` ran to its end: our settings are the last thing written."""
    try:
        return (data / "pullboard.conf").is_file()
    except PermissionError as error:
        raise LocalServerError(f"{data} belongs to another user: use another PULLBOARD_VAR, or that user.") from error


def _create_cluster(directory: Path, access: Access) -> Access:
    data = directory / "data"
    if data.exists():
        _discard(data)
    binaries = find_postgresql(None)
    with tempfile.NamedTemporaryFile("w", dir=directory) as password_file:
        password_file.write(access.password)
        password_file.flush()
        hand_over(Path(password_file.name))
        made = _run(directory, binaries, "initdb", *_initdb_options(binaries, Path(password_file.name)))
    if made.returncode != 0:
        raise LocalServerError(
            f"PostgreSQL could not make its data under {data}: {' | '.join(made.stderr.splitlines()[-3:])}"
        )
    write_access(directory, access)
    with (data / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude 'pullboard.conf'\n")
    (data / "pullboard.conf").write_text(SETTINGS)
    hand_over(data / "pullboard.conf")
    return access


def _discard(data: Path) -> None:
    """Put aside what an interrupted `initdb` left; nothing was ever stored in it."""
    data.rename(data.with_name(f"data-incomplete-{time.time_ns()}"))


def _initdb_options(binaries: PostgresqlBinaries, password_file: Path) -> list[str]:
    """One collation on every version and machine: code point order; names are sorted by an explicit collation."""
    options = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8"]
    if binaries.major >= 17:
        return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C.UTF-8"]


def _start(directory: Path, access: Access) -> Access:
    """Start the server on its remembered port, or on a new one when another program took that."""
    data = directory / "data"
    binaries = _binaries_for(data)
    for attempt in range(START_ATTEMPTS):
        if pid_working_in(data / "postmaster.pid", data) is None:
            (data / "postmaster.pid").unlink(missing_ok=True)
            access = with_free_port(access)
            write_access(directory, access)
        log = directory / "log"
        _run(directory, binaries, "pg_ctl", "start", "-w", "-t", "60", "-l", str(log), "-o", f"-p {access.port}")
        if _answers(access):
            return access
        time.sleep(attempt)
    raise LocalServerError(f"PostgreSQL does not start: {last_lines(directory / 'log')}")


def _binaries_for(data: Path) -> PostgresqlBinaries:
    return find_postgresql(int((data / "PG_VERSION").read_text()))


def _run(
    directory: Path, binaries: PostgresqlBinaries, program: str, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs on our data, with nothing of the caller's PG… variables or terminal."""
    command = [str(binaries.folder / program), "-D", str(directory / "data"), *options]
    with tempfile.TemporaryFile("w+") as output:
        answer = subprocess.run(
            command_as_owner(command, directory),
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
            start_new_session=True,
            text=True,
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(answer.args, answer.returncode, "", output.read())


def _connect(access: Access, user: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=HOST,
        port=access.port,
        user=user,
        password=access.password,
        dbname=database,
        connect_timeout=5,
        autocommit=True,
    )


def _answers(access: Access) -> bool:
    try:
        _connect(access, SUPERUSER, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_database(access: Access) -> None:
    """Make the application's role and database where they are missing."""
    with _connect(access, SUPERUSER, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            create_role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(create_role.format(sql.Identifier(ROLE), sql.Literal(access.password)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            create_database = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
            connection.execute(create_database.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
