"""What is remembered about a local server between two starts, and the lock that lets only one start happen."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

HOST = "127.0.0.1"


class LocalServerError(SystemExit):
    """A local server cannot be had; the one line says what to do.

    A `SystemExit`, so that a command ends with that line instead of a traceback.
    """


@dataclass(frozen=True, slots=True)
class Access:
    """Where a server listens and what it wants to hear."""

    port: int
    password: str


def server_directory(var: Path, name: str) -> Path:
    """The folder that holds everything of the server `name`."""
    return var / "servers" / name


@contextmanager
def server_lock(var: Path) -> Iterator[None]:
    """Let one process at a time start or stop servers under `var`; freed by the kernel when its holder dies."""
    folder = var / "servers"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LocalServerError(
            f"Cannot keep local servers under {folder}: {error.strerror}. Set PULLBOARD_VAR."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def read_access(directory: Path) -> Access | None:
    """The remembered access, or None before the first start."""
    try:
        return Access(**json.loads((directory / "access.json").read_text()))
    except FileNotFoundError:
        return None


def write_access(directory: Path, access: Access) -> None:
    """Remember `access` for the next start, readable by its owner only."""
    draft = directory / "access.json.new"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(access), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(directory / "access.json")


def new_access() -> Access:
    """A port nobody listens on just now and a password nobody knows."""
    return Access(port=_free_port(), password=secrets.token_urlsafe(24))


def with_free_port(access: Access) -> Access:
    """`access` as it is while its port can be bound, else with another port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, access.port))
        except OSError:
            return Access(port=_free_port(), password=access.password)
    return access


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def pid_working_in(pid_file: Path, directory: Path) -> int | None:
    """The live process named by `pid_file`, if it works in `directory`.

    Both servers change into their data directory, so a pid the kernel has meanwhile given to another program is not
    mistaken for the server.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        return pid if Path(f"/proc/{pid}/cwd").samefile(directory) else None
    except (OSError, ValueError):
        return None


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a server's log, for the message about why it did not start."""
    try:
        return " | ".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return f"no log at {log}"
