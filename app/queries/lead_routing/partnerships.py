"""The partnerships as the rules of routing look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lead_routing.facts import Company, History, PartnershipFacts
from app.domain.partners import Certification as CertificationFacts
from app.domain.partners import TierRule
from app.models import Authorisation, Certification, Organisation, Partnership, ProductLine, Tier
from app.queries.lead_routing.territories import Rules


class Standing(NamedTuple):
    """The partner behind a partnership, and the version of the partnership's standing that was looked at."""

    partner_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Partnerships:
    """What was read of some partnerships; what lies between them and one lead is added for each lead."""

    rows: Sequence[Any]
    authorised: Mapping[int, set[str]]
    certified: Mapping[int, list[CertificationFacts]]

    @property
    def standings(self) -> Mapping[int, Standing]:
        """The partner behind each, and the version of the standing that was read."""
        return {row.id: Standing(row.partner_id, row.eligibility_version) for row in self.rows}

    def facts(self, territory: Rules, before: Mapping[int, History]) -> tuple[PartnershipFacts, ...]:
        """Each with the rules that touch a lead's place, and with what was between them before."""
        return tuple(
            PartnershipFacts(
                partnership_id=row.id,
                status=row.status,
                tier=TierRule(row.code, row.rank, timedelta(minutes=row.head_start_minutes)),
                territory=tuple(territory.get(row.id, ())),
                authorised_for=frozenset(self.authorised.get(row.id, ())),
                certifications=tuple(self.certified.get(row.id, ())),
                history=before.get(row.id, History()),
                company=Company(domain=row.domain or ""),
            )
            for row in self.rows
        )


def read_partnerships(
    session: Session, manufacturer_id: int, ids: Collection[int], product_ids: Collection[int]
) -> Partnerships:
    """Those of a manufacturer's partnerships, with what they may sell of the product lines asked for."""
    if not ids:
        return Partnerships((), {}, {})
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
        .where(Partnership.id.in_(ids), Partnership.manufacturer_id == manufacturer_id)
        .order_by(Partnership.id)
    ).all()
    return Partnerships(rows, *_qualifications(session, ids, product_ids))


def _qualifications(
    session: Session, ids: Collection[int], product_ids: Collection[int]
) -> tuple[Mapping[int, set[str]], Mapping[int, list[CertificationFacts]]]:
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
