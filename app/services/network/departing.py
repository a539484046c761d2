"""The beginning of a departure, and its end when the partner takes part again, with the change of its standing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.job_names import MOVE_DEPARTING_LEADS
from app.adapters.job_queue import enqueue
from app.database import after_commit, clock_now
from app.domain.account_routing.facts import Owner
from app.domain.identity import Viewer
from app.models import Departure, Partnership
from app.queries.departures import count_left_to_go


def begin_departure(
    session: Session,
    partnership: Partnership,
    *,
    successor: Owner | None = None,
    actor: Viewer | None,
    keeps_work: bool = False,
) -> bool:
    """Owe the handing on of every lead the partnership works or nobody else is offered, as its standing changes.

    With `keeps_work` it goes on working its own. The caller has taken the network and locked the partnership, so no
    lead can become its own any more. One that is under way goes on with the new standing and successor. False when
    nothing is to go.
    """
    session.flush()
    departure = _open_departure(session, partnership)
    is_new = departure is None
    if departure is None:
        departure = Departure(manufacturer_id=partnership.manufacturer_id, partnership_id=partnership.id)
    departure.keeps_work = keeps_work
    if is_new and not count_left_to_go(session, departure):
        return False
    session.add(departure)
    departure.status = partnership.status
    departure.successor_user_id = successor.user_id if successor else None
    named = partnership.successor_partnership_id
    departure.successor_partnership_id = successor.partnership_id if successor else named
    departure.started_by_id = actor.user_id if actor else None
    after_commit(session, ring_for_departures)
    return True


def stop_departure(session: Session, partnership: Partnership) -> None:
    """Leave the leads that have not gone yet where they are: the partner takes part again.

    The caller has taken the network, so no lead is on its way at this moment. People are told of what has gone by then.
    """
    departure = _open_departure(session, partnership)
    if departure is not None:
        departure.finished_at, departure.is_stopped = session.scalar(select(clock_now())), True


def ring_for_departures() -> None:
    """Ask for the handing on now; when Redis is away the clock asks within seconds."""
    enqueue(MOVE_DEPARTING_LEADS)


def _open_departure(session: Session, partnership: Partnership) -> Departure | None:
    under_way = select(Departure).where(Departure.partnership_id == partnership.id, Departure.finished_at.is_(None))
    return session.scalars(under_way.with_for_update(key_share=True)).one_or_none()
