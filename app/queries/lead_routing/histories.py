"""What was between leads and partnerships before: who said no, who lost it, who left it unanswered."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, false, func, null, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.database import is_one_of
from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.lead_routing.facts import History
from app.models import Assignment, ManufacturerSettings, Offer

_LEFT = (AssignmentEnd.RE_ROUTED, AssignmentEnd.RETURNED, AssignmentEnd.REASSIGNED)


def histories(
    session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None = None
) -> Mapping[uuid.UUID, Mapping[int, History]]:
    """By lead and partnership, where there was anything; `only` narrows it to those partnerships.

    Whoever left a lead unanswered that it was offered alone may have it after a while.
    """
    found: dict[uuid.UUID, dict[int, History]] = defaultdict(dict)
    for row in session.execute(union_all(_answers(lead_ids, only), _endings(lead_ids, only))):
        before = found[row.lead_id].get(row.partnership_id, History())
        found[row.lead_id][row.partnership_id] = History(
            has_declined=before.has_declined or row.has_declined,
            was_re_routed_away=before.was_re_routed_away or row.has_left,
            cool_down_until=max(filter(None, (before.cool_down_until, row.closed_until)), default=None),
        )
    return found


def _answers(lead_ids: Collection[uuid.UUID], only: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    """Who said no, and until when a lead is closed to whoever was asked alone and did not answer (domain.md §6)."""
    rest = func.make_interval(0, 0, 0, 0, cast(ManufacturerSettings.cool_down_hours, Integer))
    has_declined = Offer.answer == OfferAnswer.DECLINED
    was_silent = Offer.is_exclusive & (Offer.answer == OfferAnswer.EXPIRED)
    return (
        select(
            Offer.lead_id,
            Offer.partnership_id,
            has_declined.label("has_declined"),
            false().label("has_left"),
            case((was_silent, Offer.answered_at + rest)).label("closed_until"),
        )
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Offer.manufacturer_id)
        .where(Offer.lead_id.in_(lead_ids), has_declined | was_silent, _named(Offer.partnership_id, only))
    )


def _endings(lead_ids: Collection[uuid.UUID], only: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    """Whom a lead was taken from, or who gave it back."""
    return select(Assignment.lead_id, Assignment.partnership_id, false(), true(), null()).where(
        Assignment.lead_id.in_(lead_ids),
        Assignment.partnership_id.is_not(None),
        Assignment.end.in_(_LEFT),
        _named(Assignment.partnership_id, only),
    )


def _named(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], only: Collection[int] | None
) -> ColumnElement[bool]:
    return true() if only is None else is_one_of(column, only)
