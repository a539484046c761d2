"""The five files of a network, brought in or tried out, in the order in which they build on each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.database import after_commit, transaction
from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.files import NetworkFile, OpenedFile, RowFault, read_file
from app.domain.phrases import Phrase
from app.services.network.importing.accounts import AccountImport
from app.services.network.importing.authorisations import AuthorisationImport
from app.services.network.importing.doubles import Decision, PossibleDouble
from app.services.network.importing.outcome import Importer, RowOutcome
from app.services.network.importing.partners import PartnerImport
from app.services.network.importing.products import ProductImport
from app.services.network.importing.territories import TerritoryImport
from app.services.network.writing import WRITERS, NetworkWriting, collisions_refused, ring_for_recheck

_IMPORTERS: Mapping[NetworkFile, type[Importer[Any]]] = {
    NetworkFile.PRODUCTS: ProductImport,
    NetworkFile.PARTNERS: PartnerImport,
    NetworkFile.TERRITORIES: TerritoryImport,
    NetworkFile.AUTHORISATIONS: AuthorisationImport,
    NetworkFile.ACCOUNTS: AccountImport,
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file did. With faults, or while it waits for a file that had some, nothing of it was written."""

    file: NetworkFile
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    faults: tuple[RowFault, ...] = ()
    waits_for: NetworkFile | None = None
    doubles: tuple[PossibleDouble, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file was written."""
        return bool(self.faults) or self.waits_for is not None

    @property
    def counts(self) -> dict[str, int]:
        """The rows by what they did."""
        counts = {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}
        return counts | ({"skipped": self.skipped} if self.skipped else {})


Files = Mapping[NetworkFile, OpenedFile]


def import_network(
    *,
    manufacturer_id: int,
    actor: Viewer | None,
    files: Files,
    decisions: Mapping[int, Decision] = MappingProxyType({}),
) -> tuple[FileReport, ...]:
    """Bring files in, each in a transaction of its own: all of its rows, or none and every reason why.

    `decisions` say, by line, what becomes of accounts that may be known already; without one a row is an account.
    `actor` is None for the installation's own command line. A second run of the same files changes nothing, raises
    nobody's eligibility version and writes nothing to the trail. What a file does not name stays as it is.
    """
    _check_actor(actor, manufacturer_id)
    reports: list[FileReport] = []
    for file in _in_order(files):
        with collisions_refused(), transaction() as session:
            writing = NetworkWriting(session, manufacturer_id, actor)
            report = _bring_in(writing, file, files[file], reports, decisions=decisions)
            reports.append(report)
            if report.created or report.changed:
                writing.record(EventKind.NETWORK_IMPORTED, file=file.value, counts=report.counts)
            if writing.finish():
                after_commit(session, ring_for_recheck)
    return tuple(reports)


def preview_network(*, manufacturer_id: int, actor: Viewer, files: Files) -> tuple[FileReport, ...]:
    """What `import_network` would do with these files now, and which accounts may be known already.

    Everything is tried out and taken back.
    """
    _check_actor(actor, manufacturer_id)
    reports: list[FileReport] = []
    with collisions_refused(), transaction() as session:
        attempt = session.begin_nested()
        writing = NetworkWriting(session, manufacturer_id, actor)
        for file in _in_order(files):
            reports.append(_bring_in(writing, file, files[file], reports, looks_for_doubles=True))
        attempt.rollback()
    return tuple(reports)


def _check_actor(actor: Viewer | None, manufacturer_id: int) -> None:
    if actor is None:
        return
    if not actor.is_manufacturer or not actor.has_role(*WRITERS):
        raise Forbidden
    if actor.organisation_id != manufacturer_id:
        raise NotFound


def _in_order(files: Files) -> list[NetworkFile]:
    return [file for file in NetworkFile if file in files]


def _bring_in(
    writing: NetworkWriting,
    file: NetworkFile,
    opened: OpenedFile,
    earlier: Sequence[FileReport],
    *,
    decisions: Mapping[int, Decision] = MappingProxyType({}),
    looks_for_doubles: bool = False,
) -> FileReport:
    refused = {report.file for report in earlier if report.is_refused}
    for needed in file.builds_on:
        if needed in refused:
            return FileReport(file, waits_for=needed)
    stated, faults = read_file(file, opened)
    importer = _IMPORTERS[file](writing, stated)
    unread = {fault.line_no for fault in faults}
    resolved = []
    for row in stated:
        if row.line_no in unread:
            continue
        try:
            resolved.append(importer.resolve(row))
        except Invalid as error:
            faults += [RowFault(row.line_no, reason) for reason in _reasons(error)]
    if faults:
        return FileReport(file, faults=tuple(sorted(faults, key=lambda fault: fault.line_no)))
    doubles: tuple[PossibleDouble, ...] = ()
    if isinstance(importer, AccountImport):
        importer.decide(decisions)
        doubles = importer.possible_doubles(resolved) if looks_for_doubles else ()
    counts = Counter(importer.write(resolved))
    return FileReport(
        file,
        doubles=doubles,
        skipped=counts[RowOutcome.SKIPPED],
        created=counts[RowOutcome.CREATED],
        changed=counts[RowOutcome.CHANGED],
        unchanged=counts[RowOutcome.UNCHANGED],
    )


def _reasons(error: Invalid) -> list[Phrase]:
    return list(error.fields.values()) or [error.phrase]
