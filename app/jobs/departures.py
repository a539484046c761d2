"""Partners that take no part any more: their leads go on."""

from __future__ import annotations

from app.services.departures import moving


def move_departing_leads() -> int:
    """Hand on the leads of partners that were paused, suspended or ended; twice at once or killed is no harm."""
    return moving.move_departing_leads()
