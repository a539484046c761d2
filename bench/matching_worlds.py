"""Leads with a known account for measuring account matching: those of a world's files, and invented ones."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.accounts import AccountNameKind
from app.domain.intake.domains import is_disposable, is_free_mail, registrable_domain
from app.domain.matching.names import match_name
from app.domain.matching.signals import KnownName, LeadCompany

_COLUMNS = {
    "leads_us.csv": ("utf-8", ",", "Record ID", "Company Name", "Email", "US"),
    "leads_de.csv": ("cp1252", ";", "Lead-ID", "Firma", "E-Mail", "DE"),
    "leads_jp.csv": ("cp932", ",", "問い合わせ番号", "会社名", "メールアドレス", "JP"),
}
_FORMS = {"US": ("Inc", "LLC", "Corp", "L.P."), "DE": ("GmbH", "AG", "KG", "GmbH & Co. KG", "mbH")}
_ENDING = re.compile(
    r",?\s+(?:inc|llc|l\.l\.c|corp|corporation|ltd|l\.p|lp|gmbh & co\.? kg|gmbh|ag|kg|mbh|company)\.?$", re.IGNORECASE
)
_FURTHER_WORDS = ("Labs", "Services", "Logistics", "Europe", "Holding", "Solar", "Deutschland", "Capital", "Systems")


@dataclass(frozen=True, slots=True)
class TrueLead:
    """A lead's company, and the account that is truly its own (None when there is none)."""

    company: LeadCompany
    account: int | None
    variant: str
    signal: str


@dataclass(frozen=True, slots=True)
class MatchingWorld:
    """Accounts by their names and domains, and leads with their truth."""

    names: tuple[KnownName, ...]
    domains: dict[str, tuple[int, ...]]
    leads: tuple[TrueLead, ...]


def read_world(folder: Path) -> MatchingWorld:
    """The world of a folder: its accounts, its three lead files and its truth."""
    rows = _rows(folder / "accounts.csv")
    ids = {row["code"]: number for number, row in enumerate(rows, start=1)}
    names: list[KnownName] = []
    domains: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        account = ids[row["code"]]
        names.append(KnownName(account, row["name"], AccountNameKind.NAME, row["country"]))
        aliases = filter(None, row["aliases"].split("|"))
        names += [KnownName(account, alias, AccountNameKind.ALIAS, row["country"]) for alias in aliases]
        for domain in filter(None, row["domains"].split("|")):
            domains[registrable_domain(domain)].append(account)
    truth = {row["external_id"]: row for row in _rows(folder / "truth.csv")}
    leads = []
    for external_id, company in _world_leads(folder):
        known = truth[external_id]
        leads.append(TrueLead(company, ids.get(known["account"]), known["variant"], known["signal"]))
    return MatchingWorld(tuple(names), {key: tuple(value) for key, value in domains.items()}, tuple(leads))


def _world_leads(folder: Path) -> Iterator[tuple[str, LeadCompany]]:
    for file, (encoding, delimiter, number, company, mail, country) in _COLUMNS.items():
        for row in _rows(folder / file, encoding, delimiter):
            domain = registrable_domain(row[mail])
            said = "" if is_free_mail(domain) or is_disposable(domain) else domain
            yield row[number], LeadCompany(row[company], email_domain=said, country=country)


