"""Text brought to one spelling, so that lookups need not know how somebody typed it."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_NOT_A_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """One width (NFKC), no control characters, single blanks: how a value is kept for people."""
    wide = unicodedata.normalize("NFKC", text)
    if wide.isprintable():
        return " ".join(wide.split())
    return " ".join("".join(sign for sign in wide if sign.isprintable() or sign.isspace()).split())


def without_accents(text: str) -> str:
    """Latin letters without their marks; the marks of kana stay, for there they make another letter."""
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text)))


def spelled_out(text: str) -> str:
    """German umlauts as two letters: `Müller` becomes `Mueller`."""
    return unicodedata.normalize("NFC", text).translate(_UMLAUTS)


def fold(text: str) -> str:
    """The letters and digits alone, in one width and case, without accents: the key of a lookup table."""
    return _NOT_A_WORD.sub("", without_accents(unicodedata.normalize("NFKC", text).casefold()))


def fold_words(text: str) -> str:
    """Like `fold`, with single blanks between the words."""
    return _NOT_A_WORD.sub(" ", without_accents(unicodedata.normalize("NFKC", text).casefold())).strip()


def foldings(text: str) -> set[str]:
    """Every key a table should answer to for a name: with the umlaut dropped and with it spelled out."""
    return {fold(text), fold(spelled_out(text))} - {""}
