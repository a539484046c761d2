"""A company's name brought to the key by which equal companies are found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

from app.domain.intake.folding import plain, spelled_out
from app.domain.intake.legal_forms import split_japanese_form, split_legal_form

_DOTTED = re.compile(r"(?<![^\W_])[a-z](?:\.[a-z](?![^\W_]))+\.?")
_SPACED = re.compile(r"(?<![^\W_])[a-z]\.(?:\s[a-z]\.)*\s[a-z](?![^\W_])\.?")
_SOLE_TRADER = re.compile(r"\be\.\s?u\.?\s*$")
_APOSTROPHES = re.compile("['’‘`´]")
_NOT_A_WORD = re.compile(r"[^\w]+|_+")
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_BLANK_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_AND = frozenset({"und", "et"})
_LEADING = frozenset({"the", "firma", "fa"})


@dataclass(frozen=True, slots=True)
class CompanyName:
    """One name in four shapes: as received, for people, for comparing, and the legal form taken off the key."""

    raw: str
    display: str
    key: str
    legal_form: str = ""

    @property
    def compact(self) -> str:
        """The key without blanks, where writers differ about them."""
        return self.key.replace(" ", "")


def company_name(raw: str) -> CompanyName:
    """The name read: `Müller & Söhne GmbH` gives key `mueller and soehne` and form `GmbH`; `㈱アクメ` key `アクメ`.

    Equal keys mean equal names but for case, width, punctuation, umlauts (ü = ue), accents and legal form. Two calls
    give the same; nothing is looked up. The key of a name that is only a legal form is that form.
    """
    display = plain(raw)
    bare, japanese_form = split_japanese_form(display)
    words = spelled_words(bare)
    words, latin_form = split_legal_form(words)
    words = _without_leading(words)
    key = _BLANK_BESIDE_CJK.sub("", " ".join(words))
    return CompanyName(raw, display, key, japanese_form or latin_form)


def company_key(raw: str) -> str:
    """The key alone."""
    return company_name(raw).key


def spelled_words(text: str) -> list[str]:
    """The words in lower case Latin letters without accents; other scripts stay as they are."""
    lower = unicodedata.normalize("NFKC", text).casefold()
    lower = _SOLE_TRADER.sub("eingetragenes unternehmen", lower)
    if not lower.isascii():
        lower = "".join(_latin(sign) for sign in spelled_out(lower))
    lower = _APOSTROPHES.sub("", lower)
    for initials in (_DOTTED, _SPACED):
        lower = initials.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", lower)
    lower = lower.replace("&", " and ").replace("+", " and ")
    return ["and" if word in _AND else word for word in _NOT_A_WORD.split(lower) if word]


def _latin(sign: str) -> str:
    """A Latin letter without its accent. Never for other scripts: kanji would turn into Chinese readings."""
    if sign.isascii() or not unicodedata.name(sign, "").startswith("LATIN"):
        return sign
    return anyascii(sign).lower()


def _without_leading(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in _LEADING else words
