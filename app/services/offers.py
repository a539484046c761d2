"""What a partner does with an offer beside taking or declining it."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select, update

from app.database import clock_now, transaction
from app.domain.errors import Forbidden
from app.domain.identity import PARTNER_ROLES, Viewer
from app.models import Offer

MAX_SEEN_AT_ONCE = 200


def mark_seen(*, offer_ids: Collection[uuid.UUID], actor: Viewer) -> int:
    """Note that a person of the partner has looked at these offers: the first look counts. Returns how many were new.

    Ids of others' offers, of ended ones and of those not visible yet are passed over. A second call notes nothing.
    """
    if not actor.has_role(*PARTNER_ROLES):
        raise Forbidden
    with transaction() as session:
        # In the order of their ids, so that two people of a partner who look at once do not wait for each other.
        unseen = (
            select(Offer.id)
            .where(
                Offer.id.in_(list(offer_ids)[:MAX_SEEN_AT_ONCE]),
                Offer.partner_id == actor.organisation_id,
                Offer.answer.is_(None),
                Offer.seen_at.is_(None),
                Offer.visible_from <= select(clock_now()).scalar_subquery(),
            )
            .order_by(Offer.id)
            .with_for_update(skip_locked=True)
        )
        seen = session.execute(
            update(Offer)
            .where(Offer.id.in_(unseen))
            .values(seen_at=clock_now())
            .returning(Offer.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(seen)
