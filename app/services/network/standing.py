"""A partner that rests or takes part again: how the trail calls it, and what its people are told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.departures import RESTING
from app.domain.identity import Role
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Partnership
from app.queries.escalation import sales_managers_of
from app.queries.holdings import count_worked
from app.queries.partner_standing import count_open_offers
from app.queries.people import people_there_or_away, people_to_tell
from app.services.notifications import owe_mails

_EVENTS = {
    PartnershipStatus.ACTIVE: EventKind.PARTNERSHIP_RESUMED,
    PartnershipStatus.PAUSED: EventKind.PARTNERSHIP_PAUSED,
    PartnershipStatus.SUSPENDED: EventKind.PARTNERSHIP_SUSPENDED,
    PartnershipStatus.ENDED: EventKind.PARTNERSHIP_ENDED,
}


def note_standing(partnership: Partnership) -> EventKind:
    """The event that tells of a new standing; when the partnership ended is kept, and forgotten when it goes on."""
    partnership.ended_at = clock_now() if partnership.status is PartnershipStatus.ENDED else None
    return _EVENTS.get(partnership.status, EventKind.PARTNERSHIP_CHANGED)


def tell_standing(session: Session, partnership: Partnership, *, do_leads_go: bool) -> None:
    """Owe a partner's sales managers the mail about its new standing: what it keeps, what it is no longer offered.

    In the transaction that changes it; `do_leads_go` is what was decided about those it works. It is about the whole
    company: who is away gets it as well as whoever stands in.
    """
    if partnership.status in RESTING:
        kind = MailKind.PARTNERSHIP_RESTS_TO_PARTNER
    elif partnership.status is PartnershipStatus.ACTIVE:
        kind = MailKind.PARTNERSHIP_RESUMED_TO_PARTNER
    else:
        return
    offers, alone = count_open_offers(session, partnership)
    payload = {
        "partnership_id": partnership.id,
        "status": partnership.status.value,
        "do_leads_go": do_leads_go,
        "works": count_worked(session, partnership.id),
        "offers": offers,
        "alone": alone,
    }
    heads = people_there_or_away(session, partnership.partner_id, [Role.PARTNER_ADMIN])
    people = {*heads, *people_to_tell(session, partnership.partner_id, [Role.PARTNER_ADMIN])}
    people.update(sales_managers_of(session, partnership))
    owe_mails(
        session, kind, sorted(people), payload=payload, once=f"{kind.value}:{partnership.id}:{partnership.version}"
    )
