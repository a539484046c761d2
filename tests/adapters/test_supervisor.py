"""The supervisor's children: started again when they die, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.adapters.supervisor import Supervisor
from app.config import CHECKOUT

NOTE_PID_AND_SLEEP = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
SUPERVISE = (
    "import os, sys, time; from app.adapters.supervisor import Supervisor;"
    "supervisor = Supervisor(os.environ, print);"
    "supervisor.add('child', [sys.executable, '-c', sys.argv[1], sys.argv[2]]); time.sleep(60)"
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(os.environ, said.append)
    yield supervisor
    supervisor.stop()


def noted_pids(note: Path) -> list[int]:
    return [int(line) for line in note.read_text().splitlines()] if note.exists() else []


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_child_that_dies_is_started_again_and_told_of(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    note = tmp_path / "pids"
    supervisor.add("child", [sys.executable, "-c", NOTE_PID_AND_SLEEP, str(note)])
    wait_until(lambda: len(noted_pids(note)) == 1)
    os.kill(noted_pids(note)[0], signal.SIGKILL)

    def is_back() -> bool:
        supervisor.tend()
        return len(noted_pids(note)) == 2

    wait_until(is_back)
    assert said == ["child ended (signal SIGKILL); starting it again in 0.5 s"]


def test_a_child_that_keeps_dying_is_started_ever_more_slowly(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.add("child", [sys.executable, "-S", "-c", "raise SystemExit(3)"])

    def has_died_twice() -> bool:
        supervisor.tend()
        return len(said) == 2

    wait_until(has_died_twice)
    assert said[0] == "child ended (exit code 3); starting it again in 0.5 s"
    assert said[1] == "child ended (exit code 3); starting it again in 1 s"


def test_the_pause_before_a_new_start_has_a_limit(said: list[str]) -> None:
    supervisor = Supervisor(os.environ, said.append, longest_pause=0.5)
    supervisor.add("child", [sys.executable, "-S", "-c", "raise SystemExit(3)"])

    def has_died_thrice() -> bool:
        supervisor.tend()
        return len(said) == 3

    wait_until(has_died_thrice)
    supervisor.stop()
    assert said == ["child ended (exit code 3); starting it again in 0.5 s"] * 3


def test_stop_ends_the_children(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    supervisor.add("child", [sys.executable, "-c", NOTE_PID_AND_SLEEP, str(note)])
    wait_until(lambda: len(noted_pids(note)) == 1)
    assert list(supervisor.running.values()) == noted_pids(note)
    supervisor.stop()
    assert supervisor.running == {}
    assert not is_alive(noted_pids(note)[0])


def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    command = [sys.executable, "-c", SUPERVISE, NOTE_PID_AND_SLEEP, str(note)]
    with subprocess.Popen(command, cwd=CHECKOUT) as process:
        wait_until(lambda: len(noted_pids(note)) == 1, seconds=60)
        process.kill()
    wait_until(lambda: not is_alive(noted_pids(note)[0]))
