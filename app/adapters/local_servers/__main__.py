"""`python -m app.adapters.local_servers stop|status`: needs no running server, unlike the `flask` commands."""

from __future__ import annotations

import argparse
import sys

from app.adapters.local_servers import list_status, stop_all
from app.config import load_config


def main() -> None:
    """Stop the local servers of this PULLBOARD_VAR, or say which run."""
    parser = argparse.ArgumentParser(prog="python -m app.adapters.local_servers", description=main.__doc__)
    parser.add_argument("action", choices=("stop", "status"))
    var = load_config().var
    if parser.parse_args().action == "stop":
        for status in stop_all(var):
            sys.stdout.write(f"{status.name}: stopped\n")
        return
    for status in list_status(var):
        sys.stdout.write(f"{status.name}: {f'running, process {status.pid}' if status.pid else 'stopped'}\n")


if __name__ == "__main__":
    main()
