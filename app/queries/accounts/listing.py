"""The list of accounts: narrowed, by name, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from app.database import clock_now, db
from app.domain.accounts import AccountFlag, AccountStatus, OpportunityState, account_title
from app.domain.identity import Viewer
from app.models import Account, AccountDomain, Lead, ManufacturerSettings, Opportunity, Partnership, User
from app.queries.accounts.searching import ids_found, ids_spelt_like
from app.queries.network.own import own_manufacturer

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000
EXPORTED_UP_TO = 50_000
ACTIVE_DAYS = 7
"""Over how many days leads are counted to call an account highly active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """What the list is narrowed to. `after` and `before` are ids of the rows at the edge of the page before."""

    search: str = ""
    status: AccountStatus | None = None
    flag: AccountFlag | None = None
    country: str = ""
    owner_id: int | None = None
    seller_id: int | None = None
    has_no_owner: bool = False
    has_open_deal: bool = False
    is_active: bool = False
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account of the list."""

    id: int
    code: str
    name: str
    country: str | None
    city: str
    status: AccountStatus
    flags: list[AccountFlag]
    owner_id: int | None
    owner: str | None
    seller: str | None
    leads: int
    open_deals: int


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


def list_accounts(*, viewer: Viewer, wanted: AccountFilter) -> AccountList:
    """One page of the accounts in use, by name."""
    conditions = _conditions(own_manufacturer(viewer), wanted)
    counted = select(Account.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    backwards = wanted.before is not None
    edge_id = wanted.before if backwards else wanted.after
    rows = _rows(conditions, edge_id, limit=PAGE_SIZE + 1, backwards=backwards)
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE][:: -1 if backwards else 1]
    has_previous = has_more if backwards else wanted.after is not None
    return AccountList(rows, total, has_previous, True if backwards else has_more)


def similar_accounts(*, viewer: Viewer, text: str, but_ids: Collection[int] = ()) -> list[AccountRow]:
    """The accounts in use whose name is almost what was typed, the likeliest first; `but_ids` are left out."""
    manufacturer_id = own_manufacturer(viewer)
    ids = [one for one in ids_spelt_like(manufacturer_id, text) if one not in but_ids]
    if not ids:
        return []
    own = [Account.manufacturer_id == manufacturer_id, Account.ended_at.is_(None), Account.id.in_(ids)]
    rows = {row.id: row for row in _rows(own, None, limit=len(ids), backwards=False)}
    return [rows[one] for one in ids if one in rows]


def list_accounts_for_export(*, viewer: Viewer, wanted: AccountFilter) -> list[AccountRow]:
    """Every account of the narrowed list, by name, up to 50,000."""
    return _rows(_conditions(own_manufacturer(viewer), wanted), None, limit=EXPORTED_UP_TO, backwards=False)


def account_countries(*, viewer: Viewer) -> list[str]:
    """The countries the accounts are in: from one to the next along the index, however many accounts there are."""
    own = (Account.manufacturer_id == own_manufacturer(viewer), Account.ended_at.is_(None))
    first = select(func.min(Account.country).label("country")).where(*own).cte("country", recursive=True)
    after = select(func.min(Account.country)).where(*own, Account.country > first.c.country).scalar_subquery()
    every = first.union_all(select(after).where(first.c.country.is_not(None)))
    return list(filter(None, db.session.scalars(select(every.c.country))))


def account_id_of_code(*, viewer: Viewer, code: str) -> int | None:
    """The account of a code, for a form that names one by it."""
    return db.session.scalar(
        select(Account.id).where(Account.manufacturer_id == own_manufacturer(viewer), Account.code == code)
    )


def accounts_sharing_domains(*, viewer: Viewer, domains: Collection[str], but_id: int) -> list[tuple[str, str]]:
    """Domains that another account in use has as well, each with what tells that account from others."""
    rows = (
        select(AccountDomain.domain, Account.name, Account.code, Account.city)
        .join(Account, Account.id == AccountDomain.account_id)
        .where(AccountDomain.manufacturer_id == own_manufacturer(viewer), AccountDomain.domain.in_(domains))
        .where(Account.id != but_id, Account.ended_at.is_(None))
        .order_by(AccountDomain.domain, Account.name, Account.id)
    )
    return [(row.domain, account_title(row.name, row.code, row.city)) for row in db.session.execute(rows)]


def _conditions(manufacturer_id: int, wanted: AccountFilter) -> list[ColumnElement[bool]]:
    conditions = [Account.manufacturer_id == manufacturer_id, Account.ended_at.is_(None)]
    if wanted.search:
        conditions.append(Account.id.in_(ids_found(manufacturer_id, wanted.search)))
    if wanted.status is not None:
        conditions.append(Account.status == wanted.status)
    if wanted.flag is not None:
        conditions += [func.cardinality(Account.flags) > 0, Account.flags.contains([wanted.flag.value])]
    if wanted.country:
        conditions.append(Account.country == wanted.country)
    return conditions + _owned(wanted) + _busy(manufacturer_id, wanted)


def _owned(wanted: AccountFilter) -> list[ColumnElement[bool]]:
    if wanted.owner_id is not None:
        return [Account.owner_partnership_id == wanted.owner_id]
    if wanted.seller_id is not None:
        return [Account.owner_user_id == wanted.seller_id]
    return [Account.owner_partnership_id.is_(None), Account.owner_user_id.is_(None)] if wanted.has_no_owner else []


def _busy(manufacturer_id: int, wanted: AccountFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.has_open_deal:
        conditions.append(
            exists().where(
                Opportunity.manufacturer_id == manufacturer_id,
                Opportunity.account_id == Account.id,
                Opportunity.state == OpportunityState.OPEN,
            )
        )
    if wanted.is_active:
        conditions.append(Account.id.in_(_active_ids(manufacturer_id)))
    return conditions


def _active_ids(manufacturer_id: int) -> Select[Any]:
    """The accounts that as many leads as the settings call high activity came from within a week."""
    limit = select(ManufacturerSettings.high_activity_leads).where(
        ManufacturerSettings.manufacturer_id == manufacturer_id
    )
    since = select(clock_now() - timedelta(days=ACTIVE_DAYS)).scalar_subquery()
    return (
        select(Lead.account_id)
        .where(Lead.manufacturer_id == manufacturer_id, Lead.received_at > since, Lead.account_id.is_not(None))
        .group_by(Lead.account_id)
        .having(func.count() >= limit.scalar_subquery())
    )


def _rows(
    conditions: list[ColumnElement[bool]], edge_id: int | None, *, limit: int, backwards: bool
) -> list[AccountRow]:
    place = tuple_(Account.name, Account.id)
    rows = _columns().where(*conditions)
    if edge_id is not None:
        edge_name = select(Account.name).where(Account.id == edge_id, conditions[0]).scalar_subquery()
        edge = tuple_(edge_name, edge_id)
        rows = rows.where(place < edge if backwards else place > edge)
    order = (Account.name.desc(), Account.id.desc()) if backwards else (Account.name, Account.id)
    found = db.session.execute(rows.order_by(*order).limit(limit)).mappings()
    return [AccountRow(**{**row, "flags": list(map(AccountFlag, row["flags"]))}) for row in found]


def _columns() -> Select[*tuple[Any, ...]]:
    seller = aliased(User)
    leads = select(func.count()).where(Lead.account_id == Account.id).scalar_subquery()
    deals = select(func.count()).where(
        Opportunity.manufacturer_id == Account.manufacturer_id,
        Opportunity.account_id == Account.id,
        Opportunity.state == OpportunityState.OPEN,
    )
    return (
        select(
            Account.id,
            Account.code,
            Account.name,
            Account.country,
            Account.city,
            Account.status,
            Account.flags,
            Account.owner_partnership_id.label("owner_id"),
            Partnership.name.label("owner"),
            seller.name.label("seller"),
            leads.label("leads"),
            deals.scalar_subquery().label("open_deals"),
        )
        .outerjoin(Partnership, Partnership.id == Account.owner_partnership_id)
        .outerjoin(seller, seller.id == Account.owner_user_id)
    )
