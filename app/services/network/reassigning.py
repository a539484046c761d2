"""Giving accounts another owner by hand."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.domain.account_routing.facts import Owner
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.owners import Belonging
from app.domain.phrases import N_, Phrase
from app.models import Account, Partnership, User
from app.queries.belongings import accounts_column, owned_by
from app.services.network.writing import NetworkWriting, network_writing
from app.services.owners.changing import change_owner, record_reassigned
from app.services.owners.holding import hold_owner


def reassign_accounts(
    *, actor: Viewer, owner: Owner, new_owner: Owner, reason: str, account_ids: Collection[int] | None = None
) -> int:
    """Give accounts of one owner to another, with a reason; all of them when `account_ids` is None.

    Listings, deals and leads stay whose they are. `NotFound` for an owner of somebody else's, `Invalid` without a
    reason, when the new owner has left or is the old one, when an account that is to be a partner's is another's
    already, and when no account is left to give: so for a second call. Open leads are matched again.
    Returns how many accounts have changed hands.
    """
    if not reason.strip():
        raise _wrong("reason", Phrase(N_("Say why these accounts get another owner.")))
    if owner == new_owner:
        raise _wrong("new_owner", Phrase(N_("They are the owner already.")))
    with network_writing(actor) as writing:
        name = _name_of(writing, owner)
        theirs = owned_by(accounts_column(owner), owner.partnership_id or owner.user_id or 0)
        theirs &= Account.manufacturer_id == writing.manufacturer_id
        if account_ids is not None:
            theirs &= Account.id.in_(account_ids)
        rows = select(Account.id).where(theirs).order_by(Account.id).with_for_update(key_share=True)
        locked = writing.session.scalars(rows).all()
        if not locked:
            raise _wrong("accounts", Phrase(N_("Choose the accounts that get another owner.")))
        if new_owner.partnership_id is not None:
            _refuse_anothers(writing, locked, {owner.partnership_id, new_owner.partnership_id})
        new_name = hold_owner(writing.session, writing.manufacturer_id, new_owner, field="new_owner")
        change_owner(writing.session, Belonging.ACCOUNTS, owner, new_owner, only=locked)
        told = {"from": name, "to": new_name, "accounts": len(locked), "reason": reason.strip()}
        record_reassigned(writing.session, writing.manufacturer_id, locked, told, actor=actor)
        writing.doubt_matches()
        return len(locked)


def _name_of(writing: NetworkWriting, owner: Owner) -> str:
    """The present owner's name; whoever has left, or been ended, may still have accounts to give."""
    if owner.partnership_id is not None:
        return writing.find(Partnership, owner.partnership_id).name
    own = select(User.name).where(User.id == owner.user_id, User.organisation_id == writing.manufacturer_id)
    name = writing.session.scalar(own)
    if name is None:
        raise NotFound
    return name


def _refuse_anothers(writing: NetworkWriting, account_ids: Collection[int], but_of: Collection[int | None]) -> None:
    """An account that a seller and a partner have together is not taken from that partner by giving the seller's."""
    theirs = Account.owner_partnership_id.not_in([one for one in but_of if one is not None])
    anothers = select(Account).where(Account.id.in_(account_ids), theirs).order_by(Account.name, Account.id)
    first = writing.session.scalars(anothers.limit(1)).one_or_none()
    if first is not None:
        told = {"code": first.code, "name": first.name}
        raise _wrong("accounts", Phrase(N_("%(code)s %(name)s is another partner's as well: leave it out."), told))


def _wrong(field: str, phrase: Phrase) -> Invalid:
    return Invalid(phrase, fields={field: phrase})
