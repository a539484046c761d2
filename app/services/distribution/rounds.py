"""Opening and closing the rounds of one lead, in the order of its plan."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, due_at
from app.domain.distribution import (
    ENABLED_ROUNDS,
    OfferAnswer,
    RoundKind,
    RoundOutcome,
    RoundPlan,
    head_starts,
    next_round,
    visible_from,
)
from app.domain.escalation import StepTime, alerts_before, step_times
from app.domain.lead_routing.trace import why_offered
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.domain.review import ReviewDecision
from app.models import Lead, Offer, Round
from app.queries.manufacturers import ManufacturerRules, plan_of_lead
from app.services.audit import record_event
from app.services.distribution.boards import promise_board_end
from app.services.distribution.deadlines import cancel_promises, promise, promise_alerts
from app.services.distribution.deciding import Candidate, Considered, consider_partnerships, keep_decision
from app.services.distribution.owning import open_owner_offer
from app.services.distribution.planning import line_after, place_in_plan, traits_of
from app.services.distribution.pushing import open_push_offer
from app.services.distribution.reviewing import close_review, owe_to_manufacturer, send_to_review

_ENDS_OF_ROUNDS = (
    DeadlineKind.OWNER_EXPIRES,
    DeadlineKind.BOARD_CLOSES,
    DeadlineKind.PUSH_EXPIRES,
    DeadlineKind.DIRECT_DUE,
    DeadlineKind.ESCALATION_DUE,
)


def start_rounds(
    session: Session,
    lead: Lead,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    reasons: Sequence[Phrase] = (),
    owner_id: int | None = None,
) -> None:
    """Begin a lead's distribution with the first round of its plan: reserved to `owner_id`, the partnership it is of.

    `reasons` say how its account was found. With nobody eligible and no owner a person decides.
    """
    lead.plan_id = rules.plan_id
    traits = traits_of(session, lead, considered, rules.plan, has_owner=owner_id is not None)
    line = next_round(rules.plan, None, traits, ENABLED_ROUNDS)
    is_owners = line is not None and line.kind is RoundKind.OWNER
    if traits.may_go_to_partners and not considered.eligible and not is_owners:
        send_to_review(session, lead, ReviewReason.NOBODY_ELIGIBLE, considered, cause=cause, reasons=reasons)
        return
    close_review(session, lead, ReviewDecision.SENT_TO_PLAN)
    lead.state = LeadState.DISTRIBUTING
    lead.review_reason = None
    lead.distributed_at = lead.distributed_at or now
    open_line(session, lead, line, considered, rules, now, cause=cause, reasons=reasons, owner_id=owner_id)


def advance(
    session: Session, lead: Lead, after: RoundKind | None, rules: ManufacturerRules, now: datetime, *, cause: str
) -> None:
    """Go on with the lead's plan after a round of kind `after` has ended without an assignment; None begins it."""
    considered = consider_partnerships(session, lead, rules, now, cause=cause)
    line = line_after(session, lead, after, considered, rules)
    open_line(session, lead, line, considered, rules, now, cause=cause)


def follow_push(
    session: Session, lead: Lead, push: Round, rules: ManufacturerRules, now: datetime, *, cause: str
) -> None:
    """Ask the next partner after a decline or silence; when nobody is left, go on with the plan."""
    considered = consider_partnerships(session, lead, rules, now)
    plan = plan_of_lead(session, lead.plan_id) if lead.plan_id else rules.plan
    line = plan.round_of(RoundKind.PUSH)
    is_backups = push.backup_for_id is not None
    if line and not is_backups and open_push_offer(session, lead, push, line, considered, rules, now, expiry_of):
        keep_decision(session, lead, cause=cause, outcome=RoundKind.PUSH.value, considered=considered)
        return
    close_round(session, lead, RoundOutcome.DECLINED if cause == "declined" else RoundOutcome.EXPIRED)
    session.flush()
    advance(session, lead, place_in_plan(session, lead), rules, now, cause=cause)


def close_round(session: Session, lead: Lead, outcome: RoundOutcome) -> Round | None:
    """End the lead's open round and every offer still open in it; None when no round was open."""
    open_round = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one_or_none()
    if open_round is None:
        return None
    open_round.closed_at = session.scalar(select(clock_now()))
    open_round.outcome = outcome
    answer = OfferAnswer.EXPIRED if outcome is RoundOutcome.EXPIRED else OfferAnswer.WITHDRAWN
    end_open_offers(session, open_round.id, answer)
    cancel_promises(session, lead.id, *_ENDS_OF_ROUNDS)
    record_event(
        session,
        EventKind.ROUND_CLOSED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"round": open_round.kind.value, "outcome": outcome.value},
    )
    return open_round


def end_open_offers(session: Session, round_id: int, answer: OfferAnswer) -> None:
    """Give every unanswered offer of a round its end."""
    session.execute(
        update(Offer)
        .where(Offer.round_id == round_id, Offer.answer.is_(None))
        .values(answer=answer, answered_at=clock_now())
        .execution_options(synchronize_session=False)
    )


