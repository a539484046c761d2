"""Who may see a lead: each rule alone, the trace of all, and what a partner is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.catalog import ProductLine
from app.domain.consent import ConsentScope
from app.domain.lead_routing.eligibility import decide_eligibility
from app.domain.lead_routing.facts import Company, History, LeadFacts, PartnershipFacts, SegmentRules
from app.domain.lead_routing.trace import REASONS, WHY_OFFERED, Eligibility, RuleName, why_offered
from app.domain.partners import Certification, PartnershipStatus, TierRule
from app.domain.territories import Place, TerritoryMode, TerritoryRule

ALWAYS_ASKED = [rule for rule in RuleName if rule is not RuleName.CUSTOM]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
SILVER, GOLD = TierRule("silver", 2), TierRule("gold", 3)
PUMP = ProductLine("PUMP")
ROBOT = ProductLine("ROBOT", min_tier=GOLD, requires_certification=True)
MUNICH = Place("DE", "DE-BY", "80331")
LEAD = LeadFacts(MUNICH, (PUMP, ROBOT), ConsentScope.ANY_ELIGIBLE, prospect=Company("muster", "muster.example"))
NORDWIND = PartnershipFacts(
    partnership_id=7,
    status=PartnershipStatus.ACTIVE,
    tier=GOLD,
    territory=(TerritoryRule(TerritoryMode.INCLUDE, "DE", postal_from="80331", postal_to="80331"),),
    authorised_for=frozenset({"PUMP", "ROBOT"}),
    certifications=(Certification("ROBOT", valid_until=date(2027, 3, 1)),),
    company=Company("nordwind", "nordwind.example"),
)


def decide(lead: LeadFacts = LEAD, partnership: PartnershipFacts = NORDWIND) -> Eligibility:
    return decide_eligibility(lead, partnership, now=NOW, today=TODAY)


@pytest.mark.covers("T-04", "B-04")
def test_an_eligible_partnership_passes_every_rule_in_order() -> None:
    eligibility = decide()
    assert eligibility.is_eligible
    assert [result.rule for result in eligibility.results] == ALWAYS_ASKED
    assert eligibility.failures == ()


@pytest.mark.covers("B-04", "B-05", "T-02", "T-07", "T-10", "T-13", "T-22")
@pytest.mark.parametrize(
    ("lead_change", "partnership_change", "finding"),
    [
        ({}, {"status": PartnershipStatus.INVITED}, "contract.invited"),
        ({}, {"status": PartnershipStatus.PAUSED}, "contract.paused"),
        ({}, {"status": PartnershipStatus.SUSPENDED}, "contract.suspended"),
        ({}, {"status": PartnershipStatus.ENDED}, "contract.ended"),
        ({"consent_scope": ConsentScope.NONE}, {}, "consent.missing"),
        ({"consent_scope": ConsentScope.MANUFACTURER_ONLY}, {}, "consent.manufacturer_only"),
        ({"consent_scope": ConsentScope.NAMED_PARTNERS}, {}, "consent.not_named"),
        (
            {"consent_scope": ConsentScope.NAMED_PARTNERS, "consent_partnership_ids": frozenset({8})},
            {},
            "consent.not_named",
        ),
        ({"place": Place("DE", "DE-BY")}, {}, "geography.not_covered"),
        ({"place": Place(None)}, {}, "geography.unknown"),
        ({}, {"territory": ()}, "geography.not_covered"),
        ({}, {"territory": (TerritoryRule(TerritoryMode.EXCLUDE, "DE"),)}, "geography.excluded"),
        ({}, {"authorised_for": frozenset({"ROBOT"})}, "product.not_authorised"),
        ({"products": ()}, {}, "product.unknown"),
        ({}, {"certifications": ()}, "certification.missing"),
        ({}, {"certifications": (Certification("PUMP", valid_until=date(2027, 3, 1)),)}, "certification.missing"),
        ({}, {"certifications": (Certification("ROBOT"),)}, "certification.missing"),
        (
            {},
            {"certifications": (Certification("ROBOT", valid_until=TODAY - timedelta(1)),)},
            "certification.missing",
        ),
        (
            {},
            {"certifications": (Certification("ROBOT", TODAY + timedelta(1), date(2027, 3, 1)),)},
            "certification.missing",
        ),
        ({}, {"tier": SILVER}, "tier.too_low"),
        ({"products": (replace(PUMP, is_available=False), ROBOT)}, {}, "availability.missing"),
        ({"industry": "food"}, {"segment": SegmentRules(industries=frozenset({"medical"}))}, "segment.industry"),
        ({}, {"segment": SegmentRules(industries=frozenset({"medical"}))}, "segment.industry_unknown"),
        ({"industry": "food"}, {"segment": SegmentRules(excluded_industries=frozenset({"food"}))}, "segment.industry"),
        ({"employees": 49}, {"segment": SegmentRules(min_employees=50)}, "segment.size"),
        ({"employees": 51}, {"segment": SegmentRules(max_employees=50)}, "segment.size"),
        ({}, {"segment": SegmentRules(min_employees=50)}, "segment.size_unknown"),
        ({}, {"history": History(has_declined=True)}, "history.declined"),
        ({}, {"history": History(is_excluded=True)}, "history.excluded"),
        ({}, {"history": History(was_re_routed_away=True)}, "history.re_routed"),
        ({}, {"history": History(cool_down_until=NOW + timedelta(hours=1))}, "history.cool_down"),
        ({}, {"company": Company("other", "muster.example")}, "prospect.itself"),
        ({}, {"company": Company("muster", "")}, "prospect.itself"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_one_rule_fails(lead_change: dict[str, Any], partnership_change: dict[str, Any], finding: str) -> None:
    eligibility = decide(replace(LEAD, **lead_change), replace(NORDWIND, **partnership_change))
    assert not eligibility.is_eligible
    assert [f"{failure.rule}.{failure.finding}" for failure in eligibility.failures] == [finding]


@pytest.mark.parametrize(
    ("lead_change", "partnership_change"),
    [
        ({"consent_scope": ConsentScope.NAMED_PARTNERS, "consent_partnership_ids": frozenset({7, 8})}, {}),
        ({"products": (PUMP,)}, {"tier": SILVER, "certifications": ()}),
        ({}, {"certifications": (Certification("ROBOT", TODAY, TODAY),)}),
        (
            {"industry": "medical", "employees": 50},
            {"segment": SegmentRules(frozenset({"medical"}), frozenset(), 50, 50)},
        ),
        ({}, {"history": History(cool_down_until=NOW)}),
        ({"prospect": Company()}, {"company": Company()}),
    ],
    ids=["named", "open product", "certified today only", "segment", "cool-down over", "two unknown companies differ"],
)
def test_just_eligible(lead_change: dict[str, Any], partnership_change: dict[str, Any]) -> None:
    assert decide(replace(LEAD, **lead_change), replace(NORDWIND, **partnership_change)).is_eligible


@pytest.mark.covers("T-04")
def test_every_rule_is_traced_after_a_failure() -> None:
    nothing_fits = PartnershipFacts(9, PartnershipStatus.ENDED, SILVER, company=LEAD.prospect)
    eligibility = decide(partnership=nothing_fits)
    assert [result.rule for result in eligibility.results] == ALWAYS_ASKED
    failed = {failure.rule for failure in eligibility.failures}
    assert failed == set(ALWAYS_ASKED) - {RuleName.CONSENT, RuleName.AVAILABILITY, RuleName.SEGMENT, RuleName.HISTORY}


@pytest.mark.parametrize("history", [History(), History(cool_down_until=NOW + timedelta(hours=1))])
def test_the_trace_survives_json(history: History) -> None:
    eligibility = decide(partnership=replace(NORDWIND, history=history))
    assert Eligibility.from_json(json.loads(json.dumps(eligibility.to_json()))) == eligibility


def test_every_finding_has_words() -> None:
    assert [str(result.phrase) for result in decide().results] == [
        "The partnership is active.",
        "The prospect agreed to be called by any suitable partner.",
        "The territory DE 80331 covers DE-BY 80331.",
        "Authorised for PUMP, ROBOT.",
        "Certified for ROBOT until 2027-03-01.",
        "The tier gold meets the minimum gold.",
        "The products can be delivered.",
        "The customer fits the partner's segment.",
        "Nothing stands between this partner and the lead.",
        "The prospect is another company.",
    ]
    assert {key.partition(".")[0] for key in REASONS} == {rule.value for rule in RuleName}
    assert set(WHY_OFFERED) <= set(REASONS)


@pytest.mark.covers("B-04")
def test_why_offered_tells_nothing_hidden() -> None:
    told = [str(phrase) for phrase in why_offered(decide().results)]
    assert told == [
        "In your territory: DE-BY",
        "You are authorised for PUMP, ROBOT",
        "You are certified for ROBOT until 2027-03-01",
        "Your tier gold meets the minimum gold",
    ]
    carried = repr(why_offered(decide().results))
    assert "80331" not in carried


def test_why_offered_is_silent_when_a_rule_failed() -> None:
    assert why_offered(decide(partnership=replace(NORDWIND, tier=SILVER)).results) == ()


def test_no_rules_grant_nothing() -> None:
    assert not Eligibility(7, ()).is_eligible
