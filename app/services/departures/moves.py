"""Handing on one lead, wherever it is found that its partner has left: by the job, or by a promise that falls due."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.departures import CAUSE, LISTED_MAILS, Destination
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, RoundKind
from app.domain.errors import Invalid
from app.domain.escalation import ReRoutedTo
from app.domain.leads import LeadState, decide_move
from app.domain.owners import check_new_owner
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.models import Assignment, Deadline, DepartedLead, Departure, Lead, Offer, Partnership, Round, User
from app.queries.absences import partners_away, people_away
from app.queries.capacity import free_places
from app.queries.holdings import left_to_it_alone
from app.queries.manufacturers import manufacturer_rules
from app.services.audit import record_event
from app.services.distribution.assigning import end_assignment, lock_places, start_assignment
from app.services.distribution.deadlines import keep_follow_up
from app.services.distribution.deciding import consider_partnerships, keep_decision
from app.services.escalation.re_routing import pass_on
from app.services.network_order import hold_network
from app.services.notifications import listed_later
from app.services.owners.holding import as_taker
from app.services.rechecking import recheck_lead


def move_on(session: Session, lead: Lead) -> bool:
    """Give a departing partner's lead to the successor, else to the backup, else let its plan go on; False for no such.

    A lead that nobody else was offered goes on where it would without that partner. An assignment ends as
    reassigned: it costs the partner nothing. The caller holds the lead's lock; the network is held from here on, so
    that the partner can neither take part again nor leave meanwhile. Who has to do with the lead now reads of it in
    one list with the others.
    """
    hold_network(session, lead.manufacturer_id)
    departure = session.scalars(select(Departure).where(Departure.finished_at.is_(None), _has(lead))).one_or_none()
    if departure is None:
        return False
    with listed_later(session, LISTED_MAILS):
        if session.scalar(select(Assignment.id).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))):
            destination, to_id = _hand_on(session, lead, departure)
        else:
            recheck_lead(session, lead, [departure.partnership_id], cause=CAUSE)
            destination, to_id = _found_by_its_plan(session, lead), None
    line = {"departure_id": departure.id, "lead_id": lead.id}
    session.add(DepartedLead(**line, destination=destination, partnership_id=to_id))
    session.flush()
    return True


def _has(lead: Lead) -> ColumnElement[bool]:
    """Whether the partnership that leaves works the lead and does not keep it, or is the last that is offered it."""
    works = ~Departure.keeps_work & exists().where(
        Assignment.lead_id == lead.id,
        Assignment.partnership_id == Departure.partnership_id,
        Assignment.ended_at.is_(None),
    )
    return works | exists().where(
        Offer.lead_id == lead.id, Offer.partnership_id == Departure.partnership_id, left_to_it_alone()
    )


def _hand_on(session: Session, lead: Lead, departure: Departure) -> tuple[Destination, int | None]:
    """What the partner works goes to its heir, else it is offered anew; where it went, and to which partnership."""
    left = session.get_one(Partnership, departure.partnership_id)
    heir = _heir(session, lead, departure)
    if heir is not None:
        return _hand_over(session, lead, left, heir), heir.id if isinstance(heir, Partnership) else None
    destination = _offer_anew(session, lead, left)
    return destination, left.backup_partnership_id if destination is Destination.BACKUP else None


def _found_by_its_plan(session: Session, lead: Lead) -> Destination:
    """Where a lead is after its plan has gone on, or it was looked at anew, without the partner."""
    if lead.state in (LeadState.IN_REVIEW, LeadState.ASSIGNED):
        return Destination.REVIEW if lead.state is LeadState.IN_REVIEW else Destination.SUCCESSOR
    waits = select(Round.id).where(Round.lead_id == lead.id, Round.closed_at.is_(None), Round.kind == RoundKind.DIRECT)
    return Destination.PLAN if session.scalar(waits) is None else Destination.DIRECT


def is_anybody_leaving(session: Session) -> bool:
    """Whether a partner that takes no part any more has leads that are still to go to others."""
    return session.scalar(select(Departure.id).where(Departure.finished_at.is_(None)).limit(1)) is not None


def go_on_without(session: Session, deadline: Deadline, lead: Lead) -> bool:
    """Whether a promise that falls due is about a partner that takes no part any more, and the lead has gone on.

    Then nothing is held against that partner, and nobody is alerted: who is asked next has the time of its own.
    """
    if deadline.offer_id is not None:
        return _withdraw(session, deadline, lead)
    if deadline.assignment_id is None:
        return False
    departing = (
        select(Departure.id)
        .join(Assignment, Assignment.partnership_id == Departure.partnership_id)
        .where(Assignment.id == deadline.assignment_id, Departure.finished_at.is_(None))
    )
    return session.scalar(departing) is not None and move_on(session, lead)


def _withdraw(session: Session, deadline: Deadline, lead: Lead) -> bool:
    offer = session.get_one(Offer, deadline.offer_id, populate_existing=True)
    if offer.answer is not None:
        return False
    if _takes_part(session, offer.partnership_id):
        return False
    hold_network(session, lead.manufacturer_id)
    if _takes_part(session, offer.partnership_id):
        return False
    if not move_on(session, lead):
        recheck_lead(session, lead, [offer.partnership_id])
    return True


def _takes_part(session: Session, partnership_id: int) -> bool:
    asked = session.get_one(Partnership, partnership_id, populate_existing=True)
    return asked.status is PartnershipStatus.ACTIVE


def _heir(session: Session, lead: Lead, departure: Departure) -> Partnership | User | None:
    """The successor, where it may have the lead, is there to work it and has room for it.

    Whose places change is locked before the room is read, so that two partners that leave at once never fill one
    successor beyond its cap; partnerships are locked before people.
    """
    if departure.successor_user_id is not None:
        lock_places(session, lead, None)
        return _seller(session, departure.successor_user_id)
    if departure.successor_partnership_id is None:
        return None
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    considered = consider_partnerships(session, lead, rules, now, only=[departure.successor_partnership_id])
    eligible = next(iter(considered.eligible), None)
    if eligible is None or partners_away(session, [eligible.partner_id]):
        return None
    successor = session.get_one(Partnership, eligible.facts.partnership_id)
    lock_places(session, lead, successor)
    return successor if free_places(session, successor.id) else None


def _seller(session: Session, user_id: int) -> User | None:
    """One of the manufacturer's people who can still take a lead over, and is not away."""
    seller = session.get(User, user_id, with_for_update={"read": True, "of": User}, populate_existing=True)
    if seller is None or seller.disabled_at is not None or user_id in people_away(session, seller.organisation_id):
        return None
    try:
        check_new_owner(as_taker(seller), "successor")
    except Invalid:
        return None
    return seller


