"""Since when a partner rests, who decided so and why; what its own people read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.database import clock_now, db
from app.domain.audit import STANDING_EVENTS, EventKind
from app.domain.departures import RESTING
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Event, Offer, Organisation, Partnership, User
from app.queries.escalation import channel_managers_of
from app.queries.holdings import count_worked
from app.queries.network.own import own_row

LISTED = 10
"""How many changes of a partner's standing are listed."""

_STATUS = {
    EventKind.PARTNERSHIP_PAUSED: PartnershipStatus.PAUSED,
    EventKind.PARTNERSHIP_SUSPENDED: PartnershipStatus.SUSPENDED,
    EventKind.PARTNERSHIP_RESUMED: PartnershipStatus.ACTIVE,
    EventKind.PARTNERSHIP_ENDED: PartnershipStatus.ENDED,
}


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A partner's standing since `at`. `actor` is None when the installation's own command line gave it."""

    status: PartnershipStatus
    at: datetime
    actor: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A manufacturer that offers the viewer's partner nothing now; `since` is None where nobody wrote it down.

    `contacts` are the people to ask, with their addresses.
    """

    manufacturer: str
    status: PartnershipStatus
    since: datetime | None
    works_now: int
    contacts: tuple[tuple[str, str], ...]


def standing_changes(*, viewer: Viewer, partnership_id: int) -> tuple[StandingChange, ...]:
    """When one of the manufacturer's partners was paused, taken up again or ended, the latest on top."""
    partnership = own_row(viewer, Partnership, partnership_id)
    told = _changes_of(partnership.id).limit(LISTED).with_only_columns(Event, User.name)
    rows = db.session.execute(told.outerjoin(User, User.id == Event.actor_user_id))
    return tuple(
        StandingChange(_STATUS[event.kind], event.at, name, event.data.get("reason", "")) for event, name in rows
    )


def list_rests(*, viewer: Viewer) -> tuple[Rest, ...]:
    """The manufacturers that have paused or suspended the viewer's partner, by name."""
    session = db.session()
    resting = select(Partnership, Organisation.name).join(Organisation, Organisation.id == Partnership.manufacturer_id)
    resting = resting.where(
        Partnership.partner_id == viewer.organisation_id,
        Partnership.status.in_(RESTING - {PartnershipStatus.ENDED}),
    )
    return tuple(
        Rest(
            manufacturer=name,
            status=partnership.status,
            since=session.scalar(_changes_of(partnership.id).with_only_columns(Event.at).limit(1)),
            works_now=count_worked(session, partnership.id),
            contacts=whom_to_ask(session, partnership),
        )
        for partnership, name in session.execute(resting.order_by(Organisation.name))
    )


def whom_to_ask(session: Session, partnership: Partnership) -> tuple[tuple[str, str], ...]:
    """The manufacturer's people who look after a partner, with their addresses."""
    people = channel_managers_of(session, partnership.manufacturer_id, partnership)
    named = select(User.name, User.email).where(User.id.in_(people)).order_by(User.name)
    return tuple((row.name, row.email) for row in session.execute(named))


def count_open_offers(session: Session, partnership: Partnership) -> tuple[int, int]:
    """How many offers a partnership sees and can answer now, and how many of them were made to it alone."""
    alone, now = func.count().filter(Offer.is_exclusive), select(clock_now()).scalar_subquery()
    row = session.execute(
        select(func.count(), alone).where(
            Offer.partner_id == partnership.partner_id,
            Offer.partnership_id == partnership.id,
            Offer.answer.is_(None),
            Offer.visible_from <= now,
            Offer.expires_at > now,
        )
    ).one()
    return row[0], row[1]


def _changes_of(partnership_id: int) -> Any:
    """The events of a partnership's standing, the latest first; their kinds are written out, so that the index fits."""
    kinds: Any = bindparam("kinds", [kind.value for kind in STANDING_EVENTS], expanding=True, literal_execute=True)
    return select(Event).where(Event.partnership_id == partnership_id, Event.kind.in_(kinds)).order_by(Event.id.desc())
