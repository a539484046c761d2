"""The companies a manufacturer knows, with every name and domain they go by."""

from __future__ import annotations

from sqlalchemy import select

from app.database import clock_now
from app.domain.accounts import AccountNameKind, OpportunityState
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.intake.companies import company_name
from app.domain.network.changes import Changes, changes_between
from app.domain.network.drafts import AccountDraft, is_in_circle
from app.domain.phrases import N_, Phrase
from app.models import Account, AccountDomain, AccountName, Opportunity, Partnership
from app.queries.network.drafts import ACCOUNT_COLUMNS, draft_of_account
from app.services.network.writing import NetworkWriting, network_writing


def create_account(*, actor: Viewer, draft: AccountDraft) -> int:
    """Write down a company; returns its id. `Invalid` when its code is taken or a field cannot stand."""
    with network_writing(actor) as writing:
        _check(writing, draft)
        account = new_account(writing, draft)
        writing.session.add(account)
        writing.session.flush()
        record_account(writing, account, draft)
        return account.id


def change_account(*, actor: Viewer, account_id: int, draft: AccountDraft) -> None:
    """Change what is known of a company; its names and domains become exactly those given."""
    with network_writing(actor) as writing:
        account = writing.find(Account, account_id, locked=True)
        _check(writing, draft, account)
        write_account(writing, account, draft)


def end_account(*, actor: Viewer, account_id: int) -> None:
    """Take a company out of use: no longer matched or listed, its history stays. A second call changes nothing."""
    with network_writing(actor) as writing:
        account = writing.find(Account, account_id, locked=True)
        if account.ended_at is None:
            account.ended_at = clock_now()
            ended = Changes({"is_ended": False}, {"is_ended": True})
            writing.record(EventKind.ACCOUNT_CHANGED, ended, account_id=account.id, code=account.code)


def new_account(writing: NetworkWriting, draft: AccountDraft) -> Account:
    """An account of a checked draft with its names and domains, not yet in the session."""
    account = Account(
        manufacturer_id=writing.manufacturer_id,
        flags=list(draft.flags),
        **{name: getattr(draft, name) for name in ACCOUNT_COLUMNS},
    )
    _write_names(account, draft)
    _write_domains(account, draft)
    _write_opportunity(account, draft)
    return account


def record_account(writing: NetworkWriting, account: Account, draft: AccountDraft) -> None:
    """The event of a new account, inside the caller's transaction."""
    writing.record(EventKind.ACCOUNT_CREATED, account_id=account.id, after=draft)


def write_account(writing: NetworkWriting, account: Account, draft: AccountDraft) -> bool:
    """Bring an account to a checked draft inside the caller's transaction; False when it is so already."""
    changes = changes_between(draft_of_account(account), draft)
    if not changes:
        return False
    for name in changes.after.keys() & set(ACCOUNT_COLUMNS):
        setattr(account, name, changes.after[name])
    if "flags" in changes.after:
        account.flags = list(draft.flags)
    if changes.touches(frozenset({"name", "aliases"})):
        _write_names(account, draft)
    if "domains" in changes.after:
        _write_domains(account, draft)
    if "opportunity_owner_partnership_id" in changes.after:
        _write_opportunity(account, draft)
    writing.record(EventKind.ACCOUNT_CHANGED, changes, account_id=account.id, code=account.code)
    return True


def _write_names(account: Account, draft: AccountDraft) -> None:
    kinds = [(AccountNameKind.NAME, draft.name), *((AccountNameKind.ALIAS, alias) for alias in draft.aliases)]
    others = [name for name in account.names if name.kind not in {AccountNameKind.NAME, AccountNameKind.ALIAS}]
    account.names = [_name_row(account.manufacturer_id, kind, name) for kind, name in kinds] + others


def _name_row(manufacturer_id: int, kind: AccountNameKind, name: str) -> AccountName:
    read = company_name(name)
    return AccountName(
        manufacturer_id=manufacturer_id, kind=kind, name=name, name_key=read.key, legal_form=read.legal_form
    )


def _write_domains(account: Account, draft: AccountDraft) -> None:
    account.domains = [AccountDomain(manufacturer_id=account.manufacturer_id, domain=item) for item in draft.domains]


def _write_opportunity(account: Account, draft: AccountDraft) -> None:
    """Keep one open deal with the partner named; the deal of a partner no longer named is over."""
    open_one = next((one for one in account.opportunities if one.state is OpportunityState.OPEN), None)
    owner_id = draft.opportunity_owner_partnership_id
    if open_one is not None and owner_id is None:
        open_one.state, open_one.closed_at = OpportunityState.LOST, clock_now()
    elif open_one is not None:
        open_one.owner_partnership_id, open_one.owner_user_id = owner_id, None
    elif owner_id is not None:
        deal = Opportunity(manufacturer_id=account.manufacturer_id, owner_partnership_id=owner_id)
        account.opportunities.append(deal)


def _check(writing: NetworkWriting, draft: AccountDraft, account: Account | None = None) -> None:
    draft.check()
    writing.refuse_taken_code(Account, draft.code, but_id=account.id if account else None)
    for partnership_id in {draft.owner_partnership_id, draft.opportunity_owner_partnership_id} - {None}:
        writing.find(Partnership, partnership_id or 0)
    if draft.parent_id is not None:
        writing.find(Account, draft.parent_id)
        if account is not None:
            _refuse_circle(writing, account.id, draft.parent_id)


def _refuse_circle(writing: NetworkWriting, account_id: int, parent_id: int) -> None:
    """A company must not be its own ancestor, or following parents would never end."""
    rows = select(Account.id, Account.parent_id).where(
        Account.manufacturer_id == writing.manufacturer_id, Account.parent_id.is_not(None)
    )
    parents: dict[int | str, int | str | None] = {row.id: row.parent_id for row in writing.session.execute(rows)}
    if is_in_circle(account_id, parents | {account_id: parent_id}):
        reason = Phrase(N_("That company belongs to this one: the chain of parents would be a circle."))
        raise Invalid(reason, fields={"parent_id": reason})
