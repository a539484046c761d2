"""`make bench`: every measurement, one JSON line each; name some to run only those."""

from __future__ import annotations

import sys
from importlib import import_module

MEASUREMENTS = ("claims", "deadlines", "matching", "routing")

for name in sys.argv[1:] or MEASUREMENTS:
    import_module(f"bench.{name}").main()
