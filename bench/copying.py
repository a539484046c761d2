"""Rows written in bulk for measurements, past the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts import AccountNameKind
from app.domain.intake.companies import company_name
from app.domain.matching.grams import search_keys, stored_terms


def copy_rows(session: Session, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table; its name stands with the columns."""
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def copy_accounts(
    session: Session,
    manufacturer_id: int,
    names: Sequence[tuple[str, str]],
    first_id: int,
    *,
    owner_id: int | None = None,
) -> None:
    """One account with one name each, their ids counted up from `first_id`."""
    numbered = list(enumerate(names, first_id))
    accounts = (
        (at, manufacturer_id, f"A{at}", name, country, "prospect", owner_id) for at, (name, country) in numbered
    )
    copy_rows(session, "account (id, manufacturer_id, code, name, country, status, owner_partnership_id)", accounts)
    columns = "id, manufacturer_id, account_id, kind, name, name_key, legal_form, search_keys"
    rows = (_name_row(manufacturer_id, at, *one) for at, one in numbered)
    copy_rows(session, f"account_name ({columns})", rows)


def _name_row(manufacturer_id: int, row_id: int, name: str, country: str) -> tuple[Any, ...]:
    read = company_name(name)
    keys = search_keys(manufacturer_id, stored_terms(read, is_japanese=country == "JP"))
    kind = AccountNameKind.NAME.value
    return row_id, manufacturer_id, row_id, kind, name, read.key, read.legal_form, keys
