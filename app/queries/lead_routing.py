"""What lead routing looks at: the lead, the partnerships its place touches, and what happened between them before."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain.catalog import ProductLine as ProductFacts
from app.domain.consent import ConsentScope
from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.lead_routing.facts import Company, History, LeadFacts, PartnershipFacts
from app.domain.partners import Certification as CertificationFacts
from app.domain.partners import TierRule
from app.domain.territories import Place, TerritoryMode, compact_postal_code, containing_subdivisions
from app.domain.territories import TerritoryRule as TerritoryFacts
from app.models import (
    Assignment,
    Authorisation,
    Certification,
    Consent,
    Lead,
    LeadProductLine,
    ManufacturerSettings,
    Offer,
    Organisation,
    Partnership,
    ProductLine,
    TerritoryRule,
    Tier,
)


class Standing(NamedTuple):
    """The partner behind a partnership, and the version of the partnership's standing that was looked at."""

    partner_id: int
    version: int


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """One lead and every partnership that may have to do with it; who has no territory at its place is not there."""

    lead: LeadFacts
    partnerships: tuple[PartnershipFacts, ...]
    standings: Mapping[int, Standing]
    now: datetime
    today: date


def routing_facts(
    session: Session, lead_id: uuid.UUID, *, only: Collection[int] | None = None, now: datetime, zone: str
) -> RoutingFacts:
    """Gather what the rules ask about one lead; `only` narrows the partnerships to those ids."""
    lead = session.get_one(Lead, lead_id)
    product_ids, facts = _lead_facts(session, lead)
    rules = _touching_rules(session, lead.manufacturer_id, facts.place, only)
    ids = set(rules) if only is None else set(only)
    standings, partnerships = _partnerships(session, lead, ids, rules, product_ids)
    return RoutingFacts(
        lead=facts,
        partnerships=partnerships,
        standings=standings,
        now=now,
        today=now.astimezone(ZoneInfo(zone)).date(),
    )


def _lead_facts(session: Session, lead: Lead) -> tuple[list[int], LeadFacts]:
    minimum = aliased(Tier)
    lines = session.execute(
        select(ProductLine.id, ProductLine.code, ProductLine.requires_certification, minimum.code, minimum.rank)
        .join(LeadProductLine, LeadProductLine.product_line_id == ProductLine.id)
        .outerjoin(minimum, minimum.id == ProductLine.min_tier_id)
        .where(LeadProductLine.lead_id == lead.id)
        .order_by(ProductLine.code)
    ).all()
    products = tuple(
        ProductFacts(code, TierRule(tier, rank) if tier is not None else None, needs_certification)
        for _, code, needs_certification, tier, rank in lines
    )
    consent = session.get(Consent, lead.id)
    withdrawn = consent is None or consent.withdrawn_at is not None
    facts = LeadFacts(
        place=Place(lead.country, lead.subdivision, lead.postal_code),
        products=products,
        consent_scope=ConsentScope.NONE if withdrawn or consent is None else consent.scope,
        consent_partnership_ids=frozenset(consent.partnership_ids if consent else ()),
        industry=lead.industry or None,
        employees=lead.employees,
        prospect=Company(lead.company_key, lead.company_domain or ""),
    )
    return [line[0] for line in lines], facts


def _touching_rules(
    session: Session, manufacturer_id: int, place: Place, only: Collection[int] | None
) -> dict[int, list[TerritoryFacts]]:
    named = true() if only is None else TerritoryRule.partnership_id.in_(only)
    rows = session.execute(
        select(
            TerritoryRule.partnership_id,
            TerritoryRule.is_exclude,
            TerritoryRule.country,
            TerritoryRule.subdivision,
            TerritoryRule.postal_prefix,
            TerritoryRule.postal_from,
            TerritoryRule.postal_to,
        ).where(TerritoryRule.manufacturer_id == manufacturer_id, _touches(place), named)
    )
    rules: dict[int, list[TerritoryFacts]] = defaultdict(list)
    for row in rows:
        mode = TerritoryMode.EXCLUDE if row.is_exclude else TerritoryMode.INCLUDE
        rules[row.partnership_id].append(
            TerritoryFacts(mode, row.country, row.subdivision, row.postal_prefix, row.postal_from, row.postal_to)
        )
    return rules


