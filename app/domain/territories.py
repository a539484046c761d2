"""Which places a partnership covers: the most specific rule wins, and a tie excludes (domain.md §4).

From broad to narrow: country, subdivision, postal area. A postal prefix, range or single code is one thing here: the
span of codes it holds; the fewer codes, the more specific.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import pycountry

from app.domain.phrases import N_, Phrase


class TerritoryMode(StrEnum):
    """Whether a rule adds places to a territory or takes them out."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead's demand is: ISO 3166-1 country, ISO 3166-2 subdivision, postal code; `None` is unknown."""

    country: str | None = None
    subdivision: str | None = None
    postal_code: str | None = None

    @property
    def region(self) -> str:
        """The place as far as a partner may know it before a claim: subdivision, else country, else nothing."""
        return self.subdivision or self.country or ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.region, self.postal_code) if part)


@dataclass(frozen=True, slots=True)
class TerritoryRule:
    """One line of a territory. Either a prefix, or a range (both ends inclusive), or neither."""

    mode: TerritoryMode
    country: str
    subdivision: str | None = None
    postal_prefix: str | None = None
    postal_from: str | None = None
    postal_to: str | None = None

    @property
    def is_postal(self) -> bool:
        """Whether the rule speaks of postal codes, so that a place without one cannot match it."""
        return bool(self.postal_prefix or self.postal_from or self.postal_to)

    @property
    def bounds(self) -> tuple[str, str]:
        """First and last postal code, compact; a prefix is the range from itself to itself."""
        first = compact_postal_code(self.postal_prefix or self.postal_from or self.postal_to)
        last = compact_postal_code(self.postal_prefix or self.postal_to or self.postal_from)
        return first, last

    def __str__(self) -> str:
        area = self.subdivision or self.country
        if self.postal_prefix:
            return f"{area} {self.postal_prefix}…"
        ends = dict.fromkeys(end for end in (self.postal_from, self.postal_to) if end)
        return f"{area} {'-'.join(ends)}" if ends else area


@dataclass(frozen=True, slots=True)
class CoverageResult:
    """Whether a territory covers a place, by which rule, and why in words. `rule` is `None` when none matched."""

    is_covered: bool
    rule: TerritoryRule | None
    reason: Phrase


def compact_postal_code(code: str | None) -> str:
    """A postal code as it is compared: upper case, without hyphens, spaces and dots."""
    return re.sub(r"[\s.\-\u2010-\u2015\u2212]", "", code or "").upper()


@lru_cache(maxsize=8192)
def containing_subdivisions(subdivision: str) -> tuple[str, ...]:
    """A subdivision and those that contain it, narrowest first: FR-75C lies in FR-IDF (ISO 3166-2).

    Subdivisions the standard does not know contain only themselves.
    """
    line = [subdivision]
    while (parent := _parent_of(line[-1])) and parent not in line:
        line.append(parent)
    return tuple(line)


def _parent_of(subdivision: str) -> str | None:
    known = pycountry.subdivisions.get(code=subdivision)  # type: ignore[no-untyped-call]
    return known.parent_code if known is not None else None


def decide_coverage(rules: Iterable[TerritoryRule], place: Place) -> CoverageResult:
    """Decide whether a territory covers a place: the most specific matching rule wins, a tie excludes.

    Missing data never matches: a place without a postal code is not covered by a postal rule, one without a country
    by none. Hyphens and spaces in postal codes are ignored, ranges include both ends. A code longer than a rule's
    (ZIP+4) lies in the area the rule's code begins; one shorter than a rule's lies in it only as a whole.
    """
    if not place.country:
        return CoverageResult(False, None, Phrase(N_("The lead's country is not known, so no territory covers it.")))
    matching = [(specificity, rule) for rule in rules if (specificity := _specificity(rule, place)) is not None]
    if not matching:
        return CoverageResult(False, None, Phrase(N_("No territory covers %(place)s."), {"place": str(place)}))
    _, winner = max(matching, key=lambda match: (match[0], match[1].mode is TerritoryMode.EXCLUDE))
    values = {"place": str(place), "territory": str(winner)}
    if winner.mode is TerritoryMode.EXCLUDE:
        return CoverageResult(False, winner, Phrase(N_("%(territory)s is left out, and covers %(place)s."), values))
    return CoverageResult(True, winner, Phrase(N_("The territory %(territory)s covers %(place)s."), values))


