"""What becomes of an arrival: a lead, a touch, quarantine, or a rejection with its reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival
from app.domain.intake.duplicates import Request
from app.domain.intake.judgement import IntakeRules, Judgement
from app.domain.phrases import N_, Phrase
from app.domain.submissions import Finding, SubmissionState
from app.models import Submission
from app.queries.intake.known_leads import KnownLeads
from app.services.audit import record_event
from app.services.intake.lead_writing import write_lead, write_touch

SPAM = Finding("", Phrase(N_("A field that people cannot see was filled in: a program sent this.")))
REPLACED = Finding("", Phrase(N_("A later row with the same number has been brought in.")))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one arrival. `is_unchanged`: it was in already, and nothing is written."""

    state: SubmissionState
    lead_id: uuid.UUID | None = None
    findings: tuple[Finding, ...] = ()
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An arrival with its judgement and what duplicates are told by."""

    arrival: Arrival
    judgement: Judgement
    request: Request
    asked_at: datetime


def candidate(arrival: Arrival, judgement: Judgement, received_at: datetime) -> Candidate:
    """The arrival as a candidate; nobody asked later than the asking arrived."""
    asked_at = min(judgement.reading.created_at or received_at, received_at)
    return Candidate(arrival, judgement, judgement.request(asked_at), asked_at)


def decide_outcome(wanted: Candidate, rules: IntakeRules, known: KnownLeads) -> Outcome:
    """What becomes of it, writing nothing: `known` learns of the lead it would become."""
    findings = wanted.judgement.findings
    if wanted.arrival.is_spam:
        return Outcome(SubmissionState.REJECTED, findings=(SPAM,))
    if not wanted.judgement.is_readable:
        return Outcome(SubmissionState.QUARANTINED, findings=findings)
    lead_id = known.find(wanted.request, within=rules.merge_within)
    if lead_id is not None:
        return Outcome(SubmissionState.MERGED, lead_id, findings)
    lead_id = uuid.uuid4()
    known.add(lead_id, wanted.request)
    return Outcome(SubmissionState.CREATED, lead_id, findings)


def carry_out(
    session: Session, outcome: Outcome, submission: Submission, wanted: Candidate, *, actor: Viewer | None = None
) -> bool:
    """Write the lead or the touch that was decided; returns whether the lead is to be routed after the commit.

    The caller's transaction holds `lock_requests` and the submission's row, flushes, and then calls `mark_settled`.
    """
    if outcome.state is SubmissionState.QUARANTINED:
        _record_quarantine(session, outcome, submission)
    if outcome.lead_id is None:
        return False
    write = write_lead if outcome.state is SubmissionState.CREATED else write_touch
    return write(
        session, outcome.lead_id, submission, wanted.arrival, wanted.judgement, asked_at=wanted.asked_at, actor=actor
    )


def touched_leads(outcomes: Iterable[Outcome]) -> set[uuid.UUID]:
    """The leads whose prospects asked again just now."""
    merged = (one for one in outcomes if one.state is SubmissionState.MERGED and not one.is_unchanged)
    return {one.lead_id for one in merged if one.lead_id is not None}


def mark_settled(submission: Submission, outcome: Outcome, wanted: Candidate, *, now: datetime) -> None:
    """Note on the submission what became of it; its lead has been flushed."""
    submission.state = outcome.state
    submission.lead_id = outcome.lead_id
    submission.external_id = wanted.request.external_id or None
    submission.problems = [finding.to_json() for finding in outcome.findings]
    submission.settled_at = now


def close_replaced(session: Session, manufacturer_id: int, external_ids: Iterable[str]) -> None:
    """Reject what waited in quarantine under numbers that have been brought in since: a later row answers it."""
    wanted = [external_id for external_id in external_ids if external_id]
    if wanted:
        session.execute(
            update(Submission)
            .where(
                Submission.manufacturer_id == manufacturer_id,
                Submission.external_id.in_(wanted),
                Submission.state == SubmissionState.QUARANTINED,
            )
            .values(state=SubmissionState.REJECTED, problems=[REPLACED.to_json()])
            .execution_options(synchronize_session="fetch")
        )


def _record_quarantine(session: Session, outcome: Outcome, submission: Submission) -> None:
    """Once per submission: a second try that fails says nothing new."""
    if submission.state is SubmissionState.QUARANTINED:
        return
    fields = sorted({finding.field for finding in outcome.findings if finding.is_fatal})
    record_event(
        session,
        EventKind.INTAKE_QUARANTINED,
        manufacturer_id=submission.manufacturer_id,
        data={"submission_id": submission.id, "import_id": submission.import_id, "fields": fields},
    )
