"""When a lead that is worked has fallen asleep, and how a long deal is kept warm (domain.md §6, K-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.identity import OrganisationKind
from app.domain.phrases import N_, Phrase


class StallAction(StrEnum):
    """What is done about a lead that is worked, but on which nothing happens any more."""

    REMIND_PARTNER = "remind_partner"
    TELL_CHANNEL_MANAGER = "tell_channel_manager"
    RETURN_TO_DISTRIBUTION = "return_to_distribution"


_NEXT: dict[tuple[StallAction, OrganisationKind], str] = {
    (StallAction.REMIND_PARTNER, OrganisationKind.PARTNER): N_("If nothing is logged by %(due_at)s, you are reminded."),
    (StallAction.REMIND_PARTNER, OrganisationKind.MANUFACTURER): N_(
        "If nothing is logged by %(due_at)s, whoever works it is reminded."
    ),
    (StallAction.TELL_CHANNEL_MANAGER, OrganisationKind.PARTNER): N_(
        "If nothing is logged by %(due_at)s, the manufacturer's channel manager is told."
    ),
    (StallAction.TELL_CHANNEL_MANAGER, OrganisationKind.MANUFACTURER): N_(
        "If nothing is logged by %(due_at)s, the channel manager is told."
    ),
    (StallAction.RETURN_TO_DISTRIBUTION, OrganisationKind.PARTNER): N_(
        "If nothing is logged by %(due_at)s, the lead goes to somebody else, and your response score falls."
    ),
    (StallAction.RETURN_TO_DISTRIBUTION, OrganisationKind.MANUFACTURER): N_(
        "If nothing is logged by %(due_at)s, the lead returns to distribution."
    ),
}


def what_stalling_leads_to(action: StallAction, due_at: datetime, reader: OrganisationKind) -> Phrase:
    """What a side is told about the coming step of a lead that is worked and on which nothing happens."""
    return Phrase(_NEXT[action, reader], {"due_at": due_at})


@dataclass(frozen=True, slots=True)
class StallRules:
    """After how many days of silence what is done ⚙; defaults: domain.md §6, nurturing K-12.

    Raises `Invalid` where a wait is not longer than the one before it, or there is no day between two touches.
    """

    remind_after_days: int = 14
    tell_after_days: int = 21
    return_after_days: int = 30
    nurture_every_days: int = 30
    nurture_until_day: int = 180

    def __post_init__(self) -> None:
        if not 0 < self.remind_after_days < self.tell_after_days < self.return_after_days:
            problem = Phrase(N_("Each reminder must wait longer than the one before it."))
            raise Invalid(problem, fields={"return_after_days": problem}, code="wrong_stall_rules")
        if self.nurture_every_days < 1:
            problem = Phrase(N_("There must be at least one day between two messages."))
            raise Invalid(problem, fields={"nurture_every_days": problem}, code="wrong_stall_rules")

    @property
    def waits(self) -> tuple[tuple[StallAction, int], ...]:
        """What is done after how many days, in order."""
        days = (self.remind_after_days, self.tell_after_days, self.return_after_days)
        return tuple(zip(StallAction, days, strict=True))


DEFAULT_STALL_RULES = StallRules()


def quiet_since(last_activity_at: datetime, follow_up_at: datetime | None, rules: StallRules) -> datetime:
    """From when a lead counts as quiet: its last activity, or a later date agreed for the follow-up.

    A follow-up holds off no longer than nurturing lasts, so that a far date does not bury a lead.
    """
    if follow_up_at is None or follow_up_at <= last_activity_at:
        return last_activity_at
    return min(follow_up_at, last_activity_at + timedelta(days=rules.nurture_until_day))


def stall_times(
    quiet_from: datetime, rules: StallRules = DEFAULT_STALL_RULES
) -> tuple[tuple[StallAction, datetime], ...]:
    """When what is done about a lead that is quiet since `quiet_from`; whole days of 24 hours."""
    return tuple((action, quiet_from + timedelta(days=days)) for action, days in rules.waits)


def is_follow_up_passed(follow_up_at: datetime | None, last_activity_at: datetime | None, now: datetime) -> bool:
    """Whether a follow-up date came and went without anything being logged since."""
    if follow_up_at is None or now < follow_up_at:
        return False
    return last_activity_at is None or last_activity_at < follow_up_at


def nurture_touches(
    start: datetime, follow_up_at: datetime | None, now: datetime, rules: StallRules = DEFAULT_STALL_RULES
) -> tuple[datetime, ...]:
    """The moments still to come at which a long deal is kept warm: day 30, 60 … 180 from `start` (K-12).

    While a follow-up is set, none before it: somebody will call. One that has passed holds nothing off.
    """
    days = range(rules.nurture_every_days, rules.nurture_until_day + 1, rules.nurture_every_days)
    not_before = now if follow_up_at is None else max(now, follow_up_at)
    return tuple(touch for day in days if (touch := start + timedelta(days=day)) > not_before)
