"""What the eligibility rules look at: the lead on one side, the partnership on the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.catalog import ProductLine
from app.domain.consent import ConsentScope
from app.domain.partners import Certification, PartnershipStatus, TierRule
from app.domain.territories import Place, TerritoryRule


@dataclass(frozen=True, slots=True)
class Company:
    """What tells one company from another: the normalised name's key and the registrable domain; "" is unknown."""

    name_key: str = ""
    domain: str = ""

    def is_same_as(self, other: Company) -> bool:
        """Whether both are one company. Two unknowns are never the same."""
        same_name = bool(self.name_key) and self.name_key == other.name_key
        same_domain = bool(self.domain) and self.domain == other.domain
        return same_name or same_domain


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """One prospect's demand. `employees` and `industry` are `None` when the source did not say."""

    place: Place
    products: tuple[ProductLine, ...]
    consent_scope: ConsentScope
    consent_partnership_ids: frozenset[int] = frozenset()
    industry: str | None = None
    employees: int | None = None
    prospect: Company = field(default_factory=Company)


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """Which customers a partnership is meant for. Empty sets and `None` mean no limit; sizes count employees."""

    industries: frozenset[str] = frozenset()
    excluded_industries: frozenset[str] = frozenset()
    min_employees: int | None = None
    max_employees: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened before between this partnership and this lead."""

    has_declined: bool = False
    is_excluded: bool = False
    was_re_routed_away: bool = False
    cool_down_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartnershipFacts:
    """A partner's standing at the lead's manufacturer. `authorised_for` holds product line codes."""

    partnership_id: int
    status: PartnershipStatus
    tier: TierRule
    territory: tuple[TerritoryRule, ...] = ()
    authorised_for: frozenset[str] = frozenset()
    certifications: tuple[Certification, ...] = ()
    segment: SegmentRules = field(default_factory=SegmentRules)
    history: History = field(default_factory=History)
    company: Company = field(default_factory=Company)
