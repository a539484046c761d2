"""What a manufacturer has set, as the rules take it: numbers, calendar, tiers, plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.domain.deadlines import Clock, Span
from app.domain.distribution import DistributionPlan, RoundKind, RoundPlan
from app.domain.escalation import EscalationLadder, default_ladder
from app.domain.partners import TierRule
from app.domain.public_holidays import holidays_of
from app.domain.stalling import StallRules
from app.domain.working_time import WorkingCalendar
from app.domain.working_week_text import parse_week
from app.models import DistributionPlan as PlanRow
from app.models import ManufacturerSettings, Organisation, Tier

HOLIDAY_YEARS = range(2025, 2036)
"""Calendars know these years' public holidays; a deadline never lies further ahead."""

_TIER = func.jsonb_build_array(Tier.code, Tier.rank, Tier.head_start_minutes)
_TIERS = select(func.jsonb_agg(aggregate_order_by(_TIER, Tier.rank))).where(Tier.manufacturer_id == Organisation.id)
_RULES = (
    select(Organisation, ManufacturerSettings, PlanRow, _TIERS.scalar_subquery())
    .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Organisation.id)
    .join(PlanRow, PlanRow.manufacturer_id == Organisation.id)
    .where(Organisation.id == bindparam("manufacturer_id"), PlanRow.is_current)
)


@dataclass(frozen=True, slots=True)
class ManufacturerRules:
    """One manufacturer's numbers at the moment of a decision."""

    manufacturer_id: int
    time_zone: str
    calendar: WorkingCalendar
    tiers: tuple[TierRule, ...]
    plan_id: int
    plan: DistributionPlan
    release_score: int
    cool_down: timedelta
    rows: tuple[object, ...] = field(repr=False, compare=False)
    """What they were read from, held here so that the session knows it as long as they are in use."""


def manufacturer_rules(session: Session, manufacturer_id: int) -> ManufacturerRules:
    """The rules of one manufacturer; its current plan is what new leads start with."""
    found = session.execute(_RULES, {"manufacturer_id": manufacturer_id})
    organisation, settings, plan, known_tiers = found.one()
    return ManufacturerRules(
        manufacturer_id=manufacturer_id,
        time_zone=organisation.time_zone,
        calendar=calendar_of(organisation),
        tiers=tuple(TierRule(code, rank, timedelta(minutes=minutes)) for code, rank, minutes in known_tiers or ()),
        plan_id=plan.id,
        plan=DistributionPlan.from_json(plan.rounds),
        release_score=settings.release_score,
        cool_down=timedelta(hours=settings.cool_down_hours),
        rows=(organisation, settings, plan),
    )


def plan_of_lead(session: Session, plan_id: int) -> DistributionPlan:
    """The version of the plan a lead started with."""
    return DistributionPlan.from_json(session.get_one(PlanRow, plan_id).rounds)


def organisation_calendar(session: Session, organisation_id: int) -> WorkingCalendar:
    """When an organisation works: its zone, its hours, its region's public holidays and its own closing days."""
    return calendar_of(session.get_one(Organisation, organisation_id))


def calendar_of(organisation: Organisation) -> WorkingCalendar:
    """The working calendar of an organisation's row."""
    return working_calendar(
        organisation.time_zone,
        organisation.working_hours,
        organisation.country,
        organisation.subdivision,
        tuple(organisation.closed_on),
    )


@lru_cache(maxsize=4096)
def working_calendar(
    time_zone: str, working_hours: str, country: str | None, subdivision: str | None, closed_on: tuple[str, ...]
) -> WorkingCalendar:
    """The working calendar that these columns of an organisation mean; the same again costs nothing."""
    holidays = holidays_of(country, subdivision, HOLIDAY_YEARS) if country else {}
    closed = frozenset(holidays) | frozenset(map(date.fromisoformat, closed_on))
    return WorkingCalendar(time_zone, parse_week(working_hours), closed)


def contact_ladder(session: Session, plan_id: int | None) -> EscalationLadder:
    """What follows when nobody answers or calls, by the plan version a lead has; the default before it has one."""
    stored = session.scalar(select(PlanRow.contact_ladder).where(PlanRow.id == plan_id)) if plan_id else None
    return ladder_of(stored)


def ladder_of(stored: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None) -> EscalationLadder:
    """The ladder that a plan's column means: an empty list is no steps at all, anything else empty the default."""
    return EscalationLadder.from_json(stored) if isinstance(stored, list) else default_ladder()


def line_of_round(session: Session, plan_id: int | None, kind: RoundKind) -> RoundPlan | None:
    """The line for a kind of round in the plan version a lead has; None before it has one, and where it has no such."""
    return plan_of_lead(session, plan_id).round_of(kind) if plan_id else None


def round_ladder(session: Session, plan_id: int | None, line: RoundPlan | None) -> EscalationLadder:
    """What follows while nobody answers in the round of a line: its own ladder, else the plan's where it holds."""
    plans = contact_ladder(session, plan_id)
    return line.ladder_beside(plans) if line else plans


def stall_rules(session: Session, manufacturer_id: int) -> StallRules:
    """After how many days without an activity the manufacturer does what."""
    settings = session.get_one(ManufacturerSettings, manufacturer_id)
    return StallRules(
        remind_after_days=settings.stalled_days,
        tell_after_days=settings.stalled_escalation_days,
        return_after_days=settings.stalled_return_days,
        nurture_every_days=settings.nurture_every_days,
        nurture_until_day=settings.nurture_until_day,
    )


@dataclass(frozen=True, slots=True)
class ContactWindows:
    """How long the first contact attempt may take after an assignment; less where the company is the owner's (W-12)."""

    usual: Span
    hot: Span
    owners: Span

    def window_for(self, *, is_hot: bool, is_owners: bool = False) -> Span:
        """The window of one lead."""
        if is_hot:
            return self.hot
        return self.owners if is_owners else self.usual


WINDOW_COLUMNS = (
    "contact_hours",
    "contact_clock",
    "hot_contact_minutes",
    "hot_contact_clock",
    "owner_contact_minutes",
    "owner_contact_clock",
)
"""The columns of the settings that say until when the prospect is to be contacted."""


def windows_of(values: Mapping[str, Any]) -> ContactWindows:
    """The windows that the settings' columns mean, each on the clock that is set for it."""
    return ContactWindows(
        usual=Span(minutes=values["contact_hours"] * 60, clock=Clock(values["contact_clock"])),
        hot=Span(minutes=values["hot_contact_minutes"], clock=Clock(values["hot_contact_clock"])),
        owners=Span(minutes=values["owner_contact_minutes"], clock=Clock(values["owner_contact_clock"])),
    )


def contact_windows(session: Session, manufacturer_id: int) -> ContactWindows:
    """The manufacturer's windows for the first contact."""
    settings = session.get_one(ManufacturerSettings, manufacturer_id)
    return windows_of({name: getattr(settings, name) for name in WINDOW_COLUMNS})
