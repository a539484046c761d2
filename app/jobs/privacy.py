"""What is forgotten by itself when its time is up."""

from __future__ import annotations

from app.services import intake


def forget_ip_addresses() -> None:
    """Wipe the IP addresses that each manufacturer has kept for as long as it may."""
    intake.forget_ip_addresses()
