"""Files of leads: taken in, mapped, started and cancelled. `import_run` brings their rows in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.job_names import ADVANCE_IMPORT
from app.adapters.job_queue import enqueue
from app.adapters.spreadsheets import FileKind, FileShape, sniff
from app.database import after_commit, clock_now, transaction
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival, headers_hash
from app.domain.intake.fields import LeadField
from app.domain.intake.headers import propose_mapping
from app.domain.leads import SourceKind
from app.domain.phrases import N_, Phrase
from app.domain.separators import SEPARATORS
from app.domain.submissions import ImportState
from app.models import ImportMapping, ImportProblem, LeadImport
from app.services.intake.access import DESK, require

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "cp932", "utf-16", "iso2022_jp")
"""What a person may choose beside what was sniffed."""
_MAY_BE_MAPPED = (ImportState.UPLOADED, ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
_UNDER_WAY = (ImportState.QUEUED, ImportState.RUNNING)


def upload_import(*, actor: Viewer, filename: str, data: bytes) -> int:
    """Take a file in, say what it is, and propose which column is which; returns its id. Nothing is brought in yet.

    `UnreadableFile` (an `Invalid`) when it is no list. The same file again is another import.
    """
    manufacturer_id = require(actor, *DESK)
    with transaction() as session:
        return store_import(session, manufacturer_id, filename, data, user_id=actor.user_id).id


def store_import(
    session: Session, manufacturer_id: int, filename: str, data: bytes, *, user_id: int | None
) -> LeadImport:
    """The file with its shape and its mapping: the one remembered for these headers, else the one proposed."""
    shape = sniff(data, filename)
    stored = LeadImport(
        manufacturer_id=manufacturer_id,
        user_id=user_id,
        filename=filename[:200] or "list.csv",
        content=data,
        content_hash=hashlib.sha256(data).hexdigest(),
        shape=asdict(shape),
        mapping=_mapping_for(session, manufacturer_id, shape.headers),
        defaults=Arrival(source_kind=SourceKind.FILE, source_name=filename[:200]).to_json(),
        rows_total=shape.row_count,
    )
    session.add(stored)
    session.flush()
    return stored


def read_import_as(*, actor: Viewer, import_id: int, encoding: str, delimiter: str) -> None:
    """Read the file with the encoding and delimiter a person chose; its columns are proposed anew.

    `Invalid` when it cannot be read so, `Refused` while it runs. The same choice again changes nothing.
    """
    with transaction() as session:
        stored = _changeable(session, actor, import_id)
        if encoding not in (*ENCODINGS, stored.shape["encoding"]) or delimiter not in SEPARATORS:
            raise Invalid(Phrase(N_("A file cannot be read so.")))
        shape = sniff(stored.content, stored.filename, encoding=encoding, delimiter=delimiter)
        if asdict(shape) != asdict(shape_of(stored.shape)):
            stored.shape = asdict(shape)
            stored.rows_total = shape.row_count
            stored.mapping = _mapping_for(session, stored.manufacturer_id, shape.headers)
            _reset(session, stored, ImportState.UPLOADED)


def map_import(
    *, actor: Viewer, import_id: int, fields_by_header: Mapping[str, str], country: str = "", source: SourceKind
) -> None:
    """Say which column is which field (empty: not used), and what holds where a row is silent; it is remembered.

    `Invalid` when a field is given to two columns; `Refused` while the file is being brought in.
    """
    with transaction() as session:
        stored = _changeable(session, actor, import_id)
        mapping = _turned(fields_by_header, shape_of(stored.shape).headers)
        stored.mapping = mapping
        arrival = Arrival.from_json(stored.defaults)
        stored.defaults = replace(arrival, country=country, source_kind=source).to_json()
        _reset(session, stored, ImportState.UPLOADED)
        _remember(session, stored.manufacturer_id, shape_of(stored.shape).headers, mapping)


def start_import(*, actor: Viewer, import_id: int, is_dry_run: bool) -> None:
    """Have a job bring the file in, or only look what would become of it. Counts begin anew.

    `Refused` while it is under way and once it has been brought in; rows that are in already stay as they are.
    """
    with transaction() as session:
        stored = _changeable(session, actor, import_id)
        if not stored.mapping:
            raise Invalid(Phrase(N_("Say first which column is which.")))
        _reset(session, stored, ImportState.QUEUED)
        stored.is_dry_run = is_dry_run
        stored.advanced_at = session.scalar(select(clock_now()))
        after_commit(session, partial(enqueue, ADVANCE_IMPORT, import_id=stored.id))


def cancel_import(*, actor: Viewer, import_id: int) -> None:
    """Stop after the batch that is under way; what is in stays in. A second call changes nothing.

    `Refused` when it has ended by itself.
    """
    with transaction() as session:
        stored = own_import(session, require(actor, *DESK), import_id)
        if stored.state is ImportState.CANCELLED:
            return
        if stored.state not in _UNDER_WAY:
            raise Refused(Phrase(N_("This import has already ended.")), code="not_running")
        stored.state = ImportState.CANCELLED
        stored.finished_at = session.scalar(select(clock_now()))


def own_import(session: Session, manufacturer_id: int, import_id: int) -> LeadImport:
    """The import's row, locked; `NotFound` when it is not this manufacturer's."""
    stored = session.scalar(select(LeadImport).where(LeadImport.id == import_id).with_for_update())
    if stored is None or stored.manufacturer_id != manufacturer_id:
        raise NotFound
    return stored


def shape_of(stored: Mapping[str, Any]) -> FileShape:
    """The file's shape as it was stored."""
    return FileShape(**{**stored, "kind": FileKind(stored["kind"]), "headers": tuple(stored["headers"])})


