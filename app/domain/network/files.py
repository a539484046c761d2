"""The network's five files: their columns, and a row of text read as what it states.

A column a file does not have states nothing: what is known stays as it is. An empty cell states "none".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.accounts import AccountFlag, AccountHealth, AccountStatus
from app.domain.errors import Invalid
from app.domain.network import values
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.domain.territories import TerritoryMode
from app.domain.working_week_text import format_week, parse_week


class NetworkFile(StrEnum):
    """The files, in the order in which they build on each other."""

    PRODUCTS = "products"
    PARTNERS = "partners"
    TERRITORIES = "territories"
    AUTHORISATIONS = "authorizations"
    ACCOUNTS = "accounts"

    @property
    def builds_on(self) -> tuple[NetworkFile, ...]:
        """The files whose rows this one names; when one of them failed, this one waits."""
        return _BUILDS_ON.get(self, ())


_BUILDS_ON = {
    NetworkFile.TERRITORIES: (NetworkFile.PARTNERS,),
    NetworkFile.AUTHORISATIONS: (NetworkFile.PRODUCTS, NetworkFile.PARTNERS),
    NetworkFile.ACCOUNTS: (NetworkFile.PARTNERS,),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as received: its line in the file, and its cells by header."""

    line_no: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file's headers and rows, or the reason why it could not be opened."""

    headers: tuple[str, ...] = ()
    rows: tuple[FileRow, ...] = ()
    refusal: Phrase | None = None


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row cannot be taken. Line 0 speaks of the whole file."""

    line_no: int
    reason: Phrase


@dataclass(frozen=True, slots=True)
class StatedRow:
    """What one row states, by field; `key` tells it from the other rows of its file."""

    line_no: int
    key: tuple[str, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it states, how its text is read, whether it must be there and be filled."""

    header: str
    field: str
    read: Callable[[str], object]
    is_required: bool = False


_text, _needed = values.read_text, True

COLUMNS: Mapping[NetworkFile, tuple[Column, ...]] = {
    NetworkFile.PRODUCTS: (
        Column("code", "code", _text, _needed),
        Column("name", "name", _text, _needed),
        Column("min_tier", "min_tier", _text),
        Column("requires_certification", "requires_certification", values.read_yes_no),
    ),
    NetworkFile.PARTNERS: (
        Column("code", "code", _text, _needed),
        Column("name", "name", _text, _needed),
        Column("country", "country", values.read_country),
        Column("subdivision", "subdivision", values.read_subdivision),
        Column("postal_code", "postal_code", values.read_postal_code),
        Column("timezone", "time_zone", values.read_time_zone),
        Column("language", "language", values.read_language),
        Column(
            "working_hours",
            "working_hours",
            lambda text: format_week(parse_week(text or "mon-fri 09:00-17:00")),
        ),
        Column("tier", "tier", _text),
        Column(
            "status",
            "status",
            values.one_of(PartnershipStatus, empty=PartnershipStatus.ACTIVE),
        ),
        Column("max_open_claims", "max_open_claims", values.read_count),
        Column("max_claims_per_day", "max_claims_per_day", values.read_count),
        Column("domain", "domain", values.read_domain),
        Column("backup", "backup", _text),
    ),
    NetworkFile.TERRITORIES: (
        Column("partner", "partner", _text, _needed),
        Column("mode", "mode", values.one_of(TerritoryMode, empty=TerritoryMode.INCLUDE)),
        Column("country", "country", values.read_country, _needed),
        Column("subdivision", "subdivision", values.read_subdivision),
        Column("postal_prefix", "postal_prefix", values.read_postal_code),
        Column("postal_from", "postal_from", values.read_postal_code),
        Column("postal_to", "postal_to", values.read_postal_code),
    ),
    NetworkFile.AUTHORISATIONS: (
        Column("partner", "partner", _text, _needed),
        Column("product", "product", _text, _needed),
        Column("certified_until", "certified_until", values.read_date),
    ),
    NetworkFile.ACCOUNTS: (
        Column("code", "code", _text, _needed),
        Column("name", "name", _text, _needed),
        Column("country", "country", values.read_country),
        Column("aliases", "aliases", values.read_list),
        Column("domains", "domains", values.read_domains),
        Column(
            "status",
            "status",
            values.one_of(AccountStatus, empty=AccountStatus.PROSPECT),
        ),
        Column("flag", "flags", values.any_of(AccountFlag)),
        Column("owner_partner", "owner", _text),
        Column("open_opportunity_owner", "opportunity_owner", _text),
        Column("churned_on", "churned_on", values.read_date),
        Column("parent", "parent", _text),
        Column("city", "city", _text),
        Column("corporate_number", "corporate_number", values.read_company_number),
        Column("kana", "kana", values.read_list),
        Column("english", "english", values.read_list),
        Column("ip_networks", "networks", values.read_networks),
        Column("owner_email", "seller", _text),
        Column("keeps_own_owner", "keeps_own_owner", values.read_yes_no),
        Column("listed_from", "listed_from", values.read_date),
        Column("listed_until", "listed_until", values.read_date),
        Column("listed_owner_partner", "listed_owner", _text),
        Column("listed_owner_email", "listed_seller", _text),
        Column("listed_note", "listed_note", _text),
        Column("contract_value", "contract", values.read_money),
        Column("health", "health", values.one_of_or_none(AccountHealth)),
        Column("open_ticket", "has_open_ticket", values.read_yes_no),
        Column("enterprise", "is_enterprise", values.read_yes_no),
        Column("product_lines", "product_lines", values.read_list),
    ),
}