def _touches(place: Place) -> ColumnElement[bool]:
    postal = compact_postal_code(place.postal_code)
    within = containing_subdivisions(place.subdivision) if place.subdivision else ()
    in_range = and_(
        func.left(TerritoryRule.postal_from, func.length(postal)).collate("C") <= postal,
        func.left(postal, func.length(TerritoryRule.postal_to)).collate("C") <= TerritoryRule.postal_to,
    )
    return and_(
        TerritoryRule.country == place.country,
        or_(TerritoryRule.subdivision.is_(None), TerritoryRule.subdivision.in_(within)),
        or_(TerritoryRule.postal_prefix.is_(None), func.starts_with(postal, TerritoryRule.postal_prefix)),
        or_(TerritoryRule.postal_from.is_(None), in_range),
    )


def _partnerships(
    session: Session,
    lead: Lead,
    ids: Collection[int],
    rules: dict[int, list[TerritoryFacts]],
    product_ids: list[int],
) -> tuple[dict[int, Standing], tuple[PartnershipFacts, ...]]:
    if not ids:
        return {}, ()
    rows = session.execute(
        select(
            Partnership.id,
            Partnership.partner_id,
            Partnership.eligibility_version,
            Partnership.status,
            Tier.code,
            Tier.rank,
            Tier.head_start_minutes,
            Organisation.domain,
        )
        .join(Tier, Tier.id == Partnership.tier_id)
        .join(Organisation, Organisation.id == Partnership.partner_id)
        .where(Partnership.id.in_(ids), Partnership.manufacturer_id == lead.manufacturer_id)
        .order_by(Partnership.id)
    ).all()
    authorised, certified = _qualifications(session, ids, product_ids)
    histories = _histories(session, lead, ids)
    return {row.id: Standing(row.partner_id, row.eligibility_version) for row in rows}, tuple(
        PartnershipFacts(
            partnership_id=row.id,
            status=row.status,
            tier=TierRule(row.code, row.rank, timedelta(minutes=row.head_start_minutes)),
            territory=tuple(rules.get(row.id, ())),
            authorised_for=frozenset(authorised[row.id]),
            certifications=tuple(certified[row.id]),
            history=histories.get(row.id, History()),
            company=Company(domain=row.domain or ""),
        )
        for row in rows
    )


def _qualifications(
    session: Session, ids: Collection[int], product_ids: list[int]
) -> tuple[dict[int, set[str]], dict[int, list[CertificationFacts]]]:
    authorised: dict[int, set[str]] = defaultdict(set)
    certified: dict[int, list[CertificationFacts]] = defaultdict(list)
    held = (
        select(Authorisation.partnership_id, ProductLine.code)
        .join(ProductLine, ProductLine.id == Authorisation.product_line_id)
        .where(Authorisation.partnership_id.in_(ids), Authorisation.product_line_id.in_(product_ids))
    )
    for partnership_id, code in session.execute(held):
        authorised[partnership_id].add(code)
    dated = (
        select(Certification.partnership_id, ProductLine.code, Certification.valid_from, Certification.valid_until)
        .join(ProductLine, ProductLine.id == Certification.product_line_id)
        .where(Certification.partnership_id.in_(ids), Certification.product_line_id.in_(product_ids))
    )
    for partnership_id, code, valid_from, valid_until in session.execute(dated):
        certified[partnership_id].append(CertificationFacts(code, valid_from, valid_until))
    return authorised, certified


def _histories(session: Session, lead: Lead, ids: Collection[int]) -> dict[int, History]:
    """What was between the partnerships and the lead: whoever left it unanswered alone may have it after a while."""
    declined = set(
        session.scalars(
            select(Offer.partnership_id).where(Offer.lead_id == lead.id, Offer.answer == OfferAnswer.DECLINED)
        )
    )
    silent = _silences(session, lead)
    left = set(
        session.scalars(
            select(Assignment.partnership_id).where(
                Assignment.lead_id == lead.id,
                Assignment.end.in_([AssignmentEnd.RE_ROUTED, AssignmentEnd.RETURNED, AssignmentEnd.REASSIGNED]),
            )
        )
    )
    return {
        one: History(has_declined=one in declined, was_re_routed_away=one in left, cool_down_until=silent.get(one))
        for one in ids
        if one in declined or one in left or one in silent
    }


def _silences(session: Session, lead: Lead) -> dict[int, datetime]:
    """Until when the lead is closed to each partnership that was asked alone and did not answer (domain.md §6)."""
    rest = func.make_interval(0, 0, 0, 0, cast(ManufacturerSettings.cool_down_hours, Integer))
    unanswered = (
        select(Offer.partnership_id, func.max(Offer.answered_at + rest).label("until"))
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Offer.manufacturer_id)
        .where(Offer.lead_id == lead.id, Offer.is_exclusive, Offer.answer == OfferAnswer.EXPIRED)
        .group_by(Offer.partnership_id)
    )
    return {row.partnership_id: row.until for row in session.execute(unanswered)}
