"""What a person of the manufacturer decides about a lead that no rule decides (C-07)."""

from __future__ import annotations

from enum import StrEnum


class ReviewDecision(StrEnum):
    """How a review ended."""

    MATCHED = "matched"
    NOT_THIS = "not_this"
    NEW_ACCOUNT = "new_account"
    DISQUALIFIED = "disqualified"
    SENT_TO_PLAN = "sent_to_plan"
    ASSIGNED = "assigned"
    NO_LONGER_NEEDED = "no_longer_needed"
