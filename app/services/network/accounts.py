"""The companies a manufacturer knows, with every name and domain they go by."""

from __future__ import annotations

from sqlalchemy import select

from app.database import clock_now
from app.domain.accounts import AccountNameKind, OpportunityState
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import Viewer
from app.domain.network.account_draft import FIELDS_WITHOUT_MATCH, NAME_FIELDS, AccountDraft
from app.domain.network.changes import Changes, StaleEdit, changes_between
from app.domain.network.drafts import is_in_circle
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountDomain,
    AccountIpRange,
    AccountProductLine,
    Opportunity,
    ProductLine,
)
from app.queries.network.drafts import ACCOUNT_COLUMNS, draft_of_account
from app.services.account_names import write_names
from app.services.network.writing import NetworkWriting, network_writing
from app.services.owners.holding import hold_partnership, hold_seller


def create_account(*, actor: Viewer, draft: AccountDraft) -> int:
    """Write down a company; returns its id. `Invalid` when its code is taken or a field cannot stand."""
    with network_writing(actor) as writing:
        _check(writing, draft)
        account = new_account(writing, draft)
        writing.session.add(account)
        writing.session.flush()
        record_account(writing, account, draft)
        return account.id


def change_account(*, actor: Viewer, account_id: int, version: int, draft: AccountDraft) -> None:
    """Change what is known of a company; its names and domains become exactly those given.

    `StaleEdit` when `version` is not the newest, `Refused` once the account is out of use.
    """
    with network_writing(actor) as writing:
        account = find_account_in_use(writing, account_id)
        before = draft_of_account(account)
        draft = draft.ordered_as(before)
        if account.version != version and before != draft:
            raise StaleEdit(theirs=before, yours=draft, version=account.version)
        _check(writing, draft, account)
        write_account(writing, account, draft)


def end_account(*, actor: Viewer, account_id: int) -> None:
    """Take a company out of use: no longer matched or listed, its history stays. A second call changes nothing."""
    with network_writing(actor) as writing:
        account = writing.find(Account, account_id, locked=True)
        if account.ended_at is None:
            account.ended_at = clock_now()
            account.version += 1
            ended = Changes({"is_ended": False}, {"is_ended": True})
            writing.record(EventKind.ACCOUNT_CHANGED, ended, account_id=account.id, code=account.code)
            writing.doubt_matches()


def find_account_in_use(writing: NetworkWriting, account_id: int) -> Account:
    """The manufacturer's account, locked; `NotFound`, or `Refused` when it is out of use."""
    account = writing.find(Account, account_id, locked=True)
    refuse_ended(account)
    return account


def refuse_ended(account: Account) -> None:
    """Raise `Refused` when the account is out of use."""
    if account.ended_at is not None:
        raise Refused(Phrase(N_("%(name)s is out of use."), {"name": account.name}), code="account_ended")


def new_account(writing: NetworkWriting, draft: AccountDraft) -> Account:
    """An account of a checked draft with its names and domains, not yet in the session."""
    account = Account(
        manufacturer_id=writing.manufacturer_id,
        flags=list(draft.flags),
        opportunities=[],  # Known to be none: an import would ask the database for those of every new account.
        **{name: getattr(draft, name) for name in ACCOUNT_COLUMNS},
    )
    _write_names(account, draft)
    _write_rows(account, draft)
    return account


def record_account(writing: NetworkWriting, account: Account, draft: AccountDraft) -> None:
    """The event of a new account, inside the caller's transaction."""
    writing.record(EventKind.ACCOUNT_CREATED, account_id=account.id, after=draft)
    writing.doubt_matches()


def write_account(writing: NetworkWriting, account: Account, draft: AccountDraft) -> bool:
    """Bring an account to a checked draft inside the caller's transaction; False when it is so already."""
    before = draft_of_account(account)
    changes = changes_between(before, draft.ordered_as(before))
    if not changes:
        return False
    for name in changes.after.keys() & set(ACCOUNT_COLUMNS):
        setattr(account, name, changes.after[name])
    if "flags" in changes.after:
        account.flags = list(draft.flags)
    if changes.touches(NAME_FIELDS | {"country"}):
        _write_names(account, draft)
    _write_rows(account, draft)
    account.version += 1
    writing.record(EventKind.ACCOUNT_CHANGED, changes, account_id=account.id, code=account.code)
    if changes.after.keys() - FIELDS_WITHOUT_MATCH:
        writing.doubt_matches()
    return True


