"""Writes `app/domain/matching/common_grams.py`: which three letters stand in many companies' names.

    .venv/bin/python -m bench.gram_background REGISTER.csv.gz

The register is a gzipped CSV with a column `legal_name`: legal entities of the GLEIF register, which is in the public
domain (CC0), so the counts may be shipped. A new table makes other terms of the same names: write all search keys anew
(`flask network index`) where one is installed.
"""

from __future__ import annotations

import csv
import gzip
import sys
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

from app.domain.intake.companies import company_name
from app.domain.matching.grams import trigrams
from bench.installation import CHECKOUT

MODULE = CHECKOUT / "app" / "domain" / "matching" / "common_grams.py"
COMMON = 512
"""Letters in fewer names are all alike rare, and left out."""

_HEAD = '''"""Which three letters stand in many names: counts over {total:,} companies of the GLEIF register (CC0).

Made by `bench/gram_background.py`, which says how; never edited by hand. Counts are kept as their step in log2; `^`
and `$` stand for a name's beginning and end.
"""

from __future__ import annotations

COMMON = {common}

_STEPS = {{
'''
_FOOT = """}

COUNTS = {line[at : at + 3]: 2**step for step, line in _STEPS.items() for at in range(0, len(line), 3)}
"""


def main(register: Path) -> None:
    """Count the letters and write the module."""
    counts: Counter[str] = Counter()
    total = 0
    with gzip.open(register, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            total += 1
            counts.update(trigrams(company_name(row["legal_name"]).compact))
    steps: dict[int, list[str]] = defaultdict(list)
    for gram, count in counts.items():
        if count >= COMMON and gram.isascii():
            steps[count.bit_length() - 1].append(gram)
    MODULE.write_text(_HEAD.format(total=total, common=COMMON) + _body(steps) + _FOOT, encoding="utf-8")


def _body(steps: dict[int, list[str]]) -> str:
    lines: list[str] = []
    for step in sorted(steps, reverse=True):
        wrapped = textwrap.wrap("".join(sorted(steps[step])), 105)
        lines += [f"    {step}: (", *(f'        "{line}"' for line in wrapped), "    ),"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
