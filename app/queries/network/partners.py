"""Partners of a manufacturer: the list, and one partner's standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from app.database import clock_now, db
from app.domain.identity import Viewer
from app.domain.network.drafts import PartnershipDraft
from app.domain.partners import PartnershipStatus
from app.models import Assignment, Departure, Offer, Organisation, OwedRecheck, Partnership, Tier, User
from app.queries.absences import returns_of_partners
from app.queries.holdings import left_to_it_alone
from app.queries.network.drafts import draft_of_partnership, version_of_partnership
from app.queries.network.own import contains, own_manufacturer, own_row

PAGE_SIZE = 50


class PartnerSort(StrEnum):
    """By what the list is ordered."""

    NAME = "name"
    TIER = "tier"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFilter:
    """What the list is narrowed to; None and "" narrow nothing. Ended partnerships show only when asked for."""

    search: str = ""
    tier_id: int | None = None
    status: PartnershipStatus | None = None
    country: str = ""
    sort: PartnerSort = PartnerSort.NAME
    page: int = 1


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner of the list; capacity is claims not yet worked, of the most it may hold.

    `returns_at` is when one that is away is there again, None where nobody knows.
    """

    id: int
    code: str
    name: str
    country: str | None
    tier: str
    status: PartnershipStatus
    unworked_claims: int
    max_open_claims: int
    is_away: bool = False
    returns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartnerList:
    """One page of the list, with how many there are in all."""

    rows: list[PartnerRow]
    total: int
    page: int

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return self.first + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class PartnerOverview:
    """One partner's standing. Caps are those that count: its own, else its tier's.

    `offered_alone` are the open offers that nobody else has; `is_departing` while leads it works are on their way to
    others.
    """

    id: int
    draft: PartnershipDraft
    version: int
    tier: str
    max_open_claims: int
    max_claims_per_day: int
    has_own_caps: bool
    unworked_claims: int
    open_offers: int
    offered_alone: int
    works_now: int
    claimed_in_30_days: int
    sales_manager: str | None
    channel_manager: str | None
    backup: tuple[int, str] | None
    backup_for: list[tuple[int, str]]
    successor: tuple[int, str] | None
    is_shared: bool
    is_being_rechecked: bool
    is_departing: bool
    since: datetime
    ended_at: datetime | None


