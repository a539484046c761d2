"""What was between leads and partnerships before: who said no, who lost it, who left it unanswered."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import BindParameter, Integer, bindparam, case, cast, false, func, null, select, true, union_all
from sqlalchemy.orm import Session

from app.database import is_one_given
from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.lead_routing.facts import History
from app.models import Assignment, ManufacturerSettings, Offer

_LEFT = (AssignmentEnd.RE_ROUTED, AssignmentEnd.RETURNED, AssignmentEnd.REASSIGNED)
_LEADS: BindParameter[uuid.UUID] = bindparam("lead_ids", expanding=True)

_HAS_DECLINED = Offer.answer == OfferAnswer.DECLINED
_WAS_SILENT = Offer.is_exclusive & (Offer.answer == OfferAnswer.EXPIRED)
_REST = func.make_interval(0, 0, 0, 0, cast(ManufacturerSettings.cool_down_hours, Integer))
_ANSWERS = (
    select(
        Offer.lead_id,
        Offer.partnership_id,
        _HAS_DECLINED.label("has_declined"),
        false().label("has_left"),
        case((_WAS_SILENT, Offer.answered_at + _REST)).label("closed_until"),
    )
    .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Offer.manufacturer_id)
    .where(Offer.lead_id.in_(_LEADS), _HAS_DECLINED | _WAS_SILENT)
)
"""Who said no, and until when a lead is closed to whoever was asked alone and did not answer (domain.md §6)."""

_ENDINGS = select(Assignment.lead_id, Assignment.partnership_id, false(), true(), null()).where(
    Assignment.lead_id.in_(_LEADS), Assignment.partnership_id.is_not(None), Assignment.end.in_(_LEFT)
)
"""Whom a lead was taken from, or who gave it back."""

_OF_ALL = union_all(_ANSWERS, _ENDINGS)
_OF_SOME = union_all(
    _ANSWERS.where(is_one_given(Offer.partnership_id, "only")),
    _ENDINGS.where(is_one_given(Assignment.partnership_id, "only")),
)


def histories(
    session: Session, lead_ids: Collection[uuid.UUID], only: Collection[int] | None = None
) -> Mapping[uuid.UUID, Mapping[int, History]]:
    """By lead and partnership, where there was anything; `only` narrows it to those partnerships.

    Whoever left a lead unanswered that it was offered alone may have it after a while.
    """
    found: dict[uuid.UUID, dict[int, History]] = defaultdict(dict)
    given = {"lead_ids": list(lead_ids)}
    rows = session.execute(_OF_ALL, given) if only is None else session.execute(_OF_SOME, given | {"only": list(only)})
    for row in rows:
        before = found[row.lead_id].get(row.partnership_id, History())
        found[row.lead_id][row.partnership_id] = History(
            has_declined=before.has_declined or row.has_declined,
            was_re_routed_away=before.was_re_routed_away or row.has_left,
            cool_down_until=max(filter(None, (before.cool_down_until, row.closed_until)), default=None),
        )
    return found
