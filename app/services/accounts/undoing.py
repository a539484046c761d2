"""A change of accounts taken back as a whole: everything as it was, unless somebody has built on it since."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from app.database import clock_now
from app.domain.accounts import AccountChangeKind, AccountHealth, AccountNameKind, AccountStatus
from app.domain.audit import EventKind
from app.domain.errors import NotFound, Refused
from app.domain.identity import Viewer
from app.domain.network.account_words import FIELD_WORDS
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountChange,
    AccountName,
    AccountProductLine,
    CompanyProfile,
    CompanyProfileKey,
    Lead,
)
from app.queries.network.drafts import draft_of_account
from app.services.accounts.moving import lock_accounts, lock_leads, move_rows, renew_keys, still_at
from app.services.accounts.unmaking import faults_of_unmaking, leads_of, unmake_account
from app.services.matching import link_to_account
from app.services.network.writing import NetworkWriting, network_writing, plain_json
from app.services.profiles import lock_companies

_DAYS = frozenset({"listed_from", "listed_until", "churned_on"})
_WORDS: dict[str, Any] = {"status": AccountStatus, "health": AccountHealth}
TAKEN_BACK = (AccountChangeKind.MERGED, AccountChangeKind.SPLIT, AccountChangeKind.CREATED_FROM_LEADS)
"""The changes that are taken back here."""


def undo_change(*, actor: Viewer, change_id: int) -> int:
    """Take a merge, a split, or an account made from its leads back; returns the account it had been done to.

    Leads that have gone elsewhere since stay there, and leads that came since are matched anew. `Refused` with every
    reason when a field, a name, a domain or the tree has been changed since. A second call finds it done.
    """
    with network_writing(actor) as writing:
        change = _find(writing, change_id)
        account_id = change.account_id or 0
        other_id = int(change.before[_OTHER[change.kind]]) if change.kind in _OTHER else account_id
        leads = lock_leads(writing.session, [account_id, other_id])
        found = lock_accounts(writing.session, writing.manufacturer_id, [account_id, other_id])
        change = _find(writing, change_id, is_locked=True)
        if change.undone_at is None:
            if change.kind is AccountChangeKind.MERGED:
                _unmerge(writing, change, found[account_id], found[other_id])
            elif change.kind is AccountChangeKind.CREATED_FROM_LEADS:
                _unmake(writing, found[account_id], leads)
            else:
                _unsplit(writing, change, found[account_id], found[other_id], leads)
            _settle(writing, change, found[account_id], found[other_id])
        return account_id


_OTHER = {AccountChangeKind.MERGED: "going_id", AccountChangeKind.SPLIT: "made_id"}
"""Under which word a change of two accounts keeps the other one."""


def _find(writing: NetworkWriting, change_id: int, *, is_locked: bool = False) -> AccountChange:
    rows = select(AccountChange).where(
        AccountChange.id == change_id,
        AccountChange.manufacturer_id == writing.manufacturer_id,
        AccountChange.kind.in_(TAKEN_BACK),
        AccountChange.account_id.is_not(None),
    )
    if is_locked:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    change = writing.session.scalars(rows).one_or_none()
    if change is None:
        raise NotFound
    return change


def _settle(writing: NetworkWriting, change: AccountChange, account: Account, other: Account) -> None:
    renew_keys(writing.session, [account.id, other.id])
    for one in {account, other}:
        one.version += 1
    change.undone_at, change.undone_by_id = clock_now(), writing.actor.user_id if writing.actor else None
    writing.record(
        EventKind.ACCOUNT_CHANGE_UNDONE,
        account_id=account.id,
        other_id=other.id,
        name=other.name,
        code=other.code,
        change=change.kind.value,
    )
    writing.doubt_matches()


def _unmerge(writing: NetworkWriting, change: AccountChange, staying: Account, going: Account) -> None:
    session, before = writing.session, change.before
    there = still_at(session, before["moved"], staying.id)
    _refuse_if_changed(_faults_of_merge(change, staying, going, there))
    for name, (was, _is) in before["fields"].items():
        setattr(staying, name, _read(name, was))
    session.execute(
        delete(AccountProductLine).where(
            AccountProductLine.account_id == staying.id, AccountProductLine.product_line_id.in_(before["bought"])
        )
    )
    staying.parent_id = before["parent"][0]
    going.ended_at, going.merged_into_id = None, None
    session.flush()
    session.execute(
        update(Account)
        .where(Account.id.in_(before["children"]), Account.parent_id == staying.id)
        .values(parent_id=going.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(AccountName)
        .where(AccountName.id.in_(before["main_names"]))
        .values(kind=AccountNameKind.NAME)
        .execution_options(synchronize_session=False)
    )
    move_rows(session, there, going.id)
    _part_profiles(writing, before)


def _faults_of_merge(
    change: AccountChange, staying: Account, going: Account, there: dict[str, list[Any]]
) -> list[Phrase]:
    before, faults = change.before, []
    if staying.ended_at is not None or going.merged_into_id != staying.id:
        faults.append(Phrase(N_("%(name)s is no longer what it was merged into."), {"name": staying.name}))
    now = draft_of_account(staying)
    for name, (_was, value) in before["fields"].items():
        if plain_json(getattr(now, name)) != value:
            word = Phrase(FIELD_WORDS.get(name, name))
            faults.append(Phrase(N_("The field “%(field)s” has been changed since."), {"field": word}))
    if staying.parent_id != before["parent"][1]:
        faults.append(Phrase(N_("Its parent has been changed since.")))
    for kind, reason in _GONE.items():
        if len(there[kind]) != len(before["moved"][kind]):
            faults.append(reason)
    return faults


_GONE = {
    "names": Phrase(N_("Names that came with it have been taken away since.")),
    "domains": Phrase(N_("Domains that came with it have been taken away since.")),
    "networks": Phrase(N_("Networks that came with it have been taken away since.")),
}


def _part_profiles(writing: NetworkWriting, before: dict[str, Any]) -> None:
    """Give each account its own company profile back, with the keys it had."""
    session = writing.session
    ids = [profile_id for profile_id, _account_id in before["profiles"]]
    own = update(CompanyProfile).execution_options(synchronize_session=False)
    session.execute(own.where(CompanyProfile.id.in_(ids)).values(account_id=None, merged_into_id=None))
    for profile_id, account_id in before["profiles"]:
        session.execute(own.where(CompanyProfile.id == profile_id).values(account_id=account_id))
    for key, profile_id in before["profile_keys"]:
        session.execute(
            update(CompanyProfileKey)
            .where(CompanyProfileKey.manufacturer_id == writing.manufacturer_id, CompanyProfileKey.key == key)
            .where(CompanyProfileKey.profile_id.in_(ids))
            .values(profile_id=profile_id)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def _unsplit(
    writing: NetworkWriting, change: AccountChange, account: Account, made: Account, locked: Collection[uuid.UUID]
) -> None:
    session, before = writing.session, change.before
    faults = []
    if account.ended_at is not None:
        faults.append(Phrase(N_("%(name)s is out of use."), {"name": account.name}))
    if made.ended_at is not None or made.version != before["made_version"]:
        faults.append(Phrase(N_("%(name)s has been changed since."), {"name": made.name}))
    _refuse_if_changed(faults)
    for name_id, kind in before["renamed"]:
        session.execute(update(AccountName).where(AccountName.id == name_id).values(kind=AccountNameKind(kind)))
    there = still_at(session, before["moved"], made.id)
    move_rows(session, {kind: there[kind] for kind in ("names", "domains")}, account.id)
    by_hand: dict[str, bool] = before["by_hand"]
    own = select(Lead).where(Lead.account_id == made.id, Lead.id.in_(locked)).order_by(Lead.id)
    leads = session.scalars(own).all()
    lock_companies(session, leads, account_id=account.id)
    for lead in leads:
        link_to_account(session, lead, account.id, by_hand=by_hand.get(str(lead.id), False))
    made.ended_at = clock_now()


def _unmake(writing: NetworkWriting, account: Account, locked: Collection[uuid.UUID]) -> None:
    leads = leads_of(writing, account, locked)
    _refuse_if_changed(faults_of_unmaking(account, leads))
    unmake_account(writing, account, leads)


def _refuse_if_changed(faults: Sequence[Phrase]) -> None:
    if not faults:
        return
    told = faults[0]
    for fault in faults[1:]:
        told = Phrase("%(first)s %(next)s", {"first": told, "next": fault})
    raise Refused(
        Phrase(N_("This cannot be taken back any more. %(reasons)s"), {"reasons": told}),
        code="changed_since",
        remedy=Phrase(N_("Change the accounts by hand instead.")),
    )


def _read(name: str, stored: Any) -> Any:
    if stored is not None and name in _DAYS:
        return date.fromisoformat(stored)
    if stored is not None and name in _WORDS:
        return _WORDS[name](stored)
    return stored