def write_imported_opportunity(writing: NetworkWriting, account: Account, partnership_id: int | None) -> bool:
    """Keep the one deal a file names: open with that partner, over when it names none; deals with a name stay.

    Returns whether something changed.
    """
    is_files = [one for one in account.opportunities if one.state is OpportunityState.OPEN and not one.name]
    if [one.owner_partnership_id for one in is_files] == [partnership_id] or (partnership_id is None and not is_files):
        return False
    for one in is_files:
        one.state, one.closed_at = OpportunityState.LOST, clock_now()
    if partnership_id is not None:
        deal = Opportunity(manufacturer_id=account.manufacturer_id, owner_partnership_id=partnership_id)
        account.opportunities.append(deal)
    writing.record(EventKind.OPPORTUNITY_CHANGED, account_id=account.id, code=account.code)
    writing.doubt_matches()
    return True


def _write_names(account: Account, draft: AccountDraft) -> None:
    """Keep the rows of names that stay, with what was learnt about them; add and take away the others."""
    wanted = [(AccountNameKind.NAME, draft.name)]
    for kind, names in (
        (AccountNameKind.ALIAS, draft.aliases),
        (AccountNameKind.KANA, draft.kana),
        (AccountNameKind.ENGLISH, draft.english),
    ):
        wanted += [(kind, name) for name in names]
    write_names(account, wanted)


def _write_rows(account: Account, draft: AccountDraft) -> None:
    """Bring domains, networks and bought product lines to the draft; rows that stay are left alone."""
    owner = {"manufacturer_id": account.manufacturer_id}
    domains = {row.domain: row for row in account.domains}
    account.domains = [domains.get(item) or AccountDomain(domain=item, **owner) for item in draft.domains]
    networks = {str(row.network): row for row in account.ip_ranges}
    account.ip_ranges = [networks.get(item) or AccountIpRange(network=item, **owner) for item in draft.networks]
    bought = {row.product_line_id: row for row in account.bought}
    account.bought = [bought.get(item) or AccountProductLine(product_line_id=item) for item in draft.product_line_ids]


def _check(writing: NetworkWriting, draft: AccountDraft, account: Account | None = None) -> None:
    draft.check()
    writing.refuse_taken_code(Account, draft.code, but_id=account.id if account else None)
    for name in ("owner_partnership_id", "listed_owner_partnership_id"):
        check_partner(writing, getattr(draft, name), name, but=getattr(account, name, None))
    for name in ("owner_user_id", "listed_owner_user_id"):
        check_person(writing, getattr(draft, name), name, but=getattr(account, name, None))
    for line_id in draft.product_line_ids:
        writing.find(ProductLine, line_id)
    if draft.parent_id is not None:
        _check_parent(writing, draft.parent_id, account)


def check_partner(writing: NetworkWriting, partnership_id: int | None, field: str, *, but: int | None = None) -> None:
    """`NotFound` unless the partner is the manufacturer's, `Invalid` at `field` once it is suspended or ended.

    It cannot leave before this is committed. None is nobody, `but` whoever is named already.
    """
    if partnership_id not in (None, but):
        hold_partnership(writing.session, writing.manufacturer_id, partnership_id or 0, field=field)


def check_person(writing: NetworkWriting, user_id: int | None, field: str, *, but: int | None = None) -> None:
    """Raise `Invalid` at `field` unless the person is one of the manufacturer's own and has not left.

    The person cannot leave before this is committed. None is nobody, `but` whoever is named already.
    """
    if user_id in (None, but):
        return
    try:
        hold_seller(writing.session, writing.manufacturer_id, user_id or 0, field=field)
    except NotFound as stranger:
        reason = Phrase(N_("Choose one of your own people."))
        raise Invalid(reason, fields={field: reason}) from stranger


def _check_parent(writing: NetworkWriting, parent_id: int, account: Account | None) -> None:
    parent = writing.find(Account, parent_id)
    if parent.ended_at is not None and (account is None or account.parent_id != parent_id):
        reason = Phrase(N_("%(name)s is out of use."), {"name": parent.name})
        raise Invalid(reason, fields={"parent_id": reason})
    if account is not None:
        _refuse_circle(writing, account.id, parent_id)


def _refuse_circle(writing: NetworkWriting, account_id: int, parent_id: int) -> None:
    """A company must not be its own ancestor, or following parents would never end."""
    columns = (Account.id, Account.parent_id)
    above = select(*columns).where(Account.id == parent_id).cte("above", recursive=True)
    above = above.union(select(*columns).join(above, Account.id == above.c.parent_id))
    parents: dict[int | str, int | str | None] = {
        row.id: row.parent_id for row in writing.session.execute(select(above.c.id, above.c.parent_id))
    }
    if is_in_circle(account_id, parents | {account_id: parent_id}):
        reason = Phrase(N_("That company belongs to this one: the chain of parents would be a circle."))
        raise Invalid(reason, fields={"parent_id": reason})
