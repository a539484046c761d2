"""Working a lead: activities and their counting, stages, closing, who must act next (domain.md §2, §8)."""

from __future__ import annotations

from enum import StrEnum


class ActivityKind(StrEnum):
    """Something that happened with the prospect."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    MESSAGE = "message"
    QUOTE = "quote"
    NOTE = "note"


class ContactOutcome(StrEnum):
    """What came of a contact attempt."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_CONTACT = "wrong_contact"
    REPLIED = "replied"


_CONTACT_KINDS = frozenset(
    {
        ActivityKind.CALL,
        ActivityKind.EMAIL,
        ActivityKind.MEETING,
        ActivityKind.VISIT,
        ActivityKind.MESSAGE,
    }
)
_REACHED = frozenset({ContactOutcome.REACHED, ContactOutcome.REPLIED})


def is_contact_attempt(kind: ActivityKind, outcome: ContactOutcome | None) -> bool:
    """Whether an activity counts as a contact attempt: a way of contact, with an outcome (domain.md §2)."""
    return kind in _CONTACT_KINDS and outcome is not None


def counts_as_reached(kind: ActivityKind, outcome: ContactOutcome | None) -> bool:
    """Whether an activity counts as having reached the prospect: an attempt that was answered."""
    return is_contact_attempt(kind, outcome) and outcome in _REACHED
