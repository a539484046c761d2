"""Looking into a file without bringing anything in: how its rows would be read, and which were left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from app.adapters.spreadsheets import FileShape, Row, read_rows
from app.database import transaction
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.intake.headers import NO_CONSENT
from app.domain.intake.judgement import Judgement
from app.domain.phrases import Phrase
from app.domain.submissions import Finding
from app.queries.intake.imports import ImportFile, import_content, line_problems
from app.queries.intake.rules import intake_rules
from app.services.audit import record_event
from app.services.intake.access import DESK, require
from app.services.intake.file_rows import FileRun, raw_of
from app.services.intake.imports import shape_of

PREVIEW_ROWS = 20
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its header, what its first cells hold, and the field it is read as (empty: none)."""

    header: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be read."""

    line_no: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be read under its present shape and mapping."""

    filename: str
    shape: FileShape
    arrival: Arrival
    columns: tuple[Column, ...]
    rows: tuple[PreviewRow, ...]

    @property
    def warning(self) -> Phrase | None:
        """What a person should know of these columns before bringing the rows in."""
        return None if any(column.field == LeadField.CONSENT for column in self.columns) else NO_CONSENT


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """One row that did not become a lead, cell by cell as in the file, and why."""

    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The rows of a file that were left out, to be mended and brought in again."""

    filename: str
    shape: FileShape
    rows: tuple[LeftOutRow, ...]


def preview_import(*, viewer: Viewer, import_id: int) -> Preview:
    """The columns of a file and its first 20 rows as they would be read; nothing is written."""
    file = import_content(viewer=viewer, import_id=import_id)
    shape, run = _opened(file, import_id)
    rows = list(islice(read_rows(file.content, shape), PREVIEW_ROWS))
    field_of = {header: field for field, header in file.mapping.items()}
    columns = tuple(Column(header, _samples(rows, header), field_of.get(header, "")) for header in shape.headers)
    shown = tuple(PreviewRow(row.line_no, run.judge(row)) for row in rows)
    return Preview(file.filename, shape, run.arrival, columns, shown)


def export_left_out(*, actor: Viewer, import_id: int) -> LeftOut:
    """The rows of an import that did not become leads, with their reasons; that they left the house is recorded."""
    require(actor, *DESK)
    file = import_content(viewer=actor, import_id=import_id)
    shape = shape_of(file.shape)
    left_out = tuple(_left_out(file, shape, import_id))
    with transaction() as session:
        record_event(
            session,
            EventKind.DATA_EXPORTED,
            actor=actor,
            manufacturer_id=file.manufacturer_id,
            data={"what": "import_problems", "import_id": import_id, "rows": len(left_out)},
        )
    return LeftOut(file.filename, shape, left_out)


def _opened(file: ImportFile, import_id: int) -> tuple[FileShape, FileRun]:
    with transaction() as session:
        rules = intake_rules(session, file.manufacturer_id)
    arrival = Arrival.from_json(file.defaults)
    return shape_of(file.shape), FileRun(import_id, file.manufacturer_id, None, file.mapping, arrival, rules)


def _left_out(file: ImportFile, shape: FileShape, import_id: int) -> Iterator[LeftOutRow]:
    problems = {problem.line_no: problem for problem in line_problems(import_id)}
    for row in read_rows(file.content, shape):
        if row.line_no in problems:
            yield LeftOutRow(tuple(raw_of(row)[header] for header in shape.headers), problems[row.line_no].findings)


def _samples(rows: list[Row], header: str) -> tuple[str, ...]:
    cells = (row.values.get(header, "").strip() for row in rows)
    return tuple(islice(dict.fromkeys(cell for cell in cells if cell), SAMPLES))
