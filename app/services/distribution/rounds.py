"""Opening and closing the rounds of one lead, in the order of its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind, due_at
from app.domain.distribution import ENABLED_ROUNDS, OfferAnswer, RoundKind, RoundOutcome, RoundPlan, next_round
from app.domain.escalation import StepTime, alerts_before, step_times
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.domain.review import ReviewDecision
from app.models import Lead, Offer, Round
from app.queries.manufacturers import ManufacturerRules, plan_of_lead
from app.services.audit import record_event
from app.services.distribution.boards import board_offers
from app.services.distribution.deadlines import cancel_promises, promise, promise_alerts
from app.services.distribution.deciding import Candidate, Considered, consider_partnerships, expiry_of, keep_decision
from app.services.distribution.owning import open_owner_offer
from app.services.distribution.planning import line_after, place_in_plan, traits_of
from app.services.distribution.pushing import PushChoice, choose_to_push, make_push_offer
from app.services.distribution.reviewing import close_review, owe_to_manufacturer, send_to_review

_ENDS_OF_ROUNDS = (
    DeadlineKind.OWNER_EXPIRES,
    DeadlineKind.BOARD_CLOSES,
    DeadlineKind.PUSH_EXPIRES,
    DeadlineKind.DIRECT_DUE,
    DeadlineKind.ESCALATION_DUE,
)
_ENDS_OF_PUSHES = {"declined": RoundOutcome.DECLINED, "silence": RoundOutcome.EXPIRED}
"""Whatever else happens takes the last offer back."""


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
    traits = traits_of(session, lead, considered, rules.plan, has_owner=owner_id is not None)
    line = next_round(rules.plan, None, traits, ENABLED_ROUNDS)
    is_owners = line is not None and line.kind is RoundKind.OWNER
    if traits.may_go_to_partners and not considered.eligible and not is_owners:
        lead.plan_id = rules.plan_id
        send_to_review(session, lead, ReviewReason.NOBODY_ELIGIBLE, considered, cause=cause, reasons=reasons)
        return
    close_review(session, lead, ReviewDecision.SENT_TO_PLAN)
    lead.plan_id = rules.plan_id
    lead.state = LeadState.DISTRIBUTING
    lead.review_reason = None
    lead.distributed_at = lead.distributed_at or now
    open_line(session, lead, line, considered, rules, now, cause=cause, reasons=reasons, owner_id=owner_id)


def advance(
    session: Session,
    lead: Lead,
    after: RoundKind | None,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    reasons: Sequence[Phrase] = (),
) -> None:
    """Go on with the lead's plan after a round of kind `after` has ended without an assignment; None begins it."""
    considered = consider_partnerships(session, lead, rules, now, cause=cause)
    line = line_after(session, lead, after, considered, rules)
    open_line(session, lead, line, considered, rules, now, cause=cause, reasons=reasons)


def follow_push(
    session: Session, lead: Lead, push: Round, rules: ManufacturerRules, now: datetime, *, cause: str
) -> None:
    """Ask the next partner after a decline, silence or withdrawal; with nobody left the plan goes on."""
    considered = consider_partnerships(session, lead, rules, now)
    plan = plan_of_lead(session, lead.plan_id) if lead.plan_id else rules.plan
    line = plan.round_of(RoundKind.PUSH)
    chosen = None
    if line is not None and push.backup_for_id is None:
        chosen = choose_to_push(session, lead, push, line, considered, rules, now)
        if chosen.best is not None:
            why, facts, kind = chosen.reasons, chosen.facts, RoundKind.PUSH.value
            keep_decision(session, lead, cause=cause, outcome=kind, reasons=why, considered=considered, facts=facts)
            make_push_offer(session, lead, push, line, chosen.best, chosen.ranking, rules, now)
            return
    close_round(session, lead, end_of_push(cause))
    session.flush()
    if chosen is not None and chosen.ranking.asks_person:
        _ask_person(session, lead, chosen, considered, cause=cause)
        return
    advance(session, lead, place_in_plan(session, lead), rules, now, cause=cause)


def end_of_push(cause: str) -> RoundOutcome:
    """How a round that asks one partner alone ends, by why it ends."""
    return _ENDS_OF_PUSHES.get(cause, RoundOutcome.WITHDRAWN)


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
    if line.kind is RoundKind.PUSH:
        _open_push(session, lead, line, considered, rules, now, cause=cause, reasons=reasons)
        return
    decision = keep_decision(
        session, lead, cause=cause, outcome=line.kind.value, reasons=reasons, considered=considered
    )
    if line.kind is RoundKind.OWNER and owner_id is not None:
        reservation = start_round(session, lead, line.kind, decision.id)
        open_owner_offer(session, lead, reservation, line, owner_id, now)
    elif line.kind is RoundKind.BOARD:
        _open_board(session, lead, line, decision.id, considered.eligible, rules, now)
    else:
        _open_direct(session, lead, line, decision.id, rules, now)
    offers = {RoundKind.OWNER: 1, RoundKind.BOARD: len(considered.eligible)}
    _note_opened(session, lead, line.kind, offers.get(line.kind, 0), cause)


