"""Past leads given out again by another policy."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.newcomers import FairnessFloor
from app.domain.overlap import OverlapPolicy
from app.domain.ranking import DEFAULT_WEIGHTS, RankingPart
from app.domain.simulation import UNWORKED, ChoiceRules, CompanyPast, Past, PastLead, PastPartner, Period, replay
from app.domain.simulation_figures import simulate

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NO_FLOOR = FairnessFloor(every=None)


def _rules(policy: OverlapPolicy, fairness: FairnessFloor = NO_FLOOR, **weights: int) -> ChoiceRules:
    return ChoiceRules(policy, fairness, {RankingPart(part): weight for part, weight in weights.items()})


def _leads(count: int, eligible: tuple[int, ...] = (1, 2, 3), hours: float = 1, **values: object) -> list[PastLead]:
    """Leads that came one after the other, and that partner 1 had unless said otherwise."""
    given: dict[str, object] = {"taken_by_id": 1, **values}
    return [PastLead(START + timedelta(hours=hours * n), eligible, **given) for n in range(count)]  # type: ignore[arg-type]


def _partners(*ids: int, cap: int = 100, **values: object) -> dict[int, PastPartner]:
    return {one: PastPartner(one, cap, received=10, **values) for one in ids}  # type: ignore[arg-type]


def _who(past: Past, rules: ChoiceRules) -> list[int | None]:
    return [given.partnership_id for given in replay(past, rules)]


@pytest.mark.covers("T-08", "T-27", "C-01")
def test_in_turn_everybody_gets_the_same() -> None:
    found = simulate(Past(_leads(300), _partners(1, 2, 3)), _rules(OverlapPolicy.ROUND_ROBIN))
    assert found.after.counts == {1: 100, 2: 100, 3: 100}
    assert found.after.spread.gini == 0


@pytest.mark.covers("T-09", "T-27")
def test_nearest_gives_all_to_the_nearest_while_it_has_room() -> None:
    leads = _leads(10, distances_km={1: 40.0, 2: 5.0, 3: 90.0})
    found = simulate(Past(leads, _partners(1, 2, 3)), _rules(OverlapPolicy.NEAREST))
    assert found.after.counts == {1: 0, 2: 10, 3: 0}
    assert found.after.spread.gini == pytest.approx(2 / 3)
    assert (found.after.spread.nobody, found.after.top_share) == (2, 1)


@pytest.mark.covers("T-05", "C-01")
def test_a_lead_takes_up_room_until_it_is_called() -> None:
    partners = {
        1: PastPartner(1, 1, received=10, contact_time=timedelta(hours=2)),
        2: PastPartner(2, 1, received=10, called_at=(START + timedelta(hours=3),)),
    }
    nearest_first = _leads(5, (1, 2), distances_km={1: 1.0, 2: 2.0})
    assert _who(Past(nearest_first, partners), _rules(OverlapPolicy.NEAREST)) == [1, None, 1, 2, 1]
    found = simulate(Past(nearest_first, partners), _rules(OverlapPolicy.NEAREST))
    assert (found.after.for_nobody, found.after.for_person) == (1, 0)


def test_without_a_known_contact_a_lead_takes_up_room_for_a_day() -> None:
    leads = _leads(3, (1,), hours=UNWORKED.total_seconds() / 3600 / 2)
    assert _who(Past(leads, _partners(1, cap=1)), _rules(OverlapPolicy.NEAREST)) == [1, None, 1]


@pytest.mark.covers("T-11", "T-12")
def test_newcomers_grow_old_while_the_replay_goes_on() -> None:
    partners = {1: PastPartner(1, 100, received=50), 2: PastPartner(2, 100, received=0)}
    leads = _leads(20, (1, 2), distances_km={1: 1.0, 2: 2.0})
    took = _who(Past(leads, partners), _rules(OverlapPolicy.NEAREST, FairnessFloor(every=3, newcomer_below=2)))
    assert took == [1, 1, 2, 1, 1, 2, *[1] * 14]


def test_who_asks_for_experience_passes_newcomers_by() -> None:
    partners = {1: PastPartner(1, 100, received=50), 2: PastPartner(2, 100, received=0)}
    leads = _leads(1, (1, 2), distances_km={1: 9.0, 2: 1.0}, asks_for_experience=True)
    assert _who(Past(leads, partners), _rules(OverlapPolicy.NEAREST)) == [1]


@pytest.mark.parametrize("policy", [OverlapPolicy.ACCOUNT_HISTORY, OverlapPolicy.FIRST_REGISTERED])
def test_a_company_stays_with_whoever_knew_it_or_came_to_know_it(policy: OverlapPolicy) -> None:
    leads = [
        PastLead(START + timedelta(hours=n), (1, 2), company=company)
        for n, company in enumerate(["known", "new", "new", "known", None, None])
    ]
    past = Past(leads, _partners(1, 2), {"known": {2: CompanyPast(1, START - timedelta(days=9))}})
    assert _who(past, _rules(policy)) == [2, 1, 1, 2, 1, 2]
    assert _who(past, _rules(policy)) == [2, 1, 1, 2, 1, 2], "a replay leaves what it was given as it was"


def test_the_weights_decide() -> None:
    partners = {
        1: PastPartner(1, 100, tier=1.0, asked=10, answered=2, received=10),
        2: PastPartner(2, 100, tier=0.0, asked=10, answered=10, received=10),
    }
    past = Past(_leads(4, (1, 2)), partners)
    assert _who(past, _rules(OverlapPolicy.WEIGHTED, tier=100)) == [1] * 4
    assert _who(past, _rules(OverlapPolicy.WEIGHTED, response_rate=100)) == [2] * 4


def test_a_person_decides_where_several_qualify() -> None:
    leads = [*_leads(2, (1, 2)), *_leads(1, (1,))]
    found = simulate(Past(leads, _partners(1, 2)), _rules(OverlapPolicy.MANUAL_REVIEW))
    assert (found.after.for_person, found.after.for_nobody, found.after.counts) == (2, 0, {1: 1, 2: 0})


@pytest.mark.covers("T-27")
def test_both_sides_and_the_regions() -> None:
    leads = [
        *_leads(6, (1, 2), taken_by_id=1, region="DE-BY"),
        *_leads(2, (2, 3), taken_by_id=9, region="DE-SN"),
    ]
    found = simulate(Past(leads, _partners(1, 2, 3)), _rules(OverlapPolicy.ROUND_ROBIN))
    assert (found.opened, found.leads, found.moved) == (8, 6, 3), "leads that no partner had are not given out"
    assert found.before.counts == {1: 6, 2: 0, 3: 0}
    assert found.after.counts == {1: 3, 2: 3, 3: 0}
    assert (found.before.for_nobody, found.before.spread.nobody, found.after.spread.nobody) == (0, 2, 1)
    assert [(one.region, one.leads, one.partners, one.per_partner) for one in found.regions] == [
        ("DE-BY", 6, 2, 3),
        ("DE-SN", 2, 2, 1),
    ]


def test_expected_response_is_the_partners_by_their_leads() -> None:
    partners = {
        1: PastPartner(1, 100, asked=10, answered=10, answer_time=timedelta(hours=1), received=10),
        2: PastPartner(2, 100, asked=10, answered=5, answer_time=timedelta(hours=5), received=10),
        3: PastPartner(3, 100, asked=4, answered=0, received=10),
    }
    leads = [*_leads(3, (1,)), *_leads(1, (2,)), *_leads(2, (3,)), *_leads(2, ())]
    expected = simulate(Past(leads, partners), _rules(OverlapPolicy.ROUND_ROBIN)).after.expected
    assert expected.rate == pytest.approx((3 * 1 + 1 * 0.5 + 2 * 15 / 24) / 8)
    assert expected.answer_time == timedelta(hours=2)
    assert expected.contact_time is None


_PASTS = st.builds(
    lambda chosen: Past(
        [PastLead(START + timedelta(minutes=7 * n), tuple(sorted(one)), taken_by_id=0) for n, one in enumerate(chosen)],
        {one: PastPartner(one, cap=one % 3 + 1, received=one) for one in range(6)},
    ),
    st.lists(st.sets(st.integers(0, 5)), max_size=40),
)


@given(_PASTS, st.sampled_from(OverlapPolicy))
def test_a_replay_is_the_same_each_time_and_never_asks_who_was_not_eligible(past: Past, policy: OverlapPolicy) -> None:
    rules = ChoiceRules(policy, FairnessFloor(), DEFAULT_WEIGHTS)
    took = replay(past, rules)
    assert took == replay(past, rules)
    assert all(one.partnership_id in (*lead.eligible_ids, None) for lead, one in zip(past.leads, took, strict=True))
    side = simulate(past, rules).after
    assert sum(side.counts.values()) + side.for_nobody + side.for_person == len(past.leads)


@given(_PASTS)
def test_nobody_has_more_than_its_cap_at_once(past: Past) -> None:
    took = replay(past, ChoiceRules(OverlapPolicy.CAPACITY, NO_FLOOR, DEFAULT_WEIGHTS))
    within_a_day = Counter(one.partnership_id for one in took if one.partnership_id is not None)
    assert all(count <= past.partners[one].cap for one, count in within_a_day.items()), (
        "40 leads come within five hours"
    )


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period(days=30), START - timedelta(days=30), START),
        (
            Period(first_on=date(2026, 1, 31), last_on=date(2026, 2, 1)),
            datetime(2026, 1, 30, 23, tzinfo=UTC),
            datetime(2026, 2, 1, 23, tzinfo=UTC),
        ),
        (
            Period(first_on=date(2026, 1, 31), last_on=date.max),
            datetime(2026, 1, 30, 23, tzinfo=UTC),
            datetime.combine(START.date() + timedelta(days=1), time(), ZoneInfo("Europe/Berlin")),
        ),
    ],
)
def test_days_are_the_readers_and_both_count(period: Period, since: datetime, until: datetime) -> None:
    assert period.bounds(START, ZoneInfo("Europe/Berlin")) == (since, until)
