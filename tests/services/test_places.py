"""Where postal codes lie, and how far partners are from a lead."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.nearness import Point, distance_km
from app.models import PostalPlace
from app.queries.places import distances_km
from app.services.places import import_postal_places
from tests import factories
from tests.cast import Cast

HEADER = "country,postal_code,latitude,longitude"


def _places(session: Session) -> dict[str, tuple[float, float]]:
    rows = session.scalars(select(PostalPlace).execution_options(populate_existing=True))
    return {row.postal_code: (round(row.latitude, 3), round(row.longitude, 3)) for row in rows}


@pytest.mark.covers("T-06")
def test_several_places_are_their_mean_and_a_second_import_replaces(session: Session) -> None:
    first = import_postal_places([HEADER, "DE,80331,48,11", "DE,80331,49,12", "FJ,1,-17,179", "FJ,1,-17,-177", "DE,x"])
    assert (first.lines, first.codes, first.skipped) == (4, 2, 1)
    assert [fault.line_no for fault in first.faults] == [6]
    assert _places(session) == {"80331": (48.5, 11.5), "1": (-17, -179)}
    import_postal_places([HEADER, "DE,80331,48.1,11.6", "DE,80333,48.2,11.7"])
    assert _places(session) == {"80331": (48.1, 11.6), "80333": (48.2, 11.7), "1": (-17, -179)}


@pytest.mark.covers("T-09")
def test_the_distance_is_known_by_the_code_or_by_its_beginning(session: Session, cast: Cast) -> None:
    lines = ["DE,80331,48,11", "DE,80999,48,13", "DE,10115,52.5,13.4", "JP,1000001,35.7,139.7", "AT,80331,0,0"]
    import_postal_places([HEADER, *lines])
    for partner, country, code in (
        (cast.nordwind, "DE", "80331"),
        (cast.kansai, "JP", "100-0001"),
        (cast.rival, "DE", "80500"),
    ):
        partner.country, partner.postal_code = country, code
    nameless = factories.organisation(session, "Nameless", cast.rival.kind, country="DE")
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], postal_code="10115")
    ids = [cast.nordwind.id, cast.kansai.id, cast.rival.id, nameless.id]
    distances = distances_km(session, lead, ids)
    here = Point(52.5, 13.4)
    assert distances == {
        cast.nordwind.id: pytest.approx(distance_km(here, Point(48, 11))),
        cast.kansai.id: pytest.approx(distance_km(here, Point(35.7, 139.7))),
        cast.rival.id: pytest.approx(distance_km(here, Point(48, 12)), abs=0.1),  # the mean of all that begin with 80
    }
    assert distances_km(session, lead, [cast.nordwind.id]) == {cast.nordwind.id: distances[cast.nordwind.id]}


@pytest.mark.parametrize(
    "place", [{"postal_code": None}, {"country": None}, {"postal_code": "20095"}, {"postal_code": "8"}]
)
def test_no_distance_without_a_known_place(session: Session, cast: Cast, place: dict[str, Any]) -> None:
    import_postal_places([HEADER, "DE,80331,48,11"])
    cast.nordwind.country, cast.nordwind.postal_code = "DE", "80331"
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **place)
    assert distances_km(session, lead, [cast.nordwind.id]) == {}
