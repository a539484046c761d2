"""What `make setup` and `make test` prepare, with nothing but Python's standard library.

python deploy/setup.py environment   .venv/ from requirements.lock, again only when that has changed
python deploy/setup.py chromium      a Chromium for the browser tests
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENT = CHECKOUT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "pullboard-setup"
LOCK = CHECKOUT / "requirements.lock"
TRANSLATIONS = CHECKOUT / "app" / "translations"
OLDEST_PYTHON = (3, 11)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_INPUT": "1"}


def main(arguments: Sequence[str]) -> None:
    """Prepare what the one argument names."""
    steps = {"environment": set_up_environment, "chromium": set_up_chromium}
    if len(arguments) != 1 or arguments[0] not in steps:
        raise SystemExit(__doc__)
    steps[arguments[0]]()


def set_up_environment() -> None:
    """Make or refresh `.venv/`; silent when there is nothing to do."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(
            f"setup: Python 3.11 or later is needed, this is {sys.version.split()[0]}: PYTHON=… make setup"
        )
    wanted = _stamp()
    if not _is_usable() or _stamp_place(_read_stamp()) not in ("", _stamp_place(wanted)):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if _read_stamp() != wanted:
        _install()
        STAMP.write_text(wanted)
        _say("the environment is ready")
    _compile_translations()


def set_up_chromium() -> None:
    """Find a Chromium, or install Debian's where this machine lets us."""
    if any(map(shutil.which, CHROMIUM_NAMES)):
        return
    _say("installing Chromium for the browser tests")
    if not (_apt_install("chromium") and any(map(shutil.which, CHROMIUM_NAMES))):
        raise SystemExit("setup: the browser tests need Chromium: sudo apt-get install chromium")


def _stamp() -> str:
    """What the environment was made of: where, with which Python, from which lock."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{CHECKOUT}\n{sys.version_info[0]}.{sys.version_info[1]}\n{lock}\n"


def _stamp_place(stamp: str) -> str:
    return "\n".join(stamp.splitlines()[:2])


def _read_stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def _is_usable() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _install() -> None:
    uv = shutil.which("uv")
    _say(f"installing {_count_packages()} packages into .venv" + (" with uv" if uv else ", this takes a minute or two"))
    if uv and _install_with_uv(uv):
        return
    pip = _make_environment_with_pip()
    command = [*pip, "install", "--require-hashes", "--progress-bar", "off", "--requirement", str(LOCK)]
    if _run_counting(command) != 0:
        raise SystemExit("setup: the packages could not be installed; what pip said is above. Run make setup again.")


def _install_with_uv(uv: str) -> bool:
    """Whether uv did it; a uv that cannot reach its index leaves the work to pip, which has settings of its own."""
    if not PYTHON.exists():
        made = subprocess.run(
            [uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(ENVIRONMENT)], check=False
        )
        if made.returncode != 0:
            return False
    command = [uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "--requirement", str(LOCK)]
    return subprocess.run(command, check=False, cwd=CHECKOUT).returncode == 0


def _make_environment_with_pip() -> list[str]:
    """Make `.venv/` and return the command of a pip that installs into it, also on a Python without `ensurepip`."""
    if PYTHON.exists() and _runs([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    if find_spec("ensurepip") is None and not _runs([sys.executable, "-m", "pip", "--version"]):
        _say("this Python has no pip; installing the package python3-venv")
        if not _apt_install("python3-venv"):
            raise SystemExit("setup: this Python cannot make environments: sudo apt-get install python3-venv")
    if _runs([sys.executable, "-c", "import ensurepip"]):
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        return [str(PYTHON), "-m", "pip"]
    venv.create(ENVIRONMENT, symlinks=True, with_pip=False)
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def _run_counting(command: list[str]) -> int:
    """Run pip, showing how many packages it has found so far and, when it fails, its last lines."""
    total, found, said = _count_packages(), 0, []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **QUIET_PIP}
    ) as pip:
        for line in pip.stdout or ():
            said.append(line.rstrip())
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                found += 1
                _show_count(found, total)
            elif line.startswith("Installing collected packages"):
                _say("unpacking")
    if pip.returncode != 0:
        print("\n".join(said[-15:]), file=sys.stderr)
    return pip.returncode


def _show_count(found: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\rsetup: package {found} of {total}", end="" if found < total else "\n", flush=True)
    elif found % 20 == 0:
        _say(f"package {found} of {total}")


def _count_packages() -> int:
    """How many packages of the lock this machine takes; those for other systems carry a marker."""
    lines = LOCK.read_text().splitlines()
    return sum(1 for line in lines if "==" in line and not line.startswith((" ", "#")) and "win32" not in line)


def _compile_translations() -> None:
    for catalogue in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            command = [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", catalogue, "-o", compiled]
            subprocess.run(command, check=True, capture_output=True)


def _apt_install(package: str) -> bool:
    """Whether Debian's `package` could be installed: by root, or by sudo without asking."""
    if shutil.which("apt-get") is None:
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not _runs([*prefix, "true"]):
        return False
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        done = subprocess.run([*prefix, "apt-get", *arguments], env=environ, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _say(message: str) -> None:
    print(f"setup: {message}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
