"""Whose a lead is already: the levels asked, and their answer carried out (domain.md §5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.account_routing.levels import AccountRoute, Destination, decide_account_route
from app.domain.account_routing.telling import Informed
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.distribution import AssignmentOrigin
from app.domain.identity import Role, Viewer
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.domain.review import ReviewDecision
from app.models import Consent, Lead, Partnership, User
from app.queries.account_routing import route_facts
from app.queries.manufacturers import ManufacturerRules
from app.queries.people import people_to_tell
from app.queries.reviews.answers import reasons_answered
from app.services.audit import record_event
from app.services.distribution.assigning import start_assignment
from app.services.distribution.deciding import consider_partnerships, keep_decision
from app.services.distribution.owning import owner_obstacle
from app.services.distribution.reviewing import close_review, send_to_review
from app.services.distribution.rounds import start_rounds
from app.services.network_order import hold_network
from app.services.notifications import owe_mails
from app.services.routing_rules import follow_rules


def find_route(session: Session, lead: Lead, rules: ManufacturerRules, now: datetime) -> AccountRoute:
    """Ask the levels about a lead whose account is set, and write down the one that answered.

    What a person has answered about the lead is not asked again.
    """
    facts = route_facts(session, lead, now=now, zone=rules.time_zone)
    route = decide_account_route(facts.answered(reasons_answered(session, lead.id)))
    lead.account_level = route.level
    return route


def follow_route(
    session: Session,
    lead: Lead,
    route: AccountRoute,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    actor: Viewer | None = None,
) -> None:
    """Carry a route out: to the owner, to a person, out of the way, or into the plan. The caller holds the lead's lock.

    A partner that owns the company but may not be offered the lead leaves it to the plan, and the decision says why.
    """
    if route.destination is Destination.REVIEW and route.review_reason is not None:
        considered = consider_partnerships(session, lead, rules, now)
        send_to_review(
            session,
            lead,
            route.review_reason,
            considered,
            cause=cause,
            actor=actor,
            reasons=route.reasons,
            owner_user_id=route.reviewer_id,
        )
    elif route.destination is Destination.DISQUALIFIED:
        _disqualify(session, lead, route, now, cause=cause)
    elif route.owner is not None and route.owner.user_id is not None:
        _give_to_seller(session, lead, route, route.owner.user_id, rules, now, cause=cause)
    else:
        _offer(session, lead, route, rules, now, cause=cause)


def _disqualify(session: Session, lead: Lead, route: AccountRoute, now: datetime, *, cause: str) -> None:
    lead.state, lead.closed_at = LeadState.DISQUALIFIED, now
    lead.closing_note = str(route.reasons[0])
    keep_decision(session, lead, cause=cause, outcome=LeadState.DISQUALIFIED.value, reasons=route.reasons)
    close_review(session, lead, ReviewDecision.DISQUALIFIED)
    record_event(
        session,
        EventKind.LEAD_DISQUALIFIED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": route.reasons[0].to_json()},
    )


def _give_to_seller(
    session: Session,
    lead: Lead,
    route: AccountRoute,
    user_id: int,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
) -> None:
    """A seller of the manufacturer needs no offer: the lead is the seller's at once.

    Who leaves at this moment is waited for; then whoever follows is asked for. Without the prospect's consent nobody
    may call, and a person decides.
    """
    consent = session.get(Consent, lead.id)
    if consent is None or consent.withdrawn_at is not None or consent.scope is ConsentScope.NONE:
        send_to_review(session, lead, ReviewReason.CONSENT_PROBLEM, None, cause=cause, reasons=route.reasons)
        return
    hold_network(session, lead.manufacturer_id)  # Before people: whoever has it may look for one.
    seller = session.get_one(User, user_id, with_for_update={"read": True, "of": User}, populate_existing=True)
    if seller.disabled_at is not None:
        follow_route(session, lead, find_route(session, lead, rules, now), rules, now, cause=cause)
        return
    considered = consider_partnerships(session, lead, rules, now)
    keep_decision(session, lead, cause=cause, outcome="owner", reasons=route.reasons, considered=considered)
    lead.distributed_at = lead.distributed_at or now
    reason = str(route.reasons[0])
    start_assignment(session, lead, AssignmentOrigin.OWNER, now, actor=None, seller=seller, reason=reason)
    _inform(session, lead, route.informed)


def _offer(
    session: Session, lead: Lead, route: AccountRoute, rules: ManufacturerRules, now: datetime, *, cause: str
) -> None:
    reasons, owner_id = route.reasons, route.owner.partnership_id if route.owner else None
    if owner_id is not None and (obstacle := owner_obstacle(session, lead, owner_id)):
        reasons, owner_id = (*reasons, obstacle), None
    if owner_id is None and follow_rules(session, lead, rules, now, cause=cause, reasons=reasons):
        return
    considered = consider_partnerships(session, lead, rules, now, cause=cause)
    start_rounds(session, lead, considered, rules, now, cause=cause, reasons=reasons, owner_id=owner_id)
    if owner_id is not None:
        _inform(session, lead, route.informed)


def _inform(session: Session, lead: Lead, informed: tuple[Informed, ...]) -> None:
    """Owe the mails to everybody who is told of the lead without working it; once per lead and person."""
    for one in informed:
        if one.user_id is not None:
            _tell(session, lead, MailKind.ACCOUNT_LEAD_TO_TEAM, [one.user_id], one.why)
        elif one.partnership_id is not None:
            partner_id = session.get_one(Partnership, one.partnership_id).partner_id
            people = people_to_tell(session, partner_id, [Role.PARTNER_ADMIN])
            _tell(session, lead, MailKind.ACCOUNT_LEAD_TO_PARTNER, people, one.why, partnership_id=one.partnership_id)


def _tell(
    session: Session, lead: Lead, kind: MailKind, people: list[int], why: Phrase, *, partnership_id: int | None = None
) -> None:
    payload = {"lead_id": str(lead.id), "why": why.to_json(), "partnership_id": partnership_id}
    owe_mails(session, kind, people, payload=payload, once=f"{kind.value}:{lead.id}")
