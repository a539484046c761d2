"""The terms by which names like one another are found among a million, without comparing with each.

Of every name its rarest four-letter grams are kept, of Japanese signs its pairs, with what also survives a slip: all
its letters in alphabetical order, its words, and how it sounds where it is a Japanese company's. An asked name brings
its own terms; names that share the most are the candidates. Blanks count for nothing, for writers differ about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from zlib import crc32

from app.domain.intake.companies import CompanyName
from app.domain.matching.common_grams import COMMON, COUNTS
from app.domain.matching.japanese_words import COMMON_PAIRS
from app.domain.matching.kana import Sound, sound

KEPT_GRAMS = 8
ASKED_GRAMS = 12
KEPT_WORDS = 8
KEPT_SOUNDS = 12
ASKED_SOUNDS = 8
_UNCOUNTED = COMMON / 4
_JAPANESE = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30fc]")
_LARGEST_INTEGER = 1 << 31


def stored_terms(name: CompanyName, *, is_japanese: bool) -> list[str]:
    """The terms kept of an account's name. `is_japanese`: by how it sounds, too, kana and English having that alone."""
    compact = name.compact
    terms = [_all_letters(compact), *rarest_grams(compact)[:KEPT_GRAMS]]
    terms += [word_term(word) for word in words_of(name)[:KEPT_WORDS]]
    if spoken := sound(name.raw) if is_japanese or has_kana(name.raw) else None:
        terms += [*_sound_grams(spoken, KEPT_SOUNDS), *_sound_words(spoken)]
    return list(dict.fromkeys(terms))


def asked_terms(name: CompanyName) -> list[str]:
    """The terms to look up for an asked name as it is written, the most telling first."""
    return [_all_letters(name.compact), *rarest_grams(name.compact)[:ASKED_GRAMS]]


def asked_sounds(name: CompanyName) -> list[str]:
    """The terms to look up for an asked name as it is spoken: they find a Japanese company in its other script."""
    spoken = sound(name.raw)
    return [*_sound_grams(spoken, ASKED_SOUNDS), *_sound_words(spoken)] if spoken else []


def words_of(name: CompanyName) -> list[str]:
    """The different words of a name's key, in their order."""
    return list(dict.fromkeys(name.key.split()))


def word_term(word: str) -> str:
    """The term under which a whole word is kept."""
    return f" {word}"


def search_keys(manufacturer_id: int, terms: Iterable[str]) -> list[int]:
    """The terms as the integers of the index: hashes that differ between manufacturers, who so never share a list."""
    salt = crc32(str(manufacturer_id).encode())
    return [crc32(term.encode(), salt) - _LARGEST_INTEGER for term in terms]


def has_kana(text: str) -> bool:
    """Whether any of it can be read aloud from its kana."""
    return _KANA.search(text) is not None


@lru_cache(maxsize=16_384)
def rarest_grams(compact: str) -> Sequence[str]:
    """The grams of a name without blanks, the rarest first: pairs where it has Japanese signs, else of four letters."""
    if _JAPANESE.search(compact):
        return sorted(_grams(compact, 2), key=lambda pair: (pair in COMMON_PAIRS, "^" in pair or "$" in pair, pair))
    return sorted(_grams(compact, 4), key=lambda gram: (_frequency(gram), gram))


def trigrams(compact: str) -> list[str]:
    """The different runs of three letters, the name's beginning and end being letters too."""
    return _grams(compact, 3)


def _grams(text: str, size: int) -> list[str]:
    marked = f"^{text}$"
    return list(dict.fromkeys(marked[at : at + size] for at in range(max(1, len(marked) - size + 1))))


def _frequency(gram: str) -> float:
    """About how many names hold four letters: from its two halves of three, and the two letters these share."""
    halves = COUNTS.get(gram[:3], _UNCOUNTED) * COUNTS.get(gram[1:], _UNCOUNTED)
    return halves / max(_pair_counts().get(gram[1:3], 0), COMMON)


@cache
def _pair_counts() -> dict[str, int]:
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for gram, count in COUNTS.items():
        before[gram[1:]] = before.get(gram[1:], 0) + count
        after[gram[:2]] = after.get(gram[:2], 0) + count
    return {pair: max(before.get(pair, 0), after.get(pair, 0)) for pair in before.keys() | after.keys()}


def _all_letters(compact: str) -> str:
    """All letters in alphabetical order: what swapping letters leaves as it was."""
    return "=" + "".join(sorted(compact))


def _sound_grams(spoken: Sound, most: int) -> list[str]:
    letters = [f"~{gram}" for gram in _grams(spoken.letters, 4)[:most]]
    return letters + [f"-{gram}" for gram in _grams(spoken.consonants, 3)[:most]]


def _sound_words(spoken: Sound) -> list[str]:
    return [f"_{word}" for word in sorted(spoken.words)]
