"""Logging what happened with the prospect; the first attempt keeps the promise made with the claim."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.cockpit import (
    ActivityKind,
    ContactOutcome,
    counts_as_reached,
    decide_stage_change,
    is_contact_attempt,
)
from app.domain.deadlines import DeadlineKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.leads import Stage
from app.domain.phrases import N_, Phrase
from app.models import Activity
from app.services.cockpit.working import WorkedLead, lock_worked_lead
from app.services.distribution.assigning import free_capacity
from app.services.distribution.deadlines import cancel_promises
from app.services.escalation.upkeep import promise_upkeep

LONGEST_NOTE = 4_000
_MINUTE = timedelta(minutes=1)


def log_activity(
    *,
    lead_id: uuid.UUID,
    actor: Viewer,
    kind: ActivityKind,
    outcome: ContactOutcome | None = None,
    note: str = "",
    happened_at: datetime | None = None,
    submitted_key: str | None = None,
) -> int:
    """Log a contact attempt, a quote or a note on a lead that is being worked; returns the activity's id.

    The first attempt of an assignment ends its contact deadline, frees the partner's capacity by one and moves a new
    lead to `contacted`. Without `happened_at` it happened now. Raises `NotFound`, `Forbidden`, `Refused` (nobody works
    the lead) and `Invalid`. A second call with the same `submitted_key` returns the first one's id and changes nothing.
    """
    with transaction() as session:
        worked = lock_worked_lead(session, lead_id, actor)
        key = f"{lead_id}:{actor.user_id}:{submitted_key}" if submitted_key else None
        before = _logged_before(session, key)
        if before is not None:
            return before
        now = read_clock(session)
        stage = decide_stage_change(worked.lead.state, _stage_after(worked, kind, outcome))
        _refuse_unusable(kind, outcome, note)
        activity = Activity(
            lead_id=lead_id,
            assignment_id=worked.assignment.id if worked.assignment else None,
            organisation_id=actor.organisation_id,
            user_id=actor.user_id,
            kind=kind,
            outcome=outcome,
            note=note.strip()[:LONGEST_NOTE],
            happened_at=_moment(happened_at, worked, now),
            submitted_key=key,
        )
        _keep(session, worked, activity)
        if is_contact_attempt(kind, outcome):
            _count_attempt(session, worked, activity, stage, now)
        session.flush()
        promise_upkeep(session, worked.lead, worked.assignment, now)
        return activity.id


def _logged_before(session: Session, key: str | None) -> int | None:
    """The activity that the same form has made already."""
    return session.scalar(select(Activity.id).where(Activity.submitted_key == key)) if key else None


def _keep(session: Session, worked: WorkedLead, activity: Activity) -> None:
    """Store the activity and tell the trail of it."""
    session.add(activity)
    session.flush()
    told = {
        "activity_id": activity.id,
        "kind": activity.kind.value,
        "outcome": activity.outcome.value if activity.outcome else None,
        "is_on_behalf": worked.is_on_behalf,
    }
    worked.tell(session, EventKind.ACTIVITY_LOGGED, told)


def _stage_after(worked: WorkedLead, kind: ActivityKind, outcome: ContactOutcome | None) -> Stage:
    is_first = worked.lead.stage is Stage.NEW and is_contact_attempt(kind, outcome)
    return Stage.CONTACTED if is_first else worked.lead.stage


def _refuse_unusable(kind: ActivityKind, outcome: ContactOutcome | None, note: str) -> None:
    is_contact = is_contact_attempt(kind, ContactOutcome.REACHED)
    if is_contact and outcome is None:
        raise _invalid("outcome", Phrase(N_("Say what came of it: reached, not reached, wrong contact or replied.")))
    if not is_contact and outcome is not None:
        raise _invalid("outcome", Phrase(N_("A quote or a note has no outcome.")))
    if kind is ActivityKind.NOTE and not note.strip():
        raise _invalid("note", Phrase(N_("Write what you want to note.")))


def _moment(happened_at: datetime | None, worked: WorkedLead, now: datetime) -> datetime:
    if happened_at is None:
        return now
    if happened_at > now + _MINUTE:
        raise _invalid("happened_at", Phrase(N_("What has happened lies in the past.")))
    if happened_at < worked.lead.received_at - _MINUTE:
        raise _invalid("happened_at", Phrase(N_("The lead was not there yet at that time.")))
    return min(happened_at, now)


def _invalid(field: str, problem: Phrase) -> Invalid:
    return Invalid(problem, fields={field: problem})


def _count_attempt(session: Session, worked: WorkedLead, activity: Activity, stage: Stage, now: datetime) -> None:
    lead, assignment = worked.lead, worked.assignment
    lead.attempts += 1
    lead.reached += int(counts_as_reached(activity.kind, activity.outcome))
    lead.first_contact_at = lead.first_contact_at or activity.happened_at
    if assignment is not None and assignment.first_attempt_at is None:
        assignment.first_attempt_at = max(activity.happened_at, assignment.assigned_at)
        cancel_promises(session, lead.id, DeadlineKind.CONTACT_DUE, DeadlineKind.ESCALATION_DUE)
        if assignment.partnership_id is not None:
            session.flush()
            free_capacity(session, assignment.partnership_id)
    if stage is not lead.stage:
        worked.tell(session, EventKind.STAGE_CHANGED, {"old": lead.stage.value, "new": stage.value})
        lead.stage = stage
        worked.mark_changed(now)
    lead.updated_at = now