def _rows(file: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    with file.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def read_register(folder: Path) -> list[tuple[str, str]]:
    """Names and countries of the legal entities in the United States and Germany, and of the Japanese filers."""
    with gzip.open(folder / "company_names_399k.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        latin = [(row["legal_name"], row["country"]) for row in csv.DictReader(lines)]
    chosen = [(name, country) for name, country in latin if country in {"US", "DE"}]
    return chosen + [(row["name_ja"], "JP") for row in _rows(folder / "japanese_company_names.csv")]


def invent_world(
    register: list[tuple[str, str]], seed: int, *, accounts: int = 3_000, leads: int = 750
) -> MatchingWorld:
    """Accounts drawn from a register, as many leads of theirs in noisy spellings, and as many of other companies.

    Every third of the other companies is a sibling: the register's own nearest name, or the account's name with
    another number, place or word.
    """
    rng = random.Random(seed)
    shuffled = rng.sample(register, len(register))
    parts = {country: [name for name, home in shuffled if home == country] for country in ("US", "DE", "JP")}
    chosen = [(name, "US") for name in parts["US"][: accounts * 4 // 9]]
    chosen += [(name, "DE") for name in parts["DE"][: accounts * 3 // 9]]
    chosen += [(name, "JP") for name in parts["JP"][: accounts * 2 // 9]]
    taken = {match_name(name).key for name, _country in chosen}
    rest = [(name, country) for name, country in shuffled if match_name(name).key not in taken]
    names = tuple(KnownName(number, name, country=country) for number, (name, country) in enumerate(chosen, start=1))
    known = [_noisy(rng, rng.choice(names)) for _turn in range(leads)]
    siblings = _Siblings(rest)
    others = [
        TrueLead(LeadCompany(name, country=country), None, "new", "")
        for name, country in rng.sample(rest, leads * 2 // 3)
    ]
    others += [siblings.of(rng, rng.choice(names)) for _turn in range(leads // 3)]
    others = [lead for lead in others if match_name(lead.company.company).key not in taken]
    return MatchingWorld(names, {}, tuple(known + others))


def _noisy(rng: random.Random, known: KnownName) -> TrueLead:
    variant = rng.choice(list(_NOISE))
    name = _NOISE[variant](rng, known.name, known.country)
    signal = "name~" if variant == "typo" else "name"
    return TrueLead(LeadCompany(name, country=known.country), known.account_id, variant, signal)


def _typo(rng: random.Random, name: str, country: str) -> str:
    """Two neighbouring signs change places, a blank among them or not."""
    places = [n for n in range(1, len(name) - 2) if name[n] != name[n + 1] and name[n : n + 2].isascii()]
    letters = [n for n in places if not any(sign.isdigit() for sign in name[n : n + 2])]
    if country == "JP" or not letters:
        return name
    place = rng.choice(letters)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _other_form(rng: random.Random, name: str, country: str) -> str:
    if country == "JP":
        bare = name.replace("株式会社", "").strip()
        return rng.choice(["㈱", "(株)", "株式会社"]) + bare if bare != name else name
    return f"{_ENDING.sub('', name)} {rng.choice(_FORMS[country])}"


def _no_form(_rng: random.Random, name: str, country: str) -> str:
    return name.replace("株式会社", "").strip() if country == "JP" else _ENDING.sub("", name)


def _punctuation(rng: random.Random, name: str, country: str) -> str:
    if "&" in name and rng.random() < 0.5:
        return name.replace("&", "und" if country == "DE" else "and")
    return re.sub(r"[.,]", "", name)


def _width(_rng: random.Random, name: str, country: str) -> str:
    return (
        "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in name) if country == "JP" else name
    )


_NOISE: dict[str, Callable[[random.Random, str, str], str]] = {
    "same": lambda _rng, name, _country: name,
    "case": lambda rng, name, _country: rng.choice([str.upper, str.lower, str.title])(name),
    "legal": _other_form,
    "nolegal": _no_form,
    "typo": _typo,
    "punct": _punctuation,
    "space": lambda _rng, name, _country: "  " + name.replace(" ", "  ", 1) + " ",
    "width": _width,
}


def misspell(rng: random.Random, name: str) -> tuple[str, str]:
    """A name as a hurried person writes it: one heavy slip, and often the legal form left out; and what the slip is."""
    bare = _ENDING.sub("", name)
    slip = rng.choice(_SLIPS)
    slipped = slip(rng, bare)
    variant = "shortened" if slip is _shortened else "slip"
    return slipped if rng.random() < 0.5 else slipped + name[len(bare) :], variant


def _letter_slip(rng: random.Random, name: str) -> str:
    """One letter left out, doubled, wrong, or swapped with the next."""
    places = [place for place in range(1, len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()]
    if not places:
        return name
    place = rng.choice(places)
    sign, after = name[place], name[place + 1]
    new = rng.choice([after, sign + sign + after, rng.choice("aeioustrn") + after, after + sign])
    return name[:place] + new + name[place + 2 :]


def _abbreviated(_rng: random.Random, name: str) -> str:
    for long, short in _ABBREVIATIONS.items():
        name = re.sub(rf"\b{long}\b", short, name, flags=re.IGNORECASE)
    return name


def _turned_round(_rng: random.Random, name: str) -> str:
    first, _blank, rest = name.partition(" ")
    return f"{rest}, {first}" if rest else name


def _shortened(_rng: random.Random, name: str) -> str:
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 2 else name


_ABBREVIATIONS = {"international": "Intl", "management": "Mgmt", "manufacturing": "Mfg", "services": "Svcs",
                  "and": "&", "associates": "Assoc.", "brothers": "Bros.", "group": "Grp", "united states": "US",
                  "company": "Co.", "gesellschaft": "Ges."}  # fmt: skip
_SLIPS: tuple[Callable[[random.Random, str], str], ...] = (
    _letter_slip,
    _letter_slip,
    _letter_slip,
    lambda rng, name: _letter_slip(rng, _letter_slip(rng, name)),
    _abbreviated,
    _turned_round,
    _shortened,
    lambda _rng, name: re.sub(r"[^\w\s]", "", name).upper(),
    lambda _rng, name: name.replace(" ", ""),
    lambda _rng, name: name.replace("-", " ").replace("&", "and"),
)


class _Siblings:
    """Companies whose names share most words with another's."""

    def __init__(self, rest: list[tuple[str, str]]) -> None:
        self.by_word: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, country in rest:
            for word in set(match_name(name).words):
                self.by_word[word].append((name, country))

    def of(self, rng: random.Random, known: KnownName) -> TrueLead:
        name = self._nearest(known) if rng.random() < 0.6 else ""
        return TrueLead(LeadCompany(name or _altered(rng, known), country=known.country), None, "new", "sibling")

    def _nearest(self, known: KnownName) -> str:
        words = set(match_name(known.name).words)
        shared: dict[str, int] = defaultdict(int)
        for word in words:
            if len(self.by_word[word]) < 3_000:
                for name, country in self.by_word[word]:
                    shared[name] += country == known.country
        ranked = sorted(shared, key=lambda name: (-shared[name], abs(len(name) - len(known.name))))
        return ranked[0] if ranked and shared[ranked[0]] >= min(2, len(words)) else ""


def _altered(rng: random.Random, known: KnownName) -> str:
    if known.country == "JP":
        bare = known.name.replace("株式会社", "").strip()
        return f"{bare}{rng.choice(['販売', 'サービス', '東北', 'テクノ', '物流'])}株式会社"
    bare, form = _ENDING.sub("", known.name), "LLC" if known.country == "US" else "GmbH"
    if re.search(r"\d+", bare) and rng.random() < 0.7:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + rng.randint(1, 80)), bare, count=1) + f" {form}"
    if rng.random() < 0.4:
        return f"{bare} {rng.choice(['II', 'III', 'IV', '2', 'B', 'No. 7'])} {form}"
    return f"{bare} {rng.choice(_FURTHER_WORDS)} {form}"
