"""Where the leads of a partner would go if it took part no more: said before anybody decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.account_routing.facts import Owner
from app.domain.identity import Viewer
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.trace import Eligibility
from app.domain.phrases import N_, Phrase
from app.models import Assignment, Lead, Partnership
from app.queries.absences import partners_away
from app.queries.belongings import owner_name
from app.queries.capacity import Room, room_of
from app.queries.holdings import worked_by
from app.queries.lead_routing import routing_facts
from app.queries.manufacturers import manufacturer_rules
from app.queries.network.own import own_row

LOOKED_AT = 50
"""For how many leads the rules are asked; more would keep the reader waiting."""
NAMED = 3
"""How many reasons are named that stop a successor or a backup."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why so many leads cannot go to somebody; `count` is None where it is so of all."""

    why: Phrase
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """Who would follow, for how many of the leads that were looked at, and why not for the others."""

    name: str
    count: int
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class DeparturePreview:
    """What a partner works, and how many of the `looked_at` first leads would go to its successor and to its backup.

    One is None where nobody is named, and a partner gets as many as it has room for. All others go on with their plan.
    """

    works_now: int
    uncalled: int
    looked_at: int
    successor: Follower | None
    backup: Follower | None

    @property
    def through_plan(self) -> int:
        """How many would go on with their plan."""
        return self.looked_at - sum(one.count for one in (self.successor, self.backup) if one is not None)


def departure_preview(
    *, viewer: Viewer, partnership_id: int, successor: Owner | None = None
) -> DeparturePreview | None:
    """Where the leads would go, with `successor` or the partner that is named already; None when it works none."""
    partnership, session = own_row(viewer, Partnership, partnership_id), db.session()
    worked = worked_by(partnership.id)
    uncalled = func.count().filter(Assignment.first_attempt_at.is_(None))
    works_now, not_called = session.execute(select(func.count(), uncalled).where(worked)).one()
    if not works_now:
        return None
    leads = session.scalars(
        select(Lead)
        .join(Assignment, Assignment.lead_id == Lead.id)
        .where(worked)
        .order_by(Assignment.first_attempt_at.nulls_first(), Assignment.id)
        .limit(LOOKED_AT)
    ).all()
    named = partnership.successor_partnership_id
    heir = successor or (Owner(partnership_id=named) if named is not None else None)
    first, second = _followers(session, viewer, leads, heir, partnership.backup_partnership_id)
    return DeparturePreview(works_now, not_called, len(leads), successor=first, backup=second)


def _followers(
    session: Session, viewer: Viewer, leads: Sequence[Lead], heir: Owner | None, backup_id: int | None
) -> tuple[Follower | None, Follower | None]:
    """The successor with the leads it would work, and the backup with those of the others it would be asked about."""
    heir_id = heir.partnership_id if heir else None
    asked = {one for one in (heir_id, backup_id) if one is not None}
    away = _away(session, asked)
    left = _decided(session, leads, asked - away) if asked else [{} for _ in leads]
    first = second = None
    if heir is not None:
        name = owner_name(viewer=viewer, user_id=heir.user_id, partnership_id=heir_id) or ""
        if heir_id is None:
            first, left = Follower(name, len(leads)), []
        else:
            first = _follower(name, heir_id, left, room_of(session, heir_id), is_away=heir_id in away)
            left = _left_by(left, heir_id, first.count)
    if backup_id is not None:
        name, room = owner_name(viewer=viewer, partnership_id=backup_id) or "", room_of(session, backup_id)
        if first is not None and backup_id == heir_id:
            room = replace(room, places=room.places - first.count)
        second = _follower(name, backup_id, left, room, is_away=backup_id in away)
    return first, second


_Decided = Mapping[int, Eligibility]
_AWAY = Phrase(N_("It is away now."))
_SUSPENDED = N_("Its claims are suspended until %(until)s.")
_FULL = N_("There is no room for more under its limit of %(cap)s open claims.")


def _follower(name: str, partnership_id: int, found: Sequence[_Decided], room: Room, *, is_away: bool) -> Follower:
    if is_away:
        return Follower(name, 0, (Obstacle(_AWAY),) if found else ())
    may_have = sum(_may(one, partnership_id) for one in found)
    count = min(may_have, room.places)
    full = (Obstacle(_why_full(room), may_have - count),) if may_have > count else ()
    return Follower(name, count, (*_obstacles(found, partnership_id), *full))


def _why_full(room: Room) -> Phrase:
    if room.suspended_until is not None:
        return Phrase(_SUSPENDED, {"until": room.suspended_until})
    return Phrase(_FULL, {"cap": room.cap})


def _left_by(found: Sequence[_Decided], partnership_id: int, count: int) -> list[_Decided]:
    """What goes on elsewhere when a partner gets the first `count` that it may have."""
    its = [place for place, one in enumerate(found) if _may(one, partnership_id)][:count]
    return [one for place, one in enumerate(found) if place not in its]


def _obstacles(found: Sequence[_Decided], partnership_id: int) -> tuple[Obstacle, ...]:
    """The first rule that stops the partner, for each lead it stops; the most frequent on top."""
    stopped = [one[partnership_id] for one in found if partnership_id in one and not _may(one, partnership_id)]
    reasons = [next(result.phrase for result in one.results if not result.passed) for one in stopped]
    words = {str(phrase): phrase for phrase in reasons}
    return tuple(Obstacle(words[text], count) for text, count in Counter(map(str, reasons)).most_common(NAMED))


def _may(decided: _Decided, partnership_id: int) -> bool:
    return partnership_id in decided and decided[partnership_id].is_eligible


def _away(session: Session, partnership_ids: Collection[int]) -> set[int]:
    """Those of the partnerships that are away."""
    rows = session.execute(select(Partnership.id, Partnership.partner_id).where(Partnership.id.in_(partnership_ids)))
    partner_of = {row.id: row.partner_id for row in rows}
    away = partners_away(session, partner_of.values())
    return {partnership_id for partnership_id, partner_id in partner_of.items() if partner_id in away}


def _decided(session: Session, leads: Sequence[Lead], partnership_ids: Collection[int]) -> list[_Decided]:
    """What the rules say of each lead about these partnerships, all of them one manufacturer's."""
    zone, now = manufacturer_rules(session, leads[0].manufacturer_id).time_zone, read_clock(session)
    found = [routing_facts(session, lead.id, only=partnership_ids, now=now, zone=zone) for lead in leads]
    return [
        {
            one.partnership_id: decide_eligibility(facts.lead, one, now=facts.now, today=facts.today)
            for one in facts.partnerships
        }
        for facts in found
    ]