def _open_push(
    session: Session,
    lead: Lead,
    line: RoundPlan,
    considered: Considered,
    rules: ManufacturerRules,
    now: datetime,
    *,
    cause: str,
    reasons: Sequence[Phrase],
) -> None:
    """Ask the partner the plan chooses, or a person where it says so; with nobody to ask the plan goes on."""
    chosen = choose_to_push(session, lead, None, line, considered, rules, now)
    if chosen.ranking.asks_person:
        _ask_person(session, lead, chosen, considered, cause=cause, reasons=reasons)
        return
    why, facts, kind = (*reasons, *chosen.reasons), chosen.facts, RoundKind.PUSH
    decision = keep_decision(
        session, lead, cause=cause, outcome=kind.value, reasons=why, considered=considered, facts=facts
    )
    push = start_round(session, lead, kind, decision.id)
    if chosen.best is None:
        close_round(session, lead, RoundOutcome.NOBODY_ELIGIBLE)
        session.flush()
        advance(session, lead, kind, rules, now, cause="nobody_to_push")
        return
    make_push_offer(session, lead, push, line, chosen.best, chosen.ranking, rules, now)
    _note_opened(session, lead, kind, 1, cause)


def _ask_person(
    session: Session,
    lead: Lead,
    chosen: PushChoice,
    considered: Considered,
    *,
    cause: str,
    reasons: Sequence[Phrase] = (),
) -> None:
    """Let a person of the manufacturer choose among the partners that qualify; their order stays with the decision."""
    send_to_review(
        session,
        lead,
        ReviewReason.MANUAL_REVIEW,
        considered,
        cause=cause,
        reasons=(*chosen.reasons, *reasons),
        facts=chosen.facts,
    )


def _note_opened(session: Session, lead: Lead, kind: RoundKind, offers: int, cause: str) -> None:
    record_event(
        session,
        EventKind.ROUND_OPENED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        data={"round": kind.value, "offers": offers, "cause": cause},
    )


def start_round(
    session: Session,
    lead: Lead,
    kind: RoundKind,
    decision_id: int,
    *,
    closes_at: datetime | None = None,
    backup_for_id: int | None = None,
) -> Round:
    """The lead's next round, with nothing in it yet; one that waits for a single partner closes with its offer."""
    highest = select(func.coalesce(func.max(Round.number), 0)).where(Round.lead_id == lead.id)
    new_round = Round(
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        decision_id=decision_id,
        number=highest.scalar_subquery() + 1,
        kind=kind,
        closes_at=closes_at,
        backup_for_id=backup_for_id,
    )
    session.add(new_round)
    session.flush()
    return new_round


def _open_board(
    session: Session,
    lead: Lead,
    line: RoundPlan,
    decision_id: int,
    eligible: Sequence[Candidate],
    rules: ManufacturerRules,
    now: datetime,
) -> None:
    window = line.window_for(is_hot=lead.is_hot)
    closes_at = due_at(window, rules.calendar, now)
    board = start_round(session, lead, line.kind, decision_id, closes_at=closes_at)
    session.execute(insert(Offer), board_offers(lead, board, eligible, rules, now))
    last_end = max(expiry_of(one, closes_at, rules.time_zone) for one in eligible)
    promise(session, lead, DeadlineKind.BOARD_CLOSES, last_end, clock=window.clock, round_id=board.id)
    promise_alerts(session, lead, alerts_before(_alerts(lead, line, rules, now), closes_at), round_id=board.id)


def _alerts(lead: Lead, line: RoundPlan, rules: ManufacturerRules, now: datetime) -> tuple[StepTime, ...]:
    """When somebody is told that nobody takes a lead that many may take; in the manufacturer's working time."""
    return step_times(line.ladder, rules.calendar, now, is_hot=lead.is_hot) if line.ladder else ()


def _open_direct(
    session: Session, lead: Lead, line: RoundPlan, decision_id: int, rules: ManufacturerRules, now: datetime
) -> None:
    window = line.window_for(is_hot=lead.is_hot)
    closes_at = due_at(window, rules.calendar, now)
    queue = start_round(session, lead, line.kind, decision_id, closes_at=closes_at)
    promise(session, lead, DeadlineKind.DIRECT_DUE, closes_at, clock=window.clock, round_id=queue.id)
    promise_alerts(session, lead, _alerts(lead, line, rules, now), round_id=queue.id)
    owe_to_manufacturer(session, lead, MailKind.DIRECT_QUEUE_TO_MANUFACTURER, once=f"direct:{queue.id}")
