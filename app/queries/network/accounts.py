"""The companies a manufacturer knows: the list, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_

from app.database import db
from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.identity import Viewer
from app.domain.intake.companies import company_key
from app.domain.network.drafts import AccountDraft
from app.models import Account, AccountDomain, AccountName, Partnership
from app.queries.network.drafts import draft_of_account
from app.queries.network.own import contains, own_manufacturer, own_row

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """What the list is narrowed to. `after` and `before` are ids of the rows at the edge of the page before."""

    search: str = ""
    status: AccountStatus | None = None
    flag: AccountFlag | None = None
    country: str = ""
    owner_id: int | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of the list."""

    id: int
    code: str
    name: str
    country: str | None
    status: AccountStatus
    flags: list[AccountFlag]
    owner_id: int | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class AccountList:
    """One page of the list; the count stops at 10,000."""

    rows: list[AccountRow]
    total: int
    has_previous: bool
    has_next: bool

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED_UP_TO


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account, with the names behind its ids."""

    id: int
    draft: AccountDraft
    owner: str | None
    opportunity_owner: str | None
    parent: tuple[int, str] | None
    children: list[tuple[int, str]]
    since: datetime
    ended_at: datetime | None


def list_accounts(*, viewer: Viewer, wanted: AccountFilter) -> AccountList:
    """One page of the accounts in use, by name."""
    conditions = _conditions(own_manufacturer(viewer), wanted)
    counted = select(Account.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    backwards = wanted.before is not None
    rows = _page(conditions, wanted.before if backwards else wanted.after, backwards=backwards)
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE][:: -1 if backwards else 1]
    has_previous = has_more if backwards else wanted.after is not None
    return AccountList(rows, total, has_previous, True if backwards else has_more)


def account_page(*, viewer: Viewer, account_id: int) -> AccountPage:
    """One account with its family and owners."""
    account = own_row(viewer, Account, account_id)
    draft = draft_of_account(account)
    owners = {draft.owner_partnership_id, draft.opportunity_owner_partnership_id} - {None}
    names = {row.id: row.name for row in db.session.scalars(select(Partnership).where(Partnership.id.in_(owners)))}
    parent = db.session.get(Account, account.parent_id) if account.parent_id else None
    children = select(Account.id, Account.name).where(Account.parent_id == account.id, Account.ended_at.is_(None))
    return AccountPage(
        id=account.id,
        draft=draft,
        owner=names.get(account.owner_partnership_id or 0),
        opportunity_owner=names.get(draft.opportunity_owner_partnership_id or 0),
        parent=(parent.id, parent.name) if parent else None,
        children=[(row.id, row.name) for row in db.session.execute(children.order_by(Account.name))],
        since=account.created_at,
        ended_at=account.ended_at,
    )


def account_id_of_code(*, viewer: Viewer, code: str) -> int | None:
    """The account of a code, for a form that names the parent by it."""
    return db.session.scalar(
        select(Account.id).where(Account.manufacturer_id == own_manufacturer(viewer), Account.code == code)
    )


def account_code(*, viewer: Viewer, account_id: int | None) -> str:
    """The code of an account, "" for none."""
    return own_row(viewer, Account, account_id).code if account_id is not None else ""


def account_countries(*, viewer: Viewer) -> list[str]:
    """The countries the accounts are in."""
    rows = select(Account.country).distinct().where(Account.manufacturer_id == own_manufacturer(viewer))
    return sorted(filter(None, db.session.scalars(rows)))


def _conditions(manufacturer_id: int, wanted: AccountFilter) -> list[ColumnElement[bool]]:
    conditions = [Account.manufacturer_id == manufacturer_id, Account.ended_at.is_(None)]
    if wanted.search:
        conditions.append(_goes_by(wanted.search))
    if wanted.status is not None:
        conditions.append(Account.status == wanted.status)
    if wanted.flag is not None:
        conditions.append(Account.flags.contains([wanted.flag.value]))
    if wanted.country:
        conditions.append(Account.country == wanted.country)
    if wanted.owner_id is not None:
        conditions.append(Account.owner_partnership_id == wanted.owner_id)
    return conditions


def _goes_by(text: str) -> ColumnElement[bool]:
    """Whether a name, alias, normalised name, domain or the code holds the text."""
    key = company_key(text)
    named = contains(AccountName.name, text)
    if key:
        named = or_(named, contains(AccountName.name_key, key))
    has_name = exists().where(AccountName.account_id == Account.id, named)
    has_domain = exists().where(AccountDomain.account_id == Account.id, contains(AccountDomain.domain, text.lower()))
    return or_(has_name, has_domain, contains(Account.code, text))


def _page(conditions: list[ColumnElement[bool]], edge_id: int | None, *, backwards: bool) -> list[AccountRow]:
    place = tuple_(Account.name, Account.id)
    rows = (
        select(
            Account.id,
            Account.code,
            Account.name,
            Account.country,
            Account.status,
            Account.flags,
            Account.owner_partnership_id.label("owner_id"),
            Partnership.name.label("owner"),
        )
        .outerjoin(Partnership, Partnership.id == Account.owner_partnership_id)
        .where(*conditions)
    )
    if edge_id is not None:
        edge_name = select(Account.name).where(Account.id == edge_id, conditions[0]).scalar_subquery()
        edge = tuple_(edge_name, edge_id)
        rows = rows.where(place < edge if backwards else place > edge)
    order = (Account.name.desc(), Account.id.desc()) if backwards else (Account.name, Account.id)
    found = db.session.execute(rows.order_by(*order).limit(PAGE_SIZE + 1)).mappings()
    return [AccountRow(**{**row, "flags": list(map(AccountFlag, row["flags"]))}) for row in found]
