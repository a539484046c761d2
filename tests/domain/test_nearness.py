"""Distances on the Earth, and what they count."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.nearness import EARTH_RADIUS_KM, HALF_DISTANCE_KM, Point, distance_km, score_distance

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.covers("T-09")
@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Point(52.52, 13.405), Point(48.137, 11.575), 504.4),
        (Point(0, 0), Point(90, 0), EARTH_RADIUS_KM * pi / 2),
        (Point(0, 179.5), Point(0, -179.5), 111.2),
        (Point(0, 0), Point(0, 180), EARTH_RADIUS_KM * pi),
        (Point(35.68, 139.77), Point(35.68, 139.77), 0),
    ],
    ids=["Berlin-Munich", "equator-pole", "over the date line", "antipodes", "nowhere else"],
)
def test_known_distances(one: Point, other: Point, km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, abs=0.5)


@given(POINTS, POINTS, POINTS)
def test_a_detour_is_never_shorter_and_the_way_back_is_as_long(one: Point, other: Point, over: Point) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert distance_km(one, other) <= distance_km(one, over) + distance_km(over, other) + 1e-3


def test_nearness_halves_with_each_half_distance() -> None:
    assert [score_distance(HALF_DISTANCE_KM * times) for times in range(4)] == [1, 0.5, 0.25, 0.125]
    with pytest.raises(ValueError, match="nearer"):
        score_distance(-1)


@pytest.mark.parametrize("point", [Point(90.1, 0), Point(0, -180.1)])
def test_not_on_earth(point: Point) -> None:
    assert not point.is_on_earth
