"""A past time replayed from what is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.distribution import RoundKind
from app.domain.identity import Viewer
from app.domain.newcomers import ExperienceLimits, FairnessFloor
from app.domain.overlap import OverlapPolicy
from app.domain.ranking import DEFAULT_WEIGHTS
from app.domain.simulation import ChoiceRules, Period
from app.models import Lead, TerritoryRule
from app.queries.simulation import SimulatedTime, leads, simulate_choice
from app.services.places import import_postal_places
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine


@pytest.fixture
def past(session: Session, cast: Cast, clock: TimeMachine) -> list[Lead]:
    """Four leads on the board, a day apart; Nordwind had three of them, nobody the last."""
    made = []
    for number in range(4):
        lead = put_on_board(session, cast, received_at=read_clock(session))
        if number < 3:
            factories.assignment(session, lead, partnership=cast.partnerships["nordwind"])
        made.append(lead)
        clock.pass_time(days=1)
    return made


def _simulated(
    viewer: Viewer, policy: OverlapPolicy = OverlapPolicy.ROUND_ROBIN, period: Period | None = None
) -> SimulatedTime:
    rules = ChoiceRules(policy, FairnessFloor(every=None), DEFAULT_WEIGHTS)
    return simulate_choice(rules, ExperienceLimits(), period or Period(days=30), viewer=viewer)


@pytest.mark.covers("T-27", "C-01")
def test_both_sides_of_a_month(cast: Cast, past: list[Lead]) -> None:
    nordwind, kansai = cast.partnerships["nordwind"].id, cast.partnerships["kansai"].id
    found = _simulated(cast.viewer("carl"))
    simulation = found.simulation
    assert (simulation.opened, simulation.leads, simulation.moved) == (4, 3, 1)
    assert simulation.before.counts == {nordwind: 3, kansai: 0}
    assert simulation.after.counts == {nordwind: 2, kansai: 1}
    assert (simulation.before.spread.nobody, simulation.after.spread.nobody) == (1, 0)
    assert [(one.region, one.leads, one.partners) for one in simulation.regions] == [("DE-BY", 4, 2)]
    assert found.partners[kansai].code == cast.partnerships["kansai"].code


@pytest.mark.covers("T-09")
def test_the_nearest_by_postal_codes(session: Session, cast: Cast, past: list[Lead]) -> None:
    import_postal_places(["country,postal_code,latitude,longitude", "DE,80331,48.1,11.6", "DE,20095,53.5,10"])
    cast.nordwind.country, cast.nordwind.postal_code = "DE", "20095"
    cast.kansai.country, cast.kansai.postal_code = "DE", "80331"
    found = _simulated(cast.viewer("ada"), OverlapPolicy.NEAREST)
    assert found.simulation.after.counts[cast.partnerships["kansai"].id] == 3
    assert found.with_distance == 4


def test_without_coordinates_the_closest_territory_is_nearest(session: Session, cast: Cast, past: list[Lead]) -> None:
    kansai = cast.partnerships["kansai"]
    rule = TerritoryRule(partnership_id=kansai.id, manufacturer_id=cast.acme.id, country="DE", postal_prefix="80")
    session.add(rule)
    found = _simulated(cast.viewer("ada"), OverlapPolicy.NEAREST)
    assert found.simulation.after.counts[cast.partnerships["kansai"].id] == 3
    assert found.with_distance == 0


@pytest.mark.parametrize("policy", list(OverlapPolicy))
def test_every_policy_gives_out_every_lead_once(cast: Cast, past: list[Lead], policy: OverlapPolicy) -> None:
    side = _simulated(cast.viewer("ada"), policy).simulation.after
    assert sum(side.counts.values()) + side.for_person + side.for_nobody == 3


def test_a_partner_that_knew_the_company_gets_its_leads(session: Session, cast: Cast, past: list[Lead]) -> None:
    account = factories.account(session, cast.acme)
    earlier = factories.lead(session, cast.acme, [cast.products["pump"]], account_id=account.id)
    long_ago = read_clock(session) - timedelta(days=50)
    factories.assignment(session, earlier, partnership=cast.partnerships["kansai"], assigned_at=long_ago)
    for lead in past:
        lead.account_id = account.id
    for policy in (OverlapPolicy.ACCOUNT_HISTORY, OverlapPolicy.FIRST_REGISTERED):
        counts = _simulated(cast.viewer("ada"), policy).simulation.after.counts
        assert counts[cast.partnerships["kansai"].id] == 3


def test_a_full_partner_is_passed_by(session: Session, cast: Cast, past: list[Lead]) -> None:
    cast.partnerships["kansai"].max_open_claims = 1
    long_ago = read_clock(session) - timedelta(days=50)
    busy = factories.lead(session, cast.acme, [cast.products["pump"]], received_at=long_ago)
    factories.assignment(session, busy, partnership=cast.partnerships["kansai"], assigned_at=long_ago)
    counts = _simulated(cast.viewer("ada")).simulation.after.counts
    assert counts[cast.partnerships["kansai"].id] == 0


def test_a_lead_reserved_for_an_owner_had_nobody_to_choose(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], received_at=read_clock(session))
    factories.round_(session, lead, RoundKind.OWNER)
    assert _simulated(cast.viewer("ada")).simulation.opened == 0


def test_the_newest_are_kept_where_there_are_too_many(
    cast: Cast, past: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leads, "MOST_LEADS", 2)
    found = _simulated(cast.viewer("ada"))
    assert (found.is_cut, found.simulation.opened, found.simulation.leads) == (True, 2, 1)
    monkeypatch.setattr(leads, "MOST_LEADS", 9)
    monkeypatch.setattr(leads, "MOST_PAIRS", 6)
    found = _simulated(cast.viewer("ada"))
    assert (found.is_cut, found.simulation.opened) == (True, 3)


def test_only_the_time_asked_for(session: Session, cast: Cast, past: list[Lead]) -> None:
    today = read_clock(session).date()
    day = Period(first_on=today - timedelta(days=3), last_on=today - timedelta(days=2))
    assert _simulated(cast.viewer("ada"), period=day).simulation.opened == 2


def test_another_manufacturer_sees_nothing_of_it(cast: Cast, past: list[Lead]) -> None:
    found = _simulated(cast.viewer("gina"))
    assert (found.simulation.opened, found.partners, found.simulation.partner_ids) == (0, {}, [])
