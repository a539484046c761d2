"""What arrived at a manufacturer's door, and what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Row, Select, cast, func, select

from app.database import db
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival, cells_of
from app.domain.intake.fields import LeadField
from app.domain.submissions import Channel, Finding, SubmissionState
from app.models import LeadImport, Submission, User, WebForm

PAGE = 50


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which arrivals are wanted; None means all. Dates are days of the viewer's zone, both inclusive."""

    channel: Channel | None = None
    state: SubmissionState | None = None
    since: date | None = None
    until: date | None = None
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One arrival on the list. `headline` is who asked, as received."""

    id: int
    channel: Channel
    state: SubmissionState
    received_at: datetime
    headline: str
    origin: str
    line_no: int | None
    lead_id: uuid.UUID | None
    findings: tuple[Finding, ...]

    @property
    def lead_reference(self) -> str:
        """The short name of the lead it became."""
        return f"L-{self.lead_id.hex[:6].upper()}" if self.lead_id else ""


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """One page of arrivals; `next_before` is the id to go on below, None on the last page."""

    rows: tuple[SubmissionRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ReceivedCell:
    """One cell as received, and the field it was read as, if any."""

    header: str
    text: str
    field: LeadField | None


@dataclass(frozen=True, slots=True)
class SubmissionDetail:
    """One arrival with everything that was received and everything that is wrong with it."""

    row: SubmissionRow
    received: tuple[ReceivedCell, ...]
    cells: Mapping[LeadField, str]
    corrected: frozenset[str]


def list_submissions(
    *, viewer: Viewer, wanted: SubmissionFilter | None = None, before: int | None = None
) -> SubmissionPage:
    """What arrived, the latest first, 50 at a time, below the id `before`."""
    statement = _matching(_select(viewer), wanted or SubmissionFilter(), viewer.time_zone)
    if before is not None:
        statement = statement.where(Submission.id < before)
    rows = db.session.execute(statement.order_by(Submission.id.desc()).limit(PAGE + 1)).all()
    page = tuple(_row(row) for row in rows[:PAGE])
    return SubmissionPage(page, page[-1].id if len(rows) > PAGE else None)


def oldest_quarantined(*, viewer: Viewer) -> tuple[SubmissionRow, ...]:
    """The first 50 that wait for a person, those that wait longest first."""
    waiting = _select(viewer).where(Submission.state == SubmissionState.QUARANTINED)
    return tuple(_row(row) for row in db.session.execute(waiting.order_by(Submission.id).limit(PAGE)))


def count_quarantined(*, viewer: Viewer) -> int:
    """How many arrivals wait for a person."""
    waiting = select(func.count()).where(
        Submission.manufacturer_id == _own(viewer), Submission.state == SubmissionState.QUARANTINED
    )
    return db.session.scalar(waiting) or 0


def count_by_state(*, viewer: Viewer, days: int = 30) -> dict[SubmissionState, int]:
    """How many arrived in the last `days` days, by what became of them."""
    rows = db.session.execute(
        select(Submission.state, func.count())
        .where(
            Submission.manufacturer_id == _own(viewer),
            Submission.received_at > select(func.clock_now()).scalar_subquery() - timedelta(days=days),
        )
        .group_by(Submission.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - a Row is not a pair to mypy


def submission_detail(*, viewer: Viewer, submission_id: int) -> SubmissionDetail:
    """One arrival; `NotFound` when it is not the viewer's."""
    row = db.session.execute(_select(viewer).where(Submission.id == submission_id)).one_or_none()
    if row is None:
        raise NotFound
    stored: Submission = row.Submission
    field_of = {header: LeadField(name) for name, header in (row.mapping or {}).items()}
    if row.mapping is None:
        field_of = {name: LeadField(name) for name in stored.raw if name in set(LeadField)}
    headers = [header for header in (row.shape or {}).get("headers", []) if header in stored.raw]
    headers += [header for header in stored.raw if header not in headers]
    arrival = Arrival.from_json(stored.defaults)
    return SubmissionDetail(
        row=_row(row),
        received=tuple(ReceivedCell(header, stored.raw[header], field_of.get(header)) for header in headers),
        cells=cells_of(stored.raw, arrival, row.mapping),
        corrected=frozenset(arrival.corrections),
    )


def next_in_quarantine(*, viewer: Viewer, submission_id: int) -> int | None:
    """The one that waits below this in the list of quarantine; after the last, the first again."""
    return db.session.scalar(
        select(Submission.id)
        .where(Submission.manufacturer_id == _own(viewer), Submission.state == SubmissionState.QUARANTINED)
        .order_by((Submission.id < submission_id).desc(), Submission.id.desc())
        .limit(1)
    )


def _own(viewer: Viewer) -> int:
    if not viewer.is_manufacturer:
        raise NotFound
    return viewer.organisation_id


def _select(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Submission,
            LeadImport.mapping,
            LeadImport.shape,
            LeadImport.filename,
            WebForm.title.label("form_title"),
            User.name.label("user_name"),
        )
        .outerjoin(LeadImport, LeadImport.id == Submission.import_id)
        .outerjoin(WebForm, WebForm.id == Submission.web_form_id)
        .outerjoin(User, User.id == Submission.user_id)
        .where(Submission.manufacturer_id == _own(viewer))
    )


def _matching(
    statement: Select[*tuple[Any, ...]], wanted: SubmissionFilter, time_zone: str
) -> Select[*tuple[Any, ...]]:
    exact = ((Submission.channel, wanted.channel), (Submission.state, wanted.state))
    for column, value in (*exact, (Submission.import_id, wanted.import_id)):
        if value is not None:
            statement = statement.where(column == value)
    day = cast(func.timezone(time_zone, Submission.received_at), Date)
    if wanted.since is not None:
        statement = statement.where(day >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(day <= wanted.until)
    return statement


def _row(row: Row[*tuple[Any, ...]]) -> SubmissionRow:
    stored: Submission = row.Submission
    cells = cells_of(stored.raw, Arrival.from_json(stored.defaults), row.mapping)
    return SubmissionRow(
        id=stored.id,
        channel=stored.channel,
        state=stored.state,
        received_at=stored.received_at,
        headline=_headline(cells),
        origin=row.filename or row.form_title or row.user_name or "",
        line_no=stored.line_no,
        lead_id=stored.lead_id,
        findings=tuple(Finding.from_json(problem) for problem in stored.problems),
    )


def _headline(cells: Mapping[LeadField, str]) -> str:
    name = cells.get(LeadField.FULL_NAME) or " ".join(
        part for part in (cells.get(LeadField.GIVEN_NAME, ""), cells.get(LeadField.FAMILY_NAME, "")) if part
    )
    parts = (cells.get(LeadField.COMPANY, ""), name)
    return " · ".join(part.strip() for part in parts if part.strip()) or cells.get(LeadField.EMAIL, "")
