"""`make demo` and `make run`: everything Pullboard needs, on this machine, until Ctrl-C; the demo with made-up data.

The local servers belong to it while it runs: it stops them on its way out. Killed with SIGKILL it cannot; then
its processes end by themselves, and the servers stay for the next start or `make stop`.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from types import FrameType
from typing import IO

import click
from flask_migrate import upgrade

from app import create_app
from app.adapters import local_servers
from app.adapters.supervisor import Supervisor, adopt_orphans, end_orphans
from app.config import CHECKOUT, Config, demo_environment, load_config, run_environment
from app.database import db

SECONDS_TO_READY = 120.0
CHECK_SERVERS_SECONDS = 5.0
WORKERS = 2
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Ctrl-C or SIGTERM."""


@click.command("run-demo")
def run_demo() -> None:
    """Run PostgreSQL, Redis, web, workers, clock and mailbox here, with demo data made on the first start."""
    main()


def main(*, is_demo: bool = True) -> None:
    """Start everything, wait until it is ready, and keep it running until told to stop."""
    os.chdir(CHECKOUT)
    environ = demo_environment(_free_port()) if is_demo else run_environment(_free_port())
    config = load_config(environ)
    with _only_demo(config):
        _refuse_taken_port(config)
        adopt_orphans()
        for number in STOP_SIGNALS:
            signal.signal(number, _request_stop)
        supervisor = Supervisor(environ, _say)
        try:
            _run(config, supervisor)
        except StopRequested:
            _say("stopping")
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()
            local_servers.stop_all(config.var)
            end_orphans()
            _say(f"stopped, the data stays in {config.var}")


def reset() -> None:
    """Delete the data of the demo under PULLBOARD_VAR; the next start makes it anew."""
    config = load_config(demo_environment(smtp_port=25))
    with _only_demo(config):
        local_servers.destroy_all(config.var)
        shutil.rmtree(config.var / "mailbox", ignore_errors=True)
    _say(f"deleted the data under {config.var}")


def _run(config: Config, supervisor: Supervisor) -> None:
    _say("starting PostgreSQL and Redis")
    with_servers = local_servers.provided(config)
    has_mailbox = config.smtp.host == "127.0.0.1"
    if has_mailbox:
        # It takes seconds to load and needs no table: it is open long before a worker has a mail to send.
        supervisor.add("mailbox", _python("flask", "mailbox"))
    _prepare_data(with_servers)
    # Not earlier: whoever comes meanwhile would meet an installation without a table, or a demo without a soul.
    _say("starting the web server and the clock")
    supervisor.add("web", _python("gunicorn", "-c", "deploy/gunicorn.conf.py"))
    supervisor.add("clock", _python("flask", "clock"))
    _wait_until_ready(config, supervisor)
    _say(f"Pullboard is ready: {config.base_url}")
    if config.demo_mode:
        _say(f"sign in as one of the personas: {config.base_url}/demo (Ctrl-C stops everything)")
    if has_mailbox:
        _wait_until_open(config.smtp.port, supervisor)
    for number in range(1, WORKERS + 1):
        supervisor.add(f"worker {number}", _python("flask", "worker"))
    _tend_forever(config, supervisor)


def _prepare_data(config: Config) -> None:
    from app.cli.demo import seed_demo

    _say("bringing the database up to date")
    app = create_app(config)
    with app.app_context():
        upgrade()
        db.session.remove()
    if config.demo_mode:
        seed_demo(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _wait_until_ready(config: Config, supervisor: Supervisor) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_READY
    finding = "no answer"
    while time.monotonic() < give_up_at:
        supervisor.tend()
        is_ready, finding = _ask_readyz(config)
        if is_ready:
            return
        time.sleep(0.1)
    raise SystemExit(f"pullboard: not ready after {SECONDS_TO_READY:g} s: {finding}")


def _ask_readyz(config: Config) -> tuple[bool, str]:
    connection = http.client.HTTPConnection(config.host, config.port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status == 200, answer.read().decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return False, str(error)
    finally:
        connection.close()


def _wait_until_open(port: int, supervisor: Supervisor) -> None:
    """Let no worker send mail before the mailbox takes it; without a mailbox they retry."""
    give_up_at = time.monotonic() + SECONDS_TO_READY
    while time.monotonic() < give_up_at:
        supervisor.tend()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _tend_forever(config: Config, supervisor: Supervisor) -> None:
    check_at = time.monotonic()
    while True:
        supervisor.tend()
        if time.monotonic() >= check_at:
            _tend_servers(config)
            check_at = time.monotonic() + CHECK_SERVERS_SECONDS
        time.sleep(0.2)


def _tend_servers(config: Config) -> None:
    named = {"postgresql": config.database_url, "redis": config.redis_url}
    ended = [one.name for one in local_servers.list_status(config.var) if one.pid is None and not named[one.name]]
    if ended:
        _say(f"{' and '.join(ended)} ended; starting again")
        local_servers.provided(config)


def _only_demo(config: Config) -> IO[str]:
    """Hold this PULLBOARD_VAR for one demo; the kernel frees it when we die."""
    config.var.mkdir(parents=True, exist_ok=True)
    lock = (config.var / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(
            f"pullboard: already running on {config.var}; set PULLBOARD_VAR and PORT for another"
        ) from None
    return lock


def _refuse_taken_port(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise SystemExit(
                f"pullboard: port {config.port}: {error.strerror}; choose another: PORT=8001 make demo"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested


def _say(message: str) -> None:
    click.echo(f"pullboard: {message}")
    sys.stdout.flush()


COMMANDS = (run_demo,)

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["reset"]:
            reset()
        case ["own"]:
            main(is_demo=False)
        case _:
            main()
