"""Who may see a lead: every rule of domain.md §4, in the order of T-04, each with the values it saw."""

from __future__ import annotations

from datetime import date, datetime

from app.domain.catalog import highest_min_tier
from app.domain.consent import ConsentScope
from app.domain.lead_routing.facts import LeadFacts, PartnershipFacts
from app.domain.lead_routing.trace import Eligibility, RuleName, RuleResult, TraceValue
from app.domain.partners import PartnershipStatus
from app.domain.territories import TerritoryMode, decide_coverage


def decide_eligibility(lead: LeadFacts, partnership: PartnershipFacts, *, now: datetime, today: date) -> Eligibility:
    """Decide whether a partnership may see a lead. Every rule is evaluated, also after one failed, for the trace.

    `now` is aware UTC and ends cool-downs; `today` is the manufacturer's date and decides certifications. Missing data
    never grants. Head starts, caps and pauses of claiming are not asked here: they decide who may claim *now*.
    """
    return Eligibility(
        partnership.partnership_id,
        (
            _contract(partnership),
            _consent(lead, partnership),
            _geography(lead, partnership),
            _product(lead, partnership),
            _certification(lead, partnership, today),
            _tier(lead, partnership),
            _availability(lead),
            _segment(lead, partnership),
            _history(partnership, now),
            _prospect(lead, partnership),
        ),
    )


def _contract(partnership: PartnershipFacts) -> RuleResult:
    is_active = partnership.status is PartnershipStatus.ACTIVE
    return RuleResult(RuleName.CONTRACT, is_active, partnership.status.value)


def _consent(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    if lead.consent_scope is ConsentScope.ANY_ELIGIBLE:
        return RuleResult(RuleName.CONSENT, True, "any")
    if lead.consent_scope is ConsentScope.NAMED_PARTNERS:
        is_named = partnership.partnership_id in lead.consent_partnership_ids
        return RuleResult(RuleName.CONSENT, is_named, "named" if is_named else "not_named")
    is_manufacturers = lead.consent_scope is ConsentScope.MANUFACTURER_ONLY
    return RuleResult(RuleName.CONSENT, False, "manufacturer_only" if is_manufacturers else "missing")


def _geography(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    coverage = decide_coverage(partnership.territory, lead.place)
    values = {"place": str(lead.place), "region": lead.place.region}
    if coverage.rule is None:
        return RuleResult(RuleName.GEOGRAPHY, False, "not_covered" if lead.place.country else "unknown", values)
    finding = "excluded" if coverage.rule.mode is TerritoryMode.EXCLUDE else "covered"
    return RuleResult(RuleName.GEOGRAPHY, coverage.is_covered, finding, {**values, "territory": str(coverage.rule)})


def _product(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    codes = [line.code for line in lead.products]
    if not codes:
        return RuleResult(RuleName.PRODUCT, False, "unknown")
    missing = [code for code in codes if code not in partnership.authorised_for]
    values = {"products": ", ".join(codes), "missing": ", ".join(missing)}
    return RuleResult(RuleName.PRODUCT, not missing, "not_authorised" if missing else "authorised", values)


def _certification(lead: LeadFacts, partnership: PartnershipFacts, today: date) -> RuleResult:
    needed = [line.code for line in lead.products if line.requires_certification]
    if not needed:
        return RuleResult(RuleName.CERTIFICATION, True, "not_needed")
    valid_until: dict[str, date] = {}
    for held in partnership.certifications:
        if held.valid_until is not None and held.is_valid_on(today):
            valid_until[held.product_line] = max(held.valid_until, valid_until.get(held.product_line, date.min))
    missing = [code for code in needed if code not in valid_until]
    if missing:
        values: dict[str, TraceValue] = {"missing": ", ".join(missing), "today_on": today}
        return RuleResult(RuleName.CERTIFICATION, False, "missing", values)
    until = min(valid_until[code] for code in needed)
    return RuleResult(RuleName.CERTIFICATION, True, "valid", {"products": ", ".join(needed), "until_on": until})


def _tier(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    minimum = highest_min_tier(lead.products)
    if minimum is None:
        return RuleResult(RuleName.TIER, True, "any", {"tier": partnership.tier.key})
    is_enough = partnership.tier.rank >= minimum.rank
    values = {"tier": partnership.tier.key, "minimum": minimum.key}
    return RuleResult(RuleName.TIER, is_enough, "enough" if is_enough else "too_low", values)


def _availability(lead: LeadFacts) -> RuleResult:
    missing = [line.code for line in lead.products if not line.is_available]
    finding = "missing" if missing else "available"
    return RuleResult(RuleName.AVAILABILITY, not missing, finding, {"missing": ", ".join(missing)} if missing else {})


def _segment(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    finding = _segment_finding(lead, partnership)
    values = {"industry": lead.industry, "employees": lead.employees}
    return RuleResult(RuleName.SEGMENT, finding == "fits", finding, values)


def _segment_finding(lead: LeadFacts, partnership: PartnershipFacts) -> str:
    rules = partnership.segment
    if lead.industry is None and rules.industries:
        return "industry_unknown"
    if lead.industry in rules.excluded_industries or (rules.industries and lead.industry not in rules.industries):
        return "industry"
    if rules.min_employees is None and rules.max_employees is None:
        return "fits"
    if lead.employees is None:
        return "size_unknown"
    is_too_small = rules.min_employees is not None and lead.employees < rules.min_employees
    is_too_large = rules.max_employees is not None and lead.employees > rules.max_employees
    return "size" if is_too_small or is_too_large else "fits"


def _history(partnership: PartnershipFacts, now: datetime) -> RuleResult:
    history = partnership.history
    if history.is_excluded:
        return RuleResult(RuleName.HISTORY, False, "excluded")
    if history.has_declined:
        return RuleResult(RuleName.HISTORY, False, "declined")
    if history.was_re_routed_away:
        return RuleResult(RuleName.HISTORY, False, "re_routed")
    if history.cool_down_until is not None and now < history.cool_down_until:
        return RuleResult(RuleName.HISTORY, False, "cool_down", {"until_at": history.cool_down_until})
    return RuleResult(RuleName.HISTORY, True, "clean")


def _prospect(lead: LeadFacts, partnership: PartnershipFacts) -> RuleResult:
    is_itself = lead.prospect.is_same_as(partnership.company)
    return RuleResult(RuleName.PROSPECT, not is_itself, "itself" if is_itself else "other")
