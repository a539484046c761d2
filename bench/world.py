"""Does the product route a whole network's leads as its known truth says?

Imports a world (network and the lead files of three countries) into an empty installation by the commands of the
README, prints what `flask leads routing` says against `truth.csv`, and exits with 1 where they disagree.

    .venv/bin/python -m bench.world [FOLDER]
"""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.installation import CHECKOUT, Installation, installation, report

MANUFACTURER = "World"
DEFAULT_FOLDER = CHECKOUT.parent / "shared" / "data" / "world"
SHOWN_DIFFERENCES = 20


def main(folder: Path) -> int:
    """Import, route, compare; 0 when everything agrees."""
    truth_file = folder / "truth.csv"
    if not truth_file.exists():
        print(f"No truth.csv in {folder}: name the folder of a world.", file=sys.stderr)
        return 2
    with truth_file.open(encoding="utf-8-sig", newline="") as lines:
        truth = {row["external_id"]: row for row in csv.DictReader(lines)}
    with installation() as made:
        seconds = _import(made, folder)
        answers = _routing(made)
    return _compare(truth, answers, seconds)


def _import(made: Installation, folder: Path) -> float:
    began = time.monotonic()
    print(made.flask("network", "import", str(folder), "--manufacturer", MANUFACTURER), end="")
    for file in sorted(folder.glob("leads_*.csv")):
        print(made.flask("leads", "import", str(file), "--manufacturer", MANUFACTURER), end="")
    return time.monotonic() - began


def _routing(made: Installation) -> dict[str, dict[str, Any]]:
    lines = made.flask("leads", "routing", "--manufacturer", MANUFACTURER, "--format", "jsonl").splitlines()
    return {answer["external_id"]: answer for answer in map(json.loads, lines)}


def _compare(truth: dict[str, dict[str, str]], answers: dict[str, dict[str, Any]], seconds: float) -> int:
    missing = sorted(set(truth) - set(answers))
    surplus = sorted(set(answers) - set(truth))
    wrong: list[str] = []
    counted = {"nurturing": [0, 0], "eligible": [0, 0], "hot": [0, 0]}
    for external_id, expected in truth.items():
        answer = answers.get(external_id)
        if answer is None:
            continue
        if expected["expected"] != "any":
            is_nurtured = expected["expected"] == "nurturing"
            _count(
                counted["nurturing"],
                (answer["status"] == "nurturing") is is_nurtured,
                wrong,
                external_id,
                expected,
                answer,
            )
        if expected["expected"] == "board":
            should = sorted(filter(None, expected["eligible"].split("|")))
            _count(counted["eligible"], sorted(answer["eligible"]) == should, wrong, external_id, expected, answer)
        _count(counted["hot"], bool(answer["hot"]) is (expected["hot"] == "1"), wrong, external_id, expected, answer)
    for line in wrong[:SHOWN_DIFFERENCES]:
        print(line)
    figures: dict[str, object] = {name: f"{right}/{right + off}" for name, (right, off) in counted.items()}
    report("world", {**figures, "missing": len(missing), "surplus": len(surplus), "import_s": round(seconds, 1)})
    return 1 if wrong or missing or surplus else 0


def _count(
    tally: list[int],
    is_right: bool,
    wrong: list[str],
    external_id: str,
    expected: dict[str, str],
    answer: dict[str, Any],
) -> None:
    tally[0 if is_right else 1] += 1
    if not is_right:
        wrong.append(f"{external_id}: expected {expected['expected']} {expected['eligible']}, got {json.dumps(answer)}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER))
