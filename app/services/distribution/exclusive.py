"""An offer to one partner alone: making it, with its promise, its event and its mail, and ending it in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.audit import EventKind
from app.domain.deadlines import Clock, DeadlineKind
from app.domain.distribution import OfferAnswer, RoundKind
from app.domain.escalation import EscalationAction, StepTime, alerts_before, step_times
from app.domain.notifications import MailKind
from app.domain.phrases import Phrase
from app.domain.response_score import ResponseKind
from app.models import Lead, Offer, Round
from app.queries.manufacturers import line_of_round, organisation_calendar, round_ladder
from app.queries.people import people_to_tell
from app.services.audit import record_event
from app.services.distribution.deadlines import promise, promise_alerts
from app.services.notifications import owe_mails
from app.services.response_noting import note_response

_ANSWER_BY = {RoundKind.OWNER: DeadlineKind.OWNER_EXPIRES, RoundKind.PUSH: DeadlineKind.PUSH_EXPIRES}
_TOLD_BY = {RoundKind.OWNER: MailKind.OWNER_OFFER_TO_PARTNER, RoundKind.PUSH: MailKind.PUSH_OFFER_TO_PARTNER}


@dataclass(frozen=True, slots=True)
class Asked:
    """The partnership that is asked alone, its partner, and the version of its standing that was looked at."""

    partnership_id: int
    partner_id: int
    version: int


def make_exclusive_offer(
    session: Session,
    lead: Lead,
    open_round: Round,
    asked: Asked,
    *,
    now: datetime,
    expires_at: datetime,
    reasons: Sequence[Phrase],
    ranking: dict[str, Any] | None = None,
    times: Sequence[StepTime] | None = None,
) -> Offer:
    """Offer a lead to one partner until `expires_at`, and tell its people; the round closes with the offer.

    The steps of the round's escalation ladder that come before the end are promised with it; `times` says when they
    come where the ladder does not begin at once.
    """
    offer = Offer(
        round_id=open_round.id,
        lead_id=lead.id,
        manufacturer_id=lead.manufacturer_id,
        partnership_id=asked.partnership_id,
        partner_id=asked.partner_id,
        eligibility_version=asked.version,
        is_exclusive=True,
        visible_from=now,
        expires_at=expires_at,
        reasons=[phrase.to_json() for phrase in reasons],
        ranking=ranking or {},
    )
    session.add(offer)
    open_round.closes_at = expires_at
    session.flush()
    line = line_of_round(session, lead.plan_id, open_round.kind)
    if times is None:
        calendar = organisation_calendar(session, asked.partner_id)
        times = step_times(round_ladder(session, lead.plan_id, line), calendar, now, is_hot=lead.is_hot)
    window_clock = line.window_for(is_hot=lead.is_hot).clock if line else Clock.WORKING
    _promise_end(session, lead, open_round, offer, times, window_clock)
    _tell(session, lead, offer, open_round.kind)
    return offer


def _tell(session: Session, lead: Lead, offer: Offer, kind: RoundKind) -> None:
    """Note in the time line that the partner is asked, and owe its people the mail."""
    record_event(
        session,
        EventKind.OFFER_MADE,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=offer.partnership_id,
        data={"round": kind.value},
    )
    people = people_to_tell(session, offer.partner_id)
    owe_mails(session, _TOLD_BY[kind], people, payload={"offer_id": str(offer.id)}, once=f"{kind.value}:{offer.id}")


def _promise_end(
    session: Session, lead: Lead, open_round: Round, offer: Offer, times: Sequence[StepTime], window_clock: Clock
) -> None:
    """Promise that the offer ends in time, and each step of the ladder on the way there.

    The end is on the clock of the ladder's last step where that step is the end, else on the window's.
    """
    end, answer_by = EscalationAction.RE_ROUTE, _ANSWER_BY[open_round.kind]
    last = [step for step, due_at in times if step.action is end and due_at == offer.expires_at]
    clock = last[0].wait(is_hot=lead.is_hot).clock if last else window_clock
    promise(
        session, lead, answer_by, offer.expires_at, clock=clock, round_id=open_round.id, offer_id=offer.id, step=end
    )
    promise_alerts(session, lead, alerts_before(times, offer.expires_at), offer_id=offer.id)


def expire_exclusive_offer(session: Session, lead: Lead, offer: Offer) -> None:
    """End an offer to one partner alone that was not answered in time."""
    offer.answer = OfferAnswer.EXPIRED
    offer.answered_at = session.scalar(select(clock_now()))
    record_event(
        session,
        EventKind.OFFER_EXPIRED,
        manufacturer_id=lead.manufacturer_id,
        lead_id=lead.id,
        partnership_id=offer.partnership_id,
    )
    once = f"{ResponseKind.SILENT.value}:{offer.id}"
    note_response(session, offer.partnership_id, ResponseKind.SILENT, lead.id, once)
    session.flush()
