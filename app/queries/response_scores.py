"""A partnership's response score as its entries make it, and the rules it is counted by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.response_score import ResponseEntry, ResponseKind, ResponseRules, ResponseScore, score_of
from app.models import ManufacturerSettings
from app.models import ResponseEntry as EntryRow


def response_rules(session: Session, manufacturer_id: int) -> ResponseRules:
    """The numbers of the score as the manufacturer has set them."""
    return rules_of(session.get_one(ManufacturerSettings, manufacturer_id))


def rules_of(settings: ManufacturerSettings) -> ResponseRules:
    """The numbers of the score in a manufacturer's settings."""
    return ResponseRules(
        points={
            ResponseKind.ACCEPTED: settings.accepted_points,
            ResponseKind.DECLINED: settings.declined_points,
            ResponseKind.FEEDBACK: settings.feedback_points,
            ResponseKind.SILENT: -settings.silence_cost,
            ResponseKind.RE_ROUTED: -settings.re_route_cost,
        },
        lapse_days=settings.infraction_days,
        warn_below=settings.warning_score,
        suspend_below=settings.suspension_score,
        suspension_days=settings.suspension_days,
    )


def present_score(session: Session, partnership_id: int, rules: ResponseRules, now: datetime) -> ResponseScore:
    """The score at `now`, of everything that is noted, also what is not settled yet."""
    rows = session.execute(
        select(EntryRow.kind, EntryRow.happened_at, EntryRow.lead_id, EntryRow.points)
        .where(EntryRow.partnership_id == partnership_id)
        .order_by(EntryRow.happened_at, EntryRow.id)
    )
    return score_of([ResponseEntry(*row) for row in rows], now, rules)
