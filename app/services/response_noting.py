"""Noting what a partner did or left undone, where it happens.

    note_response(session, partnership_id, ResponseKind.RE_ROUTED, lead.id, f"re_routed:{assignment.id}")

Only a row is written here, and no partnership is locked: whoever notes holds leads, and often several. The score is
counted by `settle_responses`, for which the clock rings every other second.
"""

from __future__ import annotations

import uuid

from sqlalchemy import Uuid, bindparam, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.response_score import ResponseKind
from app.models import Assignment, ManufacturerSettings, Partnership, ResponseEntry

_POINTS = {
    ResponseKind.ACCEPTED: ManufacturerSettings.accepted_points,
    ResponseKind.DECLINED: ManufacturerSettings.declined_points,
    ResponseKind.FEEDBACK: ManufacturerSettings.feedback_points,
    ResponseKind.SILENT: -ManufacturerSettings.silence_cost,
    ResponseKind.RE_ROUTED: -ManufacturerSettings.re_route_cost,
}
"""What each is worth, as the manufacturer has set it."""


def note_response(
    session: Session, partnership_id: int, kind: ResponseKind, lead_id: uuid.UUID | None, once_key: str
) -> None:
    """Note once, inside the caller's transaction, what a partner did about a lead or left undone (domain.md §6).

    `once_key` is `<kind>:<id of the offer or assignment>`. A second call with it notes nothing more, and nothing is
    noted where the manufacturer keeps no score. The points are those that are set today, and stay with the entry.
    """
    whose = (
        select(
            Partnership.manufacturer_id,
            Partnership.id,
            literal(lead_id, Uuid),
            bindparam("kind", kind, type_=ResponseEntry.kind.type),
            _POINTS[kind],
            literal(once_key),
        )
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Partnership.manufacturer_id)
        .where(Partnership.id == partnership_id, ManufacturerSettings.is_response_scored)
    )
    columns = ["manufacturer_id", "partnership_id", "lead_id", "kind", "points", "once_key"]
    noted = insert(ResponseEntry).from_select(columns, whose, include_defaults=False)
    session.execute(noted.on_conflict_do_nothing(index_elements=["once_key"]))


def note_feedback(session: Session, work: Assignment | None) -> None:
    """Note that a partner has said how good a lead of its was; once per assignment, nothing for a seller's own."""
    if work is not None and work.partnership_id is not None:
        once = f"{ResponseKind.FEEDBACK.value}:{work.id}"
        note_response(session, work.partnership_id, ResponseKind.FEEDBACK, work.lead_id, once)
