"""The rows of a file, a batch at a time: read, held against what is in, and written in a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.adapters.spreadsheets import Row
from app.database import read_clock
from app.domain.intake.arrival import Arrival, cells_of, fingerprint_of
from app.domain.intake.judgement import IntakeRules, Judgement, judge_lead
from app.domain.phrases import N_, Phrase
from app.domain.submissions import Channel, Finding, SubmissionState
from app.models import Submission
from app.queries.intake.known_leads import KnownLeads, known_leads
from app.services.intake.locks import lock_requests
from app.services.intake.settling import (
    Candidate,
    Outcome,
    candidate,
    carry_out,
    close_replaced,
    decide_outcome,
    mark_settled,
)

log = structlog.get_logger(__name__)

NOT_STORED = Finding("", Phrase(N_("The database would not take this row. It is kept in the file; ask for help.")))
TORN_ROW = N_("This row has more cells than there are headers. Check that each cell stands under its own.")
_SETTLED = (SubmissionState.CREATED, SubmissionState.MERGED, SubmissionState.REJECTED)


@dataclass(slots=True)
class FileRun:
    """One run through a file. `seen` and `seen_rows` are what a dry run would have brought in by now."""

    import_id: int
    manufacturer_id: int
    user_id: int | None
    mapping: Mapping[str, str]
    arrival: Arrival
    rules: IntakeRules
    is_dry_run: bool = False
    seen: KnownLeads = field(default_factory=KnownLeads)
    seen_rows: dict[str, Outcome] = field(default_factory=dict)

    def judge(self, row: Row) -> Judgement:
        """The row as it is read under this mapping; nothing is looked up."""
        arrival = _arrival_of(self.arrival, row)
        return judge_lead(cells_of(raw_of(row), arrival, self.mapping), arrival, self.rules)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row on its way in."""

    row: Row
    raw: dict[str, str]
    fingerprint: str
    wanted: Candidate


def raw_of(row: Row) -> dict[str, str]:
    """The cells by header as received; cells beyond the headers under their number."""
    beyond = {f"#{len(row.values) + place}": cell for place, cell in enumerate(row.surplus, start=1)}
    return {**row.values, **beyond}


def bring_in_rows(session: Session, run: FileRun, rows: Sequence[Row]) -> list[Outcome]:
    """Bring in one batch inside the caller's transaction; one outcome per row, in their order.

    A row that is in already (the same cells under the same headers) is left alone, unless it waits in quarantine: then
    it is tried again. A row the database refuses is rejected by itself and stops no other.
    """
    if run.is_dry_run:
        return _look_at(session, run, rows)
    try:
        with session.begin_nested():
            return _write_all(session, run, rows)
    except (DataError, IntegrityError) as error:
        if len(rows) == 1:
            log.error("row_not_stored", import_id=run.import_id, line_no=rows[0].line_no, error=type(error).__name__)
            return [Outcome(SubmissionState.REJECTED, findings=(NOT_STORED,))]
        return [outcome for row in rows for outcome in bring_in_rows(session, run, [row])]


def _write_all(session: Session, run: FileRun, rows: Sequence[Row]) -> list[Outcome]:
    now = read_clock(session)
    lines = [_line(run, row, now) for row in rows]
    requests = [line.wanted.request for line in lines]
    lock_requests(session, run.manufacturer_id, requests, [line.fingerprint for line in lines])
    submissions = _submissions(session, run, lines, now)
    known = known_leads(session, run.manufacturer_id, requests)
    fresh: dict[str, tuple[_Line, Outcome]] = {}
    outcomes = []
    for line in lines:
        submission = submissions[line.fingerprint]
        if line.fingerprint in fresh:
            outcome = _unchanged(fresh[line.fingerprint][1])
        elif submission.state in _SETTLED:
            outcome = _unchanged(_remembered(submission))
        else:
            outcome = decide_outcome(line.wanted, run.rules, known)
            fresh[line.fingerprint] = line, outcome
            carry_out(session, outcome, submission, line.wanted)
        outcomes.append(outcome)
    session.flush()
    for fingerprint, (line, outcome) in fresh.items():
        mark_settled(submissions[fingerprint], outcome, line.wanted, now=now)
    session.flush()
    brought_in = [line.wanted.request.external_id for line, outcome in fresh.values() if outcome.lead_id]
    close_replaced(session, run.manufacturer_id, brought_in)
    return outcomes


