"""How often account matching is right: on a world's leads, on invented ones, on labelled pairs, and among many names.

    .venv/bin/python -m bench.matching_accuracy [FOLDER]

No database: candidates are found by comparing every name, which is what the index must come near to.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from app.domain.matching.decision import MatchDecision, MatchKind, decide_match
from app.domain.matching.names import MatchName, match_name
from app.domain.matching.scoring import score_names
from app.domain.matching.signals import Evidence, KnownName, LeadCompany, SignalKind
from app.domain.matching.weights import WordWeights
from bench.installation import CHECKOUT
from bench.matching_worlds import MatchingWorld, TrueLead, invent_world, misspell, read_register, read_world

DATA = CHECKOUT.parent / "shared" / "data"
SEEDS = (101, 102, 103)
_CANDIDATES = 50
_BY_TRUTH = frozenset({"domain", "name", "name~"})


class BruteForce:
    """Candidates by comparing a name with every known one."""

    def __init__(self, names: Sequence[KnownName]) -> None:
        self.names = names
        parsed = [match_name(known.name) for known in names]
        self.compact = [name.compact for name in parsed]
        self.words = [" ".join(sorted(name.words)) for name in parsed]
        self.counts = Counter(word for name in parsed for word in set(name.words))

    def evidence(self, leads: Sequence[LeadCompany], domains: dict[str, tuple[int, ...]]) -> list[Evidence]:
        """What the known names say of every lead."""
        by_account: dict[int, list[KnownName]] = defaultdict(list)
        for known in self.names:
            by_account[known.account_id].append(known)
        found = []
        for lead in leads:
            asked = match_name(lead.company)
            accounts = domains.get(lead.email_domain, ())
            names = self.nearest(asked) + [known for account in accounts for known in by_account[account]]
            weights = WordWeights(len(self.names), {word: self.counts[word] for word in asked.words})
            found.append(Evidence(accounts, names=tuple(dict.fromkeys(names)), weights=weights))
        return found

    def nearest(self, asked: MatchName) -> list[KnownName]:
        """The names most alike by their letters, and those most alike by their words in any order."""
        words = " ".join(sorted(asked.words))
        places = {
            place: None
            for text, known in ((asked.compact, self.compact), (words, self.words))
            for _name, _likeness, place in process.extract(text, known, scorer=fuzz.ratio, limit=_CANDIDATES // 2)
        }
        return [self.names[place] for place in places]


def measure_accuracy(folder: Path = DATA) -> dict[str, object]:
    """Every figure, by name; {} with a word on stderr when the data are not there."""
    if not (folder / "company_pairs.csv").exists():
        print(f"No data in {folder}: the accuracy of matching is not measured.", file=sys.stderr)
        return {}
    register = read_register(folder)
    invented = [measure_world(invent_world(register, seed)) for seed in SEEDS]
    return {
        "pairs": measure_pairs(folder / "company_pairs.csv"),
        "world": measure_world(read_world(folder / "world")),
        "invented": invented,
        "retrieval": measure_retrieval(register, seed=SEEDS[0]),
    }


def measure_world(world: MatchingWorld, *, show: bool = False) -> dict[str, float]:
    """Precision and recall over leads with a signal, and the shares of new leads matched and shown to a person."""
    decided = _decide(world)
    if show:
        _show(world, decided)
    return _figures(decided)


def _decide(world: MatchingWorld) -> list[tuple[TrueLead, MatchDecision]]:
    evidence = BruteForce(world.names).evidence([lead.company for lead in world.leads], world.domains)
    return [(lead, decide_match(lead.company, known)) for lead, known in zip(world.leads, evidence, strict=True)]


def measure_pairs(file: Path) -> dict[str, float]:
    """Precision and recall of scores above 80 on labelled pairs, with the shipped background alone."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    weights = WordWeights()
    said = [score_names(match_name(row["name1"]), match_name(row["name2"]), weights).score > 80 for row in rows]
    truth = [row["is_match"] == "True" for row in rows]
    right = sum(one and other for one, other in zip(said, truth, strict=True))
    return {"precision": round(right / sum(said), 4), "recall": round(right / sum(truth), 4), "pairs": len(rows)}


def measure_retrieval(register: list[tuple[str, str]], *, seed: int, show: bool = False) -> dict[str, float]:
    """Names in a hurried spelling looked up among 15,000, and 146 companies that are not among them."""
    rng = random.Random(seed)
    latin = rng.sample([(name, country) for name, country in register if country != "JP"], 15_000 + 146)
    known = [KnownName(number, name, country=country) for number, (name, country) in enumerate(latin[146:], start=1)]
    asked = []
    for name in rng.sample(known, 500):
        text, variant = misspell(rng, name.name)
        asked.append(TrueLead(LeadCompany(text, country=name.country), name.account_id, variant, "name~"))
    absent = [TrueLead(LeadCompany(name, country=country), None, "new", "") for name, country in latin[:146]]
    decided = _decide(MatchingWorld(tuple(known), {}, tuple(asked + absent)))
    if show:
        _show(MatchingWorld(tuple(known), {}, ()), decided)
    first = [bool(decision.signals) and decision.signals[0].account_id == lead.account for lead, decision in decided]
    figures = _figures(decided)
    wrong = sum(decision.kind is MatchKind.MATCHED for lead, decision in decided if lead.variant == "new")
    whole = _figures([(lead, decision) for lead, decision in decided if lead.variant != "shortened"])
    figures |= {"recall_without_shortened": whole["recall"]}
    return {"top1": round(sum(first) / len(asked), 4), "wrong_of_146": wrong} | figures


def _figures(decided: Iterable[tuple[TrueLead, MatchDecision]]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for lead, decision in decided:
        matched = decision.kind is MatchKind.MATCHED
        counts["matched"] += matched
        counts["right"] += matched and decision.account_id == lead.account
        if lead.variant == "new":
            counts["new"] += 1
            counts["new_matched"] += matched
            counts["new_possible"] += decision.kind is MatchKind.POSSIBLE
        elif lead.signal in _BY_TRUTH:
            counts["known"] += 1
            counts["known_right"] += matched and decision.account_id == lead.account
            counts["known_possible"] += decision.kind is MatchKind.POSSIBLE
    return {
        "precision": round(counts["right"] / counts["matched"], 4),
        "recall": round(counts["known_right"] / counts["known"], 4),
        "known_possible": round(counts["known_possible"] / counts["known"], 4),
        "new_matched": round(counts["new_matched"] / counts["new"], 4),
        "new_possible": round(counts["new_possible"] / counts["new"], 4),
    }


def _show(world: MatchingWorld, decided: Iterable[tuple[TrueLead, MatchDecision]]) -> None:
    """Every decision that is not what the truth says."""
    names = {known.account_id: known.name for known in reversed(world.names)}
    for lead, decision in decided:
        right = MatchKind.MATCHED if lead.account else MatchKind.NONE
        if (decision.kind, decision.account_id) == (right, lead.account):
            continue
        best = next((s for s in decision.signals if s.kind is not SignalKind.IP_RANGE), None)
        shown = f"{names[best.account_id]} {best.score} {'; '.join(map(str, best.reasons))}" if best else "-"
        print(decision.kind, lead.variant, lead.signal, "|", lead.company.company, "|", shown)


def main() -> None:
    """Print every figure as one JSON line."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    print(json.dumps({"bench": "matching_accuracy", **measure_accuracy(folder)}))


if __name__ == "__main__":
    main()
