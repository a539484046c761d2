"""The companies above and below an account, with their owners, and where those are at odds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.accounts import AccountFlag
from app.domain.identity import Viewer
from app.models import Account, Partnership, User
from app.queries.network.own import own_row

SHOWN_CHILDREN = 100


@dataclass(frozen=True, slots=True)
class Relative:
    """A company of the tree, and whose it is by itself; `is_at_odds` when a person must decide about its leads."""

    id: int
    name: str
    code: str
    country: str | None
    owner: str | None
    is_at_odds: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Parents from the top down, and the companies right below; `more` are not shown."""

    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    more: int
    is_at_odds: bool

    def __bool__(self) -> bool:
        return bool(self.parents or self.children)


def account_family(*, viewer: Viewer, account_id: int) -> Family:
    """The account's tree as far as its page shows it. Owners at odds: its own and the nearest above it that has one."""
    account = own_row(viewer, Account, account_id)
    parents = _parents(account)
    inherited = next((row for row in reversed(parents) if row.owner_key), None)
    own = db.session.execute(_rows().where(Account.id == account.id)).one()
    answering = own.owner_key or (inherited.owner_key if inherited else None)
    below = Account.parent_id == account.id, Account.ended_at.is_(None)
    rows = db.session.execute(_rows().where(*below).order_by(Account.name).limit(SHOWN_CHILDREN)).all()
    total = db.session.scalar(select(func.count()).select_from(Account).where(*below)) or 0
    return Family(
        parents=tuple(_relative(row, None) for row in parents),
        children=tuple(_relative(row, answering) for row in rows),
        more=total - len(rows),
        is_at_odds=_is_at_odds(own, inherited.owner_key if inherited else None),
    )


def _parents(account: Account) -> list[Any]:
    """The companies above in use, from the top down; a circle ends where it begins."""
    columns = (Account.id, Account.parent_id)
    above = select(*columns).where(Account.id == account.parent_id).cte("above", recursive=True)
    above = above.union(select(*columns).join(above, Account.id == above.c.parent_id))
    found = {row.id: row for row in db.session.execute(_rows().where(Account.id.in_(select(above.c.id))))}
    line: list[Any] = []
    here = account.parent_id
    while here in found:
        row = found.pop(here)
        line.append(row)
        here = row.parent_id
    return [row for row in reversed(line) if row.ended_at is None]


def _rows() -> Select[Any]:
    seller = aliased(User)
    is_sellers = _is_sellers()
    return (
        select(
            Account.id,
            Account.name,
            Account.code,
            Account.country,
            Account.parent_id,
            Account.ended_at,
            Account.keeps_own_owner,
            case((is_sellers, seller.name), else_=Partnership.name).label("owner"),
            case(
                (is_sellers, func.concat("u", Account.owner_user_id)),
                (Account.owner_partnership_id.is_not(None), func.concat("p", Account.owner_partnership_id)),
                else_=None,
            ).label("owner_key"),
        )
        .outerjoin(Partnership, Partnership.id == Account.owner_partnership_id)
        .outerjoin(seller, seller.id == Account.owner_user_id)
    )


def _is_sellers() -> ColumnElement[bool]:
    """Whether, of two owners, the seller's word counts (`domain.account_routing.owners.account_owner`)."""
    is_direct = Account.flags.contains([AccountFlag.DIRECT_SOURCED.value])
    return Account.owner_user_id.is_not(None) & (is_direct | Account.owner_partnership_id.is_(None))


def _relative(row: Any, owner_above: str | None) -> Relative:
    return Relative(row.id, row.name, row.code, row.country, row.owner, _is_at_odds(row, owner_above))


def _is_at_odds(row: Any, owner_above: str | None) -> bool:
    is_other = bool(row.owner_key and owner_above and row.owner_key != owner_above)
    return is_other and not row.keeps_own_owner
