"""Numbers in companies' names, by every way they are written: 2, II, two, second, zweite."""

from __future__ import annotations

import re

_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ONES = (
    "one first eins erste erster erstes|two second zwei zweite zweiter zweites|three third drei dritte dritter drittes|"
    "four fourth vier vierte vierter viertes|five fifth fuenf fuenfte fuenfter fuenftes|"
    "six sixth sechs sechste sechster sechstes|seven seventh sieben siebte siebter siebtes siebente|"
    "eight eighth acht achte achter achtes|nine ninth neun neunte neunter neuntes|"
    "ten tenth zehn zehnte zehnter zehntes|eleven eleventh elf elfte elfter elftes|"
    "twelve twelfth zwoelf zwoelfte zwoelfter zwoelftes|thirteen thirteenth dreizehn dreizehnte|"
    "fourteen fourteenth vierzehn vierzehnte|fifteen fifteenth fuenfzehn fuenfzehnte|"
    "sixteen sixteenth sechzehn sechzehnte|seventeen seventeenth siebzehn siebzehnte|"
    "eighteen eighteenth achtzehn achtzehnte|nineteen nineteenth neunzehn neunzehnte"
)
_TENS = (
    "twenty twentieth zwanzig|thirty thirtieth dreissig|forty fortieth fourty vierzig|fifty fiftieth fuenfzig|"
    "sixty sixtieth sechzig|seventy seventieth siebzig|eighty eightieth achtzig|ninety ninetieth neunzig"
)
_WORDS = {word: number for number, line in enumerate(_ONES.split("|"), start=1) for word in line.split()}
_WORDS_OF_TENS = {word: ten * 10 for ten, line in enumerate(_TENS.split("|"), start=2) for word in line.split()}


def with_digits(words: list[str]) -> list[str]:
    """The words with every number in digits: `forty four` becomes `44`, `iii` and `dritte` become `3`.

    A single `i`, `v` or `x` in front is a letter of the name (`X Holding`), behind a word it is a number (`Fund V`).
    """
    read: list[str] = []
    tens = 0
    for place, word in enumerate(words):
        number = _number(word, is_first=place == 0)
        if tens and number and number < 10:
            read[-1] = str(tens + number)
        else:
            read.append(str(number) if number else word)
        tens = number if number and number % 10 == 0 and 20 <= number < 100 else 0
    return read


def _number(word: str, *, is_first: bool) -> int | None:
    if word.isdecimal() and word.isascii() and len(word) <= 9:
        return int(word) or None
    if found := _ORDINAL.fullmatch(word):
        return int(found[1]) or None
    if word in _WORDS or word in _WORDS_OF_TENS:
        return _WORDS.get(word) or _WORDS_OF_TENS[word]
    if _ROMAN.fullmatch(word) and not (is_first and len(word) == 1):
        return _roman(word)
    return None


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in word]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
