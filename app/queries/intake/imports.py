"""The files a manufacturer has brought in, how far each has come, and why rows did not become leads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import undefer

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import OrganisationKind, Viewer
from app.domain.leads import LeadState
from app.domain.phrases import Phrase
from app.domain.submissions import Finding, ImportState, SubmissionState
from app.models import ImportProblem, Lead, LeadImport, Organisation, Submission, User

SHOWN_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Rows read = created + merged + rejected + quarantined; `unchanged`: merged that were in before."""

    total: int
    created: int
    merged: int
    rejected: int
    quarantined: int
    unchanged: int

    @property
    def done(self) -> int:
        """The rows looked at so far."""
        return self.created + self.merged + self.rejected + self.quarantined

    @property
    def failed(self) -> int:
        """The rows that became neither a lead nor a touch."""
        return self.rejected + self.quarantined


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One import on the list."""

    id: int
    filename: str
    state: ImportState
    is_dry_run: bool
    counts: ImportCounts
    error: str
    user_name: str
    created_at: datetime
    started_at: datetime | None
    advanced_at: datetime | None
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether rows are still going in."""
        return self.state in (ImportState.QUEUED, ImportState.RUNNING)

    @property
    def is_brought_in(self) -> bool:
        """Whether it has been brought in, so that nothing about it changes any more."""
        return self.state is ImportState.DONE and not self.is_dry_run

    @property
    def version(self) -> str:
        """What a polled page compares."""
        return f"{self.id}-{self.state}-{self.is_dry_run}-{self.counts.done}"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why one line did not become a lead."""

    line_no: int
    state: SubmissionState
    findings: tuple[Finding, ...]


def list_imports(*, viewer: Viewer, limit: int = 100) -> list[ImportSummary]:
    """The viewer's imports, the latest first."""
    rows = db.session.execute(
        _SUMMARY.where(LeadImport.manufacturer_id == _own(viewer)).order_by(LeadImport.id.desc()).limit(limit)
    )
    return [_summary(row) for row in rows]


def import_summary(*, viewer: Viewer, import_id: int) -> ImportSummary:
    """One import; `NotFound` when it is not the viewer's."""
    row = db.session.execute(
        _SUMMARY.where(LeadImport.manufacturer_id == _own(viewer), LeadImport.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _summary(row)


def list_line_problems(*, viewer: Viewer, import_id: int, limit: int = SHOWN_PROBLEMS) -> list[LineProblem]:
    """The first lines of an import that did not become a lead or a touch, with their reasons."""
    import_summary(viewer=viewer, import_id=import_id)
    return line_problems(import_id, limit=limit)


def line_problems(import_id: int, *, limit: int | None = None) -> list[LineProblem]:
    """The same without asking who looks: for the command line."""
    rows = db.session.scalars(
        select(ImportProblem).where(ImportProblem.import_id == import_id).order_by(ImportProblem.line_no).limit(limit)
    )
    return [
        LineProblem(row.line_no, row.state, tuple(Finding.from_json(stored) for stored in row.problems)) for row in rows
    ]


def import_counts(import_id: int) -> ImportCounts:
    """The sums of one import, without asking who looks: for the command line."""
    return _counts(db.session.execute(_SUMMARY.where(LeadImport.id == import_id)).one())


def lead_states(import_id: int) -> list[tuple[LeadState, int]]:
    """Where the leads that one file made or touched stand now, most first: the caller has checked whose file it is."""
    leads = select(Submission.lead_id).where(Submission.import_id == import_id)
    count = func.count()
    states = select(Lead.state, count).where(Lead.id.in_(leads)).group_by(Lead.state).order_by(count.desc(), Lead.state)
    return [(state, number) for state, number in db.session.execute(states)]


def import_columns(import_id: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """The headers of one file, and which of them is read as which field: for the command line."""
    row = db.session.execute(select(LeadImport.shape, LeadImport.mapping).where(LeadImport.id == import_id)).one()
    return tuple(row.shape["headers"]), dict(row.mapping)


def count_reasons(problems: list[LineProblem]) -> list[tuple[Phrase, int]]:
    """Each reason with the number of lines it holds for, the commonest first."""
    reasons = {str(finding.phrase): finding.phrase for problem in problems for finding in problem.findings}
    counts = Counter(str(finding.phrase) for problem in problems for finding in problem.findings if finding.is_fatal)
    return [(reasons[text], count) for text, count in counts.most_common()]


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The file itself with what is known of its shape: for whoever reads its rows again."""

    filename: str
    content: bytes
    shape: dict[str, Any]
    mapping: dict[str, str]
    defaults: dict[str, Any]
    manufacturer_id: int


def import_content(*, viewer: Viewer, import_id: int) -> ImportFile:
    """The bytes of an import with its shape and mapping; `NotFound` when it is not the viewer's."""
    stored = db.session.scalar(
        select(LeadImport)
        .where(LeadImport.manufacturer_id == _own(viewer), LeadImport.id == import_id)
        .options(undefer(LeadImport.content))
    )
    if stored is None:
        raise NotFound
    return ImportFile(
        stored.filename,
        stored.content,
        dict(stored.shape),
        dict(stored.mapping),
        dict(stored.defaults),
        stored.manufacturer_id,
    )


def manufacturer_named(name: str) -> int | None:
    """The manufacturer of exactly that name, for the command line."""
    return db.session.scalar(
        select(Organisation.id).where(
            Organisation.kind == OrganisationKind.MANUFACTURER, Organisation.name == name.strip()
        )
    )


_SUMMARY = select(
    LeadImport.id,
    LeadImport.filename,
    LeadImport.state,
    LeadImport.is_dry_run,
    LeadImport.rows_total,
    LeadImport.rows_created,
    LeadImport.rows_merged,
    LeadImport.rows_rejected,
    LeadImport.rows_quarantined,
    LeadImport.rows_unchanged,
    LeadImport.error,
    LeadImport.created_at,
    LeadImport.started_at,
    LeadImport.advanced_at,
    LeadImport.finished_at,
    User.name.label("user_name"),
).outerjoin(User, User.id == LeadImport.user_id)


def _own(viewer: Viewer) -> int:
    if not viewer.is_manufacturer:
        raise NotFound
    return viewer.organisation_id


def _counts(row: Row[*tuple[Any, ...]]) -> ImportCounts:
    return ImportCounts(
        total=row.rows_total or 0,
        created=row.rows_created,
        merged=row.rows_merged,
        rejected=row.rows_rejected,
        quarantined=row.rows_quarantined,
        unchanged=row.rows_unchanged,
    )


def _summary(row: Row[*tuple[Any, ...]]) -> ImportSummary:
    return ImportSummary(
        id=row.id,
        filename=row.filename,
        state=row.state,
        is_dry_run=row.is_dry_run,
        counts=_counts(row),
        error=row.error,
        user_name=row.user_name or "",
        created_at=row.created_at,
        started_at=row.started_at,
        advanced_at=row.advanced_at,
        finished_at=row.finished_at,
    )
