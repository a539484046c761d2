"""Moving several leads by hand: each by itself, to a partner, to a person, or on with its plan."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind, RoundOutcome
from app.domain.errors import DomainError, Forbidden, Invalid
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.domain.phrases import N_, Phrase
from app.domain.reassigning import (
    LEADS_AT_ONCE,
    REASSIGNER_ROLES,
    Taker,
    decide_reassign,
    decided_by_hand,
    refuse_changed,
)
from app.models import Lead
from app.queries.manufacturers import manufacturer_rules
from app.queries.reassigning import moved_since, reassign_facts, taker_name
from app.services.audit import record_event
from app.services.distribution.assigning import end_work_by_hand, hand_over, lock_lead
from app.services.distribution.deadlines import keep_follow_up
from app.services.distribution.planning import place_in_plan
from app.services.distribution.rounds import advance, close_round
from app.services.distribution.telling import taken_by_hand, tell_who_was_asked_alone
from app.services.idempotency import begin_request, forget_request, keep_answer, note_progress, progress_of
from app.services.lead_routing import resume_routing, start_released
from app.services.network_order import hold_network
from app.services.returning.onward import go_on_after

LONGEST_REASON = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Move:
    """To whom leads go, who moves them, why, and whether that is meant where a rule speaks against it."""

    taker: Taker
    taker_name: str
    actor: Viewer
    reason: str
    is_confirmed: bool

    @property
    def told(self) -> tuple[Phrase, ...]:
        """What the trace says where the plan goes on."""
        return (decided_by_hand(person=self.actor.name, reason=self.reason),)


def reassign_leads(
    *,
    leads: Mapping[uuid.UUID, str],
    taker: Taker,
    actor: Viewer,
    reason: str,
    token: str,
    is_confirmed: bool = False,
) -> int:
    """Move leads by hand, each in a transaction of its own in the order of their ids; returns the trail's line of it.

    `leads` says for each where the person saw it stand (`LeadStanding.to_text`): one that has been moved since is
    refused, and so is whatever `decide_reassign` refuses, or without `is_confirmed` one for which the manufacturer's
    own rules speak against the partner. A refused lead stops no other. Whoever loses a lead is told why. The same
    `token` again changes nothing and returns the same line; where the process was lost in between, it moves the rest,
    and the line tells of all. Raises `Forbidden`, `NotFound` for a taker that is not the manufacturer's, `Invalid`
    without a reason or with too many leads.
    """
    if not actor.is_manufacturer or not actor.has_role(*REASSIGNER_ROLES):
        raise Forbidden
    _check(leads, reason)
    with transaction() as session:
        name = taker_name(session, actor.organisation_id, taker)
    move = _Move(taker, name, actor, reason.strip()[:LONGEST_REASON], is_confirmed)
    key = f"reassign-{_digest(leads, move, token)}"
    earlier = begin_request(actor=actor, key=key, request_hash=key)
    if earlier is not None:
        return int(earlier.body["event_id"])
    try:
        progress = _begin(leads, move, key)
    except BaseException:
        forget_request(actor=actor, key=key)
        raise
    event_id = progress.get("told") or _move_all(leads, move, key, progress["begun"])
    keep_answer(actor=actor, key=key, status=303, body={"event_id": event_id})
    return event_id


def _check(leads: Mapping[uuid.UUID, str], reason: str) -> None:
    if not reason.strip():
        problem = Phrase(N_("Say why you move these leads: both sides will read it."))
        raise Invalid(problem, fields={"reason": problem})
    if not 0 < len(leads) <= LEADS_AT_ONCE:
        raise Invalid(Phrase(N_("Choose between 1 and %(most)s leads."), {"most": LEADS_AT_ONCE}), code="how_many")


def _digest(leads: Mapping[uuid.UUID, str], move: _Move, token: str) -> str:
    """What tells one request from another: the same page sent again with another choice is another request."""
    said = [
        token,
        str(move.taker),
        move.reason,
        str(move.is_confirmed),
        *(f"{lead_id}{seen}" for lead_id, seen in sorted(leads.items())),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _begin(leads: Mapping[uuid.UUID, str], move: _Move, key: str) -> Mapping[str, int]:
    """Write the trail's first line of the move, or find how far a process has come with it that was lost."""
    with transaction() as session:
        progress = progress_of(session, actor=move.actor, key=key)
        if not progress:
            chosen = {"leads": [lead_id.hex for lead_id in sorted(leads)]}
            progress = {"begun": _record(session, EventKind.LEADS_REASSIGN_BEGUN, move, chosen)}
            note_progress(session, actor=move.actor, key=key, progress=progress)
        return progress


