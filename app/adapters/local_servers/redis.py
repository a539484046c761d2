"""One local Redis or Valkey: it puts itself into the background and keeps an append-only file."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.adapters.local_servers.account import command_as_owner, hand_over, make_private_directory
from app.adapters.local_servers.binaries import find_redis
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

NAME = "redis"
START_ATTEMPTS = 3
SECONDS_TO_START = 15.0
SECONDS_TO_STOP = 15.0


def ensure_running(var: Path) -> str:
    """The URL of the server under `var`; starts it or finds it running."""
    directory = server_directory(var, NAME)
    make_private_directory(directory)
    access = read_access(directory) or new_access()
    if running_pid(var) is None or not _answers(access):
        access = _start(var, access)
    return f"redis://:{access.password}@{HOST}:{access.port}/0"


def running_pid(var: Path) -> int | None:
    """The process id of the server under `var`, None when it is not running."""
    directory = server_directory(var, NAME)
    return pid_working_in(directory / "pid", directory)


def stop(var: Path) -> None:
    """Let the server write its file, and wait until it is gone."""
    pid = running_pid(var)
    if pid is None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.kill(pid, number)
        if _wait_until_gone(var, SECONDS_TO_STOP):
            return
    raise LocalServerError(f"Redis (process {pid}) does not stop.")


def _start(var: Path, access: Access) -> Access:
    """Start the server on its remembered port, or on a new one when another program took that."""
    directory = server_directory(var, NAME)
    for _ in range(START_ATTEMPTS):
        stop(var)
        access = with_free_port(access)
        write_access(directory, access)
        settings = _write_settings(directory, access)
        subprocess.run(
            command_as_owner([str(find_redis()), str(settings)], directory),
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
            timeout=SECONDS_TO_START,
        )
        if _wait_until_answers(access):
            return access
    raise LocalServerError(f"Redis does not start: {last_lines(directory / 'log')}")


def _write_settings(directory: Path, access: Access) -> Path:
    """The server's settings, where the password is out of sight of the process list."""
    settings = directory / "settings"
    settings.touch(mode=0o600)
    settings.write_text(
        f"bind {HOST}\n"
        f"port {access.port}\n"
        f"requirepass {access.password}\n"
        f'dir "{directory}"\n'
        f'pidfile "{directory / "pid"}"\n'
        f'logfile "{directory / "log"}"\n'
        "daemonize yes\n"
        "appendonly yes\n"
        "appendfsync everysec\n"
        'save ""\n'
        "databases 16\n"
    )
    hand_over(settings)
    return settings


def _answers(access: Access) -> bool:
    with Redis(
        host=HOST, port=access.port, password=access.password, socket_connect_timeout=2, socket_timeout=5
    ) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def _wait_until_answers(access: Access) -> bool:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at:
        if _answers(access):
            return True
        time.sleep(0.05)
    return False


def _wait_until_gone(var: Path, seconds: float) -> bool:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if running_pid(var) is None:
            return True
        time.sleep(0.05)
    return False
