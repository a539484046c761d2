"""Which system account a local server runs as.

PostgreSQL refuses to run as root. Started by root, both servers run as the owner of their data directory, which is
`postgres` where the machine has that account and `nobody` where it has not. No account is added to the machine and no
permission of a folder above ours is changed: where the account cannot enter such a folder (a checkout below /root),
the server keeps the one capability to pass through it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from pathlib import Path

from app.adapters.local_servers.state import LocalServerError

ACCOUNTS_TO_TRY = ("postgres", "nobody")
# Numbers from linux/capability.h. The first only reads and passes; containers often keep just the second.
CAPABILITIES_TO_PASS = (("dac_read_search", 2), ("dac_override", 1))


def make_private_directory(directory: Path) -> None:
    """Make `directory` for the server's eyes only, owned by the account the server will run as."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0 and directory.stat().st_uid == 0:
        account = _unprivileged_account()
        os.chown(directory, account.pw_uid, account.pw_gid)


def hand_over(file: Path) -> None:
    """Give a file root wrote to the owner of the folder it is in."""
    if os.geteuid() == 0:
        owner = file.parent.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def command_as_owner(command: list[str], directory: Path) -> list[str]:
    """`command` as the owner of `directory` would run it; unchanged for an ordinary user."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise LocalServerError("Started by root, local servers need setpriv: install util-linux, or set DATABASE_URL.")
    owner = directory.stat()
    prefix = [setpriv, f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    if not (_is_open_to_all(directory.parent) and _is_open_to_all(Path(command[0]).parent)):
        capability = _capability_to_pass(directory)
        # PostgreSQL asks access(2) about its binaries, which forgets capabilities unless told not to.
        prefix += [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]
    return [*prefix, "--", *command]


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ACCOUNTS_TO_TRY:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LocalServerError(
        "PostgreSQL does not run as root and no account `postgres` or `nobody` exists. Set DATABASE_URL."
    )


def _is_open_to_all(directory: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (directory, *directory.parents))


def _capability_to_pass(directory: Path) -> str:
    bounding = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapBnd"))
    for name, number in CAPABILITIES_TO_PASS:
        if int(bounding.split()[1], 16) >> number & 1:
            return name
    raise LocalServerError(
        f"PostgreSQL does not run as root, and another account cannot enter {directory.parent}:"
        " move the checkout or PULLBOARD_VAR to a folder others may enter, or set DATABASE_URL and REDIS_URL."
    )
