"""What has happened to an account, and the changes of it that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from app.database import db
from app.domain.accounts import AccountChangeKind, AccountFlag, AccountHealth, AccountStatus, TeamRole
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.labels import label_of
from app.domain.network.account_words import FIELD_WORDS
from app.domain.phrases import N_, Phrase
from app.models import Account, AccountChange, Event, User
from app.queries.audit.details import detail
from app.queries.audit.names import names_in
from app.queries.audit.sentences import sentence
from app.queries.network.own import own_row

SHOWN_EVENTS = 30
_TOLD = [kind for kind in EventKind if kind.feature == "network"] + [
    EventKind.LEAD_LINKED,
    EventKind.LEAD_UNLINKED,
    EventKind.HIGH_ACTIVITY,
]
TAKEN_BACK = (AccountChangeKind.MERGED, AccountChangeKind.SPLIT, AccountChangeKind.CREATED_FROM_LEADS)
"""The changes that can be taken back from the account's page."""


_WITHOUT_VALUES = frozenset(
    {
        "owner_partnership_id",
        "owner_user_id",
        "listed_owner_partnership_id",
        "listed_owner_user_id",
        "contract_cents",
        "product_line_ids",
        "parent_id",
    }
)
"""Fields that are kept as ids, or in hundredths of a currency that stands elsewhere."""

_LABELLED = {"status": AccountStatus, "health": AccountHealth, "team": TeamRole}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened."""

    at: datetime
    sentence: Phrase
    details: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A merge, split or making of this account, with the other account's name (or its own) and how much went over."""

    id: int
    kind: AccountChangeKind
    other: tuple[int, str]
    counts: dict[str, int]
    by: str | None
    at: datetime
    is_from_here: bool


def account_history(*, viewer: Viewer, account_id: int) -> list[HistoryLine]:
    """The latest events about an account, newest first."""
    account = own_row(viewer, Account, account_id)
    about = Event.data["account_id"] == func.to_jsonb(account.id).cast(JSONB)
    rows = list(
        db.session.scalars(
            select(Event)
            .where(about, Event.data.has_key("account_id"), Event.manufacturer_id == account.manufacturer_id)
            .where(Event.kind.in_(_TOLD))
            .order_by(Event.id.desc())
            .limit(SHOWN_EVENTS)
        )
    )
    names = names_in(rows, viewer)
    return [
        HistoryLine(
            event.at,
            sentence(event.kind, event.data, **names.said_in(event)),
            tuple(_details(event)),
        )
        for event in rows
    ]


def _details(event: Event) -> list[Phrase]:
    """What else there is to say; of a change each field by its word, with its values where people can read them."""
    before, after = event.data.get("before"), event.data.get("after")
    if event.kind is not EventKind.ACCOUNT_CHANGED or not isinstance(before, dict) or not isinstance(after, dict):
        return detail(event.kind, event.data) if event.kind is not EventKind.ACCOUNT_CREATED else []
    return [_change(name, before.get(name), value) for name, value in after.items() if name in FIELD_WORDS]


def _change(name: str, old: object, new: object) -> Phrase:
    word = Phrase(FIELD_WORDS[name])
    if name in _WITHOUT_VALUES:
        return Phrase(N_("%(field)s changed"), {"field": word})
    return Phrase(N_("%(field)s: %(old)s → %(new)s"), {"field": word, "old": _said(name, old), "new": _said(name, new)})


def _said(name: str, value: object) -> object:
    if name == "flags" and isinstance(value, list) and value:
        labels = [label_of(AccountFlag(one)) for one in value]
        return reduce(lambda one, other: Phrase("%(one)s, %(other)s", {"one": one, "other": other}), labels)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, str) and name in _LABELLED:
        return label_of(_LABELLED[name](value))
    return value if value not in (None, "") else "–"


def changes_to_undo(*, viewer: Viewer, account_id: int) -> list[ChangeView]:
    """The merges and splits of an account, and its making from leads, that nobody has taken back yet, newest first."""
    account = own_row(viewer, Account, account_id)
    made_it = AccountChange.before["made_id"].as_integer() == account.id
    rows: Any = db.session.execute(
        select(AccountChange, User.name)
        .outerjoin(User, User.id == AccountChange.done_by_id)
        .where(AccountChange.manufacturer_id == account.manufacturer_id, AccountChange.undone_at.is_(None))
        .where(AccountChange.kind.in_(TAKEN_BACK), or_(AccountChange.account_id == account.id, made_it))
        .order_by(AccountChange.id.desc())
    )
    return [_change_view(change, name, account) for change, name in rows]


def _change_view(change: AccountChange, by: str | None, account: Account) -> ChangeView:
    is_here = change.account_id == account.id
    counts = {key: value for key, value in change.summary.items() if isinstance(value, int) and value}
    if change.kind is AccountChangeKind.CREATED_FROM_LEADS:
        return ChangeView(change.id, change.kind, (account.id, account.name), counts, by, change.done_at, is_here)
    other_id = change.before.get("going_id") or change.before.get("made_id") if is_here else change.account_id
    name = change.summary["name"] if is_here else db.session.get_one(Account, other_id).name
    return ChangeView(change.id, change.kind, (int(other_id or 0), str(name)), counts, by, change.done_at, is_here)
