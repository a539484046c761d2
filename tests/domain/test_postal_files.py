"""Reading files that say where postal codes lie."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.nearness import Point
from app.domain.postal_files import LineFault, PlaceLine, read_postal_file


def _listed(country: str, code: str, latitude: str, longitude: str) -> str:
    """A line of a list as GeoNames publishes it."""
    return "\t".join([country, code, "Somewhere", "Bayern", "BY", "", "", "", "", latitude, longitude, "4"]) + "\n"


@pytest.mark.covers("T-06")
def test_a_list_and_a_csv_say_the_same() -> None:
    listed = list(
        read_postal_file([_listed("DE", "80331", "48.1345", "11.571"), _listed("JP", "260-0015", "35.6", "140")])
    )
    header = "longitude,LATITUDE,postal_code,country,note\n"
    plain = list(
        read_postal_file(["\ufeff" + header, '11.571,48.1345,80331,Germany,"a, b"\n', "140,35.6,2600015,jp,\n"])
    )
    assert (
        listed
        == plain
        == [
            PlaceLine("DE", "80331", Point(48.1345, 11.571)),
            PlaceLine("JP", "2600015", Point(35.6, 140)),
        ]
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("DE,1067,51,13.7", "01067"),
        ("US,10001-1234,40,-73", "10001"),
        ("GB,sw1a,51,0", "SW1A"),
        ("NL,1012,52,4", "1012"),
    ],
)
def test_codes_are_kept_as_territory_rules_compare_them(line: str, code: str) -> None:
    (place,) = read_postal_file(["country,postal_code,latitude,longitude", line])
    assert isinstance(place, PlaceLine)
    assert place.postal_code == code


@pytest.mark.parametrize(
    "line",
    ["XX,1,1,1", ",80331,1,1", "DE,,1,1", "DE,80331,48", "DE,80331,91,1", "DE,80331,1,-181", "DE,80331,nan,1",
     "DE,★,1,1", 'DE,"80331,1,1', "DE,80331," + "9" * 200_000 + ",1"],
)  # fmt: skip
def test_a_bad_line_is_named_and_costs_no_other(line: str) -> None:
    lines = ["country,postal_code,latitude,longitude", "DE,80331,48,11", "", line, "DE,80333,48,11"]
    first, fault, last = read_postal_file(lines)
    assert isinstance(fault, LineFault)
    assert fault.line_no == 4
    assert [place.postal_code for place in (first, last) if isinstance(place, PlaceLine)] == ["80331", "80333"]


@pytest.mark.covers("T-06")
@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("above", [[], ["sep={}\r\n"]], ids=["plain", "as Excel declares it"])
def test_a_list_from_a_country_with_decimal_commas(separator: str, above: list[str]) -> None:
    header, line = ["Postal_Code", "country", "longitude", "latitude"], ["80331", "DE", "11,571", "48,1345"]
    lines = [text.format(separator) for text in above] + [f"{separator.join(cells)}\r\n" for cells in (header, line)]
    found = list(read_postal_file([*lines, separator * 3 + "\r\n"]))
    assert found == [PlaceLine("DE", "80331", Point(48.1345, 11.571))]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("DE,80331,48", "The line has only 3 of 4 columns. Write the separator of an empty cell too."),
        (
            "DE,80331,48,13,11,58",
            "The line has more cells than columns. Put a cell that holds a separator",
        ),
        ("DE,80331,x,11", "“x” is not a number of degrees such as 52.52."),
    ],
)
def test_a_bad_line_says_what_to_do(line: str, told: str) -> None:
    (fault,) = read_postal_file(["country,postal_code,latitude,longitude", line])
    assert isinstance(fault, LineFault)
    assert told in str(fault.reason)


@pytest.mark.parametrize(
    "lines", [[], ["name,latitude,longitude"], ["country;postal_code;latitude"], ["DE\t80331\t48\t11"]]
)
def test_another_kind_of_file_is_refused(lines: list[str]) -> None:
    with pytest.raises(Invalid):
        list(read_postal_file(lines))
