"""Leads that nobody answers or calls, for tests, and the time it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.audit import EventKind
from app.domain.deadlines import Clock, Span
from app.domain.distribution import DistributionPlan
from app.domain.errors import DomainError
from app.domain.escalation import EscalationAction, EscalationLadder, LadderStep
from app.domain.notifications import MailKind
from app.models import Deadline, Event, Lead, OutboxMessage, Round
from app.queries.plans import current_plan
from app.services.claims import claim_offer
from app.services.lead_routing import route_lead
from app.services.plans import save_plan
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine

STEPS = ["alert_sales_manager", "alert_channel_manager", "re_route"]


def claimed(session: Session, cast: Cast) -> Lead:
    """A lead from the board that Nils of Nordwind took, and has not called yet."""
    lead = put_on_board(session, cast)
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nils"))
    return lead


def reserved(session: Session, cast: Cast, *, is_hot: bool = False) -> Lead:
    """A lead of a company that is Nordwind's."""
    company = "Zeisig Werke AG"
    factories.account(
        session, cast.acme, company, "zeisig.example", owner_partnership_id=cast.partnerships["nordwind"].id
    )
    lead = factories.lead(
        session,
        cast.acme,
        [cast.products["pump"]],
        company=company,
        company_domain="zeisig.example",
        email="a@zeisig.example",
        is_hot=is_hot,
    )
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def pending(session: Session, lead: Lead) -> list[Deadline]:
    is_pending = Deadline.fired_at.is_(None) & Deadline.cancelled_at.is_(None)
    wanted = select(Deadline).where(Deadline.lead_id == lead.id, is_pending)
    return list(
        session.scalars(wanted.order_by(Deadline.due_at, Deadline.id).execution_options(populate_existing=True))
    )


def pass_until(session: Session, clock: TimeMachine, deadline: Deadline, seconds: float = 1) -> None:
    """Let time pass until `seconds` after a promise is due."""
    clock.pass_time(seconds=(deadline.due_at - read_clock(session)).total_seconds() + seconds)


def mails(session: Session, kind: MailKind) -> list[int | None]:
    return list(session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.kind == kind)))


def escalated(session: Session, lead: Lead) -> list[str]:
    told = select(Event.data["step"].astext).where(Event.lead_id == lead.id, Event.kind == EventKind.LEAD_ESCALATED)
    return list(session.scalars(told.order_by(Event.id)))


def open_round(session: Session, lead: Lead) -> Round | None:
    return session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).one_or_none()


def watched(cast: Cast, **ladders: EscalationLadder) -> int:
    """Save a version of Acme's plan in which these kinds of rounds have ladders of their own; returns the version."""
    plan = current_plan(viewer=cast.viewer("carl"))
    rounds = tuple(
        replace(line, ladder=ladders[line.kind.value]) if line.kind.value in ladders else line
        for line in plan.draft.rounds.rounds
    )
    draft = replace(plan.draft, rounds=DistributionPlan(rounds))
    return save_plan(actor=cast.viewer("carl"), version=plan.version, draft=draft)


def ladder(*steps: tuple[EscalationAction, int], clock: Clock = Clock.WALL) -> EscalationLadder:
    """Steps after so many minutes, for hot leads too; around the clock unless said otherwise."""
    spans = ((action, Span(minutes=minutes, clock=clock)) for action, minutes in steps)
    return EscalationLadder(tuple(LadderStep(action, span, span) for action, span in spans))


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[DomainError]:
    """Do all at once, each on a connection of its own; returns the refusals."""
    gate, refused = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
            except DomainError as error:
                refused.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
