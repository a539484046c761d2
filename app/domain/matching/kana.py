"""Names of Japanese companies by their sound: what kana and an English spelling of one company have in common.

Kana become Latin letters (Hepburn, long vowels short). Both spellings are then brought near each other the way loan
words are taken into Japanese: `l` and `r`, `b` and `v` fall together, `tion` is `shon`, an `r` nobody speaks is gone,
and the vowels put between consonants do not count (`テクノロジー` and `technology` both sound like `t-k-n-r-s`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from app.domain.intake.folding import plain
from app.domain.matching.japanese_words import COMPANY_WORDS, LEGAL_FORMS, LETTERS, NOT_SPOKEN

_VOWELS = "aiueo"
_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "s": "サシスセソ",
    "t": "タチツテト",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "g": "ガギグゲゴ",
    "z": "ザジズゼゾ",
    "d": "ダヂヅデド",
    "b": "バビブベボ",
    "p": "パピプペポ",
}
_SYLLABLES = {
    **{sign: row + vowel for row, signs in _ROWS.items() for sign, vowel in zip(signs, _VOWELS, strict=True)},
} | dict(zip("シチツフジヂヅヴヤユヨワヰヱヲン", "shi chi tsu fu ji ji zu vu ya yu yo wa i e o n".split(), strict=True))
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_PALATAL = ("sh", "ch", "j")

_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_KANA = re.compile("[\u30a1-\u30fa\u30fc]+")
_LATIN = re.compile(r"[a-z]+")
_LONG = re.compile(r"ou|o+h(?=[^aiueo]|$)|(?:oo|uu|aa|ii|ee)")
_BEFORE_LIPS = re.compile(r"m(?=[bpm])")

_LOAN_WORDS = (
    (re.compile(r"[ts]ion|cean"), "shon"),
    (re.compile(r"tech"), "tek"),
    (re.compile(r"chem|chro|chr"), "kem"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?<=.)gh(?=[^aeiou]|$)"), ""),
    (re.compile(r"th"), "s"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"ck|c(?!h)|q"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"(?<=[aeiou])r(?![aeiouy])"), ""),
    (re.compile(r"g(?=[eiy])"), "j"),
)
_ALIKE = str.maketrans({"l": "r", "v": "b", "f": "h", "z": "s", "j": "s", "m": "n"})
_UNHEARD = re.compile(r"[aeiouyw]")
_SPOKEN = re.compile(r"[aeiouy]")
_LONGEST_ABBREVIATION = 4
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Sound:
    """How a name sounds: what sets it apart in letters and in its consonants, and the ordinary words in it."""

    letters: str
    consonants: str
    words: frozenset[str] = frozenset()


def romaji(kana: str) -> str:
    """Katakana or hiragana in Latin letters, Hepburn with every long vowel short; other signs stay."""
    read: list[str] = []
    for sign in kana.translate(_HIRAGANA):
        if sign in _SMALL_Y and read:
            read[-1] = _with_small_y(read[-1], _SMALL_Y[sign])
        elif sign in _SMALL_VOWELS and read:
            read[-1] = (read[-1].rstrip(_VOWELS) or "w") + _SMALL_VOWELS[sign]
        elif sign not in "ッー":
            read.append(_SYLLABLES.get(sign, sign))
    return short_vowels("".join(read))


def short_vowels(latin: str) -> str:
    """Latin letters with long vowels written short: `koubou`, `kohboh` and `kobo` are one; `m` before `b` is `n`."""
    return _BEFORE_LIPS.sub("n", _LONG.sub(lambda found: found[0][0], latin))


@lru_cache(maxsize=65_536)
def sound(name: str) -> Sound | None:
    """How a name is spoken, as far as kana or Latin letters say it; None for one of kanji alone."""
    text = plain(name).translate(_HIRAGANA)
    for form in LEGAL_FORMS:
        text = text.replace(form, " ")
    words: set[str] = set()
    parts = [romaji(part) for run in _KANA.findall(text) for part in _kana_parts(run, words)]
    parts += [_latin_part(word, words) for word in _LATIN.findall(text.casefold()) if word not in NOT_SPOKEN]
    letters = "".join(parts) or "".join(sorted(words))
    if not letters:
        return None
    return Sound(letters, consonants(letters), frozenset(words))


def consonants(latin: str) -> str:
    """What two spellings of a loan word share: its consonants, those alike to a Japanese ear being one."""
    for pattern, spoken in _LOAN_WORDS:
        latin = pattern.sub(spoken, latin)
    latin = latin.replace("sh", "s").replace("ch", "t").replace("ts", "t").translate(_ALIKE)
    return _DOUBLED.sub(r"\1", _UNHEARD.sub("", latin))


def _with_small_y(syllable: str, vowel: str) -> str:
    consonant = syllable.rstrip(_VOWELS)
    return consonant + vowel if consonant in _PALATAL else f"{consonant}y{vowel}"


def _kana_parts(run: str, words: set[str]) -> list[str]:
    """What is left of unbroken kana when the ordinary words are taken out, which go to `words`."""
    pattern, meanings = _kana_words()
    words.update(meaning for found in pattern.findall(run) for meaning in meanings[found])
    return [part for part in pattern.split(run) if part]


def _latin_part(word: str, words: set[str]) -> str:
    """The letters of one word as spoken, or "" for an ordinary one, which goes to `words`."""
    if len(word) <= _LONGEST_ABBREVIATION and not _SPOKEN.search(word):
        return _spelled_letters(word)
    word = short_vowels(word)
    if found := _latin_words().get(word):
        words.update(found)
        return ""
    return word


@cache
def _kana_words() -> tuple[re.Pattern[str], dict[str, set[str]]]:
    meanings: dict[str, set[str]] = {}
    for meaning, (_, kana) in COMPANY_WORDS.items():
        for word in kana:
            meanings.setdefault(word, set()).add(meaning)
    longest_first = sorted(meanings, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(longest_first)})(?![ァィゥェォャュョッー])"), meanings


@cache
def _latin_words() -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for meaning, (english, kana) in COMPANY_WORDS.items():
        for word in (*map(short_vowels, english), *map(romaji, kana)):
            meanings.setdefault(word, set()).add(meaning)
    return meanings


def _spelled_letters(word: str) -> str:
    """An abbreviation as its letters are spoken: `THK` is `teiechike`."""
    return romaji("".join(LETTERS[sign] for sign in word))