def _hand_over(session: Session, lead: Lead, left: Partnership, heir: Partnership | User) -> Destination:
    """The successor works it from now on, with the time of a first contact of its own; it is told of all together.

    The caller has locked whose places change.
    """
    partnership = heir if isinstance(heir, Partnership) else None
    seller = heir if isinstance(heir, User) else None
    now = read_clock(session)
    end_assignment(session, lead, AssignmentEnd.REASSIGNED)
    why = Phrase(N_("The successor of %(partner)s takes it over: %(name)s."), {"partner": left.name, "name": heir.name})
    keep_decision(session, lead, cause=CAUSE, outcome=LeadState.ASSIGNED.value, reasons=[why])
    made = start_assignment(
        session,
        lead,
        AssignmentOrigin.HAND,
        now,
        actor=None,
        partnership=partnership,
        seller=seller,
    )
    keep_follow_up(session, lead, made)
    record_event(
        session,
        EventKind.LEAD_RE_ROUTED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=left.id,
        data={"to": Destination.SUCCESSOR.value, "cause": CAUSE},
    )
    return Destination.SUCCESSOR


def _offer_anew(session: Session, lead: Lead, left: Partnership) -> Destination:
    end_assignment(session, lead, AssignmentEnd.REASSIGNED)
    lead.state = decide_move(lead.state, LeadState.DISTRIBUTING)
    session.flush()
    keep_follow_up(session, lead, None)
    to = pass_on(session, lead, left, cause=CAUSE)
    return Destination.BACKUP if to is ReRoutedTo.BACKUP else _found_by_its_plan(session, lead)
