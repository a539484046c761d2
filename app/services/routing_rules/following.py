"""Doing what a manufacturer's own rules say when something happens to a lead: fields, mails, and where it goes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.identity import MANUFACTURER_ROLES
from app.domain.lead_conditions import Fact, LeadField, LeadValues, field_name
from app.domain.leads import LeadState, ReviewReason, decide_move
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.domain.review import ReviewDecision
from app.domain.routing_rules import RoutingRule, RuleTrigger, rules_done, rules_met, triggers_asked
from app.domain.rule_actions import RuleDestination
from app.models import Lead, ProductLine, RoutingDecision, RuleApplication, User
from app.queries.lead_values import lead_values
from app.queries.manufacturers import ManufacturerRules
from app.queries.people import who_acts_for
from app.queries.reviews.answers import reasons_answered
from app.queries.routing_rules import active_rules, rules_in_force
from app.services.audit import record_event
from app.services.distribution.deciding import consider_partnerships, keep_decision
from app.services.distribution.reviewing import close_review, send_to_review
from app.services.network_order import hold_network
from app.services.notifications import owe_mails
from app.services.routing_rules.limiting import ONLY_LIMITING


def prepare_by_rules(session: Session, lead: Lead, *, cause: str) -> RoutingRule | None:
    """Ask the rules whose turn it is at this cause: set fields, tell colleagues.

    Returns the rule that sends the lead elsewhere than into the plan, None where none does. The caller holds the lead's
    lock, and nobody owns the lead's company. Asked again before the decision is kept it finds what it set, and tells
    nobody twice. Who may see the lead the rules say at each round (`consider_partnerships`).
    """
    return _apply(session, lead, triggers_asked(cause, has_begun=lead.distributed_at is not None))


def follow_rules(
    session: Session, lead: Lead, rules: ManufacturerRules, now: datetime, *, cause: str, reasons: Sequence[Phrase] = ()
) -> bool:
    """Do what the rules say of a lead at this cause; whether one sent it elsewhere than into the plan."""
    sent_by = prepare_by_rules(session, lead, cause=cause)
    if sent_by is None:
        return False
    considered = consider_partnerships(session, lead, rules, now, cause=cause)
    if sent_by.actions.destination is RuleDestination.REVIEW:
        send_to_review(session, lead, ReviewReason.MANUAL_REVIEW, considered, cause=cause, reasons=reasons)
        return True
    close_review(session, lead, ReviewDecision.NO_LONGER_NEEDED)
    lead.state, lead.review_reason = LeadState.NURTURING, None
    keep_decision(session, lead, cause=cause, outcome="nurturing", reasons=reasons, considered=considered)
    record_event(
        session,
        EventKind.LEAD_HELD_FOR_NURTURE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": sent_by.reason.to_json()},
    )
    return True


def note_change(session: Session, lead: Lead) -> bool:
    """Ask the rules about a waiting lead that has changed; whether it is back at the door, to be routed anew.

    A nurtured lead goes there where a rule may have something to say. Before a person it stays, whatever a rule says:
    fields are set and colleagues told. Of any other lead nothing changes. The caller holds its lock.
    """
    if lead.state is LeadState.IN_REVIEW:
        _apply(session, lead, {RuleTrigger.CHANGED})
    elif lead.state is LeadState.NURTURING and _has_rules_about_changes(session, lead):
        lead.state = decide_move(lead.state, LeadState.RECEIVED)
    return lead.state is LeadState.RECEIVED


def note_changes(session: Session, lead_ids: Collection[uuid.UUID]) -> None:
    """Ask the rules about those of some changed leads that are before a person (`note_change`).

    Belongs at the end of a transaction: all its leads are locked before the network is held.
    """
    waiting = select(Lead).where(Lead.id.in_(lead_ids), Lead.state == LeadState.IN_REVIEW).order_by(Lead.id)
    for lead in session.scalars(waiting.with_for_update(of=Lead)).all() if lead_ids else ():
        note_change(session, lead)


def _has_rules_about_changes(session: Session, lead: Lead) -> bool:
    return any(rule.trigger is RuleTrigger.CHANGED for rule in active_rules(session, lead.manufacturer_id))


def _apply(session: Session, lead: Lead, triggers: Collection[RuleTrigger]) -> RoutingRule | None:
    """Do what the rules of these triggers say. The network is held: no rule changes or goes meanwhile."""
    with session.no_autoflush:  # Where there are none, what is known of the lead by now can be written later.
        if not triggers or not active_rules(session, lead.manufacturer_id):
            return None
    hold_network(session, lead.manufacturer_id)
    rules = [rule for rule in active_rules(session, lead.manufacturer_id) if rule.trigger in triggers]
    if not rules:
        return None
    in_force_ids = _still_in_force(session, lead, rules)
    values = dict(lead_values(session, [lead.id])[lead.id])
    passed = _destinations_passed(session, lead, rules)
    sent_by = None
    for rule in rules_done(rules_met(rules, values, triggers, in_force_ids), passed):
        values |= _set_fields(session, lead, rule, values)
        if _note_application(session, lead, rule):
            _tell(session, lead, rule)
        sent_by = rule if rule.actions.destination not in {RuleDestination.PLAN, *passed} else None
    return sent_by


def _destinations_passed(session: Session, lead: Lead, rules: Sequence[RoutingRule]) -> set[RuleDestination]:
    """A person who has decided about the lead is not asked again, unless it was returned since."""
    asks = any(rule.actions.destination is RuleDestination.REVIEW for rule in rules)
    is_returned = any(rule.trigger is RuleTrigger.RETURNED for rule in rules)
    if not asks or is_returned or ReviewReason.MANUAL_REVIEW not in reasons_answered(session, lead.id):
        return set()
    return {RuleDestination.REVIEW}


def _set_fields(session: Session, lead: Lead, rule: RoutingRule, values: LeadValues) -> dict[LeadField, Fact]:
    """Give the lead's fields the values the rule sets, and note each in its story; returns what became another."""
    changes = rule.actions.changes_to(values)
    if LeadField.PRODUCTS in changes and not _add_product(session, lead, rule.actions.product):
        del changes[LeadField.PRODUCTS]
    lead.is_hot = lead.is_hot or rule.actions.makes_hot
    lead.score = lead.score if rule.actions.score is None else rule.actions.score
    session.flush()
    if changes:
        data = {"rule": rule.name, "differences": [_difference(name, values, changes) for name in changes]}
        record_event(
            session, EventKind.LEAD_SET_BY_RULE, manufacturer_id=lead.manufacturer_id, lead_id=lead.id, data=data
        )
    return changes


