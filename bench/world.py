"""Does the product route a whole network's leads as its known truth says?

Imports a world (network and the lead files of three countries) into an empty installation by the commands of the
README, prints how well `flask leads routing` agrees with `truth.csv`: accounts found, levels, owners, states, eligible
partners and hot leads. Exits with 1 below the goals.

    .venv/bin/python -m bench.world [FOLDER]
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.installation import CHECKOUT, Installation, installation, report

MANUFACTURER = "World"
DEFAULT_FOLDER = CHECKOUT.parent / "shared" / "data" / "world"
SHOWN_DIFFERENCES = 10
PRECISION, RECALL, AGREEING = 0.99, 0.95, 0.985
NEW_PER_WRONG = 200
"""At most one in so many companies without an account may be given one."""

Pairs = list[tuple[dict[str, str], dict[str, Any]]]
Agrees = Callable[[dict[str, str], dict[str, Any]], bool | None]


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
    missing, surplus = sorted(set(truth) - set(answers)), sorted(set(answers) - set(truth))
    pairs = [(expected, answers[external_id]) for external_id, expected in truth.items() if external_id in answers]
    accounts = _accounts(pairs)
    agreements = {name: _agreement(name, pairs, agrees) for name, agrees in _AGREEMENTS.items()}
    figures: dict[str, object] = {name: f"{right}/{of}" for name, (right, of) in agreements.items()}
    whole = {"missing": len(missing), "surplus": len(surplus), "import_s": round(seconds, 1)}
    report("world", {**accounts, **figures, **whole})
    is_good = all(of == 0 or right / of >= AGREEING for right, of in agreements.values())
    is_safe = (
        accounts["account_precision"] >= PRECISION
        and accounts["account_recall"] >= RECALL
        and accounts["new_given_an_account"] <= accounts["new"] / NEW_PER_WRONG
    )
    return 0 if is_good and is_safe and not missing and not surplus else 1


def _accounts(pairs: Pairs) -> dict[str, float]:
    """How often the account found is right, how many are found, and how many companies without one are given one."""
    given = [(expected, answer) for expected, answer in pairs if answer["account"]]
    right = sum(answer["account"] == expected["account"] for expected, answer in given)
    signalled = [(expected, answer) for expected, answer in pairs if expected["signal"]]
    found = sum(answer["account"] == expected["account"] for expected, answer in signalled)
    new = [answer for expected, answer in pairs if expected["variant"] == "new"]
    for expected, answer in given:
        if answer["account"] != expected["account"]:
            _show("account", expected, answer)
    return {
        "account_precision": round(right / max(1, len(given)), 4),
        "account_recall": round(found / max(1, len(signalled)), 4),
        "new": len(new),
        "new_given_an_account": sum(bool(answer["account"] or answer["owner"]) for answer in new),
        "new_near_match": sum(answer["review_reason"] == "near_match" for answer in new),
    }


def _agreement(name: str, pairs: Pairs, agrees: Agrees) -> tuple[int, int]:
    """Of how many leads the answer is as expected, and how many could be compared; a few others are shown."""
    compared = [(expected, answer, agrees(expected, answer)) for expected, answer in pairs]
    for expected, answer, _ in [one for one in compared if one[2] is False][:SHOWN_DIFFERENCES]:
        _show(name, expected, answer)
    verdicts = [verdict for _, _, verdict in compared if verdict is not None]
    return sum(verdicts), len(verdicts)


def _show(name: str, expected: dict[str, str], answer: dict[str, Any]) -> None:
    wanted = {key: expected[key] for key in ("account", "variant", "signal", "level", "owner", "expected", "eligible")}
    print(
        f"{name}: {expected['external_id']}: wanted {json.dumps(wanted)}, got {json.dumps(answer, ensure_ascii=False)}"
    )


def _agrees_on_level(expected: dict[str, str], answer: dict[str, Any]) -> bool:
    """A known account without an owner is `known_no_owner` to the truth, an account and level `none` to the product."""
    is_known = answer["match_level"] == "none" and answer["account"]
    return ("known_no_owner" if is_known else answer["match_level"]) == expected["level"]


def _agrees_on_owner(expected: dict[str, str], answer: dict[str, Any]) -> bool | None:
    """Whom the lead is reserved to, where it is released at all and the consent lets it go there."""
    if expected["expected"] in ("any", "nurturing"):
        return None
    return (answer["owner"] or "") == (expected["owner"] if expected["expected"] == "owner" else "")


def _agrees_on_state(expected: dict[str, str], answer: dict[str, Any]) -> bool | None:
    if expected["expected"] == "any":
        return None
    stands = answer["round"] if answer["status"] == "distributing" else answer["status"]
    return bool(stands == expected["expected"])


def _agrees_on_eligible(expected: dict[str, str], answer: dict[str, Any]) -> bool | None:
    if expected["expected"] != "board":
        return None
    return sorted(answer["eligible"]) == sorted(filter(None, expected["eligible"].split("|")))


def _agrees_on_hot(expected: dict[str, str], answer: dict[str, Any]) -> bool:
    return bool(answer["hot"]) is (expected["hot"] == "1")


_AGREEMENTS: dict[str, Agrees] = {
    "level": _agrees_on_level,
    "owner": _agrees_on_owner,
    "expected": _agrees_on_state,
    "eligible": _agrees_on_eligible,
    "hot": _agrees_on_hot,
}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER))