_KEYS: Mapping[NetworkFile, tuple[str, ...]] = {
    NetworkFile.PRODUCTS: ("code",),
    NetworkFile.PARTNERS: ("code",),
    NetworkFile.TERRITORIES: (
        "partner",
        "country",
        "subdivision",
        "postal_prefix",
        "postal_from",
        "postal_to",
    ),
    NetworkFile.AUTHORISATIONS: ("partner", "product"),
    NetworkFile.ACCOUNTS: ("code",),
}


def file_named(name: str) -> NetworkFile | None:
    """Which of the five a file is by its name; both spellings of authorisations, any ending."""
    stem = name.rpartition("/")[2].rpartition("\\")[2].partition(".")[0].strip().lower().replace("authoris", "authoriz")
    return next((kind for kind in NetworkFile if kind.value == stem), None)


def read_file(kind: NetworkFile, opened: OpenedFile) -> tuple[list[StatedRow], list[RowFault]]:
    """Every row that can be read, and every reason why one cannot; two rows about the same thing are a fault."""
    if faults := _faults_of_whole(kind, opened):
        return [], faults
    stated: list[StatedRow] = []
    line_of: dict[tuple[str, ...], int] = {}
    for row in opened.rows:
        found, reasons = _read_row(kind, row)
        earlier = line_of.setdefault(found.key, row.line_no)
        if not reasons and earlier != row.line_no:
            reasons = [Phrase(N_("Line %(line)s already says something about this."), {"line": earlier})]
        faults += [RowFault(row.line_no, reason) for reason in reasons]
        stated.append(found)
    return stated, faults


def _faults_of_whole(kind: NetworkFile, opened: OpenedFile) -> list[RowFault]:
    if opened.refusal is not None:
        return [RowFault(0, opened.refusal)]
    present = {_plain(header) for header in opened.headers}
    missing = [column.header for column in COLUMNS[kind] if column.is_required and column.header not in present]
    return [RowFault(0, Phrase(N_("The column %(name)s is missing."), {"name": name})) for name in missing]


def _read_row(kind: NetworkFile, row: FileRow) -> tuple[StatedRow, list[Phrase]]:
    cells = {_plain(header): cell.strip() for header, cell in row.cells.items()}
    fields: dict[str, Any] = {}
    reasons = []
    for column in COLUMNS[kind]:
        if column.header not in cells and not column.is_required:
            continue
        text = cells.get(column.header, "")
        try:
            fields[column.field] = column.read(text)
        except Invalid as error:
            reasons.append(_in_column(column, error.phrase))
            continue
        if column.is_required and not text:
            reasons.append(_in_column(column, Phrase(N_("This must not be empty."))))
    key = tuple(str(fields.get(name) or "") for name in _KEYS[kind])
    return StatedRow(row.line_no, key, fields), reasons


def _in_column(column: Column, reason: Phrase) -> Phrase:
    return Phrase(N_("%(column)s: %(reason)s"), {"column": column.header, "reason": reason})


def _plain(header: str) -> str:
    return header.strip().lower().replace(" ", "_").replace("-", "_")
