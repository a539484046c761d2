"""How surely two names are the same company's, 0 to 100, and why."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from app.domain.matching.differences import Difference, DifferenceKind, find_differences, is_swap
from app.domain.matching.japanese import find_japanese_differences, find_spoken_differences
from app.domain.matching.names import MatchName
from app.domain.matching.weights import WordWeights
from app.domain.phrases import N_, Phrase

_LOWEST_NEAR = 70
_UNLIKE = 65
"""The most that names with a contradiction reach: it only puts them in order."""

_CONFIRMING = 5.0
"""From so much weight on the other words of a name confirm it, so that one wrong letter in a word costs less."""

_COMMON = 6.5
"""A word of less weight, in one of 660 names and more, is what an unheard-of word one letter away was meant to be."""

_TELLING = 7.0
"""A word of this weight, in one of 1,100 names, tells a company whatever the order of the words."""

_COSTS = {
    DifferenceKind.BLANKS: 2,
    DifferenceKind.SIGNS: 3,
    DifferenceKind.FILLER: 2,
    DifferenceKind.FORM: 3,
    DifferenceKind.SWAPPED: 6,
    DifferenceKind.ENDING: 17,
    DifferenceKind.SOUND: 22,
    DifferenceKind.SIMILAR_SOUND: 27,
}
"""What a difference takes from 100. Every kind that is not here, nor priced by its words below, is a contradiction."""

_CONTRADICTIONS = frozenset(DifferenceKind) - frozenset(_COSTS) - {DifferenceKind.LETTER, DifferenceKind.ORDER}

_PHRASES = {
    DifferenceKind.FORM: N_("The legal form differs: %(asked)s and %(known)s"),
    DifferenceKind.BLANKS: N_("Blanks or punctuation in other places"),
    DifferenceKind.SIGNS: N_("Same name, otherwise written: “%(asked)s” and “%(known)s”"),
    DifferenceKind.FILLER: N_("Small words such as “and” or “of” differ"),
    DifferenceKind.ORDER: N_("The words stand in another order"),
    DifferenceKind.SWAPPED: N_("Two letters swapped: “%(asked)s” and “%(known)s”"),
    DifferenceKind.LETTER: N_("One letter differs: “%(asked)s” and “%(known)s”"),
    DifferenceKind.LETTERS: N_("Two letters differ: “%(asked)s” and “%(known)s”"),
    DifferenceKind.ENDING: N_("Another ending: “%(asked)s” and “%(known)s”"),
    DifferenceKind.SOUND: N_("Sounds the same: “%(asked)s” and “%(known)s”"),
    DifferenceKind.SIMILAR_SOUND: N_("Sounds alike: “%(asked)s” and “%(known)s”"),
    DifferenceKind.INITIALS: N_("One may be the initials of the other: “%(asked)s” and “%(known)s”"),
    DifferenceKind.NUMBER: N_("The number differs: %(asked)s and %(known)s"),
    DifferenceKind.SERIES: N_("A single letter differs: %(asked)s and %(known)s"),
    DifferenceKind.PLACE: N_("The place differs: %(asked)s and %(known)s"),
    DifferenceKind.REPLACED: N_("Other words: “%(asked)s” and “%(known)s”"),
    DifferenceKind.ADDED: N_("Only one of the names says “%(asked)s%(known)s”"),
}
_NO_FORM = Phrase(N_("no legal form"))


@dataclass(frozen=True, slots=True)
class NameScore:
    """A score that may act alone above 80, needs a person from 70 to 80, and says nothing below."""

    score: int
    reasons: tuple[Phrase, ...]


def score_names(asked: MatchName, known: MatchName, weights: WordWeights) -> NameScore:
    """How surely `asked` and `known` name one company: 100 for the same letters, less for every difference.

    What a difference costs was set on real registers so that the score means what the thresholds say: of pairs above
    80 at least 99 in 100 are one company, from 70 to 80 a person must look, below no pair is worth their time.
    """
    if not asked.compact or not known.compact:
        return NameScore(0, ())
    if asked.whole == known.whole:
        return NameScore(100, (Phrase(N_("Same name")),))
    differences = _differences(asked, known, weights)
    costs = [_cost(difference, _context(difference, asked, known, weights), weights) for difference in differences]
    cost = sum(costs) + _cost_of_form(asked, known, is_slipped=max(costs, default=0) > 6)
    reasons = tuple(_reason(difference) for difference in differences) + _reason_of_form(asked, known, differences)
    score = 100 - cost
    if score < _LOWEST_NEAR:
        score = round(_UNLIKE * _overlap(asked, known, weights))
    return NameScore(score, reasons)


def _differences(asked: MatchName, known: MatchName, weights: WordWeights) -> list[Difference]:
    if asked.compact == known.compact:
        return []
    if asked.is_cjk and known.is_cjk:
        return find_japanese_differences(asked.compact, known.compact)
    if asked.is_cjk or known.is_cjk:
        return find_spoken_differences(asked.raw, known.raw)
    differences = find_differences(asked, known, weights)
    if asked.numbers == known.numbers and any(d.kind in _CONTRADICTIONS for d in differences):
        return _differences_as_written(asked, known) or differences
    return differences or [Difference(DifferenceKind.SIGNS, asked.key, known.key)]


def _differences_as_written(asked: MatchName, known: MatchName) -> list[Difference]:
    """Two signs swapped anywhere in the names as they were written: in `GmHb`, over an umlaut, a blank or an `und`."""
    if asked.written == known.written:
        return [Difference(DifferenceKind.BLANKS)]
    if is_swap(asked.written, known.written) or is_swap(asked.compact, known.compact):
        return [Difference(DifferenceKind.SWAPPED, asked.key, known.key)]
    return []


def _context(difference: Difference, asked: MatchName, known: MatchName, weights: WordWeights) -> float:
    """How much the names say besides the words that differ; nothing when numbered, as series are."""
    if asked.numbers or known.numbers:
        return 0
    said = (
        [word for word in name.words if word not in differing.split()]
        for name, differing in ((asked, difference.asked), (known, difference.known))
    )
    return min(sum(map(weights.weight, words)) for words in said)


def _cost(difference: Difference, context: float, weights: WordWeights) -> int:
    words = (difference.asked, difference.known)
    match difference.kind:
        case DifferenceKind.SWAPPED:
            in_use = all(weights.is_in_use(word) for word in words)
            return 25 if in_use else 12 if min(map(len, words)) < 4 else _COSTS[difference.kind]
        case DifferenceKind.LETTER | DifferenceKind.LETTERS:
            is_common = context >= _CONFIRMING and min(map(weights.weight, words)) < _COMMON
            if is_common and max(map(len, words)) >= 4:
                return 9 if difference.kind is DifferenceKind.LETTER else 15
            return _cost_of_letters(difference, context)
        case DifferenceKind.ORDER:
            said = [weights.weight(word) for word in difference.asked.split() if word.isalpha()]
            return 12 if said and (max(said) >= _TELLING or sum(said) >= 3 * _COMMON) else 24
    return _COSTS.get(difference.kind, 50)


def _cost_of_letters(difference: Difference, context: float) -> int:
    """The shorter a word the sooner another letter makes another word of it; other words beside it confirm."""
    words = (difference.asked, difference.known)
    shorter = min(map(len, words))
    if difference.kind is DifferenceKind.LETTERS:
        is_confirmed = context >= 1.5 * _CONFIRMING and Prefix.similarity(*words) >= 4
        return 18 if shorter >= 9 or is_confirmed else 24
    if shorter == 3:
        return 19 if context >= 4 * _CONFIRMING else 50
    first = 3 if words[0][0] != words[1][0] else 0
    alone = 0 if context >= _CONFIRMING else 4
    return first + alone + (6 if shorter >= 8 else 9 if shorter >= 6 else 12 if shorter == 5 else 18)


def _cost_of_form(asked: MatchName, known: MatchName, *, is_slipped: bool) -> int:
    """Another legal form says little while the names are the same, but more once they are not quite."""
    if asked.legal_form == known.legal_form or asked.is_cjk != known.is_cjk:
        return 0
    if not asked.legal_form or not known.legal_form:
        return 1
    return 6 if is_slipped else 3


def _reason(difference: Difference) -> Phrase:
    values = {"asked": difference.asked or "–", "known": difference.known or "–"}
    if difference.kind is DifferenceKind.ADDED:
        values = {"asked": difference.asked, "known": difference.known}
    return Phrase(_PHRASES[difference.kind], values)


def _reason_of_form(asked: MatchName, known: MatchName, differences: list[Difference]) -> tuple[Phrase, ...]:
    if asked.legal_form == known.legal_form or asked.is_cjk != known.is_cjk:
        return () if differences else (Phrase(N_("Same name but for blanks and punctuation")),)
    values = {"asked": asked.legal_form or _NO_FORM, "known": known.legal_form or _NO_FORM}
    if differences:
        return (Phrase(N_("The legal form differs: %(asked)s and %(known)s"), values),)
    return (Phrase(N_("Same name but for the legal form: %(asked)s and %(known)s"), values),)


def _overlap(asked: MatchName, known: MatchName, weights: WordWeights) -> float:
    """How much of what the two names say is the same, rare words counting for more: 0 to 1."""
    if asked.is_cjk or known.is_cjk:
        return fuzz.ratio(asked.compact, known.compact) / 100
    same = set(asked.words) & set(known.words)
    common = sum(weights.weight(word) for word in same)
    every = sum(map(weights.weight, asked.words)) + sum(map(weights.weight, known.words))
    letters = fuzz.ratio(asked.compact, known.compact) / 100
    return (2 * common / every + letters) / 2 if every else letters
