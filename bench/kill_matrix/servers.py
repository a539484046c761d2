"""PostgreSQL and Redis as they break: crashed, stopped, wiped, started again empty; always at the same address."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import threading
from pathlib import Path

from redis import Redis

from app.adapters.local_servers import ensure_postgresql, ensure_redis, postgresql, redis
from app.adapters.local_servers.account import command_as_owner, make_private_directory
from app.adapters.local_servers.binaries import find_postgresql
from app.adapters.local_servers.state import Access, server_directory, write_access

PORTS = range(20_000, 32_000)
"""Below those that the kernel gives to whoever connects: such a one could take a server's place while it is down."""


def free_port() -> int:
    """A port that nobody listens on, and that no connection gets by chance."""
    for _ in range(100):
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit("no port is free")


def settle_addresses(var: Path) -> None:
    """Decide where both servers will listen, before they are made."""
    for name in (postgresql.NAME, redis.NAME):
        directory = server_directory(var, name)
        make_private_directory(directory)
        write_access(directory, Access(free_port(), secrets.token_urlsafe(24)))


class Servers:
    """Both servers of one installation."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self.database_url = ensure_postgresql(var)
        self.redis_url = ensure_redis(var)

    def crash_postgresql(self) -> None:
        """Stop it at once, as a crash would: no last write, no goodbye to anybody."""
        directory = server_directory(self._var, postgresql.NAME)
        data = directory / "data"
        binaries = find_postgresql(int((data / "PG_VERSION").read_text()))
        command = [str(binaries.folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
        subprocess.run(command_as_owner(command, directory), cwd="/", capture_output=True, check=True)

    def start_postgresql(self) -> None:
        """Start it again and wait until it has recovered from its log of writes."""
        if ensure_postgresql(self._var) != self.database_url:
            raise SystemExit("PostgreSQL came back at another address")

    def begin_start_of_postgresql(self) -> None:
        """Start it again without waiting; other things may break meanwhile."""
        threading.Thread(target=ensure_postgresql, args=(self._var,), daemon=True).start()

    def stop_redis(self) -> None:
        """Stop it; what it holds is kept for its next start."""
        redis.stop(self._var)

    def start_redis(self) -> None:
        """Start it again with whatever it has kept."""
        if ensure_redis(self._var) != self.redis_url:
            raise SystemExit("Redis came back at another address")

    def flush_redis(self) -> None:
        """Make it forget everything while it runs."""
        with Redis.from_url(self.redis_url) as client:
            client.flushall()

    def empty_redis(self) -> None:
        """Stop it and throw away what it has kept."""
        redis.stop(self._var)
        for kept in server_directory(self._var, redis.NAME).glob("appendonly*"):
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
