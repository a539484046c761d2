"""Leads that are about to be lost: why each is one of them, and which of them comes first (A-03, A-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.bands import ValueBand, value_band
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import RoundKind
from app.domain.identity import Role
from app.domain.lead_conditions import joined
from app.domain.money import Money
from app.domain.phrases import N_, Phrase

WATCHER_ROLES = (Role.ADMIN, Role.CHANNEL_MANAGER)
"""Who watches over what slips through."""
STUCK_AFTER = timedelta(minutes=5)
"""A lead is routed within seconds; one that still waits at the door then is stuck."""
LAST_PART = 6
"""The window of a round is nearly over in its last sixth: 4 of 24 hours, 20 minutes of 2 hours."""
MAIL_DAYS = 30
"""How long a mail that could not be delivered counts."""


class SlipKind(StrEnum):
    """Why a lead is about to be lost, the worst first; of several the first counts."""

    NOBODY_LEFT = "nobody_left"
    STUCK = "stuck"
    UNDELIVERED = "undelivered"
    SILENT = "silent"
    WINDOW_ENDING = "window_ending"
    QUEUE_OVERDUE = "queue_overdue"
    REVIEW_OVERDUE = "review_overdue"
    STALLED = "stalled"
    FOLLOW_UP_PASSED = "follow_up_passed"


SLIP_HEADINGS: dict[SlipKind, str] = {
    SlipKind.NOBODY_LEFT: N_("Nobody can take it any more"),
    SlipKind.STUCK: N_("Came in, but not routed"),
    SlipKind.UNDELIVERED: N_("The mail about it did not arrive"),
    SlipKind.SILENT: N_("Nobody answers or calls"),
    SlipKind.WINDOW_ENDING: N_("Unclaimed, and the time is nearly over"),
    SlipKind.QUEUE_OVERDUE: N_("In the direct queue past the deadline"),
    SlipKind.REVIEW_OVERDUE: N_("In review past the deadline"),
    SlipKind.STALLED: N_("Worked, but asleep"),
    SlipKind.FOLLOW_UP_PASSED: N_("Follow-up passed"),
}
"""What the groups are called."""


class Hindrance(StrEnum):
    """Why an offer cannot be taken before its time is over."""

    DECLINED = "declined"
    OVER = "over"
    NOT_ACTIVE = "not_active"
    SUSPENDED = "suspended"
    AWAY = "away"


_HINDRANCES: dict[Hindrance, str] = {
    Hindrance.DECLINED: N_("%(count)s declined"),
    Hindrance.OVER: N_("%(count)s no longer eligible or out of time"),
    Hindrance.NOT_ACTIVE: N_("%(count)s paused, suspended or ended"),
    Hindrance.SUSPENDED: N_("%(count)s may claim nothing for now"),
    Hindrance.AWAY: N_("%(count)s away"),
}


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What the sentence about a slipping lead needs, as far as it applies.

    `holder` works the lead, is asked alone or did not get the mail; `hindrances` counts the offers of the open round,
    of which none can be taken since `hindered_since`.
    """

    round_kind: RoundKind | None = None
    holder: str = ""
    hindrances: Mapping[Hindrance, int] | None = None
    hindered_since: datetime | None = None
    question: Phrase | None = None
    quiet_since: datetime | None = None
    follow_up_at: datetime | None = None


def slip_reason(kind: SlipKind, facts: SlipFacts) -> Phrase:
    """Why a lead of this group is about to be lost, as one sentence for the manufacturer."""
    if kind is SlipKind.NOBODY_LEFT:
        return _nobody_left(facts)
    if kind is SlipKind.SILENT and facts.round_kind is not None:
        return Phrase(N_("%(name)s is asked alone and has not answered."), {"name": facts.holder})
    if kind is SlipKind.WINDOW_ENDING and facts.round_kind is RoundKind.DIRECT:
        return Phrase(_IN_QUEUE)
    if kind is SlipKind.REVIEW_OVERDUE and facts.question is not None:
        return Phrase(N_("It waits for a decision: %(question)s."), {"question": facts.question})
    if kind is SlipKind.STALLED and facts.quiet_since is None:
        return Phrase(N_("Nothing has been logged on it by %(name)s."), {"name": facts.holder})
    values = {"name": facts.holder, "since": facts.quiet_since, "at": facts.follow_up_at}
    return Phrase(_REASONS[kind], values)


