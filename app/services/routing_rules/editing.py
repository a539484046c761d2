"""Keeping a manufacturer's own routing rules, and following them when a lead comes in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.leads import LeadState, ReviewReason
from app.domain.network.changes import StaleEdit
from app.domain.phrases import N_, Phrase
from app.domain.routing_rules import RoutingRule, RuleDestination
from app.models import Lead, Partnership
from app.models import RoutingRule as RuleRow
from app.queries.routing_rules import rule_of_row
from app.services.audit import record_event
from app.services.distribution.deciding import Considered, keep_decision
from app.services.distribution.reviewing import send_to_review
from app.services.network.writing import NetworkWriting, network_writing

RECEIVED = "received"
"""The cause of a lead's first decision: rules set fields and send leads elsewhere only then, whatever follows."""

CHANGED = N_("changed")


def create_rule(*, actor: Viewer, rule: RoutingRule) -> int:
    """Add a rule, to be asked after all others; returns its id. It counts from the next decision about a lead on."""
    with network_writing(actor) as writing:
        _check(writing, rule)
        last = select(func.max(RuleRow.position)).where(RuleRow.manufacturer_id == writing.manufacturer_id)
        row = RuleRow(
            manufacturer_id=writing.manufacturer_id,
            position=(writing.session.scalar(last) or 0) + 1,
            trigger=RECEIVED,
            **_columns(rule),
        )
        writing.session.add(row)
        writing.session.flush()
        _note(writing, row, N_("added"), rule)
        return row.id


def change_rule(*, actor: Viewer, rule_id: int, version: int, rule: RoutingRule) -> None:
    """Change a rule. `StaleEdit` when `version` is not the newest; the same again changes nothing."""
    with network_writing(actor) as writing:
        row = writing.find(RuleRow, rule_id, locked=True)
        _check(writing, rule)
        before = rule_of_row(row)
        if before == rule:
            return
        if row.version != version:
            raise StaleEdit(theirs=before, yours=rule, version=row.version)
        for name, value in _columns(rule).items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = clock_now()
        _note(writing, row, CHANGED, before, rule)


def move_rule(*, actor: Viewer, rule_id: int, up: bool) -> None:
    """Have a rule asked one place earlier or later; at the end of the list it stays where it is."""
    with network_writing(actor) as writing:
        row = writing.find(RuleRow, rule_id, locked=True)
        others = select(RuleRow).where(RuleRow.manufacturer_id == writing.manufacturer_id).order_by(RuleRow.position)
        rows = list(writing.session.scalars(others.with_for_update()))
        place = rows.index(row) + (-1 if up else 1)
        if not 0 <= place < len(rows):
            return
        rows.remove(row)
        rows.insert(place, row)
        for position, one in enumerate(rows, 1):
            one.position = position
        _note(writing, row, N_("moved"), *map(rule_of_row, rows))


def remove_rule(*, actor: Viewer, rule_id: int) -> None:
    """Remove a rule; decisions that were made by it keep its name and what it said."""
    with network_writing(actor) as writing:
        row = writing.find(RuleRow, rule_id, locked=True)
        _note(writing, row, N_("removed"), rule_of_row(row))
        writing.session.delete(row)


def follow_rules(
    session: Session, lead: Lead, considered: Considered, *, cause: str, reasons: Sequence[Phrase]
) -> bool:
    """Do what the rules a new lead meets say; whether one sent it elsewhere than into the plan.

    Who may see the lead the rules have said already, and say again before each round (`consider_partnerships`).
    """
    if cause != RECEIVED:
        return False
    destination = RuleDestination.PLAN
    for rule in considered.rules:
        lead.is_hot = lead.is_hot or rule.actions.makes_hot
        lead.score = lead.score if rule.actions.score is None else rule.actions.score
        destination = rule.actions.destination
    if destination is RuleDestination.REVIEW:
        send_to_review(session, lead, ReviewReason.MANUAL_REVIEW, considered, cause=cause, reasons=reasons)
    elif destination is RuleDestination.NURTURE:
        _nurture(session, lead, considered, cause=cause, reasons=reasons)
    return destination is not RuleDestination.PLAN


def _nurture(session: Session, lead: Lead, considered: Considered, *, cause: str, reasons: Sequence[Phrase]) -> None:
    lead.state = LeadState.NURTURING
    keep_decision(session, lead, cause=cause, outcome="nurturing", reasons=reasons, considered=considered)
    record_event(
        session,
        EventKind.LEAD_HELD_FOR_NURTURE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"reason": considered.rules[-1].reason.to_json()},
    )


def _columns(rule: RoutingRule) -> dict[str, object]:
    return {
        "name": rule.name.strip(),
        "conditions": rule.conditions.to_json(),
        "actions": rule.actions.to_json(),
        "is_active": rule.is_active,
    }


def _check(writing: NetworkWriting, rule: RoutingRule) -> None:
    rule.check()
    for field, ids in (("only_ids", rule.actions.only_ids), ("excluded_ids", rule.actions.excluded_ids)):
        if len(_own_partners(writing, ids)) < len(ids):
            reason = Phrase(N_("Choose partners of your own."))
            raise Invalid(reason, fields={field: reason})


def _own_partners(writing: NetworkWriting, ids: Collection[int] | None = None) -> dict[int, str]:
    own = select(Partnership.id, Partnership.name).where(Partnership.manufacturer_id == writing.manufacturer_id)
    rows = writing.session.execute(own if ids is None else own.where(Partnership.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _note(writing: NetworkWriting, row: RuleRow, done: str, *versions: RoutingRule) -> None:
    """Write what was done into the trail; where who may see leads is touched, open offers are looked at anew."""
    names = _own_partners(writing)
    if any(rule.actions.limits_partners for rule in versions):
        writing.doubt_eligibility(names)
    says = [(rule.conditions.phrase, rule.actions.phrase(names)) for rule in (versions[0], versions[-1])]
    differences = [
        {"part": Phrase(part).to_json(), "before": [says[0][side].to_json()], "after": [says[1][side].to_json()]}
        for side, part in enumerate((N_("Conditions"), N_("Actions")))
        if done == CHANGED and says[0][side] != says[1][side]
    ]
    writing.record(
        EventKind.ROUTING_RULE_CHANGED,
        name=row.name,
        what=Phrase(done).to_json(),
        rule_id=row.id,
        differences=differences,
    )
