"""A file on its way in: batch by batch, each in one transaction, so that a killed process goes on where it stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.adapters.job_names import ADVANCE_IMPORT, ROUTE_RECEIVED_LEADS
from app.adapters.job_queue import enqueue
from app.adapters.spreadsheets import Row, UnreadableFile, read_rows
from app.database import after_commit, clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival
from app.domain.submissions import ImportState, SubmissionState
from app.models import ImportProblem, LeadImport, User
from app.queries.intake.rules import intake_rules
from app.services.audit import record_event
from app.services.intake.file_rows import FileRun, bring_in_rows
from app.services.intake.imports import shape_of, store_import
from app.services.intake.settling import Outcome, touched_leads
from app.services.routing_rules import note_changes

BATCH_ROWS = 200
STALLED_AFTER = timedelta(seconds=60)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Progress:
    """This process's run through one file. Another process that begins the same import takes it over."""

    run: FileRun
    rows: Iterator[Row]
    started_at: datetime


def advance_import(import_id: int, *, batch_rows: int = BATCH_ROWS) -> None:
    """Bring a queued or running import to its end, as far as nobody cancels it.

    Safe twice and in parallel: the later caller takes over after the batch that is under way. After `kill -9` the next
    call goes on at the first line that is not in; a dry run, which leaves nothing behind, begins anew.
    """
    progress = _begin(import_id)
    try:
        while progress and _advance_once(progress, batch_rows):
            pass
    except SQLAlchemyError:
        raise
    except UnreadableFile as unreadable:
        _fail(import_id, str(unreadable.phrase))
    except Exception as fault:
        _fail(import_id, type(fault).__name__)
        raise


def import_file(*, manufacturer_id: int, filename: str, data: bytes, is_dry_run: bool = False) -> int:
    """Bring in one file at once, without a job: the same reading, the same rows, the same report; returns its id.

    `UnreadableFile` when it is no list. The same file again brings nothing in twice.
    """
    with transaction() as session:
        stored = store_import(session, manufacturer_id, filename, data, user_id=None)
        stored.state = ImportState.QUEUED
        stored.is_dry_run = is_dry_run
        import_id = stored.id
    advance_import(import_id)
    return import_id


def resume_imports() -> int:
    """Ring for imports that nobody has advanced for a minute: their worker died, or Redis forgot them."""
    with transaction() as session:
        stalled = session.scalars(
            select(LeadImport.id).where(
                LeadImport.state.in_((ImportState.QUEUED, ImportState.RUNNING)),
                LeadImport.advanced_at < select(clock_now()).scalar_subquery() - STALLED_AFTER,
            )
        ).all()
        for import_id in stalled:
            after_commit(session, partial(enqueue, ADVANCE_IMPORT, import_id=import_id))
    return len(stalled)


def _begin(import_id: int) -> _Progress | None:
    with transaction() as session:
        stored = _locked(session, import_id)
        if stored is None or stored.state not in (ImportState.QUEUED, ImportState.RUNNING):
            return None
        stored.state = ImportState.RUNNING
        stored.started_at = stored.advanced_at = read_clock(session)
        if stored.is_dry_run:
            stored.rows_created = stored.rows_merged = stored.rows_rejected = stored.rows_quarantined = 0
            stored.rows_unchanged = stored.next_line = 0
            session.execute(delete(ImportProblem).where(ImportProblem.import_id == import_id))
        run = FileRun(
            import_id=import_id,
            manufacturer_id=stored.manufacturer_id,
            user_id=stored.user_id,
            mapping=dict(stored.mapping),
            arrival=Arrival.from_json(stored.defaults),
            rules=intake_rules(session, stored.manufacturer_id),
            is_dry_run=stored.is_dry_run,
        )
        return _Progress(run, read_rows(stored.content, shape_of(stored.shape)), stored.started_at)


def _advance_once(progress: _Progress, batch_rows: int) -> bool:
    """One batch in one transaction; False when there is nothing more to do for this process."""
    run = progress.run
    with transaction() as session:
        stored = _locked(session, run.import_id)
        if stored is None or stored.state is not ImportState.RUNNING or stored.started_at != progress.started_at:
            return False
        left = (row for row in progress.rows if row.line_no >= stored.next_line)
        rows = list(islice(left, batch_rows))
        if not rows:
            _finish(session, stored)
            return False
        outcomes = bring_in_rows(session, run, rows)
        _count(session, stored, rows, outcomes)
        stored.next_line = rows[-1].line_no + 1
        stored.advanced_at = read_clock(session)
        if not run.is_dry_run:
            note_changes(session, touched_leads(outcomes))
        if stored.rows_created and not run.is_dry_run:
            after_commit(session, partial(enqueue, ROUTE_RECEIVED_LEADS))
    return True


def _locked(session: Session, import_id: int) -> LeadImport | None:
    return session.scalar(select(LeadImport).where(LeadImport.id == import_id).with_for_update())


def _count(session: Session, stored: LeadImport, rows: Sequence[Row], outcomes: Sequence[Outcome]) -> None:
    """Add the batch to the sums, and keep the reason of every row that did not become a lead or a touch."""
    states = Counter(outcome.state for outcome in outcomes)
    stored.rows_created += states[SubmissionState.CREATED]
    stored.rows_merged += states[SubmissionState.MERGED]
    stored.rows_rejected += states[SubmissionState.REJECTED]
    stored.rows_quarantined += states[SubmissionState.QUARANTINED]
    stored.rows_unchanged += sum(1 for outcome in outcomes if outcome.is_unchanged)
    session.add_all(
        ImportProblem(
            import_id=stored.id,
            line_no=row.line_no,
            state=outcome.state,
            problems=[finding.to_json() for finding in outcome.findings],
        )
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.state in (SubmissionState.REJECTED, SubmissionState.QUARANTINED)
    )


def _finish(session: Session, stored: LeadImport) -> None:
    stored.state = ImportState.DONE
    stored.finished_at = read_clock(session)
    if not stored.is_dry_run:
        record_event(
            session,
            EventKind.INTAKE_IMPORTED,
            actor=_starter(session, stored),
            manufacturer_id=stored.manufacturer_id,
            data={
                "import_id": stored.id,
                "created": stored.rows_created,
                "merged": stored.rows_merged,
                "rejected": stored.rows_rejected,
                "quarantined": stored.rows_quarantined,
            },
        )


def _starter(session: Session, stored: LeadImport) -> Viewer | None:
    """The person whose import it is; None for the command line."""
    user = session.get(User, stored.user_id) if stored.user_id is not None else None
    return Viewer(user.id, user.organisation_id, user.organisation.kind, user.role) if user else None


def _fail(import_id: int, reason: str) -> None:
    with transaction() as session:
        stored = _locked(session, import_id)
        if stored is not None and stored.state is ImportState.RUNNING:
            stored.state = ImportState.FAILED
            stored.error = reason
            stored.finished_at = read_clock(session)
    log.error("import_failed", import_id=import_id, reason=reason)