def _changeable(session: Session, actor: Viewer, import_id: int) -> LeadImport:
    stored = own_import(session, require(actor, *DESK), import_id)
    is_brought_in = stored.state is ImportState.DONE and not stored.is_dry_run
    if stored.state not in _MAY_BE_MAPPED or is_brought_in:
        raise Refused(
            Phrase(N_("This file is being brought in, or has been.")),
            code="import_started",
            remedy=Phrase(N_("Upload it again: rows that are in already stay as they are.")),
        )
    return stored


def _reset(session: Session, stored: LeadImport, state: ImportState) -> None:
    stored.state = state
    stored.rows_created = stored.rows_merged = stored.rows_rejected = stored.rows_quarantined = 0
    stored.rows_unchanged = stored.next_line = 0
    stored.error = ""
    stored.started_at = stored.finished_at = None
    session.execute(delete(ImportProblem).where(ImportProblem.import_id == stored.id))


def _turned(fields_by_header: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for header, name in fields_by_header.items():
        if not name or header not in headers:
            continue
        if name in mapping:
            twice = Phrase(N_("“%(first)s” and “%(second)s” cannot both be this."))
            values = {"first": mapping[name], "second": header}
            raise Invalid(Phrase(twice.template, values), fields={header: Phrase(twice.template, values)})
        mapping[LeadField(name).value] = header
    if not mapping:
        raise Invalid(Phrase(N_("Say for at least one column what it is.")))
    return mapping


def _mapping_for(session: Session, manufacturer_id: int, headers: tuple[str, ...]) -> dict[str, str]:
    remembered = session.scalar(
        select(ImportMapping.mapping).where(
            ImportMapping.manufacturer_id == manufacturer_id, ImportMapping.headers_hash == headers_hash(headers)
        )
    )
    return remembered or {field.value: header for field, header in propose_mapping(headers).items()}


def _remember(session: Session, manufacturer_id: int, headers: tuple[str, ...], mapping: Mapping[str, str]) -> None:
    values = {
        "manufacturer_id": manufacturer_id,
        "headers_hash": headers_hash(headers),
        "mapping": dict(mapping),
        "updated_at": func.clock_now(),
    }
    statement = insert(ImportMapping).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["manufacturer_id", "headers_hash"],
            set_={"mapping": statement.excluded.mapping, "updated_at": statement.excluded.updated_at},
        )
    )
