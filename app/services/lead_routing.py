"""From the door to the first round: release, eligibility, and keeping who may see a lead up to date."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.account_routing.levels import AccountRoute, Destination
from app.domain.accounts import AccountLevel
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.distribution import RoundOutcome
from app.domain.errors import Invalid, Refused
from app.domain.identity import Viewer
from app.domain.leads import HeldForNurture, LeadState, ReviewReason, decide_release
from app.domain.matching.decision import MatchDecision, MatchKind
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import decided_by_hand
from app.models import Consent, Lead, RoutingDecision
from app.queries.manufacturers import ManufacturerRules, manufacturer_rules
from app.services.account_routing import find_route, follow_route
from app.services.audit import record_event
from app.services.distribution.assigning import lock_lead
from app.services.distribution.deciding import consider_partnerships, keep_decision
from app.services.distribution.reviewing import send_to_review
from app.services.distribution.rounds import close_round, start_rounds
from app.services.faults import is_its_own
from app.services.matching import let_others_find, match_lead, review_candidates
from app.services.routing_rules import prepare_by_rules

log = structlog.get_logger(__name__)

_AT_DOOR = (
    select(Lead)
    .where(Lead.id == bindparam("lead_id"), Lead.state == LeadState.RECEIVED)
    .with_for_update(skip_locked=True)
)
_DECIDED = select(RoutingDecision.id).where(RoutingDecision.lead_id == bindparam("lead_id")).limit(1)


def route_lead(*, lead_id: uuid.UUID) -> bool:
    """Decide what becomes of a lead that has just arrived: nurture, review, or the first round of its plan.

    Returns whether anything was decided: a lead that is no longer `received`, or that somebody else is deciding about
    at this moment, is left alone, so a second call changes nothing.
    """
    with transaction() as session:
        lead = session.scalars(_AT_DOOR, {"lead_id": lead_id}).one_or_none()
        if lead is None:
            return False
        is_back = session.scalar(_DECIDED, {"lead_id": lead_id})
        _decide(session, lead, cause="changed" if is_back else "received")
        return True


def route_received_leads(*, limit: int = 200) -> int:
    """Route leads that are still waiting at the door, oldest first: those whose job was lost, and whole imports.

    A lead that fails is logged and left for the next call; it stops no other. Returns how many were routed.
    """
    with transaction() as session:
        waiting: Sequence[uuid.UUID] = session.scalars(
            select(Lead.id).where(Lead.state == LeadState.RECEIVED).order_by(Lead.received_at).limit(limit)
        ).all()
    routed = 0
    for lead_id in waiting:
        try:
            routed += route_lead(lead_id=lead_id)
        except Exception as error:
            if not is_its_own(error):
                raise
            log.error("lead_not_routed", lead_id=str(lead_id), exc_info=error)
    return routed


def release_lead(*, lead_id: uuid.UUID, actor: Viewer, reason: str) -> LeadState:
    """Let a person send a lead on that is nurtured or in review: it starts its plan whatever its score (B-09).

    The prospect's consent still binds. Raises `NotFound`, `Forbidden`, `Invalid` without a reason, `Refused` when the
    lead is not waiting. A second call is refused. Returns the lead's state now: in review again when nobody
    may have it.
    """
    if not reason.strip():
        problem = Phrase(N_("Say why this lead may go to partners now."))
        raise Invalid(problem, fields={"reason": problem})
    with transaction() as session:
        lead = lock_lead(session, lead_id, actor)
        if lead.state not in (LeadState.NURTURING, LeadState.IN_REVIEW):
            raise Refused(Phrase(N_("This lead is not waiting for a decision.")), code="state")
        consent = session.get(Consent, lead.id)
        if consent is None or consent.withdrawn_at is not None or consent.scope is ConsentScope.NONE:
            raise Refused(
                Phrase(N_("The prospect has not agreed to be called.")),
                code="consent",
                remedy=Phrase(N_("Ask the prospect for consent first.")),
            )
        record_event(
            session,
            EventKind.LEAD_RELEASED,
            actor=actor,
            manufacturer_id=lead.manufacturer_id,
            lead_id=lead.id,
            data={"reason": reason.strip()},
        )
        start_released(session, lead, actor, reason)
        return lead.state


def start_released(session: Session, lead: Lead, actor: Viewer, reason: str) -> None:
    """Start the plan of a lead that waits and that a person lets go; the caller holds its lock and has told why."""
    told = (decided_by_hand(person=actor.name, reason=reason),)
    if lead.state is LeadState.IN_REVIEW:
        resume_routing(session, lead, cause="released", actor=actor, by_plan_only=True, reasons=told)
        return
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    match = match_lead(session, lead)
    route = find_route(session, lead, rules, now)
    follow_match(session, lead, match, route, rules, now, cause="released", actor=actor, reasons=told)
    let_others_find(session, lead, match)


def resume_routing(
    session: Session,
    lead: Lead,
    *,
    cause: str,
    actor: Viewer | None = None,
    by_plan_only: bool = False,
    reasons: Sequence[Phrase] = (),
) -> None:
    """Decide anew about a lead whose account has become another, or that a person lets go on.

    The levels of its present account are asked first; `by_plan_only` goes straight to the plan, for `reasons`. An open
    round ends first. The caller holds the lead's lock, and the lead is neither assigned nor closed; it need not be hot
    enough.
    """
    rules = manufacturer_rules(session, lead.manufacturer_id)
    now = read_clock(session)
    close_round(session, lead, RoundOutcome.WITHDRAWN)
    session.flush()
    if by_plan_only:
        prepare_by_rules(session, lead, cause=cause)
        considered = consider_partnerships(session, lead, rules, now, cause=cause)
        start_rounds(session, lead, considered, rules, now, cause=cause, reasons=reasons)
    else:
        follow_route(session, lead, find_route(session, lead, rules, now), rules, now, cause=cause, actor=actor)


def _decide(session: Session, lead: Lead, *, cause: str) -> None:
    """The company is looked for and its level written down also for a lead that is held: its owner sees it coming.

    The manufacturer's own rules are asked before the score is looked at: they may set it.
    """
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    match = match_lead(session, lead)
    route = find_route(session, lead, rules, now)
    if route.destination is Destination.PLAN and match.kind is not MatchKind.POSSIBLE:
        prepare_by_rules(session, lead, cause=cause)
    consent = session.get(Consent, lead.id)
    scope = consent.scope if consent and consent.withdrawn_at is None else ConsentScope.NONE
    release = decide_release(score=lead.score, consent_scope=scope, release_score=rules.release_score)
    if isinstance(release, HeldForNurture):
        _hold(session, lead, (release.reason, *route.reasons), rules, now, cause=cause)
    else:
        follow_match(session, lead, match, route, rules, now, cause=cause)
    let_others_find(session, lead, match)


def follow_match(
    session: Session,
    lead: Lead,
    match: MatchDecision,
    route: AccountRoute,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    actor: Viewer | None = None,
    reasons: Sequence[Phrase] = (),
) -> None:
    """Carry a route out; of a near match a person first says which of the candidates the company is, if any.

    Only what needs no account goes before that question: the company is itself a partner. `reasons` come behind the
    route's own in the trace. The caller holds the lead's lock and has ended what was open before.
    """
    if match.kind is not MatchKind.POSSIBLE or route.level is AccountLevel.PARTNER_COMPANY:
        told = replace(route, reasons=(*route.reasons, *reasons))
        follow_route(session, lead, told, rules, now, cause=cause, actor=actor)
        return
    considered = consider_partnerships(session, lead, rules, now)
    send_to_review(
        session,
        lead,
        ReviewReason.NEAR_MATCH,
        considered,
        cause=cause,
        actor=actor,
        reasons=(*match.reasons, *reasons),
        candidates=review_candidates(match),
    )


def _hold(
    session: Session,
    lead: Lead,
    reasons: Sequence[Phrase],
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
) -> None:
    """Keep a lead with marketing. Who could have it one day is part of the decision's trace all the same."""
    lead.state = LeadState.NURTURING
    considered = consider_partnerships(session, lead, rules, now)
    keep_decision(session, lead, cause=cause, outcome="nurturing", reasons=reasons, considered=considered)
    record_event(
        session,
        EventKind.LEAD_HELD_FOR_NURTURE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": reasons[0].to_json()},
    )
