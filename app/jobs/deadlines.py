"""Deadlines: what is due is read from PostgreSQL, so running twice, late or at the same time changes nothing."""

from __future__ import annotations

from app.services import deadlines


def enforce_deadlines() -> int:
    """Fire what is due."""
    return deadlines.enforce_deadlines()
