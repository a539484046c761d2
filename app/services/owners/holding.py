"""Giving something to an owner who leaves at the same moment: one of the two waits for the other, and then knows.

Lock order: leads by id, accounts by id, partnerships by id, the settings, people by id. Who leaves has locked what is
theirs before; who gives something locks the thing first and the new owner last.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.account_routing.facts import Owner
from app.domain.errors import NotFound, Refused
from app.domain.owners import LEFT, Belonging, Taker, check_new_owner, wrong_successor
from app.domain.phrases import N_, Phrase
from app.models import (
    Account,
    AccountTeamMember,
    Assignment,
    Lead,
    ManufacturerSettings,
    Opportunity,
    Partnership,
    Review,
    User,
)
from app.queries.belongings import OF_PARTNERSHIP, OF_PERSON, Columns, owned_by
from app.services.network_order import take_network


@dataclass(frozen=True, slots=True)
class Held:
    """What was somebody's when it was locked."""

    lead_ids: tuple[uuid.UUID, ...] = ()
    account_ids: tuple[int, ...] = ()
    partnership_ids: tuple[int, ...] = ()


def hold_seller(session: Session, manufacturer_id: int, user_id: int, *, field: str = "successor") -> User:
    """A person of the manufacturer who is about to be given something, and cannot leave before this is committed.

    NotFound for anybody else's person; Invalid at `field` once the person is disabled. Call it last, with everything
    else locked.
    """
    own = select(User).where(User.id == user_id, User.organisation_id == manufacturer_id)
    seller = session.scalars(
        own.with_for_update(of=User, read=True).execution_options(populate_existing=True)
    ).one_or_none()
    if seller is None:
        raise NotFound
    if seller.disabled_at is not None:
        gone = Phrase(N_("%(name)s has left: choose somebody else."), {"name": seller.name})
        raise wrong_successor(gone, field)
    return seller


def hold_partnership(
    session: Session, manufacturer_id: int, partnership_id: int, *, field: str = "successor"
) -> Partnership:
    """A partnership that is about to be given something, and can be neither ended nor suspended before the commit.

    NotFound for anybody else's; Invalid at `field` once it is suspended or ended.
    """
    own = select(Partnership).where(Partnership.id == partnership_id, Partnership.manufacturer_id == manufacturer_id)
    partnership = session.scalars(
        own.with_for_update(of=Partnership, read=True).execution_options(populate_existing=True)
    ).one_or_none()
    if partnership is None:
        raise NotFound
    if partnership.status in LEFT:
        gone = Phrase(N_("%(name)s has left: choose somebody else."), {"name": partnership.name})
        raise wrong_successor(gone, field)
    return partnership


def hold_owner(session: Session, manufacturer_id: int, owner: Owner, *, field: str = "successor") -> str:
    """Whoever is about to be given accounts, a partnership or a person, held as above; returns the name.

    Invalid at `field` also for a person who has not joined, or whose role works no leads.
    """
    if owner.partnership_id is not None:
        return hold_partnership(session, manufacturer_id, owner.partnership_id, field=field).name
    seller = hold_seller(session, manufacturer_id, owner.user_id or 0, field=field)
    check_new_owner(as_taker(seller), field)
    return seller.name


def as_taker(user: User) -> Taker:
    """A person as the rules about taking over see it."""
    return Taker(user.name, user.role, user.joined_at is not None)


def lock_belongings_of_person(session: Session, manufacturer_id: int, user_id: int) -> Held:
    """Lock the leads and accounts in which the person owns anything, the partnerships it looks after, and the settings.

    All of that comes before the person's own row.
    """
    leads = select(Lead.id).where(Lead.id.in_(_lead_ids(user_id)), Lead.manufacturer_id == manufacturer_id)
    lead_ids = tuple(session.scalars(leads.order_by(Lead.id).with_for_update(key_share=True)))
    account_ids = _locked_accounts(session, manufacturer_id, _account_ids(OF_PERSON, user_id))
    partnership_ids = lock_looked_after(session, Partnership.channel_manager_id, user_id)
    posts = select(ManufacturerSettings.version).where(ManufacturerSettings.manufacturer_id == manufacturer_id)
    session.execute(posts.with_for_update(key_share=True))
    return Held(lead_ids, account_ids, partnership_ids)


