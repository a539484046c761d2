"""How far two places are from each other, and what a distance counts in the ranking (domain.md §4, T-09)."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""The Earth's mean radius R1 of the IUGG; a sphere of it is wrong by half a percent at most, which ranks nobody."""

HALF_DISTANCE_KM = 50.0
"""The distance at which nearness counts half: ours, about an hour on the road, so a visit still takes half a day."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the Earth in degrees (WGS 84); north and east are positive."""

    latitude: float
    longitude: float

    @property
    def is_on_earth(self) -> bool:
        """Whether there is such a place."""
        return -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180


def distance_km(one: Point, other: Point) -> float:
    """The great-circle distance of two places in kilometres, by the haversine formula."""
    south, north = radians(one.latitude), radians(other.latitude)
    half_across = sin(radians(other.longitude - one.longitude) / 2)
    half_up = sin((north - south) / 2)
    chord = half_up**2 + cos(south) * cos(north) * half_across**2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def score_distance(km: float) -> float:
    """How near a distance is, for the weighted ranking: 1 at the door, half as much with each `HALF_DISTANCE_KM`.

    Raises `ValueError` for a negative distance.
    """
    if km < 0:
        raise ValueError("nobody is nearer than there")
    return float(0.5 ** (km / HALF_DISTANCE_KM))