def _move_all(leads: Mapping[uuid.UUID, str], move: _Move, key: str, begun: int) -> int:
    """Move each lead that the same request has not moved since it was begun, and write the trail's line of all."""
    with transaction() as session:
        done = moved_since(session, leads, move.taker, actor=move.actor, reason=move.reason, event_id=begun)
    refused: dict[str, Phrase] = {}
    for lead_id, seen in sorted(leads.items()):
        why_not = None if lead_id in done else _move_one(lead_id, seen, move)
        if why_not is not None:
            refused[lead_id.hex] = why_not
    result = {
        "leads": [lead_id.hex for lead_id in sorted(leads) if lead_id.hex not in refused],
        "refused": {lead_id: why.to_json() for lead_id, why in refused.items()},
    }
    with transaction() as session:
        told = _record(session, EventKind.LEADS_REASSIGNED, move, result)
        note_progress(session, actor=move.actor, key=key, progress={"begun": begun, "told": told})
        return told


def _record(session: Session, kind: EventKind, move: _Move, data: Mapping[str, Any]) -> int:
    event = record_event(
        session,
        kind,
        actor=move.actor,
        manufacturer_id=move.actor.organisation_id,
        data={"taker": move.taker_name, "reason": move.reason, **data},
    )
    session.flush()
    return event.id


def _move_one(lead_id: uuid.UUID, seen: str, move: _Move) -> Phrase | None:
    """Move one lead; None when that is done, else why it stayed where it was."""
    try:
        with transaction() as session:
            lead = lock_lead(session, lead_id, move.actor)
            hold_network(session, lead.manufacturer_id)
            standing, facts = reassign_facts(session, lead.manufacturer_id, [lead.id], move.taker)[lead.id]
            decide_reassign(facts, move.taker)
            refuse_changed(seen, standing)
            if move.taker.is_plan:
                _let_plan_go_on(session, lead, facts.round_kind, move)
            else:
                meant = move.is_confirmed
                hand_over(session, lead, move.taker, actor=move.actor, reason=move.reason, is_confirmed=meant)
    except DomainError as error:
        return error.phrase
    except Exception as error:
        log.error("lead_not_reassigned", lead_id=str(lead_id), exc_info=error)
        return Phrase(N_("Something went wrong with this lead, and it stayed as it was. Try it again by itself."))
    return None


def _let_plan_go_on(session: Session, lead: Lead, round_kind: RoundKind | None, move: _Move) -> None:
    """From where the lead stands: behind the round it was taken in, after the open round, or from the plan's start."""
    tell_who_was_asked_alone(session, lead, taken_by_hand(move.reason))
    work = end_work_by_hand(session, lead, actor=move.actor, reason=move.reason)
    is_waiting = lead.state in (LeadState.IN_REVIEW, LeadState.NURTURING)
    record_event(
        session,
        EventKind.LEAD_RELEASED if is_waiting else EventKind.LEAD_PLAN_RESUMED,
        actor=move.actor,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=work.partnership_id if work else None,
        data={"reason": move.reason},
    )
    if is_waiting:
        start_released(session, lead, move.actor, move.reason)
    elif work is not None:
        keep_follow_up(session, lead, None)
        go_on_after(session, lead, work, cause="reassigned", reasons=move.told)
    elif round_kind in (None, RoundKind.DIRECT):
        resume_routing(session, lead, cause="reassigned", by_plan_only=True, reasons=move.told)
    else:
        _follow_round(session, lead, move)


def _follow_round(session: Session, lead: Lead, move: _Move) -> None:
    close_round(session, lead, RoundOutcome.WITHDRAWN)
    session.flush()
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    advance(session, lead, place_in_plan(session, lead), rules, now, cause="reassigned", reasons=move.told)
