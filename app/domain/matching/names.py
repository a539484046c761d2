"""A company's name read for comparing it with another: its words, legal form, numbers, places and initials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from app.domain.intake.companies import company_name, spelled_words
from app.domain.intake.countries import country_code
from app.domain.intake.legal_forms import LEGAL_WORDS, split_legal_form
from app.domain.intake.places import subdivision_code
from app.domain.matching.numerals import with_digits

_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])(?!(?:st|nd|rd|th)$)")
_ROMAN_AND_LETTER = re.compile(r"(x{0,3}v?i{2,3})([a-h])")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SPELLINGS = {
    "intl": "international", "internat": "international", "natl": "national", "mgmt": "management",
    "mgt": "management", "mfg": "manufacturing", "mfrs": "manufacturers", "svc": "service", "svcs": "services",
    "assoc": "associates", "assocs": "associates", "bros": "brothers", "gebr": "gebrueder", "dept": "department",
    "govt": "government", "univ": "university", "hldg": "holding", "hldgs": "holdings", "grp": "group",
    "inds": "industries", "ind": "industries", "engr": "engineering", "engrg": "engineering", "eng": "engineering",
    "centre": "center", "theatre": "theater", "fibre": "fiber", "labour": "labor", "colour": "color",
    "harbour": "harbor", "saint": "st", "sankt": "st", "verw": "verwaltung", "dt": "deutsche", "ges": "gesellschaft",
    "propertys": "properties", "telecom": "telecommunications", "pharma": "pharmaceuticals", "usa": "us",
}  # fmt: skip
"""Abbreviations and spellings of the same word; a word that names something else in another name has no place here."""

_LONG_NAMES = {("united", "states", "of", "america"): "us", ("united", "states"): "us", ("united", "kingdom"): "uk",
               ("great", "britain"): "uk"}  # fmt: skip
_STARTS_OF_LONG_NAMES = frozenset(name[0] for name in _LONG_NAMES)
_FILLERS = frozenset(
    "and the of for in at to by on de del der die das des dem den von vom zu zur zum am im fuer und mit "
    "la le les el los las du da do di et van het een en".split()
)
_FURTHER_PLACES = frozenset(
    "uk us eu emea apac europe europa european asia asian africa america americas american amerika british german "
    "french italian spanish dutch swiss austrian japanese chinese indian canadian mexican brazilian russian deutsche "
    "schweiz suisse oesterreich iberia iberica nordic nordics benelux dach latam scandinavia polska london paris "
    "munich muenchen berlin hamburg frankfurt koeln cologne stuttgart duesseldorf leipzig dresden zurich zuerich "
    "vienna wien milan milano rome roma madrid barcelona amsterdam brussels dublin tokyo osaka nagoya kyoto beijing "
    "shanghai shenzhen mumbai delhi bangalore sydney melbourne toronto chicago boston dallas houston atlanta phoenix "
    "seattle denver miami philadelphia detroit cleveland".split()
)


@dataclass(frozen=True, slots=True)
class MatchName:
    """One name, parsed once: everything that is compared with another name.

    `compact` is the key without blanks, `whole` the name with its legal form without blanks, `written` the same
    before umlauts are spelled out; `words` are the key's words in one spelling, numbers in digits, fillers left out.
    """

    raw: str
    key: str
    compact: str
    whole: str
    written: str
    words: tuple[str, ...]
    fillers: tuple[str, ...]
    legal_form: str
    numbers: tuple[str, ...]
    letters: tuple[str, ...]
    places: tuple[str, ...]
    initials: str
    is_cjk: bool


@lru_cache(maxsize=131_072)
def match_name(raw: str) -> MatchName:
    """The name read for comparing. Two calls give the same; nothing is looked up."""
    name = company_name(raw)
    key, legal_form = name.key, name.legal_form
    if not legal_form or legal_form == "Co.":
        key, legal_form = _with_mended_form(key, legal_form)
    is_cjk = is_japanese(key)
    said = _one_spelling(key.split())
    fillers = tuple(word for word in said[1:-1] if word in _FILLERS)
    words = (*said[:1], *(word for word in said[1:-1] if word not in _FILLERS), *said[1:][-1:])
    return MatchName(
        raw=name.raw,
        key=key,
        compact=key.replace(" ", ""),
        whole="".join(spelled_words(name.display)),
        written=re.sub(r"[\W_]+", "", name.display.casefold()),
        words=words,
        fillers=fillers,
        legal_form=legal_form,
        numbers=tuple(word for word in words if word.isdecimal()),
        letters=tuple(word for word in words if len(word) == 1 and not word.isdecimal()),
        places=tuple(place for word in words if (place := place_of(word))),
        initials="".join(word[0] for word in words if not word.isdecimal()),
        is_cjk=is_cjk,
    )


def is_japanese(text: str) -> bool:
    """Whether any sign of it is kana or kanji, so that it is compared sign by sign."""
    return bool(_CJK.search(text))


@lru_cache(maxsize=65_536)
def place_of(word: str) -> str:
    """The country or region a word of a name stands for (`germany` and `deutschland` for `DE`), or ""."""
    if len(word) >= 4 and word.isalpha():
        found = country_code(word) or subdivision_code(word, "US") or subdivision_code(word, "DE")
        if found:
            return found
    return word if word in _FURTHER_PLACES else ""


def _one_spelling(words: list[str]) -> list[str]:
    """Abbreviations in full, British words as American ones, letters apart from digits, numbers in digits."""
    joined = _without_long_names(words) if _STARTS_OF_LONG_NAMES.intersection(words) else words
    parts = [part for word in joined for part in _apart(word)]
    return with_digits([_american(_SPELLINGS.get(word, word)) for word in parts])


def _apart(word: str) -> list[str]:
    """The letters and the numbers of `ep5` or `iiib`."""
    found = _ROMAN_AND_LETTER.fullmatch(word)
    return list(found.groups()) if found else _DIGITS.sub(" ", word).split()


def _american(word: str) -> str:
    return word.replace("isation", "ization") if len(word) > 8 else word


def _without_long_names(words: list[str]) -> list[str]:
    for long, short in _LONG_NAMES.items():
        count = len(long)
        for place in range(len(words) - count + 1):
            if tuple(words[place : place + count]) == long:
                return _without_long_names([*words[:place], short, *words[place + count :]])
    return words


def _with_mended_form(key: str, form: str) -> tuple[str, str]:
    """A key whose legal form was misspelled (`foo gmhb`, `foo joynt stock`) without it, and the form."""
    words = key.split()
    ending = ["company"] if form == "Co." else []
    for place in range(len(words) - 1, max(0, len(words) - 4), -1):
        meant = _legal_word_meant(words[place]) if len(words[place]) >= 3 and words[place].isascii() else ""
        if meant:
            bare, mended = split_legal_form([*words[:place], meant, *words[place + 1 :], *ending])
            if mended and len(bare) <= place:
                return " ".join(bare), mended
    return key, form


@cache
def _legal_word_meant(word: str) -> str:
    """The legal form's word one slip away: letters swapped, or one letter wrong in a long one; "" when unclear."""
    near = [
        known
        for known in LEGAL_WORDS
        if OSA.distance(word, known, score_cutoff=1) == 1 and (len(known) >= 5 or sorted(word) == sorted(known))
    ]
    return near[0] if len(near) == 1 else ""
