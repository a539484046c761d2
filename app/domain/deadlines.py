"""What a deadline may be about, and on which clock it runs (domain.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.working_time import WorkingCalendar, add_working_time, end_of_working_day, next_working_moment


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
    REVIEW_DUE = "review_due"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take: `days`, then `minutes`, on a clock; or until the end of the same working day."""

    days: int = 0
    minutes: int = 0
    clock: Clock = Clock.WORKING
    is_same_day: bool = False

    def __post_init__(self) -> None:
        if self.days < 0 or self.minutes < 0:
            raise ValueError("a span is never negative")

    @property
    def rough_minutes(self) -> int:
        """How long it is beside another span on the same clock; a working day counts as eight hours."""
        hours_a_day = 8 if self.clock is Clock.WORKING else 24
        return self.days * hours_a_day * 60 + self.minutes

    def to_json(self) -> dict[str, object]:
        """A form that JSON can keep."""
        return {
            "days": self.days,
            "minutes": self.minutes,
            "clock": self.clock.value,
            "is_same_day": self.is_same_day,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Span:
        """Read what `to_json` wrote."""
        return cls(int(data["days"]), int(data["minutes"]), Clock(data["clock"]), bool(data["is_same_day"]))


def due_at(span: Span, calendar: WorkingCalendar, start: datetime) -> datetime:
    """When a promise of `span` made at `start` is due, in UTC (domain.md §6)."""
    if span.is_same_day:
        return end_of_working_day(calendar, start)
    elapsed = timedelta(minutes=span.minutes)
    if span.clock is Clock.WORKING:
        return add_working_time(calendar, start, days=span.days, hours=elapsed)
    return start.astimezone(UTC) + timedelta(days=span.days) + elapsed


def rests_until(clock: Clock, calendar: WorkingCalendar, now: datetime, due: datetime) -> datetime | None:
    """When the clock of a promise goes on that stands still at `now`; None while it runs.

    `calendar` is that of whoever is to act. None too where it would go on only after the promise is `due`: the hours
    were changed since, and the promise stands as it was given.
    """
    if clock is not Clock.WORKING:
        return None
    goes_on = next_working_moment(calendar, now)
    return goes_on if now < goes_on <= due else None
