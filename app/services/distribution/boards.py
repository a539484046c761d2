"""Who can still take a lead from its board, and until when: a board with nobody to wait for does not wait."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.deadlines import DeadlineKind
from app.models import Deadline, Lead, Offer, Round
from app.services.distribution.deadlines import cancel_promises, promise


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
    promise(session, lead, DeadlineKind.BOARD_CLOSES, end, round_id=board.id)
