"""Deadlines that are fired together: one that ends another, and one that fails among others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.adapters.job_queue import OutOfTime
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd
from app.domain.escalation import EscalationAction
from app.models import Assignment, Deadline, Event, Lead, OutboxMessage
from app.services.deadlines import enforce_deadlines
from app.services.escalation.alerting import silent_about
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending, reserved


def escalations(session: Session, lead: Lead) -> int:
    told = select(func.count(Event.id)).where(Event.lead_id == lead.id, Event.kind == EventKind.LEAD_ESCALATED)
    return session.scalar(told) or 0


@pytest.mark.covers("W-05")
def test_what_the_first_of_a_lead_s_deadlines_ends_is_not_fired_with_it(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    # Its backup is asked: nobody has to be chosen, so that the batch goes on.
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    lead = reserved(session, cast)
    promised = pending(session, lead)
    last = promised[-1]
    assert last.step is EscalationAction.RE_ROUTE
    last.due_at = promised[0].due_at - timedelta(minutes=1)
    session.commit()
    pass_until(session, clock, max(promised, key=lambda one: one.due_at))
    enforce_deadlines()
    ended = {one.id: (one.fired_at is None, one.cancelled_at is None) for one in promised}
    assert ended == {one.id: (one is not last, one is last) for one in promised}
    assert escalations(session, lead) == 0


@pytest.mark.covers("W-03")
def test_one_that_fails_among_others_leaves_each_of_them_done_once(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [claimed(session, cast) for _ in range(3)]
    mails = select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "escalation_to_sales_manager")
    spoiled = pending(session, leads[1])[0]
    assert spoiled.kind is DeadlineKind.CONTACT_DUE
    spoiled_id = spoiled.id
    monkeypatch.setattr("app.services.deadlines.silent_about", failing_for(spoiled_id))
    pass_until(session, clock, max((pending(session, lead)[0] for lead in leads), key=lambda one: one.due_at))
    enforce_deadlines()
    assert [escalations(session, lead) for lead in leads] == [1, 0, 1]
    assert session.scalar(mails) == 2
    assert session.get_one(Deadline, spoiled_id, populate_existing=True).failures == 1


@pytest.mark.parametrize("ends_the_run", [OutOfTime("120 s"), OperationalError("UPDATE", {}, Exception("gone"))])
def test_no_deadline_is_blamed_for_the_end_of_its_run(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch, ends_the_run: Exception
) -> None:
    lead = claimed(session, cast)
    first = pending(session, lead)[0]

    def ended(session: Session, deadline: Deadline) -> None:
        raise ends_the_run

    monkeypatch.setattr("app.services.deadlines.silent_about", ended)
    pass_until(session, clock, first)
    with pytest.raises(type(ends_the_run)):
        enforce_deadlines()
    left = session.get_one(Deadline, first.id, populate_existing=True)
    assert (left.fired_at, left.failures, left.retry_at) == (None, 0, None)
    monkeypatch.setattr("app.services.deadlines.silent_about", silent_about)
    enforce_deadlines()
    assert escalations(session, lead) == 1


def test_work_that_ended_before_does_not_end_the_batch(session: Session, cast: Cast, clock: TimeMachine) -> None:
    leads = [claimed(session, cast) for _ in range(3)]
    first = [pending(session, lead)[0] for lead in leads]
    work = session.get_one(Assignment, first[0].assignment_id)
    work.ended_at, work.end = work.assigned_at, AssignmentEnd.RETURNED
    first[0].due_at -= timedelta(minutes=1)
    session.commit()
    pass_until(session, clock, max(first, key=lambda one: one.due_at))
    assert enforce_deadlines(limit=1) == 3, "all in the first batch"
    assert [escalations(session, lead) for lead in leads] == [0, 1, 1]


def failing_for(deadline_id: int) -> object:
    def silent_or_fail(session: Session, deadline: Deadline) -> object:
        if deadline.id == deadline_id:
            raise RuntimeError("spoiled")
        return silent_about(session, deadline)

    return silent_or_fail
