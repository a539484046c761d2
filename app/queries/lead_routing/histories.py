"""What was between leads and partnerships before: who said no, who lost it, who left it unanswered."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, cast, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.lead_routing.facts import History
from app.models import Assignment, ManufacturerSettings, Offer

_LEFT = (AssignmentEnd.RE_ROUTED, AssignmentEnd.RETURNED, AssignmentEnd.REASSIGNED)
_Pair = tuple[uuid.UUID, int]


def histories(
    session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None = None
) -> Mapping[uuid.UUID, Mapping[int, History]]:
    """By lead and partnership, where there was anything; `only` narrows it to those partnerships.

    Whoever left a lead unanswered that it was offered alone may have it after a while.
    """
    declined = _declined(session, lead_ids, only)
    left = _left(session, lead_ids, only)
    silent = _silent(session, lead_ids, only)
    found: dict[uuid.UUID, dict[int, History]] = defaultdict(dict)
    for pair in declined | left | silent.keys():
        lead_id, partnership_id = pair
        found[lead_id][partnership_id] = History(
            has_declined=pair in declined, was_re_routed_away=pair in left, cool_down_until=silent.get(pair)
        )
    return found


def _declined(session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None) -> set[_Pair]:
    declined = select(Offer.lead_id, Offer.partnership_id).where(
        Offer.lead_id.in_(lead_ids), Offer.answer == OfferAnswer.DECLINED, _named(Offer.partnership_id, only)
    )
    return {(row.lead_id, row.partnership_id) for row in session.execute(declined)}


def _left(session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None) -> set[_Pair]:
    left = select(Assignment.lead_id, Assignment.partnership_id).where(
        Assignment.lead_id.in_(lead_ids), Assignment.end.in_(_LEFT), _named(Assignment.partnership_id, only)
    )
    return {(row.lead_id, row.partnership_id) for row in session.execute(left) if row.partnership_id is not None}


def _silent(session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None) -> dict[_Pair, datetime]:
    """Until when a lead is closed to each partnership that was asked alone and did not answer (domain.md §6)."""
    rest = func.make_interval(0, 0, 0, 0, cast(ManufacturerSettings.cool_down_hours, Integer))
    unanswered = (
        select(Offer.lead_id, Offer.partnership_id, func.max(Offer.answered_at + rest).label("until"))
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Offer.manufacturer_id)
        .where(Offer.lead_id.in_(lead_ids), Offer.is_exclusive, Offer.answer == OfferAnswer.EXPIRED)
        .where(_named(Offer.partnership_id, only))
        .group_by(Offer.lead_id, Offer.partnership_id)
    )
    return {(row.lead_id, row.partnership_id): row.until for row in session.execute(unanswered)}


def _named(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], only: Collection[int] | None
) -> ColumnElement[bool]:
    return true() if only is None else column.in_(only)
