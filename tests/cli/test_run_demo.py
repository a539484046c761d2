"""The demo as a person runs it: one command starts everything, one signal ends everything."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.adapters.local_servers import list_status, stop_all
from app.config import CHECKOUT

SECONDS_TO_READY = 180


@dataclass
class Demo:
    """A demo with a state folder and a port of its own."""

    var: Path
    port: int
    output: Path

    def start(self) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PULLBOARD_VAR": str(self.var), "PORT": str(self.port)}
        command = [sys.executable, "-m", "app.cli.run_demo"]
        with self.output.open("wb") as output:
            return subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=output, stderr=subprocess.STDOUT)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_for(self, words: str, process: subprocess.Popen[bytes]) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_READY
        while words not in self.said():
            assert process.poll() is None, self.said()
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.1)

    def processes(self) -> dict[int, str]:
        """Every live process that belongs to this demo, by what its command line ends with."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if f"PULLBOARD_VAR={self.var}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().decode().strip("\0").split("\0")[-1]
            except (OSError, ValueError):
                continue
        return found

    def pids(self, command: str) -> list[int]:
        return [pid for pid, end in self.processes().items() if end == command]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo nobody else uses, cleaned up whatever happens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("demo")
    demo = Demo(folder / "var", port, folder / "output")
    yield demo
    for pid in demo.processes():
        os.kill(pid, signal.SIGKILL)
    stop_all(demo.var)


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.1)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_in_order(demo: Demo) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/readyz") as answer:
            return b'"status":"ok"' in answer.read()
    except OSError:
        return False


def first_page(demo: Demo, process: subprocess.Popen[bytes]) -> str:
    """What the page of the personas says to who has looked for it since before it was there."""
    give_up_at = time.monotonic() + SECONDS_TO_READY
    while not is_open(demo.port):
        assert process.poll() is None, demo.said()
        assert time.monotonic() < give_up_at, demo.said()
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/demo") as answer:
        page: str = answer.read().decode()
    return page


def environ_of(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_bytes().decode().strip("\0").split("\0")
    return dict(entry.split("=", 1) for entry in entries)


def test_one_command_starts_everything_heals_it_and_one_signal_ends_it(demo: Demo) -> None:
    process = demo.start()
    assert "Sign in as Nora" in first_page(demo, process), "it answers before its world is made"
    demo.wait_for("sign in as", process)
    assert f"Pullboard is ready: http://127.0.0.1:{demo.port}" in demo.said()
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/readyz") as answer:
        assert answer.status == 200
    expected = {"worker": 2, "clock": 1, "mailbox": 1}
    wait_until(lambda: {name: len(demo.pids(name)) for name in expected} == expected)
    wait_until(lambda: any((demo.var / "mailbox").glob("*.eml")))
    assert "mail_not_sent" not in demo.said(), "a mail was sent before the mailbox was open"

    os.kill(demo.pids("clock")[0], signal.SIGKILL)
    for status in list_status(demo.var):
        assert status.pid is not None
        os.kill(status.pid, signal.SIGKILL)
    demo.wait_for("clock ended (signal SIGKILL)", process)
    wait_until(lambda: is_in_order(demo))
    assert None not in [status.pid for status in list_status(demo.var)]
    wait_until(lambda: len(demo.pids("mailbox")) == 1)
    port = int(environ_of(demo.pids("mailbox")[0])["SMTP_PORT"])
    wait_until(lambda: is_open(port))
    send_mail(port)
    kept = [path.read_text() for path in (demo.var / "mailbox").glob("*.eml")]
    assert sum("Subject: Hello" in message for message in kept) == 1

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert demo.processes() == {}
    assert [status.pid for status in list_status(demo.var)] == [None, None]


def send_mail(port: int) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@localhost", "b@localhost", "Hello"
    message.set_content("Grüße")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.send_message(message)


def test_a_killed_demo_leaves_only_its_servers_and_the_next_start_takes_them(demo: Demo) -> None:
    process = demo.start()
    demo.wait_for("sign in as", process)
    servers = list_status(demo.var)
    process.kill()
    process.wait()
    wait_until(lambda: not demo.processes())
    assert list_status(demo.var) == servers

    again = demo.start()
    demo.wait_for("sign in as", again)
    assert list_status(demo.var) == servers
    second = subprocess.run(
        [sys.executable, "-m", "app.cli.run_demo"],
        cwd=CHECKOUT,
        env={**os.environ, "PULLBOARD_VAR": str(demo.var), "PORT": str(demo.port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert "already running" in second.stderr
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=60) == 0
    assert demo.processes() == {}


def test_a_taken_port_is_said_before_anything_starts(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        process = demo.start()
        assert process.wait(timeout=60) == 1
    assert f"port {demo.port}" in demo.said()
    assert [status.pid for status in list_status(demo.var)] == [None, None]
