"""Routing: one lead that has just arrived, all that still wait at the door, and the recheck after a change."""

from __future__ import annotations

import uuid

from app.services import lead_routing, rechecking


def route_lead(lead_id: str) -> bool:
    """Route one lead, unless that has been done."""
    return lead_routing.route_lead(lead_id=uuid.UUID(lead_id))


def route_received_leads() -> int:
    """Route the leads whose own job was lost."""
    return lead_routing.route_received_leads()


def recheck_eligibility() -> int:
    """Look again at who may see which open lead after the network has changed."""
    return rechecking.recheck_eligibility()
