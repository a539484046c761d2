"""Whose lead it is already: every level, the precedence among them, and who is told (domain.md §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.account_routing.facts import (
    AccountFacts,
    Ancestor,
    EarlierLead,
    OpenDeal,
    Owner,
    PartnerCompany,
    RouteFacts,
    TeamMember,
)
from app.domain.account_routing.levels import LEVELS, Destination, decide_account_route, months_before
from app.domain.accounts import AccountFlag, AccountHealth, AccountLevel, AccountStatus, TeamRole
from app.domain.leads import ReviewReason
from app.domain.money import Money

TODAY = date(2026, 11, 21)
SARAH, BOB, JANE = Owner(user_id=1), Owner(user_id=2), Owner(user_id=3)
NORDWIND, KANSAI = Owner(partnership_id=11), Owner(partnership_id=12)


def account(**changes: Any) -> AccountFacts:
    return replace(AccountFacts(name="Acme Corp", status=AccountStatus.CUSTOMER), **changes)


def facts(known: AccountFacts | None = None, **changes: Any) -> RouteFacts:
    threshold = Money(5_000_000, "EUR")
    return replace(RouteFacts(today=TODAY, account=known, contract_threshold=threshold), **changes)


PROSPECT, CHURNED = AccountStatus.PROSPECT, AccountStatus.CHURNED
STRATEGIC, NAMED = frozenset({AccountFlag.STRATEGIC}), frozenset({AccountFlag.NAMED})
DIRECT, MANAGED = frozenset({AccountFlag.DIRECT_SOURCED}), frozenset({AccountFlag.PARTNER_MANAGED})
LAST_YEAR, LAST_WEEK = date(2025, 11, 20), date(2026, 11, 14)
A_DEAL = (OpenDeal(owner=BOB, opened_on=LAST_WEEK),)
EARLIER = EarlierLead(reference="L-ABC123", owner=JANE, closed_on=LAST_YEAR)


@pytest.mark.covers("P-01", "P-03", "P-04", "P-05", "P-06", "P-07", "P-20", "P-22", "P-31", "P-32", "P-33", "T-03")
@pytest.mark.parametrize(
    ("known", "level", "owner"),
    [
        (facts(), AccountLevel.NONE, None),
        (facts(account(status=PROSPECT)), AccountLevel.NONE, None),
        (facts(account(status=AccountStatus.COMPETITOR, partner=NORDWIND)), AccountLevel.COMPETITOR, None),
        (facts(account(status=AccountStatus.PARTNER)), AccountLevel.PARTNER_COMPANY, None),
        (facts(partner_company=PartnerCompany(name="Nordwind")), AccountLevel.PARTNER_COMPANY, None),
        (facts(account(flags=STRATEGIC, partner=NORDWIND)), AccountLevel.STRATEGIC, NORDWIND),
        (facts(account(flags=STRATEGIC, partner=NORDWIND, listed_owner=SARAH)), AccountLevel.STRATEGIC, SARAH),
        (facts(account(status=PROSPECT, flags=NAMED, listed_owner=JANE)), AccountLevel.NAMED, JANE),
        (facts(account(partner=NORDWIND)), AccountLevel.CUSTOMER, NORDWIND),
        (facts(account(seller=SARAH)), AccountLevel.CUSTOMER, SARAH),
        (facts(account()), AccountLevel.NONE, None),
        (facts(account(status=PROSPECT, deals=A_DEAL)), AccountLevel.OPEN_OPPORTUNITY, BOB),
        (facts(account(deals=A_DEAL)), AccountLevel.OPEN_OPPORTUNITY, BOB),
        (facts(earlier_lead=EARLIER), AccountLevel.EARLIER_LEAD, JANE),
        (facts(account(status=PROSPECT), earlier_lead=EARLIER), AccountLevel.EARLIER_LEAD, JANE),
        (facts(account(status=PROSPECT, partner=KANSAI)), AccountLevel.EARLIER_LEAD, KANSAI),
        (facts(account(status=PROSPECT, partner=KANSAI), earlier_lead=EARLIER), AccountLevel.EARLIER_LEAD, KANSAI),
        (facts(account(status=CHURNED, partner=KANSAI, churned_on=LAST_WEEK)), AccountLevel.CHURNED_RECENT, KANSAI),
        (facts(account(status=CHURNED, partner=KANSAI, churned_on=LAST_YEAR)), AccountLevel.NONE, None),
        (facts(account(status=CHURNED, partner=KANSAI)), AccountLevel.NONE, None),
    ],
)
def test_each_level_answers_for_its_own(known: RouteFacts, level: AccountLevel, owner: Owner | None) -> None:
    route = decide_account_route(known)
    assert (route.level, route.owner) == (level, owner)
    assert route.reasons


@pytest.mark.covers("P-21", "P-07")
@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (account(flags=STRATEGIC | NAMED, seller=SARAH), AccountLevel.NAMED),
        (account(flags=NAMED, seller=SARAH), AccountLevel.CUSTOMER),
        (account(seller=SARAH, deals=A_DEAL), AccountLevel.OPEN_OPPORTUNITY),
        (account(status=PROSPECT, deals=A_DEAL), AccountLevel.EARLIER_LEAD),
    ],
)
def test_of_two_levels_that_apply_the_first_wins(stronger: AccountFacts, weaker: AccountLevel) -> None:
    """The four conflicts of precedence: strategic, named, customer, deal, earlier lead, in this order."""
    route = decide_account_route(facts(stronger, earlier_lead=EARLIER))
    order = list(AccountLevel)
    assert order.index(route.level) < order.index(weaker)
    assert route.owner in (SARAH, BOB)


def test_there_is_one_function_for_each_level() -> None:
    assert len(LEVELS) == len(AccountLevel)


@pytest.mark.covers("P-20")
@pytest.mark.parametrize(
    ("listed_from", "listed_until", "level"),
    [
        (None, None, AccountLevel.NAMED),
        (TODAY, TODAY, AccountLevel.NAMED),
        (date(2026, 11, 22), None, AccountLevel.NONE),
        (None, date(2026, 11, 20), AccountLevel.NONE),
    ],
)
def test_a_listing_counts_from_its_first_to_its_last_day(
    listed_from: date | None, listed_until: date | None, level: AccountLevel
) -> None:
    listed = account(
        status=PROSPECT, flags=NAMED, listed_owner=JANE, listed_from=listed_from, listed_until=listed_until
    )
    assert decide_account_route(facts(listed)).level is level


@pytest.mark.covers("P-31")
@pytest.mark.parametrize(
    ("today", "churned_on", "owner"),
    [
        (date(2026, 11, 21), date(2026, 5, 22), KANSAI),
        (date(2026, 11, 21), date(2026, 5, 21), None),
        (date(2026, 8, 31), date(2026, 3, 1), KANSAI),
        (date(2026, 8, 31), date(2026, 2, 28), None),
    ],
)
def test_a_churned_customer_is_its_last_owner_s_for_six_months(
    today: date, churned_on: date, owner: Owner | None
) -> None:
    left = account(status=CHURNED, partner=KANSAI, churned_on=churned_on)
    assert decide_account_route(facts(left, today=today)).owner == owner


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.covers("P-34", "P-35", "C-08")
@pytest.mark.parametrize(
    ("flags", "owner", "informed"),
    [(frozenset(), NORDWIND, []), (MANAGED, NORDWIND, []), (DIRECT, SARAH, [NORDWIND])],
)
def test_a_partner_sourced_account_is_the_partner_s_and_a_direct_one_the_seller_s(
    flags: frozenset[AccountFlag], owner: Owner, informed: list[Owner]
) -> None:
    route = decide_account_route(facts(account(flags=flags, partner=NORDWIND, seller=SARAH)))
    assert route.owner == owner
    assert [one.partnership_id for one in route.informed] == [one.partnership_id for one in informed]


@pytest.mark.covers("P-36")
@pytest.mark.parametrize(
    ("cents", "currency", "bought", "owner"),
    [
        (4_999_999, "EUR", {"PUMP"}, SARAH),
        (5_000_000, "EUR", {"PUMP"}, BOB),
        (9_000_000, "USD", {"PUMP"}, SARAH),
        (9_000_000, "EUR", {"VALVE"}, SARAH),
        (9_000_000, "EUR", set(), BOB),
    ],
)
def test_a_large_contract_goes_to_the_account_manager_and_a_new_product_to_sales(
    cents: int, currency: str, bought: set[str], owner: Owner
) -> None:
    manager = TeamMember(2, TeamRole.ACCOUNT_MANAGER)
    customer = account(seller=SARAH, team=(manager,), contract=Money(cents, currency), bought=frozenset(bought))
    assert decide_account_route(facts(customer, products=frozenset({"PUMP"}))).owner == owner


@pytest.mark.covers("P-27")
def test_an_enterprise_s_department_goes_to_its_specialist_and_the_owner_is_told() -> None:
    specialist = TeamMember(3, TeamRole.SPECIALIST, department="Finance")
    customer = account(seller=SARAH, team=(specialist,), is_enterprise=True)
    route = decide_account_route(facts(customer, department=" finance "))
    assert (route.owner, [one.user_id for one in route.informed]) == (JANE, [1])
    small = replace(customer, is_enterprise=False)
    assert decide_account_route(facts(small, department="finance")).owner == SARAH
    partners = replace(customer, seller=None, partner=NORDWIND)
    route = decide_account_route(facts(partners, department="finance"))
    assert (route.owner, [one.user_id for one in route.informed]) == (NORDWIND, [3])


@pytest.mark.covers("P-23", "P-24")
def test_an_executive_of_a_strategic_account_is_told_to_the_vice_president_and_the_team() -> None:
    team = (TeamMember(4, TeamRole.ACCOUNT_EXECUTIVE), TeamMember(5, TeamRole.SOLUTIONS_ENGINEER))
    strategic = account(flags=STRATEGIC, seller=SARAH, team=team)
    route = decide_account_route(facts(strategic, is_executive=True, sales_vp_id=9))
    assert (route.owner, [one.user_id for one in route.informed]) == (SARAH, [9, 4, 5])
    assert [one.user_id for one in decide_account_route(facts(strategic, sales_vp_id=9)).informed] == [4, 5]


@pytest.mark.covers("P-25")
@pytest.mark.parametrize(("is_executive", "owner"), [(False, BOB), (True, SARAH)])
def test_sales_development_qualifies_a_strategic_lead_but_no_executive_s(is_executive: bool, owner: Owner) -> None:
    strategic = account(flags=STRATEGIC, seller=SARAH, team=(TeamMember(2, TeamRole.SALES_DEVELOPMENT),))
    route = decide_account_route(facts(strategic, is_executive=is_executive))
    assert (route.level, route.owner) == (AccountLevel.STRATEGIC, owner)
    if not is_executive:
        assert [one.user_id for one in route.informed] == [1]


@pytest.mark.covers("P-31")
def test_who_left_long_ago_goes_to_the_specialist_who_wins_customers_back_if_there_is_one() -> None:
    left = account(status=CHURNED, partner=KANSAI, churned_on=LAST_YEAR)
    assert decide_account_route(facts(left, win_back_id=3)).owner == JANE
    assert decide_account_route(facts(left)).destination is Destination.PLAN


@pytest.mark.covers("P-37", "P-29", "P-39")
def test_customer_success_hears_of_an_open_ticket_and_the_specialist_of_a_new_product() -> None:
    specialist = TeamMember(6, TeamRole.SPECIALIST, product="DRIVE")
    customer = account(partner=NORDWIND, team=(specialist,), has_open_ticket=True, bought=frozenset({"PUMP"}))
    route = decide_account_route(facts(customer, products=frozenset({"DRIVE"}), customer_success_id=7))
    assert (route.owner, [one.user_id for one in route.informed]) == (NORDWIND, [7, 6])
    unwell = replace(customer, has_open_ticket=False, health=AccountHealth.LOW)
    assert [one.user_id for one in decide_account_route(facts(unwell, customer_success_id=7)).informed] == [7]


@pytest.mark.covers("P-04")
def test_of_several_deals_the_one_for_the_asked_product_counts_then_the_oldest() -> None:
    deals = (
        OpenDeal(owner=SARAH, opened_on=LAST_YEAR, product="VALVE"),
        OpenDeal(owner=BOB, opened_on=LAST_WEEK, product="PUMP"),
    )
    dealt = account(status=PROSPECT, deals=deals)
    assert decide_account_route(facts(dealt, products=frozenset({"PUMP"}))).owner == BOB
    assert decide_account_route(facts(dealt, products=frozenset({"DRIVE"}))).owner == SARAH


@pytest.mark.covers("P-38", "T-16", "P-17")
def test_a_subsidiary_without_an_owner_is_its_parent_s_owner_s() -> None:
    labs = account(ancestors=(Ancestor(name="Acme Holding", owner=None), Ancestor(name="Acme Group", owner=SARAH)))
    route = decide_account_route(facts(labs))
    assert (route.level, route.owner) == (AccountLevel.CUSTOMER, SARAH)
    assert any("Acme Group" in str(reason) for reason in route.reasons)


@pytest.mark.covers("T-16", "C-07")
def test_two_owners_in_one_family_are_a_person_s_to_decide_unless_it_is_meant() -> None:
    family = account(partner=NORDWIND, ancestors=(Ancestor(name="Acme Group", owner=SARAH),))
    route = decide_account_route(facts(family))
    assert (route.destination, route.review_reason) == (Destination.REVIEW, ReviewReason.OWNER_CONFLICT)
    assert decide_account_route(facts(replace(family, keeps_own_owner=True))).owner == NORDWIND
    agreed = replace(family, ancestors=(Ancestor(name="Acme Group", owner=NORDWIND),))
    assert decide_account_route(facts(agreed)).owner == NORDWIND


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    ("stand_ins", "destination", "owner"),
    [
        ({}, Destination.OWNER, SARAH),
        ({SARAH: BOB}, Destination.OWNER, BOB),
        ({SARAH: None}, Destination.PLAN, None),
        ({BOB: JANE}, Destination.OWNER, SARAH),
    ],
)
def test_an_owner_who_is_gone_is_followed_by_whoever_stands_in(
    stand_ins: dict[Owner, Owner | None], destination: Destination, owner: Owner | None
) -> None:
    route = decide_account_route(facts(account(seller=SARAH), stand_ins=stand_ins))
    assert (route.level, route.destination, route.owner) == (AccountLevel.CUSTOMER, destination, owner)


@pytest.mark.covers("P-32")
def test_leads_of_competitors_are_disqualified_where_the_manufacturer_says_so() -> None:
    rival = facts(account(status=AccountStatus.COMPETITOR), is_competitor_disqualified=True)
    assert decide_account_route(rival).destination is Destination.DISQUALIFIED


@pytest.mark.covers("P-33")
def test_a_partner_s_own_lead_is_left_to_its_channel_manager() -> None:
    route = decide_account_route(facts(partner_company=PartnerCompany(name="Nordwind", channel_manager_id=8)))
    assert (route.review_reason, route.reviewer_id) == (ReviewReason.PARTNER_COMPANY, 8)


def test_an_owner_is_exactly_one() -> None:
    with pytest.raises(ValueError, match="partnership or a seller"):
        Owner()
    with pytest.raises(ValueError, match="partnership or a seller"):
        Owner(partnership_id=1, user_id=1)
