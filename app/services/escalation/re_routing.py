"""A lead that nobody works goes to somebody else: the backup partner, the next round, direct sales (W-05, W-07)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import Span, due_at
from app.domain.distribution import AssignmentEnd, RoundKind, RoundOutcome, RoundPlan
from app.domain.escalation import ReRoutedTo, decide_re_route
from app.domain.lead_routing.trace import why_offered
from app.domain.leads import LeadState, decide_move
from app.domain.notifications import MailKind
from app.domain.phrases import N_, Phrase
from app.domain.response_score import ResponseKind
from app.models import Assignment, Lead, Offer, Partnership
from app.queries.absences import partners_away
from app.queries.capacity import free_places
from app.queries.escalation import channel_managers_of, sales_managers_of, workers_of
from app.queries.manufacturers import ManufacturerRules, manufacturer_rules, organisation_calendar, plan_of_lead
from app.services.audit import record_event
from app.services.distribution.assigning import end_assignment
from app.services.distribution.deadlines import keep_follow_up
from app.services.distribution.deciding import Candidate, Considered, consider_partnerships, expiry_of, keep_decision
from app.services.distribution.exclusive import Asked, expire_exclusive_offer, make_exclusive_offer
from app.services.distribution.planning import line_after, place_in_plan
from app.services.distribution.rounds import close_round, open_line, start_round
from app.services.distribution.telling import tell_who_lost_it
from app.services.network_order import hold_network
from app.services.notifications import owe_mails
from app.services.response_noting import note_response

NOT_ANSWERED = Phrase(N_("Nobody answered the offer in time."))
NOT_CONTACTED = Phrase(N_("No contact attempt was logged in time."))
STALLED = Phrase(N_("Nothing was logged on it for a long time."))

_WHY_BACKUP = Phrase(N_("You are asked in place of a partner that did not have the time."))
_DIRECT = RoundPlan(RoundKind.DIRECT, Span(is_same_day=True))
_ASKED_FOR = Span(minutes=4 * 60)
"""How long a backup is asked where the plan has no push round (domain.md §3)."""


def re_route_offer(session: Session, lead: Lead, offer: Offer) -> None:
    """End an owner's unanswered offer, tell both sides, and offer the lead to somebody else.

    The caller holds the lead's lock and has found the offer unanswered.
    """
    left = session.get_one(Partnership, offer.partnership_id)
    expire_exclusive_offer(session, lead, offer)
    once, payload = f"owner_silent:{offer.id}", {"lead_id": str(lead.id), "partnership_id": left.id}
    watching = channel_managers_of(session, lead.manufacturer_id, left)
    owe_mails(session, MailKind.OWNER_SILENT_TO_MANUFACTURER, watching, payload=payload, once=once)
    close_round(session, lead, RoundOutcome.EXPIRED)
    session.flush()
    tell_who_lost_it(session, lead, left, NOT_ANSWERED, sales_managers_of(session, left), once=f"offer:{offer.id}")
    pass_on(session, lead, left, cause="silence")


def re_route_work(session: Session, lead: Lead, work: Assignment, why: Phrase, *, cause: str) -> None:
    """End the work of a partner that does not do it, tell its people, and offer the lead to somebody else.

    The caller holds the lead's lock and has found the assignment active. The network is held before the partnership is
    locked.
    """
    hold_network(session, lead.manufacturer_id)
    left = session.get_one(Partnership, work.partnership_id)
    people = {*workers_of(session, work), *sales_managers_of(session, left)}
    end_assignment(session, lead, AssignmentEnd.RE_ROUTED)
    once = f"{ResponseKind.RE_ROUTED.value}:{work.id}"
    note_response(session, left.id, ResponseKind.RE_ROUTED, lead.id, once)
    lead.state = decide_move(lead.state, LeadState.DISTRIBUTING)
    session.flush()
    keep_follow_up(session, lead, None)
    tell_who_lost_it(session, lead, left, why, sorted(people), once=f"assignment:{work.id}")
    pass_on(session, lead, left, cause=cause)


def pass_on(session: Session, lead: Lead, left: Partnership, *, cause: str) -> ReRoutedTo:
    """Offer a lead whose partner does not work it any more to the backup, else go on with its plan, else queue it.

    The caller holds the lead's lock and has ended what there was; the plan may end in a review.
    """
    rules, now = manufacturer_rules(session, lead.manufacturer_id), read_clock(session)
    considered = consider_partnerships(session, lead, rules, now)
    backup = _backup(session, left, considered)
    line = line_after(session, lead, place_in_plan(session, lead), considered, rules)
    to = decide_re_route(may_backup_take_it=backup is not None, has_next_round=line is not None)
    record_event(
        session,
        EventKind.LEAD_RE_ROUTED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=left.id,
        data={"to": to.value, "cause": cause},
    )
    if backup is not None:
        _ask_backup(session, lead, left, backup, considered, rules, now)
    else:
        open_line(session, lead, _DIRECT if to is ReRoutedTo.DIRECT else line, considered, rules, now, cause=cause)
    return to


def _backup(session: Session, left: Partnership, considered: Considered) -> Candidate | None:
    """The backup partner, when it may see the lead like anybody else, is there to answer and has room (W-17)."""
    named = next((one for one in considered.eligible if one.facts.partnership_id == left.backup_partnership_id), None)
    if named is None or partners_away(session, [named.partner_id]):
        return None
    return named if free_places(session, named.facts.partnership_id) else None


def _ask_backup(
    session: Session,
    lead: Lead,
    left: Partnership,
    backup: Candidate,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    """Ask one partner alone, as a push does, for as long as a push does; after it the plan goes on where it was."""
    reasons = [Phrase(N_("The backup of %(partner)s is asked."), {"partner": left.name})]
    kind = RoundKind.PUSH
    decision = keep_decision(
        session, lead, cause="re_routed", outcome=kind.value, reasons=reasons, considered=considered
    )
    asking = start_round(session, lead, kind, decision.id, backup_for_id=left.id)
    line = plan_of_lead(session, lead.plan_id).round_of(kind) if lead.plan_id else None
    window = line.window_for(is_hot=lead.is_hot) if line else _ASKED_FOR
    until = due_at(window, organisation_calendar(session, backup.partner_id), now)
    make_exclusive_offer(
        session,
        lead,
        asking,
        Asked(backup.facts.partnership_id, backup.partner_id, backup.version),
        now=now,
        expires_at=expiry_of(backup, until, rules.time_zone),
        reasons=[_WHY_BACKUP, *why_offered(backup.eligibility.results)],
    )
    record_event(
        session,
        EventKind.ROUND_OPENED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"round": kind.value, "offers": 1, "cause": "re_routed"},
    )
