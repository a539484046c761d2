"""Offering a lead anew once whoever worked it does no longer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.leads import LeadState, decide_move
from app.domain.phrases import Phrase
from app.models import Assignment, Lead
from app.queries.manufacturers import manufacturer_rules, plan_of_lead
from app.queries.returns import round_taken_in
from app.services.distribution.rounds import advance
from app.services.lead_routing import resume_routing
from app.services.routing_rules import follow_rules


def go_on_after(session: Session, lead: Lead, work: Assignment, *, cause: str, reasons: Sequence[Phrase] = ()) -> None:
    """Go on with the lead's plan behind the round in which it was taken, or from its start when it was in none.

    Whoever left it is not asked again; the manufacturer's own rules may hold it back. The caller holds the lead's lock
    and has ended the assignment.
    """
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    if follow_rules(session, lead, rules, now, cause=cause):
        return
    kind = round_taken_in(session, work)
    plan = plan_of_lead(session, lead.plan_id) if lead.plan_id else None
    if kind is None or plan is None or plan.round_of(kind) is None:
        resume_routing(session, lead, cause=cause, by_plan_only=True, reasons=reasons)
        return
    lead.state = decide_move(lead.state, LeadState.DISTRIBUTING)
    advance(session, lead, kind, rules, now, cause=cause, reasons=reasons)
