"""What somebody who leaves owned becomes their successors', in the transaction in which they leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.audit import EventKind
from app.domain.distribution import AssignmentEnd, AssignmentOrigin
from app.domain.identity import Viewer
from app.domain.owners import Belonging, Handover, check_handover, check_takers, no_successor, own_successor
from app.models import AccountTeamMember, Assignment, Lead, ManufacturerSettings, Partnership, User
from app.queries.belongings import OF_PARTNERSHIP, OF_PERSON, count_belongings, owned_by, posts_of
from app.services.audit import record_event
from app.services.distribution.assigning import end_assignment, start_assignment
from app.services.distribution.deadlines import keep_follow_up
from app.services.owners.changing import change_owner, record_reassigned
from app.services.owners.holding import (
    Held,
    as_taker,
    hold_owner,
    hold_seller,
    refuse_new_partners,
    refuse_what_came_meanwhile,
)


def hand_on_person(session: Session, user: User, held: Held, handover: Handover, *, actor: Viewer) -> None:
    """Give everything the person owns to whom the handover names, and keep who follows for what comes later.

    The caller has locked what the person owns (`held`) and then the person. Invalid when something would be left to
    nobody, to somebody who has left, or to somebody who cannot do the work; Refused when something was given to the
    person meanwhile. Who owns nothing may name a successor all the same.
    """
    refuse_what_came_meanwhile(session, held, Owner(user_id=user.id))
    owned = count_belongings(session, OF_PERSON, user.id)
    posts = posts_of(session, user.organisation_id, user.id)
    if posts:
        owned[Belonging.POSTS] = len(posts)
    check_handover(owned, handover, name=user.name)
    takers = {kind: taker for kind in owned if (taker := handover.taker_of(kind))}
    chosen = {*takers.values(), *([handover.successor_id] if handover.successor_id else [])}
    if user.id in chosen:
        raise own_successor(user.name)
    sellers = {taker: hold_seller(session, user.organisation_id, taker) for taker in sorted(chosen)}
    check_takers(owned, handover, {taker: as_taker(seller) for taker, seller in sellers.items()})
    for kind, taker in takers.items():
        _hand_on(session, kind, user, sellers[taker], posts, actor)
    for taker, seller in sellers.items():
        taken = {kind.value: owned[kind] for kind in takers if takers[kind] == taker}
        if taken:
            ids = held.account_ids if takers.get(Belonging.ACCOUNTS) == taker else ()
            told = {"from": user.name, "to": seller.name, **taken}
            record_reassigned(session, user.organisation_id, ids, told, actor=actor)
    user.successor_id = handover.successor_id


def hand_on_sales_manager(session: Session, user: User, held_ids: Collection[int], *, actor: Viewer) -> None:
    """Let who shuts out a partner's sales manager be told first instead; who leaves by their own hand names nobody.

    Then all administrators of the partner are told, and the manufacturers see that nobody is named. The caller has
    locked the partnerships that name the person (`held_ids`), then the person. Refused when another came meanwhile.
    """
    refuse_new_partners(session, held_ids, Partnership.sales_manager_id, user.id)
    follower = session.get_one(User, actor.user_id) if actor.user_id != user.id else None
    _look_after(session, Partnership.sales_manager_id, user, follower, actor)


def hand_on_partnership(
    session: Session, partnership: Partnership, held: Held, successor: Owner | None, *, actor: Viewer
) -> None:
    """Give the accounts and deals of an ending partnership to another one or to a seller of the manufacturer.

    The caller has locked what it owns (`held`) and then the partnership. Invalid when something would be left to
    nobody. The leads it works go on afterwards, each in a transaction of its own.
    """
    refuse_what_came_meanwhile(session, held, Owner(partnership_id=partnership.id))
    owned = count_belongings(session, OF_PARTNERSHIP, partnership.id)
    if successor is None:
        if owned:
            raise no_successor(partnership.name)
        return
    if successor.partnership_id == partnership.id:
        raise own_successor(partnership.name)
    name = hold_owner(session, partnership.manufacturer_id, successor)
    for kind in owned:
        change_owner(session, kind, Owner(partnership_id=partnership.id), successor)
    partnership.successor_partnership_id = successor.partnership_id
    if owned:
        told = {"from": partnership.name, "to": name, **{kind.value: count for kind, count in owned.items()}}
        record_reassigned(session, partnership.manufacturer_id, held.account_ids, told, actor=actor)


def _hand_on(session: Session, kind: Belonging, user: User, seller: User, posts: Sequence[str], actor: Viewer) -> None:
    if kind is Belonging.LEADS:
        _hand_on_leads(session, user, seller, actor)
    elif kind is Belonging.POSTS:
        _hand_on_posts(session, user, seller, posts, actor)
    elif kind is Belonging.PARTNERS:
        _look_after(session, Partnership.channel_manager_id, user, seller, actor)
    else:
        if kind is Belonging.TEAMS:
            _leave_shared_teams(session, user, seller)
        change_owner(session, kind, Owner(user_id=user.id), Owner(user_id=seller.id))


def _hand_on_leads(session: Session, user: User, seller: User, actor: Viewer) -> None:
    """Assign each lead anew: the successor is told by mail and gets the time of a first contact of its own.

    A follow-up that was agreed with the prospect stays a promise.
    """
    now = read_clock(session)
    worked = owned_by(OF_PERSON[Belonging.LEADS], user.id)
    leads = select(Lead).join(Assignment, Assignment.lead_id == Lead.id).where(worked).order_by(Lead.id)
    for lead in session.scalars(leads).all():
        end_assignment(session, lead, AssignmentEnd.REASSIGNED)
        made = start_assignment(session, lead, AssignmentOrigin.HAND, now, actor=actor, seller=seller)
        keep_follow_up(session, lead, made)


def _look_after(
    session: Session, column: InstrumentedAttribute[Any], user: User, follower: User | None, actor: Viewer
) -> None:
    """Write the follower, or nobody, where partnerships named the person, with a line in the trail of each."""
    what = column.key.removesuffix("_id")
    for partnership in session.scalars(select(Partnership).where(owned_by(column, user.id)).order_by(Partnership.id)):
        setattr(partnership, column.key, follower.id if follower else None)
        partnership.version += 1
        record_event(
            session,
            EventKind.PARTNERSHIP_CHANGED,
            actor=actor,
            manufacturer_id=partnership.manufacturer_id,
            partnership_id=partnership.id,
            data={"before": {what: user.name}, "after": {what: follower.name if follower else None}},
        )
    session.flush()


def _hand_on_posts(session: Session, user: User, seller: User, posts: Sequence[str], actor: Viewer) -> None:
    settings = session.get_one(ManufacturerSettings, user.organisation_id, with_for_update=True)
    for post in posts:
        setattr(settings, post, seller.id)
    settings.version += 1
    data = {"before": dict.fromkeys(posts, user.name), "after": dict.fromkeys(posts, seller.name)}
    record_event(session, EventKind.SETTINGS_CHANGED, actor=actor, manufacturer_id=user.organisation_id, data=data)


def _leave_shared_teams(session: Session, user: User, seller: User) -> None:
    """Where the successor does the same for an account already, the place of who leaves is free."""
    same = aliased(AccountTeamMember)
    has_place = select(same.id).where(
        same.user_id == seller.id,
        same.account_id == AccountTeamMember.account_id,
        same.role == AccountTeamMember.role,
        same.department == AccountTeamMember.department,
        same.product_line_id.is_not_distinct_from(AccountTeamMember.product_line_id),
    )
    theirs = owned_by(OF_PERSON[Belonging.TEAMS], user.id)
    session.execute(delete(AccountTeamMember).where(theirs, has_place.exists()))
