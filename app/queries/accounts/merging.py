"""What merging two accounts would do, before anybody does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.domain.account_merging import OwnerKept, changed_fields, decide_merge, owners_differ
from app.domain.accounts import account_title
from app.domain.identity import Viewer
from app.domain.money import Money
from app.domain.network.account_draft import AccountDraft
from app.domain.network.account_words import FIELD_WORDS
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountDomain,
    AccountIpRange,
    AccountName,
    AccountTeamMember,
    Lead,
    Opportunity,
    Partnership,
    User,
)
from app.queries.accounts.field_values import names_behind, value_in_words
from app.queries.network.drafts import draft_of_account
from app.queries.network.own import own_row

_MOVED: dict[str, Any] = {
    "leads": Lead.account_id,
    "names": AccountName.account_id,
    "domains": AccountDomain.account_id,
    "networks": AccountIpRange.account_id,
    "opportunities": Opportunity.account_id,
    "team": AccountTeamMember.account_id,
    "children": Account.parent_id,
}


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Which account goes into which (each told apart by code and city), what moves and what is taken over.

    Of `taken_over` each is a field with its new value; of lists only what is new.
    """

    going: tuple[int, str]
    staying: tuple[int, str]
    moved: dict[str, int]
    names: tuple[str, ...]
    domains: tuple[str, ...]
    taken_over: tuple[Phrase, ...]
    owners_differ: bool
    going_owner: str
    staying_owner: str


def merge_preview(*, viewer: Viewer, account_id: int, into_id: int) -> MergePreview:
    """What `merge_accounts` would do with two accounts now; `NotFound` unless both are the viewer's."""
    going, staying = own_row(viewer, Account, account_id), own_row(viewer, Account, into_id)
    one, other = draft_of_account(going), draft_of_account(staying)
    merged = decide_merge(other, one, OwnerKept.STAYING).draft
    counts = {
        kind: db.session.scalar(select(func.count()).where(column == going.id)) or 0 for kind, column in _MOVED.items()
    }
    return MergePreview(
        going=(going.id, account_title(going.name, going.code, going.city)),
        staying=(staying.id, account_title(staying.name, staying.code, staying.city)),
        moved={kind: count for kind, count in counts.items() if count},
        names=(one.name, *one.aliases, *one.kana, *one.english),
        domains=one.domains,
        taken_over=_taken_over(other, merged),
        owners_differ=owners_differ(other, one),
        going_owner=_owners(one),
        staying_owner=_owners(other),
    )


def _taken_over(before: AccountDraft, after: AccountDraft) -> tuple[Phrase, ...]:
    new = {name: _new_value(before, after, name) for name in changed_fields(before, after) if name in FIELD_WORDS}
    names = names_behind(new.items())
    return tuple(
        Phrase(
            N_("%(field)s: %(value)s"),
            {"field": Phrase(FIELD_WORDS[name]), "value": value_in_words(name, value, names)},
        )
        for name, value in new.items()
    )


def _new_value(before: AccountDraft, after: AccountDraft, name: str) -> object:
    value = getattr(after, name)
    if name == "contract_cents" and value is not None:
        return Money(value, after.contract_currency or "")
    if isinstance(value, tuple):
        return [one for one in value if one not in getattr(before, name)]
    return value


def _owners(draft: AccountDraft) -> str:
    names = []
    if draft.owner_partnership_id is not None:
        names.append(db.session.get_one(Partnership, draft.owner_partnership_id).name)
    if draft.owner_user_id is not None:
        names.append(db.session.get_one(User, draft.owner_user_id).name)
    return ", ".join(names)
