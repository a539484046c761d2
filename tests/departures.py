"""Partners that leave, for tests: what they work, and how their standing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.departures import LeadsChoice
from app.domain.network.drafts import PartnershipDraft
from app.domain.partners import PartnershipStatus
from app.models import Lead, Organisation, OutboxMessage
from app.queries.network.drafts import draft_of_partnership
from app.services.network.partnerships import change_partnership, end_partnership
from tests import factories
from tests.cast import Cast


def works(session: Session, cast: Cast, count: int, name: str = "nordwind") -> list[Lead]:
    """Leads for pumps that Nordwind or another partner works, given to it by hand."""
    leads = [factories.lead(session, cast.acme, [cast.products["pump"]]) for _ in range(count)]
    for lead in leads:
        factories.assignment(session, lead, partnership=cast.partnerships[name])
    session.commit()
    return leads


def has_room(session: Session, cast: Cast, name: str, places: int) -> None:
    """Let a partner have so many leads that it has not called yet."""
    cast.partnerships[name].max_open_claims = places
    session.commit()


def look_after(session: Session, cast: Cast, name: str, *partners: str) -> None:
    """Make somebody the channel manager of partners."""
    for partner in partners:
        cast.partnerships[partner].channel_manager_id = cast.people[name].id
    session.commit()


def forget_mails(session: Session) -> None:
    """Begin to count what is owed anew."""
    for owed in session.scalars(select(OutboxMessage)):
        session.delete(owed)
    session.commit()


def standing(session: Session, cast: Cast) -> PartnershipDraft:
    """Nordwind as it stands."""
    nordwind = cast.partnerships["nordwind"]
    return draft_of_partnership(nordwind, session.get_one(Organisation, nordwind.partner_id))


def pause(
    session: Session,
    cast: Cast,
    leads: LeadsChoice | None,
    status: PartnershipStatus = PartnershipStatus.PAUSED,
) -> None:
    """Carl gives Nordwind another standing, and says what becomes of its leads."""
    pause_by(session, cast, leads, status)()


def pause_by(
    session: Session,
    cast: Cast,
    leads: LeadsChoice | None,
    status: PartnershipStatus = PartnershipStatus.PAUSED,
) -> Callable[[], None]:
    """The same, to be done later."""
    session.expire_all()
    nordwind = cast.partnerships["nordwind"]
    return partial(
        change_partnership,
        actor=cast.viewer("carl"),
        partnership_id=nordwind.id,
        version=nordwind.version,
        draft=replace(standing(session, cast), status=status),
        leads=leads,
    )


def end(cast: Cast, successor: Owner | None = None, name: str = "nordwind") -> None:
    """Carl ends the partnership with Nordwind or another partner."""
    left = cast.partnerships[name]
    end_partnership(actor=cast.viewer("carl"), partnership_id=left.id, version=left.version, successor=successor)
