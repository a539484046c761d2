"""What a manufacturer says about one thing of its network, whole and checked before anything is written.

Ids are rows of the same manufacturer; whether they are is for the service to look up.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid
from app.domain.intake.postcodes import normalise_postal_code
from app.domain.network.account_draft import AccountDraft
from app.domain.network.checking import MISSING, Faults, missing, out_of_range, refuse, unreadable
from app.domain.network.settings_draft import SettingsDraft
from app.domain.network.values import (
    LANGUAGES,
    read_country,
    read_language,
    read_subdivision,
    read_time_zone,
)
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.domain.territories import TerritoryRule
from app.domain.working_week_text import format_week, parse_week

__all__ = [
    "LANGUAGES",
    "AccountDraft",
    "PartnershipDraft",
    "ProductLineDraft",
    "SettingsDraft",
    "TierDraft",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLineDraft:
    """A line of products, and what it demands of a partner."""

    code: str
    name: str
    min_tier_id: int | None = None
    requires_certification: bool = False
    is_active: bool = True

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand."""
        refuse(missing(self, "code", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDraft:
    """A partner level: `head_start_minutes` of working time after the board opens its partners see a lead."""

    code: str
    name: str
    rank: int
    head_start_minutes: int = 0
    max_open_claims: int = 5
    max_claims_per_day: int = 10

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand."""
        faults = missing(self, "code", "name")
        faults |= out_of_range(self, rank=(1, 99), head_start_minutes=(0, 10_080))
        refuse(faults | out_of_range(self, max_open_claims=(0, 1_000), max_claims_per_day=(0, 1_000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipDraft:
    """A partner's standing, and what is known of its company; a cap of None is the tier's."""

    code: str
    name: str
    tier_id: int
    status: PartnershipStatus = PartnershipStatus.ACTIVE
    max_open_claims: int | None = None
    max_claims_per_day: int | None = None
    sales_manager_id: int | None = None
    channel_manager_id: int | None = None
    backup_partnership_id: int | None = None
    successor_partnership_id: int | None = None
    country: str | None = None
    subdivision: str | None = None
    postal_code: str | None = None
    language: str = "en"
    time_zone: str = "UTC"
    working_hours: str = "mon-fri 09:00-17:00"
    domain: str | None = None

    def __post_init__(self) -> None:
        # As its country writes it, and the hours as they are kept: another spelling of the same is no change.
        if self.postal_code and self.country:
            written = normalise_postal_code(self.postal_code, self.country) or self.postal_code
            object.__setattr__(self, "postal_code", written)
        with suppress(Invalid):
            object.__setattr__(self, "working_hours", format_week(parse_week(self.working_hours)))

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand."""
        faults = missing(self, "code", "name")
        faults |= unreadable("country", read_country, self.country or "")
        faults |= unreadable("subdivision", read_subdivision, self.subdivision or "")
        faults |= unreadable("language", read_language, self.language)
        faults |= unreadable("time_zone", read_time_zone, self.time_zone)
        faults |= unreadable("working_hours", parse_week, self.working_hours)
        if self.subdivision and self.subdivision.partition("-")[0] != self.country:
            faults["subdivision"] = Phrase(N_("%(text)s is not in the country above."), {"text": self.subdivision})
        if self.postal_code and not (self.country and normalise_postal_code(self.postal_code, self.country)):
            told = N_("“%(text)s” is not a postal code of the country above.")
            faults["postal_code"] = Phrase(told, {"text": self.postal_code})
        refuse(faults | out_of_range(self, max_open_claims=(0, 1_000), max_claims_per_day=(0, 1_000)))


ORGANISATION_FIELDS = frozenset(
    {"country", "subdivision", "postal_code", "language", "time_zone", "working_hours", "domain"}
)
"""The fields of a partnership's draft that describe the partner itself, whoever it works with."""

FIELDS_OF_ELIGIBILITY = frozenset({"tier_id", "status", "name", "domain"})
"""The fields of a partnership's draft that the eligibility rules look at."""


def check_territory_rule(rule: TerritoryRule) -> None:
    """Raise `Invalid` when a territory line contradicts itself: a place outside its country, half a range, both."""
    faults: Faults = unreadable("country", read_country, rule.country) if rule.country else {"country": MISSING}
    faults |= unreadable("subdivision", read_subdivision, rule.subdivision or "")
    if rule.subdivision and rule.subdivision.partition("-")[0] != rule.country:
        faults["subdivision"] = Phrase(N_("%(text)s is not in the country above."), {"text": rule.subdivision})
    if bool(rule.postal_from) != bool(rule.postal_to):
        faults["postal_to"] = Phrase(N_("A range needs both its first and its last postal code."))
    elif rule.postal_from and rule.postal_to and rule.bounds[0] > rule.bounds[1]:
        faults["postal_to"] = Phrase(N_("The last postal code comes before the first."))
    if rule.postal_prefix and (rule.postal_from or rule.postal_to):
        faults["postal_prefix"] = Phrase(N_("Give either a prefix or a range, not both."))
    refuse(faults)


def check_certification(valid_from: date | None, valid_until: date | None) -> None:
    """Raise `Invalid` when a certification has no end, or ends before it begins."""
    if valid_until is None:
        refuse({"valid_until": Phrase(N_("Say until when it is valid."))})
    elif valid_from is not None and valid_from > valid_until:
        refuse({"valid_until": Phrase(N_("It must not end before it begins."))})


def is_in_circle(start: int | str, parent_of: Mapping[int | str, int | str | None]) -> bool:
    """Whether following parents from `start` leads back to a company already passed."""
    seen: set[int | str] = set()
    here: int | str | None = start
    while here is not None and here not in seen:
        seen.add(here)
        here = parent_of.get(here)
    return here is not None
