"""Leads handed on because their partner takes no part any more: how far that has come, and where they went."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Text, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.database import db
from app.domain.departures import Destination
from app.domain.distribution import AssignmentEnd
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Assignment, DepartedLead, Departure, Lead, Offer, Partnership
from app.queries.holdings import left_to_it_alone, worked_by
from app.queries.network.own import own_row

LISTED = 200
"""How many leads of one departure are listed at most."""


@dataclass(frozen=True, slots=True)
class GoneOnLead:
    """One lead that was handed on, and to whom, where it is a partner."""

    lead_id: uuid.UUID
    reference: str
    company: str
    destination: Destination
    partner: str | None


@dataclass(frozen=True, slots=True)
class DepartureProgress:
    """A partner's latest departure: how many of its leads have gone on, where to, and how many are left to go.

    `worked` of those that have gone the partner worked, the others nobody else was offered; with `keeps_work` only
    such ones go.
    """

    id: int
    status: PartnershipStatus
    started_at: datetime
    finished_at: datetime | None
    keeps_work: bool
    is_stopped: bool
    moved: int
    worked: int
    left: int
    went: Mapping[Destination, int]
    leads: tuple[GoneOnLead, ...]

    @property
    def is_under_way(self) -> bool:
        """Whether leads are still to go."""
        return self.finished_at is None

    @property
    def only_offered(self) -> int:
        """How many of those that have gone the partner did not work: nobody else was offered them."""
        return self.moved - self.worked

    @property
    def total(self) -> int:
        """All leads that have gone or are to go."""
        return self.moved + self.left

    @property
    def version(self) -> str:
        """Changes whenever it must be drawn anew."""
        return f"{self.id}-{self.moved}-{self.left}-{self.is_under_way}"


def departure_progress(*, viewer: Viewer, partnership_id: int) -> DepartureProgress | None:
    """The latest departure of one of the manufacturer's partners; None when its leads were never handed on."""
    partnership = own_row(viewer, Partnership, partnership_id)
    latest = select(Departure).where(Departure.partnership_id == partnership.id).order_by(Departure.id.desc()).limit(1)
    departure = db.session.scalars(latest).one_or_none()
    if departure is None:
        return None
    went, left = _counted(departure)
    is_open = departure.finished_at is None
    return DepartureProgress(
        id=departure.id,
        status=departure.status,
        started_at=departure.started_at,
        finished_at=departure.finished_at,
        keeps_work=departure.keeps_work,
        is_stopped=departure.is_stopped,
        moved=sum(went.values()),
        worked=_count_worked_before(departure),
        left=left if is_open else 0,
        went=went,
        leads=gone_on_leads(db.session(), departure.id, limit=LISTED),
    )


def _counted(departure: Departure) -> tuple[dict[Destination, int], int]:
    """How many leads have gone where, and how many are left to go; in one look, so that none counts twice."""
    gone = select(cast(DepartedLead.destination, Text), func.count()).where(DepartedLead.departure_id == departure.id)
    left = select(literal(""), func.count()).select_from(_left_to_go(departure).subquery())
    counts = dict(db.session.execute(union_all(gone.group_by(DepartedLead.destination), left)).tuples().all())
    return {one: counts[one.value] for one in Destination if one.value in counts}, counts[""]


def _count_worked_before(departure: Departure) -> int:
    """How many of the leads that have gone the partner worked."""
    lines = select(func.count(DepartedLead.id)).join(Departure, Departure.id == DepartedLead.departure_id)
    return db.session.scalar(lines.where(Departure.id == departure.id, was_worked())) or 0


def was_worked() -> ColumnElement[bool]:
    """Whether a line of a departure, joined with it, is about a lead that the partner worked when it left."""
    return exists().where(
        Assignment.lead_id == DepartedLead.lead_id,
        Assignment.partnership_id == Departure.partnership_id,
        Assignment.end == AssignmentEnd.REASSIGNED,
        Assignment.ended_at >= Departure.started_at,
        Assignment.ended_at <= DepartedLead.moved_at,
    )


def count_left_to_go(session: Session, departure: Departure) -> int:
    """How many leads still go on because of a departure."""
    return session.scalar(select(func.count()).select_from(_left_to_go(departure).subquery())) or 0


def _left_to_go(departure: Departure) -> CompoundSelect[uuid.UUID]:
    """The leads a partnership works, unless it keeps them, and those that nobody else is offered; no lead is both."""
    partnership_id = departure.partnership_id
    worked = select(Assignment.lead_id).where(worked_by(partnership_id), literal(not departure.keeps_work))
    return union_all(worked, select(Offer.lead_id).where(Offer.partnership_id == partnership_id, left_to_it_alone()))


def gone_on_leads(
    session: Session, departure_id: int, *, only: Sequence[int] | None = None, limit: int | None = None
) -> tuple[GoneOnLead, ...]:
    """The leads that one departure has handed on, the first on top; `only` those lines of it."""
    rows = (
        select(Lead, DepartedLead.destination, Partnership.name)
        .join(DepartedLead, DepartedLead.lead_id == Lead.id)
        .outerjoin(Partnership, Partnership.id == DepartedLead.partnership_id)
        .where(DepartedLead.departure_id == departure_id)
        .order_by(DepartedLead.id)
        .limit(limit)
    )
    if only is not None:
        rows = rows.where(DepartedLead.id.in_(only))
    return tuple(
        GoneOnLead(lead.id, lead.reference, lead.company, destination, partner)
        for lead, destination, partner in session.execute(rows)
    )