def _add_product(session: Session, lead: Lead, code: str | None) -> bool:
    """Whether the line is still there to be added."""
    own = select(ProductLine).where(ProductLine.manufacturer_id == lead.manufacturer_id, ProductLine.code == code)
    line = session.scalars(own.where(ProductLine.is_active)).one_or_none()
    if line is None:
        return False
    lead.product_lines.append(line)
    lead.title = lead.title or line.name
    return True


def _difference(name: LeadField, before: LeadValues, after: Mapping[LeadField, Fact]) -> dict[str, Any]:
    said = ([_said(values.get(name)).to_json()] for values in (before, after))
    return {"part": field_name(name).to_json()} | dict(zip(("before", "after"), said, strict=True))


def _said(fact: Fact) -> Phrase:
    if isinstance(fact, bool):
        return Phrase(N_("yes") if fact else N_("no"))
    text = ", ".join(sorted(fact)) if isinstance(fact, frozenset) else fact
    return Phrase("%(value)s", {"value": "–" if text in (None, "") else text})


def _still_in_force(session: Session, lead: Lead, rules: Sequence[RoutingRule]) -> set[int]:
    """Those of the rules that were followed for the decision under way; the others are asked anew."""
    decided = select(RoutingDecision.id).where(
        RoutingDecision.lead_id == lead.id, RoutingDecision.decided_at >= RuleApplication.applied_at
    )
    former = update(RuleApplication).where(
        RuleApplication.lead_id == lead.id,
        RuleApplication.rule_id.in_([rule.id for rule in rules]),
        RuleApplication.version != ONLY_LIMITING,
        decided.exists(),
    )
    session.execute(former.values(version=None).execution_options(synchronize_session=False))
    return rules_in_force(session, lead.id)


def _note_application(session: Session, lead: Lead, rule: RoutingRule) -> bool:
    """Note that the rule is followed for the lead now; whether for the first time."""
    known = session.get(RuleApplication, (rule.id, lead.id))
    is_first = known is None or known.version == ONLY_LIMITING
    applied = insert(RuleApplication).values(rule_id=rule.id, lead_id=lead.id, version=rule.version)
    again = {"applied_at": clock_now(), "version": rule.version}
    session.execute(applied.on_conflict_do_update(index_elements=["rule_id", "lead_id"], set_=again))
    return is_first


def _tell(session: Session, lead: Lead, rule: RoutingRule) -> None:
    """Owe the colleagues the rule names a mail: who left is passed by, for who is away the deputy is told."""
    if not rule.actions.notified_ids:
        return
    there = select(User.id).where(
        User.id.in_(rule.actions.notified_ids),
        User.organisation_id == lead.manufacturer_id,
        User.role.in_(MANUFACTURER_ROLES),
        User.disabled_at.is_(None),
    )
    told = {who_acts_for(session, user_id) for user_id in session.scalars(there).all()}
    payload = {"lead_id": str(lead.id), "why": rule.reason.to_json()}
    once = f"routing_rule:{rule.id}:{lead.id}"
    owe_mails(session, MailKind.ROUTING_RULE_TO_COLLEAGUE, sorted(told), payload=payload, once=once)
