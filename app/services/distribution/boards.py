"""A board's offers, who can still take the lead, and until when: a board with nobody to wait for does not wait."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.distribution import head_starts, visible_from
from app.domain.lead_routing.trace import why_offered
from app.models import Deadline, Lead, Offer, Round
from app.queries.manufacturers import ManufacturerRules, line_of_round
from app.services.distribution.deadlines import cancel_promises, promise
from app.services.distribution.deciding import Candidate, expiry_of


def board_offers(
    lead: Lead,
    board: Round,
    eligible: Sequence[Candidate],
    rules: ManufacturerRules,
    now: datetime,
    *,
    tiers_there: Collection[str] = (),
) -> list[dict[str, object]]:
    """The rows of a board's offers, each visible from its tier's head start on.

    `tiers_there` are those that have had offers on this board already: whoever joins late waits behind them.
    """
    closes_at = board.closes_at or now
    present = {one.facts.tier.key for one in eligible} | set(tiers_there)
    starts = head_starts(rules.tiers, present, is_hot=lead.is_hot)
    opens = visible_from(starts, rules.calendar, opens_at=board.opened_at, closes_at=closes_at)
    return [
        {
            "id": uuid.uuid4(),
            "round_id": board.id,
            "lead_id": lead.id,
            "manufacturer_id": lead.manufacturer_id,
            "partnership_id": one.facts.partnership_id,
            "partner_id": one.partner_id,
            "eligibility_version": one.version,
            "is_exclusive": False,
            "visible_from": opens[one.facts.tier.key],
            "expires_at": expiry_of(one, closes_at, rules.time_zone),
            "reasons": [phrase.to_json() for phrase in why_offered(one.eligibility.results)],
        }
        for one in eligible
    ]


def is_anybody_left(session: Session, round_id: int) -> bool:
    """Whether somebody may still answer in a round, at once or after a head start; offers whose time is over do not."""
    open_offer = select(Offer.id).where(
        Offer.round_id == round_id,
        Offer.answer.is_(None),
        Offer.expires_at > select(clock_now()).scalar_subquery(),
    )
    return session.scalar(open_offer.limit(1)) is not None


def promise_board_end(session: Session, lead: Lead, board: Round) -> None:
    """Promise that the plan goes on when the board closes, or with the last offer where all of them end before.

    An offer ends early with the certification it rests on. Called again when the offers have changed; the same end is
    promised once.
    """
    still_open = (Offer.round_id == board.id) & Offer.answer.is_(None)
    last = session.scalar(select(func.max(Offer.expires_at)).where(still_open))
    end = min(last, board.closes_at) if last and board.closes_at else board.closes_at or last
    promised = select(Deadline.due_at).where(
        Deadline.round_id == board.id,
        Deadline.kind == DeadlineKind.BOARD_CLOSES,
        Deadline.fired_at.is_(None),
        Deadline.cancelled_at.is_(None),
    )
    if end is None or session.scalar(promised.limit(1)) == end:
        return
    cancel_promises(session, lead.id, DeadlineKind.BOARD_CLOSES)
    line = line_of_round(session, lead.plan_id, board.kind)
    clock = line.window_for(is_hot=lead.is_hot).clock if line else Clock.WALL
    promise(session, lead, DeadlineKind.BOARD_CLOSES, end, clock=clock, round_id=board.id)
