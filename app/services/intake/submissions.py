"""One arrival at a time: stored as received first, then settled; corrected, tried again or rejected by a person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.job_names import ROUTE_LEAD
from app.adapters.job_queue import enqueue
from app.database import after_commit, clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival, cells_of
from app.domain.intake.judgement import IntakeRules, judge_lead
from app.domain.phrases import N_, Phrase
from app.domain.submissions import Channel, Finding, SubmissionState
from app.models import LeadImport, Submission
from app.queries.intake.known_leads import known_leads
from app.queries.intake.rules import intake_rules
from app.services.audit import record_event
from app.services.intake.access import DESK, require
from app.services.intake.locks import lock_requests
from app.services.intake.settling import (
    Candidate,
    Outcome,
    candidate,
    carry_out,
    close_replaced,
    decide_outcome,
    mark_settled,
    touched_leads,
)
from app.services.routing_rules import note_changes

UNSETTLED_AFTER = timedelta(seconds=30)


def receive_submission(
    *,
    manufacturer_id: int,
    channel: Channel,
    raw: Mapping[str, str],
    arrival: Arrival,
    user_id: int | None = None,
    web_form_id: int | None = None,
) -> int:
    """Store what arrived, exactly as it arrived, in a transaction of its own; returns the submission's id.

    Whatever fails later, it is kept and will be settled. `raw` is text by `LeadField`. Each call stores one more.
    """
    with transaction() as session:
        arrived = Submission(
            manufacturer_id=manufacturer_id,
            channel=channel,
            raw={name: str(cell).replace("\x00", "") for name, cell in raw.items()},
            defaults=arrival.to_json(),
            user_id=user_id,
            web_form_id=web_form_id,
        )
        session.add(arrived)
        session.flush()
        return arrived.id


def settle_submission(submission_id: int, *, actor: Viewer | None = None) -> Outcome:
    """Make of a received submission what it becomes: a lead, a touch, a case for quarantine, or a rejection.

    Safe twice and in parallel: one that is settled already answers what became of it. A lead is routed by a job.
    """
    try:
        return _settle_once(submission_id, actor)
    except IntegrityError:
        # Somebody made the same lead by another road a moment ago: this time it is found, and touched.
        return _settle_once(submission_id, actor)


def settle_waiting_submissions(*, limit: int = 100) -> int:
    """Settle what was stored but not settled, because a process died between the two; returns how many."""
    with transaction() as session:
        waiting = session.scalars(
            select(Submission.id)
            .where(
                Submission.state == SubmissionState.RECEIVED,
                Submission.received_at < select(clock_now()).scalar_subquery() - UNSETTLED_AFTER,
            )
            .order_by(Submission.received_at)
            .limit(limit)
        ).all()
    for submission_id in waiting:
        settle_submission(submission_id)
    return len(waiting)


def take_in_lead(
    *, actor: Viewer, raw: Mapping[str, str], channel: Channel, arrival: Arrival, is_quarantine_refused: bool = False
) -> Outcome:
    """Bring in one lead for `actor`: entered by hand, or sent to the API. `raw` is text by `LeadField`.

    With `is_quarantine_refused` the person is still there to mend it: what would go to quarantine raises `Invalid`
    with the reason of each field, and nothing is stored. A second call with the same text leaves a touch on the lead.
    """
    manufacturer_id = require(actor, *DESK)
    if is_quarantine_refused:
        refuse_unreadable(findings_of(manufacturer_id=manufacturer_id, raw=raw, arrival=arrival))
    submission_id = receive_submission(
        manufacturer_id=manufacturer_id, channel=channel, raw=raw, arrival=arrival, user_id=actor.user_id
    )
    return settle_submission(submission_id, actor=actor)


def findings_of(*, manufacturer_id: int, raw: Mapping[str, str], arrival: Arrival) -> tuple[Finding, ...]:
    """What would be found wrong with these cells now; nothing is stored."""
    with transaction() as session:
        rules = intake_rules(session, manufacturer_id)
    return judge_lead(cells_of(raw, arrival), arrival, rules).findings


def refuse_unreadable(findings: tuple[Finding, ...]) -> None:
    """Raise `Invalid` with the first reason of each field that is fatal; do nothing when none is."""
    fields = {finding.field: finding.phrase for finding in reversed(findings) if finding.is_fatal}
    if fields:
        raise Invalid(Phrase(N_("The lead cannot be read yet.")), fields=fields)


def correct_submission(*, actor: Viewer, submission_id: int, corrections: Mapping[str, str]) -> Outcome:
    """Write over cells of a submission in quarantine, and try again; what was received stays beside the correction.

    It may become a lead, a touch, or stay in quarantine with the reasons that are left. `NotFound` when it is not the
    actor's, `Refused` when it is no longer in quarantine.
    """
    manufacturer_id = require(actor, *DESK)
    with transaction() as session:
        waiting = _quarantined(session, manufacturer_id, submission_id)
        waiting.defaults = Arrival.from_json(waiting.defaults).corrected(corrections).to_json()
        outcome = _settle_locked(session, waiting, actor)
        if outcome.lead_id is not None:
            _record(session, EventKind.INTAKE_RELEASED, actor, waiting, {"fields": sorted(corrections)})
    return outcome


def reject_submission(*, actor: Viewer, submission_id: int, reason: str) -> None:
    """Decide that a submission in quarantine is no lead, with the reason in the person's own words.

    `Invalid` without a reason; `NotFound` and `Refused` as for a correction. It stays on the list of what arrived.
    """
    manufacturer_id = require(actor, *DESK)
    if not reason.strip():
        raise Invalid(Phrase(N_("Say why it is no lead.")), fields={"reason": Phrase(N_("Say why it is no lead."))})
    with transaction() as session:
        waiting = _quarantined(session, manufacturer_id, submission_id)
        said = Phrase(N_("Rejected by hand: %(reason)s"), {"reason": reason.strip()})
        waiting.state = SubmissionState.REJECTED
        waiting.problems = [Finding("", said).to_json()]
        waiting.settled_at = read_clock(session)
        _record(session, EventKind.INTAKE_RELEASED, actor, waiting, {"is_rejected": True})


def ring_for(lead_id: uuid.UUID) -> Callable[[], object]:
    """The doorbell for one lead; if nobody hears it, the sweep of received leads finds the lead by itself."""
    return partial(enqueue, ROUTE_LEAD, lead_id=str(lead_id))


def _settle_once(submission_id: int, actor: Viewer | None) -> Outcome:
    with transaction() as session:
        arrived = session.get(Submission, submission_id)
        if arrived is None:
            raise NotFound
        return _settle_locked(session, arrived, actor)


def _settle_locked(session: Session, arrived: Submission, actor: Viewer | None) -> Outcome:
    """Judge, take the locks (requests before rows), look whether somebody was faster, then write."""
    rules = intake_rules(session, arrived.manufacturer_id)
    wanted = _candidate(session, arrived, rules)
    lock_requests(session, arrived.manufacturer_id, [wanted.request])
    session.flush()
    before = session.scalar(select(Submission.state).where(Submission.id == arrived.id).with_for_update())
    if before not in (SubmissionState.RECEIVED, SubmissionState.QUARANTINED):
        session.refresh(arrived)
        return _remembered(arrived)
    known = known_leads(session, arrived.manufacturer_id, [wanted.request])
    outcome = decide_outcome(wanted, rules, known)
    if carry_out(session, outcome, arrived, wanted, actor=actor) and outcome.lead_id:
        after_commit(session, ring_for(outcome.lead_id))
    session.flush()
    mark_settled(arrived, outcome, wanted, now=read_clock(session))
    if outcome.lead_id:
        session.flush()
        close_replaced(session, arrived.manufacturer_id, [wanted.request.external_id])
    note_changes(session, touched_leads([outcome]))
    return outcome


def _candidate(session: Session, arrived: Submission, rules: IntakeRules) -> Candidate:
    arrival = Arrival.from_json(arrived.defaults)
    mapping = session.get_one(LeadImport, arrived.import_id).mapping if arrived.import_id else None
    judgement = judge_lead(cells_of(arrived.raw, arrival, mapping), arrival, rules)
    return candidate(arrival, judgement, arrived.received_at)


def _remembered(arrived: Submission) -> Outcome:
    findings = tuple(Finding.from_json(stored) for stored in arrived.problems)
    return Outcome(arrived.state, arrived.lead_id, findings, is_unchanged=True)


def _quarantined(session: Session, manufacturer_id: int, submission_id: int) -> Submission:
    found = session.get(Submission, submission_id)
    if found is None or found.manufacturer_id != manufacturer_id:
        raise NotFound
    if found.state is not SubmissionState.QUARANTINED:
        raise Refused(
            Phrase(N_("This is no longer in quarantine.")),
            code="not_in_quarantine",
            remedy=Phrase(N_("Load the page again to see what became of it.")),
        )
    return found


def _record(
    session: Session, kind: EventKind, actor: Viewer, submission: Submission, data: Mapping[str, object]
) -> None:
    record_event(
        session,
        kind,
        actor=actor,
        manufacturer_id=submission.manufacturer_id,
        lead_id=submission.lead_id,
        data={"submission_id": submission.id, **data},
    )
