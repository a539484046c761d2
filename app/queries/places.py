"""How far partners are from a lead, by the coordinates of their postal codes (T-06, T-09)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.nearness import Point, distance_km
from app.domain.territories import compact_postal_code
from app.models import Lead

SHORTEST_PREFIX = 2
"""With fewer characters in common, codes lie too far apart for their mean to say where one of them is."""


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
        "shortest": SHORTEST_PREFIX,
    }
    points = {row.id: Point(row.latitude, row.longitude) for row in session.execute(text(_LOCATED), asked)}
    here = points.pop(None, None)
    return {partner_id: distance_km(here, there) for partner_id, there in points.items()} if here else {}


_LOCATED = """
WITH wanted AS (
    SELECT NULL::bigint AS id, CAST(:country AS text) AS country, CAST(:code AS text) AS code
    UNION ALL
    SELECT id, country, translate(postal_code, ' -', '') FROM organisation WHERE id = ANY(:partner_ids)
), known AS (
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
"""Where the lead (without an id) and each partner is. `~` comes after all that a code is made of, so the codes that
begin alike are a range of the key. Longitudes are averaged as directions: 179° and -179° meet at 180°."""