def open_line(
    session: Session,
    lead: Lead,
    line: RoundPlan | None,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    reasons: Sequence[Phrase] = (),
    owner_id: int | None = None,
) -> None:
    """Hold the round of one line; at the plan's end, or with nobody eligible for a board, a person decides."""
    is_for_nobody = line is not None and line.kind is RoundKind.BOARD and not considered.eligible
    if line is None or is_for_nobody:
        reason = ReviewReason.NOBODY_ELIGIBLE if is_for_nobody else ReviewReason.MANUAL_REVIEW
        send_to_review(session, lead, reason, considered, cause=cause, reasons=reasons)
        return
    decision = keep_decision(
        session, lead, cause=cause, outcome=line.kind.value, reasons=reasons, considered=considered
    )
    new_round = start_round(session, lead, line.kind, decision.id)
    if line.kind is RoundKind.OWNER and owner_id is not None:
        open_owner_offer(session, lead, new_round, line, owner_id, now)
    elif line.kind is RoundKind.BOARD:
        _open_board(session, lead, new_round, line, considered.eligible, rules, now)
    elif line.kind is RoundKind.PUSH:
        if not open_push_offer(session, lead, new_round, line, considered, rules, now, expiry_of):
            close_round(session, lead, RoundOutcome.NOBODY_ELIGIBLE)
            session.flush()
            advance(session, lead, RoundKind.PUSH, rules, now, cause="nobody_to_push")
            return
    else:
        _open_direct(session, lead, new_round, line, rules, now)
    record_event(
        session,
        EventKind.ROUND_OPENED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"round": line.kind.value, "offers": len(considered.eligible), "cause": cause},
    )


def start_round(
    session: Session, lead: Lead, kind: RoundKind, decision_id: int, *, backup_for_id: int | None = None
) -> Round:
    """The lead's next round, with nothing in it yet."""
    highest = session.scalar(select(func.max(Round.number)).where(Round.lead_id == lead.id))
    new_round = Round(
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        decision_id=decision_id,
        number=(highest or 0) + 1,
        kind=kind,
        backup_for_id=backup_for_id,
    )
    session.add(new_round)
    session.flush()
    return new_round


def _open_board(
    session: Session,
    lead: Lead,
    board: Round,
    line: RoundPlan,
    eligible: Sequence[Candidate],
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    board.closes_at = due_at(line.window_for(is_hot=lead.is_hot), rules.calendar, now)
    session.execute(insert(Offer), board_offers(lead, board, eligible, rules, now))
    promise_board_end(session, lead, board)
    promise_alerts(session, lead, alerts_before(_alerts(lead, line, rules, now), board.closes_at), round_id=board.id)


def _alerts(lead: Lead, line: RoundPlan, rules: ManufacturerRules, now: datetime) -> tuple[StepTime, ...]:
    """When somebody is told that nobody takes a lead that many may take; in the manufacturer's working time."""
    return step_times(line.ladder, rules.calendar, now, is_hot=lead.is_hot) if line.ladder else ()


def board_offers(
    lead: Lead,
    board: Round,
    eligible: Sequence[Candidate],
    rules: ManufacturerRules,
    now: datetime,
    *,
    tiers_there: Collection[str] = (),
) -> list[dict[str, object]]:
    """The rows of a board's offers, each visible from its tier's head start on.

    `tiers_there` are those that have had offers on this board already: whoever joins late waits behind them.
    """
    closes_at = board.closes_at or now
    present = {one.facts.tier.key for one in eligible} | set(tiers_there)
    starts = head_starts(rules.tiers, present, is_hot=lead.is_hot)
    opens = visible_from(starts, rules.calendar, opens_at=board.opened_at, closes_at=closes_at)
    return [
        {
            "id": uuid.uuid4(),
            "round_id": board.id,
            "lead_id": lead.id,
            "manufacturer_id": lead.manufacturer_id,
            "partnership_id": one.facts.partnership_id,
            "partner_id": one.partner_id,
            "eligibility_version": one.version,
            "is_exclusive": False,
            "visible_from": opens[one.facts.tier.key],
            "expires_at": expiry_of(one, closes_at, rules.time_zone),
            "reasons": [phrase.to_json() for phrase in why_offered(one.eligibility.results)],
        }
        for one in eligible
    ]


def expiry_of(candidate: Candidate, closes_at: datetime, time_zone: str) -> datetime:
    """When an offer ends: with its round, or with the day a needed certification runs out."""
    ends = [result.values["until_on"] for result in candidate.eligibility.results if "until_on" in result.values]
    days = [day for day in ends if isinstance(day, date)]
    if not days:
        return closes_at
    midnight = datetime.combine(min(days) + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)
    return min(closes_at, midnight)


def _open_direct(
    session: Session, lead: Lead, queue: Round, line: RoundPlan, rules: ManufacturerRules, now: datetime
) -> None:
    window = line.window_for(is_hot=lead.is_hot)
    queue.closes_at = due_at(window, rules.calendar, now)
    promise(session, lead, DeadlineKind.DIRECT_DUE, queue.closes_at, clock=window.clock, round_id=queue.id)
    promise_alerts(session, lead, _alerts(lead, line, rules, now), round_id=queue.id)
    owe_to_manufacturer(session, lead, MailKind.DIRECT_QUEUE_TO_MANUFACTURER, once=f"direct:{queue.id}")
