"""Rows that belong to an account, taken to another one, and what is kept about them so that they can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models import Account, AccountDomain, AccountIpRange, AccountName, AccountTeamMember, Lead, Opportunity
from app.services.account_names import write_names

BELONGINGS: Mapping[str, Any] = {
    "names": AccountName,
    "domains": AccountDomain,
    "networks": AccountIpRange,
    "team": AccountTeamMember,
    "opportunities": Opportunity,
    "leads": Lead,
}
"""The tables whose rows say of which account they are, by the word under which a change keeps them."""

Moved = dict[str, list[Any]]


class LeadsCameIn(Exception):
    """Leads came to an account between locking them and locking it: the whole is to be tried again."""


def lock_leads(session: Session, account_ids: Collection[int], lead_ids: Collection[uuid.UUID] = ()) -> set[uuid.UUID]:
    """Lock the leads of these accounts, and those named; before the accounts, as everybody does."""
    of_accounts = (Lead.account_id.in_(account_ids)) | (Lead.id.in_(lead_ids))
    return set(session.scalars(select(Lead.id).where(of_accounts).order_by(Lead.id).with_for_update()))


def lock_accounts(session: Session, manufacturer_id: int, account_ids: Collection[int]) -> dict[int, Account]:
    """Lock accounts and everything right below them, by id, so that no row can come to them; `NotFound` for others'."""
    wanted = Account.id.in_(account_ids) | Account.parent_id.in_(account_ids)
    rows = select(Account).where(Account.manufacturer_id == manufacturer_id, wanted).order_by(Account.id)
    locked = session.scalars(rows.with_for_update(of=Account).execution_options(populate_existing=True))
    found = {account.id: account for account in locked}
    if not found.keys() >= set(account_ids):
        raise NotFound
    return found


def refuse_newcomers(session: Session, account_ids: Collection[int], locked: Collection[uuid.UUID]) -> None:
    """Raise `LeadsCameIn` when accounts, locked by now, have leads that are not: waiting for those could be a ring."""
    now = select(Lead.id).where(Lead.account_id.in_(account_ids), Lead.id.not_in(locked))
    if session.scalar(now.limit(1)) is not None:
        raise LeadsCameIn


def ids_at(session: Session, kind: str, account_id: int) -> list[Any]:
    """The rows of one kind that an account has."""
    table = BELONGINGS[kind]
    return list(session.scalars(select(table.id).where(table.account_id == account_id).order_by(table.id)))


def move_rows(session: Session, moved: Mapping[str, Sequence[Any]], to_account_id: int) -> None:
    """Make the rows an account's."""
    for kind, ids in moved.items():
        if not ids:
            continue
        table = BELONGINGS[kind]
        session.execute(
            update(table)
            .where(table.id.in_(ids))
            .values(account_id=to_account_id)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def renew_keys(session: Session, account_ids: Iterable[int]) -> None:
    """Make the keys of all names of these accounts anew: they follow the country of the account that has them now."""
    for account_id in account_ids:
        account = session.get_one(Account, account_id)
        write_names(account, [(row.kind, row.name) for row in account.names])
    session.flush()


def still_at(session: Session, moved: Mapping[str, Iterable[Any]], account_id: int) -> Moved:
    """Those of the moved rows that an account still has."""
    there: Moved = {}
    for kind, ids in moved.items():
        table = BELONGINGS[kind]
        wanted = [uuid.UUID(one) if table is Lead else one for one in ids]
        rows = select(table.id).where(table.id.in_(wanted), table.account_id == account_id).order_by(table.id)
        there[kind] = list(session.scalars(rows)) if wanted else []
    return there


def kept(moved: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """The moved rows as a change keeps them: ids, as JSON knows them."""
    return {kind: [str(one) if isinstance(one, uuid.UUID) else one for one in ids] for kind, ids in moved.items()}
