"""Partners as they stood when a replay begins, and how they answer as far as it is known today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.distribution import AssignmentEnd
from app.domain.ranking import score_tier
from app.domain.simulation import CompanyPast, PastPartner
from app.models import Assignment, Lead, ManufacturerSettings, Organisation, Partnership, Tier
from app.queries.ranking import RECORD_DAYS, tier_ranks
from app.queries.response_figures import ResponseFigures, figures_of

_NEVER = datetime.max.replace(tzinfo=UTC)
_WORKED = (AssignmentEnd.WON, AssignmentEnd.LOST, AssignmentEnd.DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """What people call a partner, and where it sits."""

    name: str
    code: str
    country: str | None
    postal_code: str | None


@dataclass(frozen=True, slots=True)
class _Before:
    """What a partner had before a moment."""

    received: int = 0
    last_received_at: datetime | None = None


def past_partners(
    session: Session, manufacturer_id: int, partnership_ids: Collection[int], since: datetime
) -> tuple[dict[int, PastPartner], dict[int, KnownPartner]]:
    """The partners as they stood at `since`, and what is known of them, both by partnership."""
    score = case((ManufacturerSettings.is_response_scored, Partnership.response_score))
    cap = func.coalesce(Partnership.max_open_claims, Tier.max_open_claims)
    rows = session.execute(
        select(
            Partnership.id,
            Partnership.partner_id,
            Partnership.name,
            Partnership.code,
            Organisation.country,
            Organisation.postal_code,
            Tier.rank,
            cap.label("cap"),
            score.label("response_score"),
        )
        .join(Organisation, Organisation.id == Partnership.partner_id)
        .join(Tier, Tier.id == Partnership.tier_id)
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Partnership.manufacturer_id)
        .where(Partnership.manufacturer_id == manufacturer_id, Partnership.id.in_(partnership_ids))
        .order_by(Partnership.id)
    ).all()
    figures = figures_of(session, manufacturer_id, read_clock(session) - timedelta(days=RECORD_DAYS))
    before, called = _before(session, rows, since), _called_at(session, rows, since)
    ranks = tier_ranks(session, manufacturer_id)
    known = {row.id: KnownPartner(row.name, row.code, row.country, row.postal_code) for row in rows}
    return {
        row.id: _partner(
            row, score_tier(row.rank, ranks), figures[row.id], before.get(row.id, _Before()), called[row.id]
        )
        for row in rows
    }, known


def _partner(
    row: Any, tier: float | None, figures: ResponseFigures, before: _Before, called_at: Collection[datetime]
) -> PastPartner:
    return PastPartner(
        partnership_id=row.id,
        cap=row.cap,
        tier=tier,
        response_score=row.response_score,
        asked=figures.asked,
        answered=figures.answered,
        closed=figures.closed,
        won=figures.won,
        answer_time=figures.answer_time,
        contact_time=figures.contact_time,
        received=before.received,
        last_received_at=before.last_received_at,
        called_at=tuple(called_at),
    )


def companies_before(
    session: Session, manufacturer_id: int, companies: Collection[Hashable], since: datetime
) -> dict[Hashable, dict[int, CompanyPast]]:
    """What partners have had to do with these companies before, by the leads they work or have worked there."""
    wanted = set(companies)
    rows = session.execute(
        select(
            Lead.account_id,
            Lead.profile_id,
            Assignment.partnership_id,
            func.count(),
            func.min(Assignment.assigned_at),
        )
        .join(Lead, Lead.id == Assignment.lead_id)
        .where(
            Lead.manufacturer_id == manufacturer_id,
            or_(Lead.account_id.is_not(None), Lead.profile_id.is_not(None)),
            Assignment.partnership_id.is_not(None),
            Assignment.assigned_at < since,
            or_(Assignment.end.is_(None), Assignment.end.in_(_WORKED)),
        )
        .group_by(Lead.account_id, Lead.profile_id, Assignment.partnership_id)
    )
    found: dict[Hashable, dict[int, CompanyPast]] = defaultdict(dict)
    for account_id, profile_id, partnership_id, count, first in rows:
        company = ("account", account_id) if account_id is not None else ("profile", profile_id)
        if company in wanted and partnership_id is not None:
            known = found[company].get(partnership_id, CompanyPast(0, first))
            found[company][partnership_id] = CompanyPast(known.leads + count, min(known.since, first))
    return found


def _before(session: Session, partners: Sequence[Any], since: datetime) -> dict[int, _Before]:
    rows = session.execute(
        select(Assignment.partnership_id, func.count(), func.max(Assignment.assigned_at))
        .where(*_of(partners), Assignment.assigned_at < since)
        .group_by(Assignment.partnership_id)
    )
    return {row[0]: _Before(row[1], row[2]) for row in rows if row[0] is not None}


def _called_at(session: Session, partners: Sequence[Any], since: datetime) -> Mapping[int, list[datetime]]:
    """When each lead that a partner had and had not called yet was called or given up; never, where it still waits."""
    done = func.least(Assignment.first_attempt_at, Assignment.ended_at)
    waited = or_(done.is_(None), done > since)
    rows = session.execute(
        select(Assignment.partnership_id, done).where(*_of(partners), Assignment.assigned_at < since, waited)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for partnership_id, done_at in rows:
        if partnership_id is not None:
            found[partnership_id].append(done_at or _NEVER)
    return found


def _of(partners: Sequence[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Their assignments; by the organisation too, with which the index begins."""
    return (
        Assignment.partner_id.in_([row.partner_id for row in partners]),
        Assignment.partnership_id.in_([row.id for row in partners]),
    )
