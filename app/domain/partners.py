"""A partner's standing at a manufacturer: status, and the tiers with their head starts (domain.md §1, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
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
    head_start: timedelta


DEFAULT_TIERS = (
    TierRule("registered", 1, timedelta(hours=8)),
    TierRule("silver", 2, timedelta(hours=4)),
    TierRule("gold", 3, timedelta(hours=2)),
    TierRule("platinum", 4, timedelta(0)),
)
