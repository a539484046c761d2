"""Runs child processes: starts them, starts them again when they die, and ends them all with itself.

Each child leads its own process group. The kernel sends it SIGTERM when the supervisor dies by whatever cause, and the
supervisor adopts what its children leave behind, so that nothing outlives it and nothing stays a zombie.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A child that ran this long was healthy; its next failure starts with the first pause again.
HEALTHY_SECONDS = 30.0
SECONDS_TO_STOP = 25.0

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Child:
    """One process to keep running, and how it has been doing."""

    name: str
    command: list[str]
    pid: int | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE_SECONDS)


def adopt_orphans() -> None:
    """Become the parent of every process our children leave behind, in place of process 1."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Supervisor:
    """Keeps children running until told to stop. `say` receives what is worth telling a person.

    A child that keeps dying is started again ever more slowly, up to `longest_pause` seconds after its death.
    """

    def __init__(
        self, environ: Mapping[str, str], say: Callable[[str], None], *, longest_pause: float = LONGEST_PAUSE_SECONDS
    ) -> None:
        self._environ = dict(environ)
        self._say = say
        self._longest_pause = longest_pause
        self._children: list[Child] = []

    @property
    def running(self) -> dict[str, int]:
        """The process ids of the children that run, by name."""
        return {child.name: child.pid for child in self._children if child.pid is not None}

    def add(self, name: str, command: list[str]) -> None:
        """Start one more child and keep it running."""
        child = Child(name, command)
        self._children.append(child)
        self._start(child)

    def tend(self) -> None:
        """Notice who died and start again those whose pause is over. Call this often."""
        self._reap()
        for child in self._children:
            if child.pid is None and time.monotonic() >= child.start_at:
                self._start(child)

    def stop(self) -> None:
        """End every child: SIGTERM so that it finishes what is under way, SIGKILL when it takes too long."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for child in self._children:
                if child.pid is not None:
                    _signal_group(child.pid, number)
            give_up_at = time.monotonic() + SECONDS_TO_STOP
            while any(child.pid for child in self._children) and time.monotonic() < give_up_at:
                self._reap(told=False)
                time.sleep(0.05)
        self._children.clear()
        self._reap(told=False)

    def _start(self, child: Child) -> None:
        process = subprocess.Popen(
            child.command,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_die_with_parent(os.getpid()),
        )
        child.pid, child.started_at = process.pid, time.monotonic()
        # We wait for all children at once in `_reap`; Popen must neither wait nor complain.
        process.returncode = 0

    def _reap(self, *, told: bool = True) -> None:
        for pid, status in iter(_wait_for_any, None):
            child = next((child for child in self._children if child.pid == pid), None)
            if child is None:
                continue
            _signal_group(pid, signal.SIGTERM)
            child.pid = None
            if told:
                self._plan_restart(child, status)

    def _plan_restart(self, child: Child, status: int) -> None:
        if time.monotonic() - child.started_at >= HEALTHY_SECONDS:
            child.pause = FIRST_PAUSE_SECONDS
        child.start_at = time.monotonic() + child.pause
        self._say(f"{child.name} ended ({_how(status)}); starting it again in {child.pause:g} s")
        child.pause = min(child.pause * 2, self._longest_pause)


def end_orphans() -> None:
    """End whatever a child left behind, once everything else has been stopped."""
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        _signal_group(int(pid), signal.SIGKILL)
    while _wait_for_any() is not None:
        continue


def _die_with_parent(parent: int) -> Callable[[], None]:
    def set_signal() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return set_signal


def _wait_for_any() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
