"""Leads that nobody answers or calls, for tests, and the time it takes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.models import Deadline, Lead
from app.services.claims import claim_offer
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine


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
