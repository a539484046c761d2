"""Which places a territory covers."""

from __future__ import annotations

import pytest

from app.domain.territories import (
    Place,
    TerritoryMode,
    TerritoryRule,
    containing_subdivisions,
    country_coverage,
    decide_coverage,
)


def include(country: str, subdivision: str | None = None, **postal: str) -> TerritoryRule:
    return TerritoryRule(TerritoryMode.INCLUDE, country, subdivision, **postal)


def exclude(country: str, subdivision: str | None = None, **postal: str) -> TerritoryRule:
    return TerritoryRule(TerritoryMode.EXCLUDE, country, subdivision, **postal)


MUNICH = Place("DE", "DE-BY", "80331")
KYOTO = Place("JP", "JP-26", "600-8216")

CASES = [
    ("no rule", [], MUNICH, False),
    ("country", [include("DE")], MUNICH, True),
    ("other country", [include("AT")], MUNICH, False),
    ("subdivision", [include("DE", "DE-BY")], MUNICH, True),
    ("other subdivision", [include("DE", "DE-BE")], MUNICH, False),
    ("prefix", [include("DE", postal_prefix="80")], MUNICH, True),
    ("other prefix", [include("DE", postal_prefix="81")], MUNICH, False),
    ("range", [include("DE", postal_from="80000", postal_to="81999")], MUNICH, True),
    ("first of the range", [include("DE", postal_from="80331", postal_to="81999")], MUNICH, True),
    ("last of the range", [include("DE", postal_from="80000", postal_to="80331")], MUNICH, True),
    ("just below the range", [include("DE", postal_from="80332", postal_to="81999")], MUNICH, False),
    ("just above the range", [include("DE", postal_from="80000", postal_to="80330")], MUNICH, False),
    ("range of prefixes", [include("DE", postal_from="80", postal_to="81")], MUNICH, True),
    ("range with one end", [include("DE", postal_from="80331")], MUNICH, True),
    ("hyphens ignored in the rule", [include("JP", postal_from="600-8216")], Place("JP", None, "6008216"), True),
    ("hyphens ignored in the place", [include("JP", postal_prefix="6008")], KYOTO, True),
    ("spaces ignored", [include("GB", postal_prefix="SW1A")], Place("GB", None, "sw1a 1aa"), True),
    ("letters in a range", [include("GB", postal_from="SW1", postal_to="SW4")], Place("GB", None, "SW3 5UZ"), True),
    (
        "letters outside a range",
        [include("GB", postal_from="SW1", postal_to="SW4")],
        Place("GB", None, "SW9 1AA"),
        False,
    ),
    ("ZIP+4 lies in its ZIP", [include("US", postal_from="14206")], Place("US", None, "14206-1234"), True),
    ("leading zeros count", [include("US", postal_prefix="06")], Place("US", None, "60601"), False),
    ("exclude alone grants nothing", [exclude("DE", "DE-BE")], MUNICH, False),
    ("subdivision out of a country", [include("DE"), exclude("DE", "DE-BY")], MUNICH, False),
    (
        "postal back into an excluded subdivision",
        [exclude("DE", "DE-BY"), include("DE", postal_prefix="80")],
        MUNICH,
        True,
    ),
    (
        "exact code out of a range",
        [include("DE", postal_from="80000", postal_to="81999"), exclude("DE", postal_from="80331")],
        MUNICH,
        False,
    ),
    (
        "longer prefix beats shorter",
        [exclude("DE", postal_prefix="8"), include("DE", postal_prefix="803")],
        MUNICH,
        True,
    ),
    (
        "narrower range beats wider",
        [exclude("DE", postal_from="80000", postal_to="89999"), include("DE", postal_from="80300", postal_to="80399")],
        MUNICH,
        True,
    ),
    (
        "narrow range beats wide prefix",
        [exclude("DE", postal_prefix="80"), include("DE", postal_from="80330", postal_to="80332")],
        MUNICH,
        True,
    ),
    (
        "exact code beats range",
        [exclude("DE", postal_from="80330", postal_to="80332"), include("DE", postal_prefix="80331")],
        MUNICH,
        True,
    ),
    ("a tie excludes", [include("DE", "DE-BY"), exclude("DE", "DE-BY")], MUNICH, False),
    ("a tie excludes in any order", [exclude("DE", "DE-BY"), include("DE", "DE-BY")], MUNICH, False),
    (
        "prefix and range of the same codes tie",
        [include("DE", postal_prefix="80"), exclude("DE", postal_from="80000", postal_to="80999")],
        MUNICH,
        False,
    ),
    ("postal rule within a subdivision", [include("DE", "DE-BY", postal_prefix="80")], MUNICH, True),
    ("postal rule within another subdivision", [include("DE", "DE-BE", postal_prefix="80")], MUNICH, False),
    ("unknown postal code, postal rule", [include("DE", postal_prefix="80")], Place("DE", "DE-BY"), False),
    ("unknown postal code, country rule", [include("DE")], Place("DE"), True),
    ("unknown subdivision, subdivision rule", [include("DE", "DE-BY")], Place("DE", None, "80331"), False),
    ("unknown country", [include("DE")], Place(None, "DE-BY", "80331"), False),
    ("postal code shorter than the rule", [include("DE", postal_prefix="80331")], Place("DE", None, "80"), False),
    ("unreadable postal code", [include("DE", postal_prefix="80")], Place("DE", None, "80/81?"), False),
    ("a region contains its departments", [include("FR", "FR-IDF")], Place("FR", "FR-75C"), True),
    (
        "the department beats its region",
        [include("FR", "FR-IDF"), exclude("FR", "FR-75C")],
        Place("FR", "FR-75C"),
        False,
    ),
]


@pytest.mark.covers("T-01", "T-06", "T-09")
@pytest.mark.parametrize(
    ("rules", "place", "is_covered"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_coverage(rules: list[TerritoryRule], place: Place, is_covered: bool) -> None:
    assert decide_coverage(rules, place).is_covered is is_covered


def test_the_result_names_the_rule_that_decided() -> None:
    narrow = exclude("DE", postal_from="80331")
    result = decide_coverage([include("DE"), narrow], MUNICH)
    assert result.rule is narrow
    assert str(result.reason) == "DE 80331 is left out, and covers DE-BY 80331."


def test_an_unknown_subdivision_contains_only_itself() -> None:
    assert containing_subdivisions("XX-1") == ("XX-1",)


@pytest.mark.covers("T-01")
def test_gaps_and_overlaps_of_a_country() -> None:
    coverage = country_coverage(
        {
            1: [include("DE", "DE-BY"), include("DE", "DE-BE")],
            2: [include("DE", "DE-BY"), include("AT")],
            3: [include("DE", "DE-HH", postal_prefix="20")],
            4: [include("DE", postal_from="70000", postal_to="79999")],
            5: [include("DE"), exclude("DE", "DE-SN"), exclude("DE", "DE-HH"), exclude("DE", "DE-BE")],
        },
        "DE",
        ["DE-BE", "DE-BY", "DE-HH", "DE-SN"],
    )
    assert [line.covered_by for line in coverage.subdivisions] == [(1,), (1, 2, 5), (), ()]
    assert [line.partly_covered_by for line in coverage.subdivisions] == [(), (), (3,), ()]
    assert coverage.gaps == ("DE-SN",)
    assert coverage.overlaps == ("DE-BY",)
    assert coverage.covered_by_postal_areas == (4,)
