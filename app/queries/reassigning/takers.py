"""Whom leads can be given to by hand."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.database import db
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Lead, Partnership, RoutingDecision, User
from app.queries.distribution import PARTNERS_OFFERED, SELLER_ROLES
from app.queries.eligibility import eligibilities
from app.queries.network.own import contains, own_manufacturer


@dataclass(frozen=True, slots=True)
class TakerPartner:
    """An active partnership; `eligible_for` counts the chosen leads it is eligible for now."""

    id: int
    name: str
    code: str
    open_claims: int
    eligible_for: int


@dataclass(frozen=True, slots=True)
class TakerChoice:
    """Whom leads can be given to: the partnerships found, the most eligible first, and the manufacturer's sellers."""

    partners: tuple[TakerPartner, ...]
    partner_count: int
    people: tuple[tuple[int, str], ...]


def taker_choice(*, viewer: Viewer, lead_ids: Collection[uuid.UUID], search: str = "") -> TakerChoice:
    """Whom the chosen leads can be given to; `search` narrows the partnerships by name or code."""
    own, session = own_manufacturer(viewer), db.session()
    ranked = [partnership_id for partnership_id, _ in _decided(own, lead_ids).most_common(PARTNERS_OFFERED)]
    wanted = (
        select(Partnership, func.count().over().label("total"))
        .where(Partnership.manufacturer_id == own, Partnership.status == PartnershipStatus.ACTIVE)
        .order_by(func.array_position(cast(ranked, ARRAY(BigInteger)), Partnership.id).nulls_last(), Partnership.name)
        .limit(PARTNERS_OFFERED)
    )
    if search.strip():
        wanted = wanted.where(contains(Partnership.name, search.strip()) | contains(Partnership.code, search.strip()))
    rows = session.execute(wanted).all()
    fits = _fits(own, lead_ids, [one.id for one, _total in rows])
    people = select(User.id, User.name).where(
        User.organisation_id == own, User.disabled_at.is_(None), User.role.in_(SELLER_ROLES)
    )
    return TakerChoice(
        partners=tuple(
            TakerPartner(one.id, one.name, one.code, one.unworked_claims, fits[one.id]) for one, _total in rows
        ),
        partner_count=rows[0].total if rows else 0,
        people=tuple((row.id, row.name) for row in session.execute(people.order_by(User.name))),
    )


def _fits(manufacturer_id: int, lead_ids: Collection[uuid.UUID], partnership_ids: Collection[int]) -> Counter[int]:
    """For how many of the leads each of the partnerships is eligible now."""
    session = db.session()
    leads = session.scalars(select(Lead).where(Lead.id.in_(lead_ids), Lead.manufacturer_id == manufacturer_id)).all()
    found = eligibilities(session, manufacturer_id, leads, partnership_ids)
    return Counter(one for by_partner in found.values() for one, said in by_partner.items() if said.is_eligible)


def _decided(manufacturer_id: int, lead_ids: Collection[uuid.UUID]) -> Counter[int]:
    """For how many of the leads each partnership was eligible when everybody was last looked at."""
    latest = (
        select(RoutingDecision.eligible_ids)
        .ext(distinct_on(RoutingDecision.lead_id))
        .where(RoutingDecision.lead_id.in_(lead_ids), RoutingDecision.manufacturer_id == manufacturer_id)
        .where(RoutingDecision.has_considered)
        .order_by(RoutingDecision.lead_id, RoutingDecision.id.desc())
    )
    return Counter(partnership_id for ids in db.session.scalars(latest) for partnership_id in ids)
