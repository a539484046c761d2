"""Writes `app/domain/matching/background.py`: how often words stand in companies' names, counted in a register.

    .venv/bin/python -m bench.name_background REGISTER.csv.gz

The register is a gzipped CSV with a column `legal_name`: legal entities of the GLEIF register, which is in the public
domain (CC0), so the counts may be shipped.
"""

from __future__ import annotations

import csv
import gzip
import math
import sys
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

from app.domain.matching.names import match_name
from bench.installation import CHECKOUT

MODULE = CHECKOUT / "app" / "domain" / "matching" / "background.py"
RAREST = 30
"""Words in fewer names are all alike rare, and left out."""

_HEAD = '''"""How often words stand in companies' names, in {total:,} legal entities of the GLEIF register (CC0).

Made by `bench/name_background.py`, which says how; never edited by hand. Counts are kept as steps of a half in log2.
"""

from __future__ import annotations

TOTAL = {total}
RAREST = {rarest}

_STEPS = {{
'''
_FOOT = """}

COUNTS = {word: round(2 ** (step / 2)) for step, words in _STEPS.items() for word in words.split()}
"""


def main(register: Path) -> None:
    """Count the words and write the module."""
    counts: Counter[str] = Counter()
    total = 0
    with gzip.open(register, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            total += 1
            counts.update(set(match_name(row["legal_name"]).words))
    steps: dict[int, list[str]] = defaultdict(list)
    for word, count in counts.items():
        if count >= RAREST and word.isascii() and word.isalpha():
            steps[round(2 * math.log2(count))].append(word)
    MODULE.write_text(_HEAD.format(total=total, rarest=RAREST) + _body(steps) + _FOOT, encoding="utf-8")


def _body(steps: dict[int, list[str]]) -> str:
    lines: list[str] = []
    for step in sorted(steps, reverse=True):
        wrapped = textwrap.wrap(" ".join(sorted(steps[step])), 108)
        quoted = [f'"{line} "' for line in wrapped[:-1]] + [f'"{wrapped[-1]}"']
        lines += [f"    {step}: {quoted[0]}", *(f"    {line}" for line in quoted[1:])]
        lines[-1] += ","
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
