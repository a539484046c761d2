"""What tells two companies' names apart, word by word: slips of the pen, moved blanks, other numbers, other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA, Hamming, Prefix

from app.domain.intake.legal_forms import is_form_word
from app.domain.matching.names import MatchName, place_of
from app.domain.matching.weights import WordWeights

_FAR = 99


class DifferenceKind(StrEnum):
    """How two names differ in one place."""

    FORM = "form"
    BLANKS = "blanks"
    ORDER = "order"
    FILLER = "filler"
    SWAPPED = "swapped"
    LETTER = "letter"
    LETTERS = "letters"
    ENDING = "ending"
    SIGNS = "signs"
    SOUND = "sound"
    SIMILAR_SOUND = "similar_sound"
    INITIALS = "initials"
    NUMBER = "number"
    SERIES = "series"
    PLACE = "place"
    ADDED = "added"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what the asked name says and what the known one says there ("" when nothing)."""

    kind: DifferenceKind
    asked: str = ""
    known: str = ""


def find_differences(asked: MatchName, known: MatchName, weights: WordWeights) -> list[Difference]:
    """Every difference between the words of two names, slips before contradictions; the legal forms aside."""
    found: list[Difference] = []
    ours, theirs = _unequal(asked.words, known.words), _unequal(known.words, asked.words)
    if not ours and not theirs and asked.words != known.words:
        found.append(Difference(DifferenceKind.ORDER, " ".join(asked.words), " ".join(known.words)))
    if Counter(asked.fillers) != Counter(known.fillers):
        found.append(Difference(DifferenceKind.FILLER))
    found += _numbers(ours, theirs)
    if ours and theirs:
        found += _slips(ours, theirs, weights)
    found += _forms(ours, theirs, {asked.words[0], known.words[0]})
    found += _series(ours, theirs) + _places(ours, theirs)
    return found + _other_words(ours, theirs)


def slip_between(asked: str, known: str, weights: WordWeights) -> DifferenceKind | None:
    """The slip of the pen by which one word became the other, or None when they are two words.

    Two words that companies' names are known to hold (`wealth`, `health`) are two words, but for swapped letters and
    the plural.
    """
    shorter = min(len(asked), len(known))
    distance = OSA.distance(asked, known, score_cutoff=2) if shorter >= 3 else _FAR
    if distance == 1 and is_swap(asked, known):
        return DifferenceKind.SWAPPED
    if distance > 2:
        return None
    if weights.is_in_use(asked) and weights.is_in_use(known):
        return DifferenceKind.ENDING if _is_ending(asked, known) else None
    if distance == 1:
        return DifferenceKind.LETTER
    shared = Prefix.similarity(asked, known)
    return DifferenceKind.LETTERS if shorter >= 7 or shared >= 4 else None


def is_swap(asked: str, known: str) -> bool:
    """Whether two neighbouring letters changed places, and nothing else."""
    return len(asked) == len(known) and Hamming.distance(asked, known) == 2 and OSA.distance(asked, known) == 1


def _unequal(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The words that the other name does not have as well, in their order."""
    left = Counter(others)
    unequal: list[str] = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            unequal.append(word)
    return unequal


def _numbers(ours: list[str], theirs: list[str]) -> list[Difference]:
    asked, known = _taken(ours, str.isdecimal), _taken(theirs, str.isdecimal)
    return [Difference(DifferenceKind.NUMBER, asked, known)] if asked or known else []


def _forms(ours: list[str], theirs: list[str], first: set[str]) -> list[Difference]:
    """Words of a legal form inside the name (`Insurance Co. Account`); in front they may be a brand's letters."""

    def is_form(word: str) -> bool:
        return word not in first and is_form_word(word)

    asked, known = _taken(ours, is_form), _taken(theirs, is_form)
    return [Difference(DifferenceKind.FORM, asked, known)] if asked or known else []


def _series(ours: list[str], theirs: list[str]) -> list[Difference]:
    asked, known = _taken(ours, _is_letter), _taken(theirs, _is_letter)
    return [Difference(DifferenceKind.SERIES, asked, known)] if asked or known else []


def _places(ours: list[str], theirs: list[str]) -> list[Difference]:
    same = {place_of(word) for word in ours} & {place_of(word) for word in theirs} - {""}
    for words in (ours, theirs):
        words[:] = [word for word in words if place_of(word) not in same]
    asked, known = _taken(ours, _is_place), _taken(theirs, _is_place)
    return [Difference(DifferenceKind.PLACE, asked, known)] if asked or known else []


def _is_letter(word: str) -> bool:
    return len(word) == 1


def _is_place(word: str) -> bool:
    return bool(place_of(word))


def _taken(words: list[str], belongs: Callable[[str], bool]) -> str:
    """The words that belong, taken out of the list, as text."""
    taken = [word for word in words if belongs(word)]
    if taken:
        words[:] = [word for word in words if not belongs(word)]
    return " ".join(taken)


def _slips(ours: list[str], theirs: list[str], weights: WordWeights) -> list[Difference]:
    """Moved blanks and misspelled words; what is explained leaves the lists."""
    found = _moved_blanks(ours, theirs)
    for asked in tuple(ours):
        for known in theirs:
            if kind := slip_between(asked, known, weights):
                found.append(Difference(kind, asked, known))
                ours.remove(asked)
                theirs.remove(known)
                break
    if (len(ours) > 1 or len(theirs) > 1) and ours and theirs:
        asked, known = "".join(ours), "".join(theirs)
        kind = slip_between(asked, known, weights) if min(len(asked), len(known)) >= 6 else None
        if kind in {DifferenceKind.SWAPPED, DifferenceKind.LETTER}:
            found += [Difference(DifferenceKind.BLANKS), Difference(kind, " ".join(ours), " ".join(theirs))]
            ours.clear()
            theirs.clear()
    return found


def _moved_blanks(ours: list[str], theirs: list[str]) -> list[Difference]:
    """`good will` and `goodwill`, wherever in the name."""
    for one, other in ((ours, theirs), (theirs, ours)):
        for count in (3, 2):
            for place in range(len(one) - count + 1):
                joined = "".join(one[place : place + count])
                if joined in other:
                    del one[place : place + count]
                    other.remove(joined)
                    return [Difference(DifferenceKind.BLANKS), *_moved_blanks(ours, theirs)]
    if ours and "".join(ours) == "".join(theirs):
        ours.clear()
        theirs.clear()
        return [Difference(DifferenceKind.BLANKS)]
    return []


def _is_ending(asked: str, known: str) -> bool:
    """Whether only the grammar differs: `service` and `services`, `agriculture` and `agricultural`."""
    shared = Prefix.similarity(asked, known)
    rests = {asked[shared:], known[shared:]}
    return rests in ({"", "s"}, {"", "es"}, {"", "n"}, {"", "en"}, {"y", "ies"}, {"e", "al"}, {"", "al"})


def _other_words(ours: list[str], theirs: list[str]) -> list[Difference]:
    for one, other in ((ours, theirs), (theirs, ours)):
        if len(one) == 1 and len(other) == len(one[0]) >= 3 and one[0] == "".join(word[0] for word in other):
            return [Difference(DifferenceKind.INITIALS, " ".join(ours), " ".join(theirs))]
    if ours and theirs:
        return [Difference(DifferenceKind.REPLACED, " ".join(ours), " ".join(theirs))]
    return [Difference(DifferenceKind.ADDED, word, "") for word in ours] + [
        Difference(DifferenceKind.ADDED, "", word) for word in theirs
    ]
