"""Companies' names in bulk for measurements, and the ways people write a name differently."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.domain.intake.companies import company_name
from bench.installation import CHECKOUT

DATA = CHECKOUT.parent / "shared" / "data"
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_LEGAL_FORMS = ("Inc", "GmbH", "Ltd.", "LLC", "AG", "S.A.", "B.V.", "Corporation")


@dataclass(frozen=True, slots=True)
class JapaneseName:
    """One company in its three spellings."""

    kanji: str
    kana: str
    english: str


def register_names(data: Path = DATA) -> list[tuple[str, str]]:
    """Real names with their countries."""
    with gzip.open(data / "company_names_399k.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return [(row["legal_name"], row["country"]) for row in csv.DictReader(lines)]


def japanese_names(data: Path = DATA) -> list[JapaneseName]:
    """Japanese companies whose kana and English names are known."""
    with (data / "japanese_company_names.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [JapaneseName(row["name_ja"], row["name_kana"], row["name_en"]) for row in csv.DictReader(lines)]
    return [row for row in rows if row.kana and any(sign.isalpha() for sign in row.english)]


def with_recombinations(names: list[tuple[str, str]], count: int, random: Random) -> list[tuple[str, str]]:
    """The names, and as many made of one's beginning and another's end as it takes to be `count`."""
    known = {name for name, _ in names}
    made = list(names)
    while len(made) < count:
        (first, country), (second, _) = random.choice(names), random.choice(names)
        words, others = first.split(), second.split()
        name = " ".join([*words[: max(1, len(words) // 2)], *others[len(others) // 2 :]])
        if name not in known:
            known.add(name)
            made.append((name, country))
    return made


def rewritten(name: str, kind: str, random: Random) -> str:
    """The name as somebody else would write it."""
    key = company_name(name).key
    match kind:
        case "case":
            return name.swapcase()
        case "legal":
            return f"{key} {random.choice(_LEGAL_FORMS)}"
        case "nolegal":
            return key
        case "punct":
            return name.replace(" ", random.choice(("-", ", ", " . "))).replace("&", "+")
        case "width":
            return name.translate(_WIDE)
        case "space":
            at = random.randrange(1, max(2, len(name)))
            return name[:at] + " " + name[at:] if random.random() < 0.5 else name.replace(" ", "", 1)
        case "typo":
            return _letters_swapped(name, random)
    return name


KINDS = ("case", "legal", "nolegal", "punct", "width", "space", "typo")


def _letters_swapped(name: str, random: Random) -> str:
    places = [at for at in range(len(name) - 1) if name[at : at + 2].isalpha() and name[at] != name[at + 1]]
    if not places:
        return name
    at = random.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