def _submissions(session: Session, run: FileRun, lines: Sequence[_Line], now: datetime) -> dict[str, Submission]:
    """The submission of each line by fingerprint: the one that is in already, else a new one, stored raw."""
    earlier = session.scalars(
        select(Submission)
        .where(
            Submission.manufacturer_id == run.manufacturer_id,
            Submission.fingerprint.in_({line.fingerprint for line in lines}),
        )
        .order_by(Submission.id)
        .with_for_update()
    )
    found = {submission.fingerprint or "": submission for submission in earlier}
    for line in lines:
        waiting = found.get(line.fingerprint)
        if waiting is None:
            found[line.fingerprint] = waiting = Submission(
                manufacturer_id=run.manufacturer_id,
                channel=Channel.FILE,
                state=SubmissionState.RECEIVED,
                raw=line.raw,
                fingerprint=line.fingerprint,
                user_id=run.user_id,
                received_at=now,
            )
            session.add(waiting)
        if waiting.state not in _SETTLED:
            # A row that waits in quarantine belongs to the file, and the mapping, that brings it again.
            waiting.import_id, waiting.line_no = run.import_id, line.row.line_no
            waiting.defaults = line.wanted.arrival.to_json()
    session.flush()
    return found


def _look_at(session: Session, run: FileRun, rows: Sequence[Row]) -> list[Outcome]:
    """What would become of the rows; nothing is written, `run` remembers what would be in."""
    lines = [_line(run, row, read_clock(session)) for row in rows]
    states = _states(session, run, lines)
    known = known_leads(session, run.manufacturer_id, [line.wanted.request for line in lines])
    known.learn(run.seen)
    outcomes = []
    for line in lines:
        earlier = states.get(line.fingerprint)
        if earlier in _SETTLED:
            outcome = _unchanged(Outcome(earlier))
        elif before := run.seen_rows.get(line.fingerprint):
            outcome = _unchanged(before)
        else:
            outcome = run.seen_rows[line.fingerprint] = decide_outcome(line.wanted, run.rules, known)
            if outcome.state is SubmissionState.CREATED and outcome.lead_id:
                run.seen.add(outcome.lead_id, line.wanted.request)
        outcomes.append(outcome)
    return outcomes


def _states(session: Session, run: FileRun, lines: Sequence[_Line]) -> dict[str, SubmissionState]:
    rows = session.execute(
        select(Submission.fingerprint, Submission.state).where(
            Submission.manufacturer_id == run.manufacturer_id,
            Submission.fingerprint.in_({line.fingerprint for line in lines}),
        )
    )
    return {fingerprint: state for fingerprint, state in rows if fingerprint}


def _unchanged(earlier: Outcome) -> Outcome:
    """A row that is in already counts as merged, one that was rejected before as rejected, and nothing is written."""
    is_in = earlier.state is SubmissionState.CREATED
    return replace(earlier, state=SubmissionState.MERGED if is_in else earlier.state, is_unchanged=True)


def _remembered(submission: Submission) -> Outcome:
    findings = tuple(Finding.from_json(stored) for stored in submission.problems)
    return Outcome(submission.state, submission.lead_id, findings)


def _line(run: FileRun, row: Row, now: datetime) -> _Line:
    raw = raw_of(row)
    return _Line(row, raw, fingerprint_of(raw), candidate(_arrival_of(run.arrival, row), run.judge(row), now))


def _arrival_of(arrival: Arrival, row: Row) -> Arrival:
    """A row longer than the headers was probably torn: its cells may stand under the wrong ones."""
    return arrival if not row.surplus else arrival.suspect(TORN_ROW)
