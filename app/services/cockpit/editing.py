"""Changing the forecast, the stage and the follow-up; nothing is overwritten silently."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.cockpit import decide_edit, decide_stage_change
from app.domain.deadlines import DeadlineKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.leads import Stage
from app.domain.money import Money
from app.domain.phrases import N_, Phrase
from app.models import Lead
from app.services.cockpit.working import WorkedLead, lock_worked_lead
from app.services.distribution.deadlines import cancel_promises, promise
from app.services.escalation.upkeep import promise_upkeep


@dataclass(frozen=True, slots=True)
class LeadEdit:
    """What the form says, all of it: an empty value empties the lead's."""

    stage: Stage
    expected_revenue: Money | None = None
    close_on: date | None = None
    follow_up_at: datetime | None = None


def edit_lead(*, lead_id: uuid.UUID, actor: Viewer, version: int, edit: LeadEdit) -> list[str]:
    """Change a worked lead's stage, forecast and follow-up; returns the names of what really changed.

    `version` is the one the editor saw. Raises `StaleEdit` with both versions when somebody was faster, `Refused` when
    nobody works the lead, `Invalid`, `NotFound`, `Forbidden`. The same edit again changes nothing.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        decide_stage_change(worked.lead.state, edit.stage)
        before = current_values(worked.lead)
        mine = {
            "stage": edit.stage,
            "expected_revenue": edit.expected_revenue,
            "close_on": edit.close_on,
            "follow_up_at": _minute(edit.follow_up_at),
        }
        changed = decide_edit(version, worked.lead.version, mine=mine, theirs=before)
        now = read_clock(session)
        _refuse_past(changed, now, actor)
        if changed:
            _apply(session, worked, before, changed, now)
        return sorted(changed)


def current_values(lead: Lead) -> dict[str, object]:
    """What an edit is compared with: the row as it is now, the follow-up to the minute as forms know it."""
    has_revenue = lead.expected_revenue_cents is not None and lead.expected_revenue_currency is not None
    revenue = Money(lead.expected_revenue_cents or 0, lead.expected_revenue_currency or "") if has_revenue else None
    return {
        "stage": lead.stage,
        "expected_revenue": revenue,
        "close_on": lead.close_on,
        "follow_up_at": _minute(lead.follow_up_at),
    }


def set_revenue(lead: Lead, revenue: Money | None) -> None:
    """Keep the expected revenue, both of its columns or neither."""
    lead.expected_revenue_cents = revenue.cents if revenue else None
    lead.expected_revenue_currency = revenue.currency if revenue else None


def stored_money(amount: object) -> list[Any] | None:
    """An amount as an event keeps it."""
    return [amount.cents, amount.currency] if isinstance(amount, Money) else None


def _minute(moment: datetime | None) -> datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None


def _refuse_past(changed: Mapping[str, object], now: datetime, actor: Viewer) -> None:
    problems: dict[str, Phrase] = {}
    revenue, follow_up_at, close_on = (changed.get(name) for name in ("expected_revenue", "follow_up_at", "close_on"))
    if isinstance(revenue, Money) and revenue.cents < 0:
        problems["expected_revenue"] = Phrase(N_("The revenue cannot be negative."))
    if isinstance(follow_up_at, datetime) and follow_up_at <= now:
        problems["follow_up_at"] = Phrase(N_("The follow-up must lie in the future."))
    if isinstance(close_on, date) and close_on < now.astimezone(ZoneInfo(actor.time_zone)).date():
        problems["close_on"] = Phrase(N_("The close must not lie in the past."))
    if problems:
        raise Invalid(next(iter(problems.values())), fields=problems)


def _apply(
    session: Session, worked: WorkedLead, before: Mapping[str, Any], changed: Mapping[str, Any], now: datetime
) -> None:
    lead = worked.lead
    forecast: dict[str, list[Any]] = {}
    if "stage" in changed:
        lead.stage = changed["stage"]
        worked.tell(session, EventKind.STAGE_CHANGED, {"old": before["stage"].value, "new": lead.stage.value})
    if "expected_revenue" in changed:
        set_revenue(lead, changed["expected_revenue"])
        pair = (before["expected_revenue"], changed["expected_revenue"])
        forecast["expected_revenue"] = [stored_money(amount) for amount in pair]
    if "close_on" in changed:
        lead.close_on = changed["close_on"]
        forecast["close_on"] = [_stored_time(day) for day in (before["close_on"], lead.close_on)]
    if forecast:
        worked.tell(session, EventKind.FORECAST_CHANGED, forecast)
    if "follow_up_at" in changed:
        _move_follow_up(session, worked, before["follow_up_at"], changed["follow_up_at"], now)
    worked.mark_changed(now)


def _move_follow_up(
    session: Session, worked: WorkedLead, old: datetime | None, new: datetime | None, now: datetime
) -> None:
    worked.lead.follow_up_at = new
    cancel_promises(session, worked.lead.id, DeadlineKind.FOLLOW_UP_DUE)
    if new is not None:
        assignment_id = worked.assignment.id if worked.assignment else None
        promise(session, worked.lead, DeadlineKind.FOLLOW_UP_DUE, new, assignment_id=assignment_id)
    session.flush()
    promise_upkeep(session, worked.lead, worked.assignment, now)
    worked.tell(session, EventKind.FOLLOW_UP_CHANGED, {"old": _stored_time(old), "new": _stored_time(new)})


def _stored_time(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
