"""Leads on the board for tests, by the real routing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Lead, Offer, Partnership
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast


def put_on_board(session: Session, cast: Cast, **values: Any) -> Lead:
    """A lead for pumps in Munich, offered on the board; hot unless said otherwise, so that there are no head starts."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], **({"is_hot": True} | values))
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def offer_to(session: Session, lead: Lead, partnership: Partnership) -> Offer:
    """The latest offer of the lead to a partnership."""
    wanted = select(Offer).where(Offer.lead_id == lead.id, Offer.partnership_id == partnership.id)
    return session.scalars(wanted.order_by(Offer.created_at.desc()).execution_options(populate_existing=True)).first()
