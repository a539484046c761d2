"""What has happened to an account, and the changes of it that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from app.database import db
from app.domain.accounts import AccountChangeKind
from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.network.account_words import FIELD_WORDS
from app.domain.phrases import N_, Phrase
from app.models import Account, AccountChange, Event, User
from app.queries.accounts.field_values import FieldNames, names_behind, value_in_words
from app.queries.audit.details import detail
from app.queries.audit.names import Names, names_in
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
    """The latest events about an account, newest first; also those that moved it among others to another owner."""
    account = own_row(viewer, Account, account_id)
    number = func.to_jsonb(account.id).cast(JSONB)
    about = _latest(account, Event.data.has_key("account_id"), Event.data["account_id"] == number)
    moved = _latest(account, Event.data.has_key("account_ids"), Event.data["account_ids"].contains(number))
    rows = list(
        db.session.scalars(
            select(Event).where(Event.id.in_(about) | Event.id.in_(moved)).order_by(Event.id.desc()).limit(SHOWN_EVENTS)
        )
    )
    names, values = names_in(rows, viewer), names_behind(chain.from_iterable(map(_values, rows)))
    return [
        HistoryLine(
            event.at,
            sentence(event.kind, event.data, **names.said_in(event)),
            tuple(_details(event, names, values)),
        )
        for event in rows
    ]


def _latest(account: Account, *is_about: ColumnElement[bool]) -> Select[Any]:
    """The ids of the newest events of one sort about an account, each sort found by an index of its own."""
    told = select(Event.id).where(*is_about, Event.manufacturer_id == account.manufacturer_id, Event.kind.in_(_TOLD))
    return told.order_by(Event.id.desc()).limit(SHOWN_EVENTS)


def _values(event: Event) -> Iterator[tuple[str, object]]:
    """Each field's value before and after a change."""
    for side in ("before", "after"):
        told = event.data.get(side)
        if isinstance(told, dict):
            yield from told.items()


def _details(event: Event, names: Names, values: FieldNames) -> list[Phrase]:
    """What else there is to say; of a change each field by its word, from what to what, and the person it is about."""
    before, after = event.data.get("before"), event.data.get("after")
    if event.kind is EventKind.ACCOUNTS_REASSIGNED:
        return _moved(event)
    if event.kind is not EventKind.ACCOUNT_CHANGED or not isinstance(before, dict) or not isinstance(after, dict):
        return detail(event.kind, event.data) if event.kind is not EventKind.ACCOUNT_CREATED else []
    told = [_change(name, before.get(name), value, values) for name, value in after.items() if name in FIELD_WORDS]
    return [names.person(event), *told] if "team" in after else told


def _moved(event: Event) -> list[Phrase]:
    """From whom to whom, and why; how much else went along says nothing about this account."""
    told = [Phrase("%(old)s → %(new)s", {"old": event.data.get("from", "–"), "new": event.data.get("to", "–")})]
    reason = event.data.get("reason")
    return [*told, Phrase("“%(text)s”", {"text": reason})] if reason else told


def _change(name: str, old: object, new: object, values: FieldNames) -> Phrase:
    word = Phrase(FIELD_WORDS[name])
    if name == "contract_cents":
        return Phrase(N_("%(field)s changed"), {"field": word})
    told = {"old": value_in_words(name, old, values), "new": value_in_words(name, new, values)}
    return Phrase(N_("%(field)s: %(old)s → %(new)s"), {"field": word, **told})


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
