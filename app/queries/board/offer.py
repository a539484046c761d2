"""One offer as it stands for a partner, and open leads like it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import clock_now, db
from app.domain.identity import Viewer
from app.models import LeadProductLine, Offer
from app.queries.board.cards import CARD_COLUMNS, LeadCard, cards_of
from app.queries.board.outcomes import GoneLead, OwnLead, gone_lead, own_lead
from app.queries.board.scope import on_the_board
from app.queries.board.standing import Standing, list_standings

SIMILAR_CAP = 3


@dataclass(frozen=True, slots=True)
class OfferView:
    """One offer at the database's `now`; `similar` leads are looked for when this one is gone."""

    card: LeadCard | OwnLead | GoneLead
    similar: tuple[LeadCard, ...]
    standings: tuple[Standing, ...]
    now: datetime


def offer_view(*, viewer: Viewer, offer_id: uuid.UUID) -> OfferView | None:
    """What there is to draw of an offer; None when it is not the viewer's to see."""
    card = offer_card(viewer=viewer, offer_id=offer_id)
    if card is None:
        return None
    now: datetime = db.session.execute(select(clock_now())).scalar_one()
    similar = similar_leads(viewer=viewer, offer_id=offer_id) if isinstance(card, GoneLead) else ()
    return OfferView(card, similar, list_standings(viewer=viewer), now)


def offer_card(*, viewer: Viewer, offer_id: uuid.UUID) -> LeadCard | OwnLead | GoneLead | None:
    """One offer as it stands for the viewer's partner: open, its own, or gone; None when it is not to be seen at all.

    Of an offer that was never visible to the partner, or is hidden until a recheck, nothing is told.
    """
    rows = list(db.session.execute(on_the_board(viewer, *CARD_COLUMNS).where(Offer.id == offer_id)))
    if rows:
        return next(iter(cards_of(rows, viewer)), None)
    return own_lead(viewer=viewer, offer_id=offer_id) or gone_lead(viewer=viewer, offer_id=offer_id)


def similar_leads(*, viewer: Viewer, offer_id: uuid.UUID) -> tuple[LeadCard, ...]:
    """Open leads that ask for a product line of this offer's lead, soonest to close first."""
    asked = (
        select(LeadProductLine.product_line_id)
        .join(Offer, Offer.lead_id == LeadProductLine.lead_id)
        .where(Offer.id == offer_id, Offer.partner_id == viewer.organisation_id)
    )
    alike = select(LeadProductLine.lead_id).where(LeadProductLine.product_line_id.in_(asked))
    rows = db.session.execute(
        on_the_board(viewer, *CARD_COLUMNS)
        .where(Offer.id != offer_id, Offer.is_exclusive.is_(False), Offer.lead_id.in_(alike))
        .order_by(Offer.expires_at, Offer.id)
        .limit(SIMILAR_CAP)
    )
    return cards_of(list(rows), viewer)
