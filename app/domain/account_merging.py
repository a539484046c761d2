"""What becomes of two accounts that turn out to be one company: the decision, before anything is moved."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.errors import Invalid
from app.domain.network.account_draft import LISTED_FLAGS, AccountDraft
from app.domain.phrases import N_, Phrase


class OwnerKept(StrEnum):
    """Of two accounts with different owners: whose owner the one that stays has."""

    STAYING = "staying"
    GOING = "going"


@dataclass(frozen=True, slots=True)
class MergedAccount:
    """The account that stays, as it will stand; its names, domains and networks are moved as rows, not told here."""

    draft: AccountDraft
    owner_kept: OwnerKept | None


_FILLED = ("country", "city", "corporate_number", "health")
_OWNERS = ("owner_partnership_id", "owner_user_id")
_LISTING = ("listed_from", "listed_until", "listed_owner_partnership_id", "listed_owner_user_id", "listed_note")
_STANDING = ("status", "churned_on")
_CONTRACT = ("contract_cents", "contract_currency")


def has_owner(draft: AccountDraft) -> bool:
    """Whether anybody owns the account by itself."""
    return any(getattr(draft, name) is not None for name in _OWNERS)


def owners_differ(staying: AccountDraft, going: AccountDraft) -> bool:
    """Whether a person has to say whose owner stays: both have one, and not the same."""
    both = has_owner(staying) and has_owner(going)
    return both and _taken(staying, _OWNERS) != _taken(going, _OWNERS)


def decide_merge(staying: AccountDraft, going: AccountDraft, owner_kept: OwnerKept | None = None) -> MergedAccount:
    """The account that stays, with what only the other one knew.

    Its own word counts wherever it has one; a customer remains a customer whichever of the two it was; marks add
    up, save that a listing comes whole, and only to an account without one: none that has ended begins anew.
    `Invalid` when owners differ and nobody said whose stays.
    """
    if owners_differ(staying, going) and owner_kept is None:
        reason = Phrase(N_("The two have different owners: say whose stays."))
        raise Invalid(reason, fields={"owner": reason})
    is_going_owner = owner_kept is OwnerKept.GOING if owners_differ(staying, going) else not has_owner(staying)
    found: dict[str, Any] = {name: getattr(going, name) for name in _FILLED if not getattr(staying, name)}
    if staying.contract_cents is None:
        found |= _taken(going, _CONTRACT)
    if is_going_owner and has_owner(going):
        found |= _taken(going, (*_OWNERS, "keeps_own_owner"))
    is_listed = not LISTED_FLAGS.isdisjoint(staying.flags)
    if not is_listed and not LISTED_FLAGS.isdisjoint(going.flags):
        found |= _taken(going, _LISTING)
    marks = {*staying.flags, *(flag for flag in going.flags if not is_listed or flag not in LISTED_FLAGS)}
    if _rank(going.status) > _rank(staying.status):
        found |= _taken(going, _STANDING)
    found |= {
        "flags": tuple(flag for flag in AccountFlag if flag in marks),
        "has_open_ticket": staying.has_open_ticket or going.has_open_ticket,
        "is_enterprise": staying.is_enterprise or going.is_enterprise,
        "product_line_ids": tuple(sorted({*staying.product_line_ids, *going.product_line_ids})),
    }
    return MergedAccount(replace(staying, **found), owner_kept if owners_differ(staying, going) else None)


def changed_fields(before: AccountDraft, after: AccountDraft) -> tuple[str, ...]:
    """The fields of the account that stays which the merge changes."""
    return tuple(item.name for item in fields(after) if getattr(before, item.name) != getattr(after, item.name))


def _rank(status: AccountStatus) -> int:
    """What is known for sure goes before what is only hoped for; competitors and partners are never overruled."""
    order = (AccountStatus.PROSPECT, AccountStatus.CHURNED, AccountStatus.CUSTOMER)
    return order.index(status) if status in order else len(order)


def _taken(draft: AccountDraft, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in names}
