"""The names of an account, each with the keys by which matching finds it, written in the account's own transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.accounts import AccountNameKind
from app.domain.intake.companies import company_name
from app.domain.matching.grams import search_keys, stored_terms
from app.models import Account, AccountName

MANY = 10_000
"""From so many new names on, the planner's figures are brought up to date with them, not some minutes later."""

_BATCH = 5_000
_JAPAN = "JP"
_JAPANESE_KINDS = frozenset({AccountNameKind.KANA, AccountNameKind.ENGLISH})


def write_names(account: Account, wanted: Iterable[tuple[AccountNameKind, str]]) -> None:
    """Make an account's names exactly these. Rows that stay keep what was learnt about them; their keys are made anew,
    for they follow the account's country. A second call changes nothing.
    """
    known = {(row.kind, row.name): row for row in account.names}
    rows = [known.get(one) or _new_row(account, *one) for one in dict.fromkeys(wanted)]
    for row in rows:
        _write_keys(row, account.country)
    account.names = rows


def add_name(account: Account, kind: AccountNameKind, name: str, *, is_learned: bool = False) -> AccountName:
    """Give an account one more name; one that it has already of that kind stays as it is. Returns its row."""
    for row in account.names:
        if (row.kind, row.name) == (kind, name):
            return row
    row = _new_row(account, kind, name)
    row.is_learned = is_learned
    _write_keys(row, account.country)
    account.names.append(row)
    return row


def note_many_names(session: Session, count: int) -> None:
    """Tell the planner of many new names within their transaction: how often a word stands in them weighs matches."""
    if count >= MANY:
        session.execute(text("ANALYZE account_name"))


def index_all_names(*, only_new: bool = False) -> int:
    """Write the keys of every name anew, as a new table of grams or legal forms asks for; returns how many changed.

    `only_new` looks at the names that no similar name would find yet, those from before there was an index. In batches,
    each its own transaction: what is interrupted goes on with a second call, which changes nothing more.
    """
    changed, last_id = 0, 0
    while True:
        with transaction() as session:
            found = _names_after(session, last_id, only_new=only_new)
            if not found:
                return changed
            changed += sum(_write_keys(row, country) for row, country in found)
            last_id = found[-1][0].id


def _names_after(session: Session, last_id: int, *, only_new: bool) -> list[tuple[AccountName, str | None]]:
    rows = select(AccountName, Account.country).join(Account, Account.id == AccountName.account_id)
    if only_new:
        rows = rows.where(AccountName.search_keys == [])
    batch = rows.where(AccountName.id > last_id).order_by(AccountName.id).limit(_BATCH)
    return [(row, country) for row, country in session.execute(batch.with_for_update(of=AccountName))]


def _new_row(account: Account, kind: AccountNameKind, name: str) -> AccountName:
    read = company_name(name)
    return AccountName(
        manufacturer_id=account.manufacturer_id, kind=kind, name=name, name_key=read.key, legal_form=read.legal_form
    )


def _write_keys(row: AccountName, country: str | None) -> bool:
    """Bring a name's keys up to date; False when they were."""
    is_japanese = country == _JAPAN or row.kind in _JAPANESE_KINDS
    read = company_name(row.name)
    keys = search_keys(row.manufacturer_id, stored_terms(read, is_japanese=is_japanese))
    if (row.search_keys, row.name_key, row.legal_form) == (keys, read.key, read.legal_form):
        return False
    row.search_keys, row.name_key, row.legal_form = keys, read.key, read.legal_form
    return True
