"""One account that turns out to be two companies: names, domains and leads split off into a new one."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.domain.accounts import AccountChangeKind, AccountNameKind
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.network.account_draft import AccountDraft
from app.domain.phrases import N_, Phrase
from app.models import Account, AccountChange, AccountDomain, AccountName, Lead
from app.queries.network.drafts import draft_of_account
from app.services.accounts.moving import Moved, kept, lock_accounts, lock_leads, move_rows, renew_keys
from app.services.matching import link_to_account
from app.services.network.accounts import new_account, record_account, refuse_ended
from app.services.network.writing import NetworkWriting, network_writing
from app.services.profiles import lock_companies


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """What goes to the new account; with `keeps_owner` it begins with the owners of the one it comes from."""

    name: str
    code: str
    name_ids: Collection[int] = ()
    domain_ids: Collection[int] = ()
    lead_ids: Collection[uuid.UUID] = ()
    keeps_owner: bool = False


def split_account(*, actor: Viewer, account_id: int, wanted: SplitOff) -> int:
    """Make a new account of a part of one; returns the new account's id.

    The leads chosen stay with it whatever matching would say. `Invalid` when nothing is chosen, when something chosen
    is not the account's any more or is its main name, and when the code is taken: so for a second call.
    """
    with network_writing(actor) as writing:
        session = writing.session
        lock_leads(session, (), wanted.lead_ids)
        account = lock_accounts(session, writing.manufacturer_id, [account_id])[account_id]
        refuse_ended(account)
        moved = _chosen(writing, account, wanted)
        draft = _draft(account, wanted)
        draft.check()
        writing.refuse_taken_code(Account, draft.code)
        made = new_account(writing, draft)
        session.add(made)
        session.flush()
        record_account(writing, made, draft)
        before = {"renamed": _drop_double_name(writing, made, moved), "made_version": made.version}
        move_rows(session, {kind: ids for kind, ids in moved.items() if kind != "leads"}, made.id)
        renew_keys(session, [made.id])
        before["by_hand"] = _link_leads(writing, moved["leads"], made.id)
        account.version += 1
        _keep(writing, account, made, moved, before)
        writing.doubt_matches()
        return made.id


def _chosen(writing: NetworkWriting, account: Account, wanted: SplitOff) -> Moved:
    """The rows that go, each checked to be the account's."""
    moved: Moved = {}
    for kind, table, ids in (
        ("names", AccountName, wanted.name_ids),
        ("domains", AccountDomain, wanted.domain_ids),
        ("leads", Lead, wanted.lead_ids),
    ):
        own = select(table.id).where(table.id.in_(ids), table.account_id == account.id).order_by(table.id)
        moved[kind] = list(writing.session.scalars(own)) if ids else []
        if len(moved[kind]) != len(set(ids)):
            raise _wrong(kind, Phrase(N_("Some of it does not belong to this account any more.")))
    main = select(AccountName.id).where(AccountName.id.in_(moved["names"]), AccountName.kind == AccountNameKind.NAME)
    if writing.session.scalar(main) is not None:
        raise _wrong("names", Phrase(N_("The account keeps its own name: choose among the others.")))
    if not any(moved.values()):
        raise _wrong("names", Phrase(N_("Choose what belongs to the new account.")))
    return moved


def _wrong(field: str, reason: Phrase) -> Invalid:
    return Invalid(reason, fields={field: reason})


def _draft(account: Account, wanted: SplitOff) -> AccountDraft:
    draft = AccountDraft(code=wanted.code, name=wanted.name, country=account.country)
    if not wanted.keeps_owner:
        return draft
    whole = draft_of_account(account)
    return replace(
        draft,
        owner_partnership_id=whole.owner_partnership_id,
        owner_user_id=whole.owner_user_id,
        status=whole.status,
        churned_on=whole.churned_on,
    )


def _drop_double_name(writing: NetworkWriting, made: Account, moved: Moved) -> list[list[object]]:
    """A chosen name that is the new account's own becomes its main one, instead of the one just written."""
    same = select(AccountName).where(AccountName.id.in_(moved["names"]), AccountName.name == made.name)
    row = writing.session.scalars(same).first()
    if row is None:
        return []
    kind, row.kind = row.kind, AccountNameKind.NAME
    made.names.clear()
    writing.session.flush()
    return [[row.id, kind.value]]


def _link_leads(writing: NetworkWriting, lead_ids: Collection[uuid.UUID], account_id: int) -> dict[str, bool]:
    """Link each by hand; returns how each had been linked."""
    leads = writing.session.scalars(select(Lead).where(Lead.id.in_(lead_ids)).order_by(Lead.id)).all()
    before = {str(lead.id): lead.is_linked_by_hand for lead in leads}
    lock_companies(writing.session, leads, account_id=account_id)
    for lead in leads:
        link_to_account(writing.session, lead, account_id, by_hand=True)
    return before


def _keep(writing: NetworkWriting, account: Account, made: Account, moved: Moved, before: dict[str, object]) -> None:
    counts = {kind: len(ids) for kind, ids in moved.items()}
    writing.session.add(
        AccountChange(
            manufacturer_id=writing.manufacturer_id,
            kind=AccountChangeKind.SPLIT,
            account_id=account.id,
            before=before | {"made_id": made.id, "moved": kept(moved)},
            summary={"name": made.name, "code": made.code, **counts},
            done_by_id=writing.actor.user_id if writing.actor else None,
        )
    )
    writing.record(
        EventKind.ACCOUNT_SPLIT,
        account_id=account.id,
        made_id=made.id,
        name=made.name,
        code=made.code,
        leads=counts["leads"],
    )
