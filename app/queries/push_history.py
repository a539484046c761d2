"""What partners have had to do with the company of a lead before: its leads and its deals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.distribution import AssignmentEnd
from app.models import Assignment, Lead, Opportunity
from app.queries.profiles import members_of_profile

_WORKED = (AssignmentEnd.WON, AssignmentEnd.LOST, AssignmentEnd.DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class CompanyHistory:
    """A partnership and a company: how many of its leads it works or has worked, and since when it has been there."""

    leads: int = 0
    since: datetime | None = None


def company_histories(session: Session, lead: Lead, partnership_ids: Collection[int]) -> dict[int, CompanyHistory]:
    """What each of these partnerships has had to do with the lead's company; who had nothing is left out.

    The company is the account of the lead, and whatever its profile knows as the same. Leads that a partner gave back
    or lost do not count. Until deals are registered, the first lead or deal is what comes nearest to a registration.
    """
    if not partnership_ids:
        return {}
    leads = _leads(session, lead, partnership_ids)
    deals = _deals(session, lead, partnership_ids)
    return {
        one: CompanyHistory(
            leads.get(one, CompanyHistory()).leads,
            min(filter(None, (leads.get(one, CompanyHistory()).since, deals.get(one))), default=None),
        )
        for one in leads.keys() | deals.keys()
    }


def _leads(session: Session, lead: Lead, partnership_ids: Collection[int]) -> dict[int, CompanyHistory]:
    same = _same_company(lead)
    if same is None:
        return {}
    rows: Iterable[Any] = session.execute(
        select(Assignment.partnership_id, func.count(), func.min(Assignment.assigned_at))
        .join(Lead, Lead.id == Assignment.lead_id)
        .where(
            Lead.manufacturer_id == lead.manufacturer_id,
            Lead.id != lead.id,
            same,
            Assignment.partnership_id.in_(partnership_ids),
            Assignment.end.is_(None) | Assignment.end.in_(_WORKED),
        )
        .group_by(Assignment.partnership_id)
    )
    return {row[0]: CompanyHistory(row[1], row[2]) for row in rows}


def _same_company(lead: Lead) -> ColumnElement[bool] | None:
    same: list[ColumnElement[bool]] = []
    if lead.account_id is not None:
        same.append(Lead.account_id == lead.account_id)
    if lead.profile_id is not None:
        same.append(Lead.profile_id.in_(members_of_profile(lead.profile_id)))
    return or_(*same) if same else None


def _deals(session: Session, lead: Lead, partnership_ids: Collection[int]) -> dict[int, datetime]:
    if lead.account_id is None:
        return {}
    rows: Iterable[Any] = session.execute(
        select(Opportunity.owner_partnership_id, func.min(Opportunity.opened_at))
        .where(Opportunity.account_id == lead.account_id, Opportunity.owner_partnership_id.in_(partnership_ids))
        .group_by(Opportunity.owner_partnership_id)
    )
    return {row[0]: row[1] for row in rows}
