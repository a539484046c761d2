"""How far partners are from a lead, by the coordinates of their postal codes (T-06, T-09)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.nearness import Point, distance_km
from app.domain.territories import compact_postal_code
from app.models import Lead

SHORTEST_PREFIX = 2
"""With fewer characters in common, codes lie too far apart for their mean to say where one of them is."""


Code = tuple[str, str]
"""A country and a postal code as territory rules compare it."""


def distances_km(session: Session, lead: Lead, partner_ids: Collection[int]) -> dict[int, float]:
    """How many kilometres each partner (by its organisation) is from the lead; who or what has no place is left out.

    A code that is not known lies in the mean of those that have the longest beginning in common with it.
    """
    if not lead.country or not lead.postal_code or not partner_ids:
        return {}
    asked = {
        "country": lead.country,
        "code": compact_postal_code(lead.postal_code),
        "partner_ids": list(partner_ids),
    }
    points = _located(session, _LEAD_AND_PARTNERS, asked)
    here = points.pop(None, None)
    return {one: distance_km(here, there) for one, there in points.items() if one is not None} if here else {}


def points_of(session: Session, codes: Collection[Code]) -> dict[Code, Point]:
    """Where each of these postal codes lies, as `distances_km` takes it; unknown ones are left out."""
    asked = list(codes)
    wanted = {"countries": [country for country, _ in asked], "codes": [code for _, code in asked]}
    points = _located(session, _ALL_CODES, wanted) if asked else {}
    return {asked[place - 1]: point for place, point in points.items() if place is not None}


def _located(session: Session, wanted: str, values: Mapping[str, object]) -> dict[int | None, Point]:
    rows = session.execute(text(f"WITH wanted AS ({wanted}), {_LOCATED}"), {**values, "shortest": SHORTEST_PREFIX})
    return {row.id: Point(row.latitude, row.longitude) for row in rows}


_LEAD_AND_PARTNERS = """
    SELECT NULL::bigint AS id, CAST(:country AS text) AS country, CAST(:code AS text) AS code
    UNION ALL
    SELECT id, country, translate(postal_code, ' -', '') FROM organisation WHERE id = ANY(:partner_ids)
"""

_ALL_CODES = """
    SELECT place AS id, country, code
    FROM unnest(CAST(:countries AS text[]), CAST(:codes AS text[])) WITH ORDINALITY AS asked (country, code, place)
"""

_LOCATED = """
known AS (
    SELECT id, country, (
        SELECT left(code, length) FROM generate_series(length(code), :shortest, -1) AS length
        WHERE EXISTS (
            SELECT FROM postal_place AS place WHERE place.country = wanted.country
            AND place.postal_code >= left(code, length) AND place.postal_code < left(code, length) || '~'
        )
        ORDER BY length DESC LIMIT 1
    ) AS prefix
    FROM wanted
)
SELECT known.id, avg(latitude) AS latitude, atan2d(avg(sind(longitude)), avg(cosd(longitude))) AS longitude
FROM known JOIN postal_place AS place ON place.country = known.country
    AND place.postal_code >= prefix AND place.postal_code < prefix || '~'
GROUP BY known.id
"""
"""Where everything wanted is. `~` comes after all that a code is made of, so the codes that begin alike are a range of
the key. Longitudes are averaged as directions: 179° and -179° meet at 180°."""
