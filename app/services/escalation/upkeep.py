"""After the first contact: leads that fall asleep, follow-ups that come, long deals that are kept warm (K-12, K-13)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.leads import CLOSED_STATES
from app.domain.notifications import MailKind
from app.domain.stalling import StallAction, StallRules, is_follow_up_passed, nurture_touches, quiet_since, stall_times
from app.models import Assignment, Deadline, Event, Lead, Partnership
from app.queries.escalation import channel_managers_of, workers_of, workers_of_each
from app.queries.escalation_mails import last_activities, last_activity_at
from app.queries.manufacturers import stall_rules
from app.services.audit import record_event
from app.services.distribution.deadlines import cancel_promises, promise
from app.services.escalation.re_routing import STALLED, re_route_work
from app.services.notifications import owe_mails

_UPKEEP = (DeadlineKind.FOLLOW_UP_DUE, DeadlineKind.ACTIVITY_DUE, DeadlineKind.NURTURE_DUE)


def promise_upkeep(session: Session, lead: Lead, work: Assignment | None, now: datetime) -> None:
    """Promise anew what happens when nothing is logged from now on; what was promised before is taken back.

    Called with each activity and each new follow-up date, once the prospect has been contacted: before, the escalation
    ladder holds. A second call promises the same again.
    """
    if work is None or work.ended_at is not None or work.first_attempt_at is None:
        return
    cancel_promises(session, lead.id, DeadlineKind.ACTIVITY_DUE, DeadlineKind.NURTURE_DUE)
    work.stalled_at = None
    rules = stall_rules(session, lead.manufacturer_id)
    last = last_activity_at(session, lead.id) or work.first_attempt_at
    for action, due in stall_times(quiet_since(last, lead.follow_up_at, rules), rules):
        # No rule takes a lead from the manufacturer's own people: their channel manager is told.
        if work.partner_id is not None or action is not StallAction.RETURN_TO_DISTRIBUTION:
            promise(session, lead, DeadlineKind.ACTIVITY_DUE, max(due, now), assignment_id=work.id, stall=action)
    _promise_touch(session, lead, work, rules, now)


def _promise_touch(session: Session, lead: Lead, work: Assignment, rules: StallRules, now: datetime) -> None:
    touch = next(iter(nurture_touches(work.assigned_at, lead.follow_up_at, now, rules)), None)
    if touch is not None:
        promise(session, lead, DeadlineKind.NURTURE_DUE, touch, assignment_id=work.id)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What was done on some leads until now, looked up for all of them at once: when last, and who works them.

    `workers` are by assignment. `passed` are the follow-up dates that the leads' time lines say have passed; whoever
    notes one more adds it.
    """

    last_at: Mapping[uuid.UUID, datetime]
    workers: Mapping[int, list[int]]
    passed: set[tuple[uuid.UUID, str]]


def look_after(session: Session, deadlines: Iterable[Deadline], works: Iterable[Assignment]) -> Upkeep:
    """Look up what the promises of upkeep among these deadlines ask, each about one of `works` or about none yet."""
    asked = [one for one in deadlines if one.kind in _UPKEEP]
    followed_up = {one.lead_id for one in asked if one.kind is DeadlineKind.FOLLOW_UP_DUE}
    work_ids = {one.assignment_id for one in asked}
    return Upkeep(
        last_at=last_activities(session, followed_up) if followed_up else {},
        workers=workers_of_each(session, [work for work in works if work.id in work_ids]),
        passed=_passed(session, followed_up) if followed_up else set(),
    )


def _passed(session: Session, lead_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, str]]:
    noted = select(Event.lead_id, Event.data["due_at"].astext.label("due_at")).where(
        Event.lead_id.in_(lead_ids), Event.kind == EventKind.FOLLOW_UP_PASSED
    )
    return {(row.lead_id, row.due_at) for row in session.execute(noted)}


def note_stalled(session: Session, deadline: Deadline, lead: Lead, known: Upkeep) -> None:
    """Nothing was logged for long: remind who works it, tell the channel manager, or offer the lead to others."""
    work = _work_of(session, deadline)
    if work is None or deadline.stall is None:
        return
    work.stalled_at = work.stalled_at or deadline.fired_at
    record_event(
        session,
        EventKind.LEAD_STALLED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=work.partnership_id,
        data={"what": deadline.stall.value, "due_at": deadline.due_at.isoformat()},
    )
    if deadline.stall is StallAction.RETURN_TO_DISTRIBUTION:
        re_route_work(session, lead, work, STALLED, cause="stalled")
    elif deadline.stall is StallAction.REMIND_PARTNER:
        _tell(session, MailKind.STALLED_TO_PARTNER, _workers(session, work, known), deadline)
    else:
        partnership = session.get(Partnership, work.partnership_id) if work.partnership_id else None
        people = channel_managers_of(session, lead.manufacturer_id, partnership)
        _tell(session, MailKind.STALLED_TO_CHANNEL_MANAGER, people, deadline)


def note_touch(session: Session, deadline: Deadline, lead: Lead, known: Upkeep) -> None:
    """It is time to keep a long deal warm: who works it is told, and the next time is promised."""
    work = _work_of(session, deadline)
    if work is None:
        return
    record_event(
        session,
        EventKind.LEAD_NURTURE_TOUCH,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=work.partnership_id,
        data={"due_at": deadline.due_at.isoformat()},
    )
    _tell(session, MailKind.NURTURE_TO_WORKER, _workers(session, work, known), deadline)
    _promise_touch(session, lead, work, stall_rules(session, lead.manufacturer_id), read_clock(session))


def note_follow_up(session: Session, deadline: Deadline, lead: Lead, known: Upkeep) -> None:
    """The follow-up date has come: it stands in the time line and on top of the lead, and who works it is told.

    A date passes once: where the lead changes hands afterwards, only whoever takes it is told.
    """
    work = _work_of(session, deadline)
    if lead.state in CLOSED_STATES:
        return
    agreed_for = (lead.follow_up_at or deadline.due_at).isoformat()
    if (lead.id, agreed_for) not in known.passed:
        known.passed.add((lead.id, agreed_for))
        record_event(
            session,
            EventKind.FOLLOW_UP_PASSED,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"due_at": agreed_for},
        )
    last, now = known.last_at.get(lead.id), deadline.fired_at or read_clock(session)
    if work is not None and is_follow_up_passed(lead.follow_up_at, last, now):
        _tell(session, MailKind.FOLLOW_UP_TO_WORKER, _workers(session, work, known), deadline)


def _workers(session: Session, work: Assignment, known: Upkeep) -> list[int]:
    """Who works the lead; looked up anew where its work began after the look."""
    return known.workers[work.id] if work.id in known.workers else workers_of(session, work)


def _work_of(session: Session, deadline: Deadline) -> Assignment | None:
    """The assignment a promise is about, while it lasts; of one that outlived it, whoever works the lead by now."""
    if deadline.kind is DeadlineKind.FOLLOW_UP_DUE and deadline.assignment_id is None:
        taken = select(Assignment).where(Assignment.lead_id == deadline.lead_id, Assignment.ended_at.is_(None))
        return session.scalars(taken).one_or_none()
    work = session.get(Assignment, deadline.assignment_id) if deadline.assignment_id else None
    return work if work is not None and work.ended_at is None else None


def _tell(session: Session, kind: MailKind, people: list[int], deadline: Deadline) -> None:
    payload = {"deadline_id": deadline.id, "lead_id": str(deadline.lead_id)}
    owe_mails(session, kind, people, payload=payload, once=f"{kind.value}:{deadline.id}")
