"""Learning where postal codes lie, from a file (T-06, T-09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.postal_files import LineFault, PlaceLine, read_postal_file

MOST_FAULTS_KEPT = 1_000
"""How many reasons are kept: a file of another kind has one for each of its million lines."""


@dataclass(slots=True)
class PostalImport:
    """What came of a file: the lines read, the postal codes whose place is known by them, the lines passed by."""

    lines: int = 0
    codes: int = 0
    skipped: int = 0
    faults: list[LineFault] = field(default_factory=list)

    def skip(self, fault: LineFault) -> None:
        """Count a line that cannot be read, and keep the reason while there is room."""
        self.skipped += 1
        if len(self.faults) < MOST_FAULTS_KEPT:
            self.faults.append(fault)


def import_postal_places(lines: Iterable[str]) -> PostalImport:
    """Take over where postal codes lie from the lines of a file; what was known of these codes is replaced.

    Several places of one code count as their mean. Lines that cannot be read are passed by, the others go in together.
    `Invalid` when the file is of neither kind that is known. A second call changes nothing. Places in degrees.
    """
    outcome = PostalImport()
    places = _places(read_postal_file(lines), outcome)
    with transaction() as session:
        _stage(session, places)
        outcome.codes = session.execute(text(_TAKE_OVER)).scalar_one()
        session.execute(text("DROP TABLE staged_place"))
    return outcome


def _places(read: Iterable[PlaceLine | LineFault], outcome: PostalImport) -> Iterator[PlaceLine]:
    """The places among what was read; the rest is noted."""
    for one in read:
        if isinstance(one, LineFault):
            outcome.skip(one)
        else:
            outcome.lines += 1
            yield one


def _stage(session: Session, places: Iterable[PlaceLine]) -> None:
    """Copy every place into a table of this transaction's own."""
    session.execute(text(_STAGE))
    connection = cast("Connection[Any]", session.connection().connection.driver_connection)
    with connection.cursor() as cursor, cursor.copy("COPY staged_place FROM STDIN") as copy:
        for place in places:
            copy.write_row((place.country, place.postal_code, place.point.latitude, place.point.longitude))


_STAGE = """
CREATE TEMPORARY TABLE staged_place (country text, postal_code text COLLATE "C", latitude float8, longitude float8)
"""

_TAKE_OVER = """
WITH taken AS (
INSERT INTO postal_place (country, postal_code, latitude, longitude)
SELECT country, postal_code, avg(latitude), atan2d(avg(sind(longitude)), avg(cosd(longitude)))
FROM staged_place GROUP BY country, postal_code ORDER BY country, postal_code
ON CONFLICT (country, postal_code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude
RETURNING 1
)
SELECT count(*) FROM taken
"""
"""In the order of the key, so that two imports at once wait for each other instead of locking each other out."""
