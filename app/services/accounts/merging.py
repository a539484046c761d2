"""Two accounts that are one company made one, with all that is needed to part them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.account_merging import OwnerKept, changed_fields, decide_merge
from app.domain.accounts import AccountChangeKind, AccountNameKind
from app.domain.audit import EventKind
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.network.account_draft import AccountDraft
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountChange,
    AccountDomain,
    AccountIpRange,
    AccountName,
    AccountProductLine,
    CompanyProfile,
    CompanyProfileKey,
)
from app.queries.network.drafts import draft_of_account
from app.services.accounts.moving import (
    BELONGINGS,
    LeadsCameIn,
    Moved,
    ids_at,
    kept,
    lock_accounts,
    lock_leads,
    move_rows,
    refuse_newcomers,
    renew_keys,
)
from app.services.network.accounts import refuse_ended
from app.services.network.writing import NetworkWriting, network_writing, plain_json
from app.services.profiles import unite_accounts_profiles

_TRIES = 5
_DOUBLES: Mapping[str, tuple[Any, str]] = {
    "names": (AccountName, "name_key"),
    "domains": (AccountDomain, "domain"),
    "networks": (AccountIpRange, "network"),
}
"""Rows of which the account that stays needs no second one, and by what they are told."""


def merge_accounts(*, actor: Viewer, account_id: int, into_id: int, owner_kept: OwnerKept | None = None) -> int:
    """Make an account part of another one; returns the id of the change, by which it can be taken back.

    Names, domains, networks, team, deals, leads, company profile and subsidiaries go over; the account ends and says
    where it went. `Invalid` when both have owners that differ and `owner_kept` does not say whose stays; `Refused` when
    either is out of use. A second call finds it done and returns the same change.
    """
    if account_id == into_id:
        reason = Phrase(N_("Choose another account than this one."))
        raise Invalid(reason, fields={"into": reason})
    for _ in range(_TRIES):
        try:
            return _merge(actor, account_id, into_id, owner_kept)
        except LeadsCameIn:
            continue
    raise Refused(Phrase(N_("Leads keep coming in for this company at this moment.")), code="written_meanwhile")


def _merge(actor: Viewer, account_id: int, into_id: int, owner_kept: OwnerKept | None) -> int:
    with network_writing(actor) as writing:
        session = writing.session
        leads = lock_leads(session, [account_id])
        found = lock_accounts(session, writing.manufacturer_id, [account_id, into_id])
        going, staying = found[account_id], found[into_id]
        if (done := _done_already(session, going, staying)) is not None:
            return done
        refuse_newcomers(session, [account_id], leads)
        moved = {kind: ids_at(session, kind, account_id) for kind in BELONGINGS}
        moved |= _without_doubles(session, moved, into_id)
        before = _kept_of_tree(session, going, staying, moved)
        before |= _take_over(writing, going, staying, owner_kept)
        move_rows(session, moved, into_id)
        renew_keys(session, [into_id])
        unite_accounts_profiles(session, account_id, into_id)
        change = _keep(writing, going, staying, moved, before)
        going.ended_at, going.merged_into_id = clock_now(), into_id
        going.version += 1
        staying.version += 1
        writing.doubt_matches()
        session.flush()
        return change.id


def _done_already(session: Session, going: Account, staying: Account) -> int | None:
    """The change that has merged the two before; `Refused` when either is out of use for another reason."""
    if going.merged_into_id == staying.id and staying.ended_at is None:
        done = select(AccountChange.id).where(
            AccountChange.account_id == staying.id,
            AccountChange.kind == AccountChangeKind.MERGED,
            AccountChange.before["going_id"].as_integer() == going.id,
            AccountChange.undone_at.is_(None),
        )
        return session.scalars(done.order_by(AccountChange.id.desc())).first()
    refuse_ended(going)
    refuse_ended(staying)
    return None


def _without_doubles(session: Session, moved: Moved, into_id: int) -> Moved:
    """What the staying account has already stays where it is, on the account that ends."""
    left: Moved = {}
    for kind, (table, column) in _DOUBLES.items():
        by = getattr(table, column)
        known = set(session.scalars(select(by).where(table.account_id == into_id)))
        rows = session.execute(select(table.id, by).where(table.id.in_(moved[kind])).order_by(table.id))
        left[kind] = [row[0] for row in rows if row[1] not in known]
    return left


def _kept_of_tree(session: Session, going: Account, staying: Account, moved: Moved) -> dict[str, Any]:
    """Subsidiaries go over, names become other names; returns how all that was."""
    parent_id = staying.parent_id
    if going.id in _ancestor_ids(session, staying):
        staying.parent_id = going.parent_id
    children = [row.id for row in _children(session, going.id) if row.id != staying.id]
    session.execute(update(Account).where(Account.id.in_(children)).values(parent_id=staying.id))
    mains = select(AccountName.id).where(AccountName.id.in_(moved["names"]), AccountName.kind == AccountNameKind.NAME)
    renamed = list(session.scalars(mains))
    session.execute(
        update(AccountName)
        .where(AccountName.id.in_(renamed))
        .values(kind=AccountNameKind.ALIAS)
        .execution_options(synchronize_session=False)
    )
    profiles = select(CompanyProfile).where(CompanyProfile.account_id.in_((going.id, staying.id)))
    known = list(session.scalars(profiles))
    keys = select(CompanyProfileKey.key, CompanyProfileKey.profile_id).where(
        CompanyProfileKey.profile_id.in_([row.id for row in known])
    )
    return {
        "children": children,
        "parent": [parent_id, staying.parent_id],
        "main_names": renamed,
        "profiles": [[row.id, row.account_id] for row in known],
        "profile_keys": [list(row) for row in session.execute(keys)],
    }


def _children(session: Session, account_id: int) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.parent_id == account_id).order_by(Account.id)))


def _ancestor_ids(session: Session, account: Account) -> set[int]:
    columns = (Account.id, Account.parent_id)
    above = select(*columns).where(Account.id == account.parent_id).cte("above", recursive=True)
    above = above.union(select(*columns).join(above, Account.id == above.c.parent_id))
    return set(session.scalars(select(above.c.id)))


def _take_over(
    writing: NetworkWriting, going: Account, staying: Account, owner_kept: OwnerKept | None
) -> dict[str, Any]:
    """Give the staying account what only the other one knew; returns each changed field as it was and as it is."""
    before = draft_of_account(staying)
    after = decide_merge(before, draft_of_account(going), owner_kept).draft
    names = [name for name in changed_fields(before, after) if name != "product_line_ids"]
    for name in names:
        value = getattr(after, name)
        setattr(staying, name, list(value) if isinstance(value, tuple) else value)
    bought = [one for one in after.product_line_ids if one not in before.product_line_ids]
    writing.session.add_all(AccountProductLine(account_id=staying.id, product_line_id=one) for one in bought)
    return {"fields": {name: [_plain(before, name), _plain(after, name)] for name in names}, "bought": bought}


def _plain(draft: AccountDraft, name: str) -> Any:
    return plain_json(getattr(draft, name))


def _keep(
    writing: NetworkWriting, going: Account, staying: Account, moved: Moved, before: dict[str, Any]
) -> AccountChange:
    counts = {kind: len(ids) for kind, ids in moved.items()} | {"children": len(before["children"])}
    change = AccountChange(
        manufacturer_id=writing.manufacturer_id,
        kind=AccountChangeKind.MERGED,
        account_id=staying.id,
        before=before | {"going_id": going.id, "moved": kept(moved)},
        summary={"name": going.name, "code": going.code, **counts},
        done_by_id=writing.actor.user_id if writing.actor else None,
    )
    writing.session.add(change)
    writing.record(
        EventKind.ACCOUNT_MERGED,
        account_id=staying.id,
        going_id=going.id,
        name=going.name,
        code=going.code,
        leads=counts["leads"],
    )
    return change
