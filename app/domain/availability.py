"""Who is there: pauses, vacations with a deputy, “not this week”; what that does to the board and to push (W-17, T-15).

An absence belongs to a person or to a whole partner; the rules are the same for both. Every absence mutes the board;
who says it may have it hidden too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.domain.working_time import WorkingCalendar, next_working_moment


class AbsenceKind(StrEnum):
    """Why somebody gets no leads for a time."""

    PAUSE = "pause"
    VACATION = "vacation"
    NOT_THIS_WEEK = "not_this_week"


ABSENCE_LABELS = {
    AbsenceKind.PAUSE: N_("Paused"),
    AbsenceKind.VACATION: N_("On vacation"),
    AbsenceKind.NOT_THIS_WEEK: N_("Not this week"),
}
"""What people call them."""


class BoardEffect(StrEnum):
    """What an absence does to the board, from nothing to everything; a muted one can be looked at but tells nobody."""

    SHOWN = "shown"
    MUTED = "muted"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Absence:
    """A time away: from `starts_at`, until just before `ends_at` (`None`: until somebody ends it).

    `deputy_id` is the person who acts meanwhile; with `hides_board` the board is not even looked at. Raises `Invalid`
    for an end that is not after the start.
    """

    kind: AbsenceKind
    starts_at: datetime
    ends_at: datetime | None = None
    deputy_id: int | None = None
    hides_board: bool = False

    def __post_init__(self) -> None:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            problem = Phrase(N_("The end must come after the start."))
            raise Invalid(problem, fields={"ends_at": problem}, code="wrong_absence")

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is in force at `moment`."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True, slots=True)
class Availability:
    """What somebody gets now, and until when that holds; `until` is `None` where it is there, or no end is known.

    `may_claim` is whether it may take leads from the board by itself; `is_pushed` whether it is offered leads alone.
    """

    board: BoardEffect = BoardEffect.SHOWN
    may_claim: bool = True
    is_pushed: bool = True
    until: datetime | None = None


_EFFECTS: dict[AbsenceKind, Availability] = {
    AbsenceKind.PAUSE: Availability(BoardEffect.MUTED, may_claim=False, is_pushed=False),
    AbsenceKind.VACATION: Availability(BoardEffect.MUTED, may_claim=False, is_pushed=False),
    # Who looks all the same may take a lead: it only asked not to be asked.
    AbsenceKind.NOT_THIS_WEEK: Availability(BoardEffect.MUTED, may_claim=True, is_pushed=False),
}


def kinds_without_claims() -> tuple[AbsenceKind, ...]:
    """The absences under which nothing may be claimed."""
    return tuple(kind for kind, effect in _EFFECTS.items() if not effect.may_claim)


def availability(absences: Iterable[Absence], now: datetime) -> Availability:
    """What somebody with these absences gets now; of several in force the strongest holds in each respect."""
    known = tuple(absences)
    effects = [_effect_of(absence) for absence in known if absence.holds_at(now)]
    if not effects:
        return Availability()
    strongest = list(BoardEffect)
    return Availability(
        max((effect.board for effect in effects), key=strongest.index),
        may_claim=all(effect.may_claim for effect in effects),
        is_pushed=all(effect.is_pushed for effect in effects),
        until=returns_at(known, now),
    )


def _effect_of(absence: Absence) -> Availability:
    effect = _EFFECTS[absence.kind]
    return replace(effect, board=BoardEffect.HIDDEN) if absence.hides_board else effect


def returns_at(absences: Iterable[Absence], now: datetime) -> datetime | None:
    """The first moment from `now` on at which none of the absences is in force: `now` itself when there is none.

    Absences that touch or overlap are one time away. `None` where no end is known.
    """
    moment = now
    for absence in sorted(absences, key=lambda absence: absence.starts_at):
        if absence.holds_at(moment):
            if absence.ends_at is None:
                return None
            moment = absence.ends_at
    return moment


def deputy_of(
    user_id: int, absences: Mapping[int, Iterable[Absence]], now: datetime, *, gone: Collection[int] = ()
) -> int | None:
    """Who acts for a person now: the person when there, else the deputy, else the deputy's deputy; None for nobody.

    Of several absences in force the one begun first names the deputy, if it does. Who is not in `absences` is there;
    who is in `gone` has left and has no deputy. Nobody is asked twice, so a circle of deputies ends with None.
    """
    asked: set[int] = set()
    here: int | None = user_id
    while here is not None and here not in asked and here not in gone:
        asked.add(here)
        in_force = [absence for absence in absences.get(here, ()) if absence.holds_at(now)]
        if not in_force:
            return here
        in_force.sort(key=lambda absence: absence.starts_at)
        here = next((absence.deputy_id for absence in in_force if absence.deputy_id is not None), None)
    return None


def not_this_week(calendar: WorkingCalendar, now: datetime) -> Absence:
    """The absence of who wants no leads this week: from `now` until the first working moment of the next, in UTC.

    Weeks begin on Monday in the calendar's zone. When no working time is left in this week the coming one is meant.
    Raises `NeverOpen` when the calendar stays closed for a year.
    """
    zone = ZoneInfo(calendar.time_zone)
    day = next_working_moment(calendar, now).astimezone(zone).date()
    monday = day + timedelta(days=7 - day.weekday())
    ends_at = next_working_moment(calendar, datetime.combine(monday, time(0), zone))
    return Absence(AbsenceKind.NOT_THIS_WEEK, now, ends_at)
