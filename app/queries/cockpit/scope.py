"""Which leads there are for a viewer, said once for the list, the page, the export and the API."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.domain.distribution import AssignmentEnd
from app.domain.identity import Viewer
from app.models import Assignment, Lead

Work = aliased(Assignment, name="work")
"""A lead's latest assignment: who works it, or who worked it last."""

CLOSING_ENDS = (AssignmentEnd.WON, AssignmentEnd.LOST, AssignmentEnd.DISQUALIFIED)
"""Ends after which the lead stays its last worker's to look at; after any other it is somebody else's."""


def with_work(statement: Select[Any]) -> Select[Any]:
    """Join the latest assignment to a statement about leads."""
    earlier = aliased(Assignment)
    latest = select(func.max(earlier.id)).where(earlier.lead_id == Lead.id).correlate(Lead).scalar_subquery()
    return statement.select_from(Lead).outerjoin(Work, and_(Work.lead_id == Lead.id, Work.id == latest))


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """The rule of `domain.visibility` as SQL, for statements made by `with_work`: full sight, or nothing."""
    if viewer.is_manufacturer:
        return Lead.manufacturer_id == viewer.organisation_id
    return and_(Work.partner_id == viewer.organisation_id, is_held())


def is_held() -> ColumnElement[bool]:
    """Whether the latest assignment still speaks for the lead: active, or the one the lead was closed with."""
    return Work.ended_at.is_(None) | Work.end.in_(CLOSING_ENDS)


def held_by(work: Assignment | None) -> int | None:
    """The partner that holds a lead, as `visible_fields` asks for it; None for a direct seller and for nobody."""
    if work is None or not (work.ended_at is None or work.end in CLOSING_ENDS):
        return None
    return work.partner_id