def lock_looked_after(session: Session, column: InstrumentedAttribute[Any], user_id: int) -> tuple[int, ...]:
    """Lock the partnerships that name a person in `column`, by id."""
    theirs = select(Partnership.id).where(owned_by(column, user_id)).order_by(Partnership.id)
    return tuple(session.scalars(theirs.with_for_update(key_share=True)))


def lock_belongings_of_partnership(
    session: Session, manufacturer_id: int, partnership_id: int, successor_id: int | None = None
) -> Held:
    """Lock the manufacturer's accounts in which the partnership owns anything, then it and its successor by id.

    The network is taken between them, as for every change of a partnership.
    """
    held = Held((), _locked_accounts(session, manufacturer_id, _account_ids(OF_PARTNERSHIP, partnership_id)))
    take_network(session, manufacturer_id)
    rows = select(Partnership.id).where(
        Partnership.id.in_([partnership_id, successor_id]), Partnership.manufacturer_id == manufacturer_id
    )
    session.execute(rows.order_by(Partnership.id).with_for_update(key_share=True))
    return held


def refuse_what_came_meanwhile(session: Session, held: Held, owner: Owner) -> None:
    """Refused when the owner, whose row is locked by now, was given something after what was theirs had been locked.

    A person looks again: nobody decided yet who takes over what has just come.
    """
    if owner.user_id is not None:
        leads = set(session.scalars(_lead_ids(owner.user_id)))
        accounts = set(session.scalars(_account_ids(OF_PERSON, owner.user_id)))
        refuse_new_partners(session, held.partnership_ids, Partnership.channel_manager_id, owner.user_id)
    else:
        leads, accounts = set(), set(session.scalars(_account_ids(OF_PARTNERSHIP, owner.partnership_id or 0)))
    if leads - set(held.lead_ids) or accounts - set(held.account_ids):
        raise _given_meanwhile()


def refuse_new_partners(
    session: Session, held_ids: Collection[int], column: InstrumentedAttribute[Any], user_id: int
) -> None:
    """Refused when a partnership named the person, whose row is locked by now, after the others had been locked."""
    named = set(session.scalars(select(Partnership.id).where(owned_by(column, user_id))))
    if named - set(held_ids):
        raise _given_meanwhile()


def _given_meanwhile() -> Refused:
    return Refused(
        Phrase(N_("Something was given to this owner at this moment, so nothing was changed.")),
        code="written_meanwhile",
        remedy=Phrase(N_("Look at what there is now, then try again.")),
    )


def _locked_accounts(session: Session, manufacturer_id: int, ids: Select[tuple[int]]) -> tuple[int, ...]:
    accounts = select(Account.id).where(Account.id.in_(ids), Account.manufacturer_id == manufacturer_id)
    return tuple(session.scalars(accounts.order_by(Account.id).with_for_update(key_share=True)))


def _account_ids(columns: Columns, owner_id: int) -> Select[tuple[int]]:
    """The accounts in which somebody owns anything: the account, a listing, an opportunity, a place in its team."""
    id_of = {Account: Account.id, Opportunity: Opportunity.account_id, AccountTeamMember: AccountTeamMember.account_id}
    parts = [
        select(id_of[column.class_]).where(owned_by(column, owner_id))
        for column in columns.values()
        if column.class_ in id_of
    ]
    found = union(*parts).subquery()
    return select(found.c[0])


def _lead_ids(user_id: int) -> Select[tuple[uuid.UUID]]:
    """The leads a person works, and those whose open review is theirs."""
    worked = select(Assignment.lead_id).where(owned_by(OF_PERSON[Belonging.LEADS], user_id))
    reviewed = select(Review.lead_id).where(owned_by(OF_PERSON[Belonging.REVIEWS], user_id))
    found = union(worked, reviewed).subquery()
    return select(found.c[0])
