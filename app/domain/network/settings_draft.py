"""The manufacturer's own numbers, whole and checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.deadlines import Clock
from app.domain.network.checking import Faults, out_of_range, refuse
from app.domain.phrases import N_, Phrase
from app.domain.visibility import CHOOSABLE, GuardedField

SHOWABLE_FIELDS = tuple(field.value for field in GuardedField if field in CHOOSABLE)
"""What a manufacturer may show partners before the claim, beside product lines, region, urgency and age."""

_CURRENCIES = frozenset(
    {
        "EUR",
        "USD",
        "JPY",
        "GBP",
        "CHF",
        "CAD",
        "AUD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "CNY",
        "KRW",
    }
)

LONGEST_TITLE = 80
"""How long a title of executives may be."""

SETTINGS_RANGES = {
    "release_score": (0, 100),
    "contact_hours": (1, 240),
    "hot_contact_minutes": (5, 1_440),
    "cool_down_hours": (0, 2_160),
    "merge_days": (0, 365),
    "owner_contact_minutes": (5, 14_400),
    "match_score": (1, 100),
    "near_match_score": (0, 100),
    "churned_months": (0, 120),
    "contract_threshold": (0, 1_000_000_000),
    "leads_for_account": (2, 100),
    "high_activity_leads": (2, 100),
    "high_activity_hours": (1, 168),
    "ip_address_days": (0, 30),
    "stalled_days": (1, 365),
    "stalled_escalation_days": (1, 365),
    "stalled_return_days": (1, 365),
    "nurture_every_days": (1, 365),
    "nurture_until_day": (0, 730),
    "warning_score": (1, 100),
    "suspension_score": (0, 100),
    "suspension_days": (1, 90),
    "infraction_days": (1, 365),
    "accepted_points": (0, 20),
    "declined_points": (0, 20),
    "feedback_points": (0, 20),
    "silence_cost": (0, 50),
    "re_route_cost": (0, 50),
}
"""From which number to which each may be set. Addresses are kept for 30 days at most (domain.md §9)."""

PEOPLE_OF_SETTINGS = ("sales_vp_id", "customer_success_id", "win_back_id", "reviewer_id")
"""The fields that name one of the manufacturer's own people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsDraft:
    """The manufacturer's numbers, which fields partners see before the claim, and who does what among its people.

    A match score above `match_score` acts alone, one from `near_match_score` on needs a person. `contract_threshold` is
    in units of the default currency. What silence and a lead lost for it cost are points that are taken away.
    """

    release_score: int = 50
    contact_hours: int = 4
    contact_clock: Clock = Clock.WORKING
    hot_contact_minutes: int = 5
    hot_contact_clock: Clock = Clock.WORKING
    cool_down_hours: int = 48
    merge_days: int = 30
    default_currency: str = "EUR"
    shown_fields: tuple[str, ...] = ()
    owner_contact_minutes: int = 120
    owner_contact_clock: Clock = Clock.WORKING
    match_score: int = 80
    near_match_score: int = 70
    churned_months: int = 6
    contract_threshold: int = 50_000
    is_competitor_disqualified: bool = False
    leads_for_account: int = 3
    high_activity_leads: int = 3
    high_activity_hours: int = 2
    executive_titles: tuple[str, ...] = ()
    ip_address_days: int = 30
    stalled_days: int = 14
    stalled_escalation_days: int = 21
    stalled_return_days: int = 30
    nurture_every_days: int = 30
    nurture_until_day: int = 180
    is_response_scored: bool = True
    warning_score: int = 70
    suspension_score: int = 50
    suspension_days: int = 14
    infraction_days: int = 90
    accepted_points: int = 2
    declined_points: int = 1
    feedback_points: int = 1
    silence_cost: int = 5
    re_route_cost: int = 5
    sales_vp_id: int | None = None
    customer_success_id: int | None = None
    win_back_id: int | None = None
    reviewer_id: int | None = None

    def check(self) -> None:
        """Raise `Invalid` naming each field that cannot stand."""
        faults = self._in_order() | out_of_range(self, **SETTINGS_RANGES)
        if any(len(title) > LONGEST_TITLE for title in self.executive_titles):
            faults["executive_titles"] = Phrase(
                N_("Use at most %(count)s characters for each."), {"count": LONGEST_TITLE}
            )
        if self.default_currency not in _CURRENCIES:
            faults["default_currency"] = Phrase(N_("Choose one of the currencies."))
        if not set(self.shown_fields) <= set(SHOWABLE_FIELDS):
            faults["shown_fields"] = Phrase(N_("Choose among the fields listed."))
        refuse(faults)

    def _in_order(self) -> Faults:
        """The numbers that contradict another one."""
        faults: Faults = {}
        if self.near_match_score > self.match_score:
            faults["near_match_score"] = Phrase(N_("It must not be above the score that acts alone."))
        if self.suspension_score >= self.warning_score:
            faults["suspension_score"] = Phrase(N_("It must be below the score that warns."))
        if self.stalled_escalation_days <= self.stalled_days:
            faults["stalled_escalation_days"] = Phrase(N_("It must be later than the reminder."))
        if self.stalled_return_days <= self.stalled_escalation_days:
            faults["stalled_return_days"] = Phrase(N_("It must be later than telling the channel manager."))
        return faults


def currencies() -> tuple[str, ...]:
    """The currencies a manufacturer may choose as its own."""
    return tuple(sorted(_CURRENCIES))
