"""Where the leads of a partner would go if it took part no more: said before anybody decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.account_routing.facts import Owner
from app.domain.identity import Viewer
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.facts import PartnershipFacts
from app.models import Assignment, Lead, Partnership
from app.queries.absences import partners_away
from app.queries.belongings import owner_name
from app.queries.capacity import free_places
from app.queries.departures import worked_by
from app.queries.lead_routing import RoutingFacts, routing_facts
from app.queries.manufacturers import manufacturer_rules
from app.queries.network.own import own_row

LOOKED_AT = 50
"""For how many leads the rules are asked; more would keep the reader waiting."""


@dataclass(frozen=True, slots=True)
class DeparturePreview:
    """What a partner works, and how many of the `looked_at` first leads would go to its successor and to its backup.

    A name is None where nobody is named; the backup is asked for as many as it has room for. All others go on with
    their plan.
    """

    works_now: int
    uncalled: int
    looked_at: int
    successor: str | None
    to_successor: int
    backup: str | None
    to_backup: int

    @property
    def through_plan(self) -> int:
        """How many would go on with their plan."""
        return self.looked_at - self.to_successor - self.to_backup


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
    heir_id = successor.partnership_id if successor else partnership.successor_partnership_id
    seller_id = successor.user_id if successor else None
    backup_id = partnership.backup_partnership_id
    to_successor, to_backup = _split(session, leads, heir_id, backup_id, is_sellers=seller_id is not None)
    return DeparturePreview(
        works_now=works_now,
        uncalled=not_called,
        looked_at=len(leads),
        successor=owner_name(viewer=viewer, user_id=seller_id, partnership_id=heir_id),
        to_successor=to_successor,
        backup=owner_name(viewer=viewer, partnership_id=backup_id) if backup_id else None,
        to_backup=to_backup,
    )


def _split(
    session: Session, leads: Sequence[Lead], heir_id: int | None, backup_id: int | None, *, is_sellers: bool
) -> tuple[int, int]:
    """How many of the leads the successor would work, and for how many others the backup would be asked."""
    if is_sellers:
        return len(leads), 0
    there = _there(session, {heir_id, backup_id} - {None})
    may_have = _who_may(session, leads, there) if there else []
    to_successor = sum(heir_id in found for found in may_have)
    left_over = sum(backup_id in found and heir_id not in found for found in may_have)
    return to_successor, min(left_over, free_places(session, backup_id) if backup_id else 0)


def _there(session: Session, partnership_ids: Collection[int | None]) -> list[int]:
    """Those of the partnerships that are not away."""
    rows = session.execute(select(Partnership.id, Partnership.partner_id).where(Partnership.id.in_(partnership_ids)))
    partner_of = {row.id: row.partner_id for row in rows}
    away = partners_away(session, partner_of.values())
    return [partnership_id for partnership_id, partner_id in partner_of.items() if partner_id not in away]


def _who_may(session: Session, leads: Sequence[Lead], partnership_ids: Collection[int]) -> list[set[int | None]]:
    """Which of the partnerships may have each lead, all of them one manufacturer's."""
    zone, now = manufacturer_rules(session, leads[0].manufacturer_id).time_zone, read_clock(session)
    found = [routing_facts(session, lead.id, only=partnership_ids, now=now, zone=zone) for lead in leads]
    return [{one.partnership_id for one in facts.partnerships if _may(facts, one)} for facts in found]


def _may(facts: RoutingFacts, one: PartnershipFacts) -> bool:
    return decide_eligibility(facts.lead, one, now=facts.now, today=facts.today).is_eligible
