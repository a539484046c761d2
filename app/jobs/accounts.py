"""Accounts: leads matched again after what is known of companies has changed."""

from __future__ import annotations

from app.services.accounts import rematching


def run_rematches() -> int:
    """Go on with the runs that are owed; twice at once, late or killed in the middle is no harm."""
    return rematching.run_rematches()