_Specificity = tuple[int, int, int]
"""Level (0 country, 1 subdivision, 2 postal), minus the number of postal codes, closeness of the subdivision."""


def _specificity(rule: TerritoryRule, place: Place) -> _Specificity | None:
    """How narrowly `rule` describes `place`; `None` when it does not match."""
    if rule.country != place.country:
        return None
    closeness = 0
    if rule.subdivision:
        line = containing_subdivisions(place.subdivision) if place.subdivision else ()
        if rule.subdivision not in line:
            return None
        closeness = len(line) - line.index(rule.subdivision)
    if not rule.is_postal:
        return (1, 0, closeness) if rule.subdivision else (0, 0, 0)
    width = _postal_width(rule, compact_postal_code(place.postal_code))
    return None if width is None else (2, -width, closeness)


def _postal_width(rule: TerritoryRule, code: str) -> int | None:
    """How many codes of this length the rule holds; `None` when `code` is not among them."""
    first, last = rule.bounds
    length = max(len(code), len(first), len(last))
    if not code or not code.isascii() or not (first + last).isascii() or not (first + last + code).isalnum():
        return None
    base, highest = (10, "9") if (first + last + code).isdecimal() else (36, "Z")
    low, high = first.ljust(length, "0"), last.ljust(length, highest)
    if not (low <= code.ljust(length, "0") and code.ljust(length, highest) <= high):
        return None
    return int(high, base) - int(low, base) + 1


@dataclass(frozen=True, slots=True)
class SubdivisionCoverage:
    """Who covers one subdivision wholly, and who only in the postal areas its own rules name there."""

    subdivision: str
    covered_by: tuple[int, ...]
    partly_covered_by: tuple[int, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody covers any of it by a rule that names it or its country."""
        return not self.covered_by and not self.partly_covered_by

    @property
    def is_overlap(self) -> bool:
        """Whether several partnerships cover it."""
        return len(self.covered_by) + len(self.partly_covered_by) > 1


@dataclass(frozen=True, slots=True)
class CountryCoverage:
    """Coverage of a country: per subdivision, and those who cover postal areas that no subdivision is named for."""

    country: str
    subdivisions: tuple[SubdivisionCoverage, ...]
    covered_by_postal_areas: tuple[int, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The subdivisions nobody covers."""
        return tuple(coverage.subdivision for coverage in self.subdivisions if coverage.is_gap)

    @property
    def overlaps(self) -> tuple[str, ...]:
        """The subdivisions several partnerships cover."""
        return tuple(coverage.subdivision for coverage in self.subdivisions if coverage.is_overlap)


def country_coverage(
    territories: Mapping[int, Sequence[TerritoryRule]], country: str, subdivisions: Iterable[str]
) -> CountryCoverage:
    """Who covers which subdivision of a country, with gaps and overlaps; keys of `territories` are partnership ids.

    Postal rules without a subdivision are counted for the country: which subdivision a code lies in is not known here.
    """
    rules = {key: [rule for rule in of_key if rule.country == country] for key, of_key in territories.items()}
    return CountryCoverage(
        country,
        tuple(_subdivision_coverage(rules, country, subdivision) for subdivision in subdivisions),
        tuple(sorted(key for key, of_key in rules.items() if any(map(_is_bare_postal_include, of_key)))),
    )


def _is_bare_postal_include(rule: TerritoryRule) -> bool:
    return rule.mode is TerritoryMode.INCLUDE and rule.is_postal and not rule.subdivision


def _subdivision_coverage(
    rules: Mapping[int, Sequence[TerritoryRule]], country: str, subdivision: str
) -> SubdivisionCoverage:
    place = Place(country, subdivision)
    whole = {key for key, of_key in rules.items() if decide_coverage(of_key, place).is_covered}
    line = containing_subdivisions(subdivision)
    partly = {
        key
        for key, of_key in rules.items()
        if any(rule.is_postal and rule.mode is TerritoryMode.INCLUDE and rule.subdivision in line for rule in of_key)
    }
    return SubdivisionCoverage(subdivision, tuple(sorted(whole)), tuple(sorted(partly - whole)))
