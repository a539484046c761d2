"""A partner's form as a browser sends it."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast

PARTNER = {
    "name": "Süd-Antrieb KG",
    "code": "P-900",
    "country": "DE",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "working_hours": "mon-fri 08:00-17:00",
    "status": "active",
}


def partner_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """A valid form, at the tier Gold."""
    return {**PARTNER, "tier_id": cast.tiers["gold"].id, **changes}
