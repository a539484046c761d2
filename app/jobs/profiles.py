"""Companies as their leads show them: what a moment's work elsewhere has kept back."""

from __future__ import annotations

from app.services import accounts_from_leads


def link_left_out_leads() -> None:
    """Link leads that were being worked on when their company's account was made."""
    accounts_from_leads.link_left_out_leads()
