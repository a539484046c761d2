"""Rounds, offers and assignments, and the plan that orders them (domain.md §2, §3)."""

from __future__ import annotations

from enum import StrEnum


class RoundKind(StrEnum):
    """One way of offering a lead."""

    OWNER = "owner"
    BOARD = "board"
    PUSH = "push"
    REGISTRATION = "registration"
    DIRECT = "direct"


class RoundState(StrEnum):
    """Whether a round still takes answers. A round never opens again; the plan makes a new one."""

    OPEN = "open"
    CLOSED = "closed"


class RoundOutcome(StrEnum):
    """How a round ended."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    AWARDED = "awarded"
    ASSIGNED_BY_HAND = "assigned_by_hand"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOBODY_ELIGIBLE = "nobody_eligible"
    WITHDRAWN = "withdrawn"


class OfferAnswer(StrEnum):
    """How an offer ended. A taken offer is `claimed`, on the board and after a push alike: the round tells which."""

    CLAIMED = "claimed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST_RACE = "lost_race"


class DeclineReason(StrEnum):
    """Why a partner does not want an offer."""

    NO_CAPACITY = "no_capacity"
    WRONG_FIT = "wrong_fit"
    NOT_OUR_PRODUCT = "not_our_product"
    OUT_OF_TERRITORY = "out_of_territory"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    TOO_SMALL = "too_small"
    OTHER = "other"


class AssignmentOrigin(StrEnum):
    """What made an assignment."""

    CLAIM = "claim"
    PUSH = "push"
    OWNER = "owner"
    RULING = "ruling"
    HAND = "hand"


class AssignmentEnd(StrEnum):
    """What ended an assignment."""

    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    RETURNED = "returned"
    RE_ROUTED = "re_routed"
    REASSIGNED = "reassigned"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
