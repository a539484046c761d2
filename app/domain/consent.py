"""How far a prospect's permission reaches (domain.md §9)."""

from __future__ import annotations

from enum import StrEnum


class ConsentScope(StrEnum):
    """Who may get in touch with the prospect. No lead is distributed beyond it."""

    ANY_ELIGIBLE = "any_eligible"
    NAMED_PARTNERS = "named_partners"
    MANUFACTURER_ONLY = "manufacturer_only"
    NONE = "none"
