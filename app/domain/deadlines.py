"""What a deadline may be about, and on which clock it runs (domain.md §6)."""

from __future__ import annotations

from enum import StrEnum


class Clock(StrEnum):
    """Whether a span counts the organisation's working time or every hour."""

    WORKING = "working"
    WALL = "wall"


class DeadlineKind(StrEnum):
    """What is due, and so what happens when it passes."""

    OWNER_EXPIRES = "owner_expires"
    BOARD_CLOSES = "board_closes"
    PUSH_EXPIRES = "push_expires"
    REGISTRATION_CLOSES = "registration_closes"
    DIRECT_DUE = "direct_due"
    CONTACT_DUE = "contact_due"
    ESCALATION_DUE = "escalation_due"
    FOLLOW_UP_DUE = "follow_up_due"
    ACTIVITY_DUE = "activity_due"
    NURTURE_DUE = "nurture_due"