def slipping_since(kind: SlipKind, since: datetime | None, facts: SlipFacts) -> Phrase | None:
    """Since when a lead stands like this; None where that is not known or its reason says it already."""
    is_asked = kind is SlipKind.SILENT and facts.round_kind is not None
    words = N_("asked %(since)s") if is_asked else _SINCE.get(kind)
    says_itself = kind is SlipKind.STALLED and facts.quiet_since is not None
    return None if words is None or since is None or says_itself else Phrase(words, {"since": since})


_SINCE: dict[SlipKind, str] = {
    SlipKind.NOBODY_LEFT: N_("nobody left since %(since)s"),
    SlipKind.STUCK: N_("came in %(since)s"),
    SlipKind.UNDELIVERED: N_("mail given up %(since)s"),
    SlipKind.SILENT: N_("has had it since %(since)s"),
    SlipKind.WINDOW_ENDING: N_("waiting since %(since)s"),
    SlipKind.QUEUE_OVERDUE: N_("waiting since %(since)s"),
    SlipKind.REVIEW_OVERDUE: N_("in review since %(since)s"),
    SlipKind.STALLED: N_("asleep since %(since)s"),
}
_IN_QUEUE = N_("It waits in the direct queue, and nobody of your people has taken it.")
_REASONS: dict[SlipKind, str] = {
    SlipKind.STUCK: N_("It was stored, but nothing has decided yet where it goes."),
    SlipKind.UNDELIVERED: N_("The mail to %(name)s could not be delivered, and nobody there has acted."),
    SlipKind.SILENT: N_("%(name)s has it and has not contacted the prospect."),
    SlipKind.WINDOW_ENDING: N_("Nobody has claimed it on the board."),
    SlipKind.QUEUE_OVERDUE: _IN_QUEUE,
    SlipKind.REVIEW_OVERDUE: N_("It waits for a decision."),
    SlipKind.STALLED: N_("%(name)s has logged nothing on it since %(since)s."),
    SlipKind.FOLLOW_UP_PASSED: N_("A follow-up was set for %(at)s, and nothing has been logged since."),
}


def _nobody_left(facts: SlipFacts) -> Phrase:
    if not facts.hindrances:
        return Phrase(N_("No partner may have it: see which rule stopped each of them."))
    known = facts.hindrances
    counted = [Phrase(_HINDRANCES[one], {"count": known[one]}) for one in Hindrance if one in known]
    return Phrase(N_("Nobody it is offered to can take it: %(why)s."), {"why": joined(counted)})


_PROMISED: dict[DeadlineKind, str] = {
    DeadlineKind.CONTACT_DUE: N_("If nobody contacts the prospect by %(due_at)s, the partner's sales manager is told."),
    DeadlineKind.REVIEW_DUE: N_("If nobody decides by %(due_at)s, those who may decide are reminded."),
    DeadlineKind.FOLLOW_UP_DUE: N_("At %(due_at)s whoever works it is reminded of the follow-up."),
    DeadlineKind.NURTURE_DUE: N_("At %(due_at)s whoever works it is reminded to keep in touch."),
    DeadlineKind.REGISTRATION_CLOSES: N_("If nobody registers the deal by %(due_at)s, the distribution plan goes on."),
}
ALSO_PROMISED = tuple(_PROMISED)
"""What else is promised about a lead, beside the steps of a silence and the ends of rounds."""


def what_is_promised(kind: DeadlineKind, due_at: datetime) -> Phrase:
    """What happens by itself when a promise of `ALSO_PROMISED` passes, in words for the manufacturer."""
    return Phrase(_PROMISED[kind], {"due_at": due_at})


_BANDS = list(ValueBand)


def urgency(*, is_hot: bool, worth: Money | None, due_at: datetime | None, since: datetime) -> tuple[object, ...]:
    """The order within a group, the most urgent first: hot, then what it may be worth, then how little time is left.

    Worth is compared by its band, so that a slightly smaller lead with an hour left comes before one with a week.
    Where nothing is due, the one that has waited longest comes first, behind those with an end.
    """
    return (not is_hot, -_BANDS.index(value_band(worth)), due_at is None, due_at or since)
