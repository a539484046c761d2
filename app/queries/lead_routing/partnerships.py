"""The partnerships as the rules of routing look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, false, null, select, true, union_all
from sqlalchemy.orm import Session

from app.database import is_one_given
from app.domain.lead_routing.facts import Company, History, PartnershipFacts
from app.domain.partners import Certification as CertificationFacts
from app.domain.partners import TierRule
from app.models import Authorisation, Certification, Organisation, Partnership, ProductLine, Tier
from app.queries.lead_routing.territories import Rules


def _held(kind: type[Authorisation | Certification], *more: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(kind.partnership_id, ProductLine.code, *more)
        .join(ProductLine, ProductLine.id == kind.product_line_id)
        .where(is_one_given(kind.partnership_id, "ids"), is_one_given(kind.product_line_id, "product_ids"))
    )


_PARTNERSHIPS = (
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
    .where(is_one_given(Partnership.id, "ids"), Partnership.manufacturer_id == bindparam("manufacturer_id"))
    .order_by(Partnership.id)
)
_HELD = union_all(
    _held(Certification, true().label("is_dated"), Certification.valid_from, Certification.valid_until),
    _held(Authorisation, false(), null(), null()),
)


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
    rows = session.execute(_PARTNERSHIPS, {"ids": list(ids), "manufacturer_id": manufacturer_id}).all()
    return Partnerships(rows, *_qualifications(session, ids, product_ids))


def _qualifications(
    session: Session, ids: Collection[int], product_ids: Collection[int]
) -> tuple[Mapping[int, set[str]], Mapping[int, list[CertificationFacts]]]:
    authorised: dict[int, set[str]] = defaultdict(set)
    certified: dict[int, list[CertificationFacts]] = defaultdict(list)
    for row in session.execute(_HELD, {"ids": list(ids), "product_ids": list(product_ids)}):
        if row.is_dated:
            certified[row.partnership_id].append(CertificationFacts(row.code, row.valid_from, row.valid_until))
        else:
            authorised[row.partnership_id].add(row.code)
    return authorised, certified
