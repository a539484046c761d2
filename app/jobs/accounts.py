"""Accounts: leads matched again after what is known of companies has changed."""

from __future__ import annotations

from app.services import account_names
from app.services.accounts import rematching


def run_rematches() -> int:
    """Go on with the runs that are owed; twice at once, late or killed in the middle is no harm."""
    return rematching.run_rematches()


def index_new_names() -> int:
    """Index the names that were written before there was an index, as after an upgrade."""
    return account_names.index_all_names(only_new=True)