def list_partners(*, viewer: Viewer, wanted: PartnerFilter) -> PartnerList:
    """One page of the manufacturer's partners."""
    conditions = _conditions(own_manufacturer(viewer), wanted)
    total = db.session.scalar(_joined(select(func.count(Partnership.id))).where(*conditions)) or 0
    rows = _joined(
        select(
            Partnership.id,
            Partnership.partner_id,
            Partnership.code,
            Partnership.name,
            Organisation.country,
            Tier.name.label("tier"),
            Partnership.status,
            Partnership.unworked_claims,
            func.coalesce(Partnership.max_open_claims, Tier.max_open_claims).label("max_open_claims"),
        )
    ).where(*conditions)
    page = max(1, min(wanted.page, -(-total // PAGE_SIZE)))
    ordered = rows.order_by(*_order(wanted.sort)).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    found = db.session.execute(ordered).mappings().all()
    away = returns_of_partners(db.session(), [row["partner_id"] for row in found])
    return PartnerList([_row(row, away) for row in found], total, page)


def _row(row: Mapping[Any, Any], away: Mapping[int, datetime | None]) -> PartnerRow:
    values = dict(row)
    partner_id = values.pop("partner_id")
    return PartnerRow(**values, is_away=partner_id in away, returns_at=away.get(partner_id))


def partner_countries(*, viewer: Viewer) -> list[str]:
    """The countries the manufacturer's partners are in."""
    rows = _joined(select(Organisation.country).distinct())
    rows = rows.where(Partnership.manufacturer_id == own_manufacturer(viewer), Organisation.country.is_not(None))
    return sorted(filter(None, db.session.scalars(rows)))


def partner_overview(*, viewer: Viewer, partnership_id: int) -> PartnerOverview:
    """One partner's standing and key figures."""
    row = own_row(viewer, Partnership, partnership_id)
    organisation = db.session.get_one(Organisation, row.partner_id)
    people = {row.sales_manager_id, row.channel_manager_id} - {None}
    names = {user.id: user.name for user in db.session.scalars(select(User).where(User.id.in_(people)))}
    backup = db.session.get(Partnership, row.backup_partnership_id) if row.backup_partnership_id else None
    successor = db.session.get(Partnership, row.successor_partnership_id) if row.successor_partnership_id else None
    return PartnerOverview(
        id=row.id,
        draft=draft_of_partnership(row, organisation),
        version=version_of_partnership(row, organisation),
        tier=row.tier.name,
        max_open_claims=row.tier.max_open_claims if row.max_open_claims is None else row.max_open_claims,
        max_claims_per_day=row.tier.max_claims_per_day if row.max_claims_per_day is None else row.max_claims_per_day,
        has_own_caps=(row.max_open_claims, row.max_claims_per_day) != (None, None),
        unworked_claims=row.unworked_claims,
        **_figures(row),
        sales_manager=names.get(row.sales_manager_id or 0),
        channel_manager=names.get(row.channel_manager_id or 0),
        backup=(backup.id, backup.name) if backup else None,
        backup_for=_backup_for(row.id),
        successor=(successor.id, successor.name) if successor else None,
        is_shared=_is_shared(row),
        is_being_rechecked=row.checked_version < row.eligibility_version or _is_owed_recheck(row),
        is_departing=_is_departing(row.id),
        since=row.created_at,
        ended_at=row.ended_at,
    )


def _joined(statement: Any) -> Any:
    """The statement over partnerships with their organisation and tier."""
    return (
        statement.select_from(Partnership)
        .join(Organisation, Organisation.id == Partnership.partner_id)
        .join(Tier, Tier.id == Partnership.tier_id)
    )


def _conditions(manufacturer_id: int, wanted: PartnerFilter) -> list[ColumnElement[bool]]:
    conditions = [Partnership.manufacturer_id == manufacturer_id]
    if wanted.search:
        columns = (Partnership.name, Partnership.code, Organisation.domain)
        conditions.append(or_(*(contains(column, wanted.search) for column in columns)))
    if wanted.tier_id is not None:
        conditions.append(Partnership.tier_id == wanted.tier_id)
    if wanted.country:
        conditions.append(Organisation.country == wanted.country)
    if wanted.status is not None:
        conditions.append(Partnership.status == wanted.status)
    else:
        conditions.append(Partnership.status != PartnershipStatus.ENDED)
    return conditions


def _order(sort: PartnerSort) -> tuple[Any, ...]:
    used = (
        Partnership.unworked_claims
        * 1.0
        / func.greatest(func.coalesce(Partnership.max_open_claims, Tier.max_open_claims), 1)
    )
    first = {PartnerSort.NAME: (), PartnerSort.TIER: (Tier.rank.desc(),), PartnerSort.CAPACITY: (used.desc(),)}[sort]
    return (*first, func.lower(Partnership.name), Partnership.id)


def _figures(partnership: Partnership) -> dict[str, int]:
    """What a partnership works and is offered; asked by its partner too, with which the indexes begin.

    One that is not active can answer nothing: what it was offered is withdrawn within seconds, and no longer counts.
    """
    is_its = Assignment.partner_id == partnership.partner_id, Assignment.partnership_id == partnership.id
    worked = select(func.count()).select_from(Assignment).where(*is_its)
    recent = Assignment.assigned_at > select(clock_now() - timedelta(days=30)).scalar_subquery()
    open_offers = (
        select(func.count(), func.count().filter(left_to_it_alone()))
        .select_from(Offer)
        .where(Offer.partner_id == partnership.partner_id, Offer.partnership_id == partnership.id)
        .where(Offer.answer.is_(None), Offer.expires_at > select(clock_now()).scalar_subquery())
    )
    can_answer = partnership.status is PartnershipStatus.ACTIVE
    offers, alone = db.session.execute(open_offers).one() if can_answer else (0, 0)
    return {
        "open_offers": offers,
        "offered_alone": alone,
        "works_now": db.session.scalar(worked.where(Assignment.ended_at.is_(None))) or 0,
        "claimed_in_30_days": db.session.scalar(worked.where(recent)) or 0,
    }


def _backup_for(partnership_id: int) -> list[tuple[int, str]]:
    rows = select(Partnership.id, Partnership.name).where(
        Partnership.backup_partnership_id == partnership_id, Partnership.status != PartnershipStatus.ENDED
    )
    return [(row.id, row.name) for row in db.session.execute(rows.order_by(Partnership.name))]


def _is_departing(partnership_id: int) -> bool:
    under_way = select(Departure.id).where(Departure.partnership_id == partnership_id, Departure.finished_at.is_(None))
    return db.session.scalar(under_way.where(~Departure.keeps_work)) is not None


def _is_owed_recheck(row: Partnership) -> bool:
    """Whether leads are still to be looked at for what has changed about the partner."""
    wanted = select(OwedRecheck.id).where(
        OwedRecheck.manufacturer_id == row.manufacturer_id, OwedRecheck.partnership_ids.contains([row.id])
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _is_shared(row: Partnership) -> bool:
    other = aliased(Partnership)
    others = select(other.id).where(other.partner_id == row.partner_id, other.manufacturer_id != row.manufacturer_id)
    return db.session.scalar(others.limit(1)) is not None
