"""What the mails about a response score say: the partner reads of its own, the manufacturer of its partners'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.response_score import how_to_mend
from app.models import Organisation, Partnership, TerritoryReview
from app.queries.response_scores import present_score, response_rules


def standing_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A partnership's score for its own partner, and how to mend it; None once it is in order again."""
    own = select(Partnership).where(
        Partnership.id == payload["partnership_id"], Partnership.partner_id == organisation_id
    )
    partnership = session.scalars(own).one_or_none()
    if partnership is None:
        return None
    now, rules = read_clock(session), response_rules(session, partnership.manufacturer_id)
    score = present_score(session, partnership.id, rules, now)
    until = partnership.claims_suspended_until
    is_suspended = until is not None and until > now
    if score.value >= rules.warn_below and not is_suspended:
        return None
    return {
        "partnership_id": partnership.id,
        "manufacturer": session.get_one(Organisation, partnership.manufacturer_id).name,
        "score": score.value,
        "suspends_below": rules.suspend_below,
        "suspension_days": rules.suspension_days,
        "suspended_until": until if is_suspended else None,
        "mend": how_to_mend(score, rules),
    }


def suspension_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """The same for a suspension: None once it is over or lifted."""
    facts = standing_facts(session, payload, organisation_id=organisation_id)
    return facts if facts is not None and facts["suspended_until"] is not None else None


def review_facts(session: Session, payload: Mapping[str, Any], *, organisation_id: int) -> Mapping[str, Any] | None:
    """A territory review for the manufacturer's own people; None once somebody has decided it."""
    review = session.get(TerritoryReview, payload["review_id"])
    if review is None or review.manufacturer_id != organisation_id or review.decided_at is not None:
        return None
    partner = session.get_one(Partnership, review.partnership_id).name
    return {"territory_review_id": review.id, "partner": partner, "score": review.figures.get("score")}
