"""Writing another owner where something is somebody's, and the line of the trail that tells of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.accounts import AccountFlag
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.owners import Belonging
from app.models import Account
from app.queries.belongings import OF_PARTNERSHIP, OF_PERSON, owned_by
from app.services.audit import record_event


def change_owner(
    session: Session, kind: Belonging, old: Owner, new: Owner, *, only: Collection[int] | None = None
) -> None:
    """Make what is `old`'s the `new` owner's, for one kind of thing; `only` names rows by id.

    A seller whom a directly sourced account has beside its partner stays its seller.
    """
    from_column = OF_PERSON[kind] if old.partnership_id is None else OF_PARTNERSHIP[kind]
    to_column = OF_PERSON[kind] if new.partnership_id is None else OF_PARTNERSHIP[kind]
    values: dict[str, Any] = {from_column.key: None, to_column.key: new.partnership_id or new.user_id}
    table: Any = from_column.class_
    if kind is Belonging.ACCOUNTS and from_column is not to_column and new.user_id is not None:
        is_direct = Account.flags.contains([AccountFlag.DIRECT_SOURCED.value]) & Account.owner_user_id.is_not(None)
        values[to_column.key] = case((is_direct, Account.owner_user_id), else_=new.user_id)
    if table is Account:
        values["version"] = Account.version + 1
    theirs = owned_by(from_column, old.partnership_id or old.user_id or 0)
    session.execute(update(table).where(theirs if only is None else theirs & table.id.in_(only)).values(values))


def record_reassigned(
    session: Session,
    manufacturer_id: int,
    account_ids: Collection[int],
    told: Mapping[str, Any],
    *,
    actor: Viewer | None,
) -> None:
    """The line of the trail: from whom, to whom, how much of what, and which accounts."""
    data = {**told, "account_ids": sorted(account_ids)}
    record_event(session, EventKind.ACCOUNTS_REASSIGNED, actor=actor, manufacturer_id=manufacturer_id, data=data)
