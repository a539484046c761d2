"""A partner's standing at a manufacturer: status, tier, certifications (domain.md §1, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PartnershipStatus(StrEnum):
    """Whether a partnership takes part in the programme now. Only `active` ones are eligible for leads."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TierRule:
    """One partner level of a manufacturer.

    `rank` orders the levels (higher is better), `head_start` is the working time after the board opens at which the
    level's partners see the lead.
    """

    key: str
    rank: int
    head_start: timedelta = timedelta(0)


DEFAULT_TIERS = (
    TierRule("registered", 1, timedelta(hours=8)),
    TierRule("silver", 2, timedelta(hours=4)),
    TierRule("gold", 3, timedelta(hours=2)),
    TierRule("platinum", 4, timedelta(0)),
)
"""The levels a new manufacturer starts with, lowest first (domain.md §3)."""


@dataclass(frozen=True, slots=True)
class Certification:
    """A dated qualification for a product line. Without an end it was never completed, and counts for nothing."""

    product_line: str
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether it holds on `day`; both ends count."""
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and self.valid_until is not None and day <= self.valid_until
