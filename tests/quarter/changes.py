"""What Acme changes about its partners meanwhile: one pauses and comes back, one leaves, one gets a wider territory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from app.database import db
from app.domain.account_routing.facts import Owner
from app.domain.departures import LeadsChoice
from app.domain.partners import PartnershipStatus
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Organisation, Partnership
from app.queries.network.drafts import draft_of_partnership
from app.services.departures.moving import move_departing_leads
from app.services.network.partnerships import change_partnership, end_partnership
from app.services.network.territories import add_territory_rule
from app.services.rechecking import recheck_eligibility
from tests.quarter.behaviours import FAST, SLOW
from tests.quarter.clock import Agenda, Story
from tests.quarter.world import Partner, World

_WEEK = timedelta(days=7)


def plan_changes(agenda: Agenda, world: World) -> None:
    """Put the three on the agenda."""
    fast = [partner for partner in world.partners.values() if partner.behaviour is FAST]
    slow = [partner for partner in world.partners.values() if partner.behaviour is SLOW]
    heir = next(one for one in fast[2:] if one.country == fast[1].country)
    agenda.begin(_pause(agenda, world, fast[0]), agenda.now + 4 * _WEEK)
    agenda.begin(_end(agenda, world, fast[1], heir), agenda.now + 8 * _WEEK)
    agenda.begin(_widen(agenda, world, slow[0]), agenda.now + 5 * _WEEK)


def _pause(agenda: Agenda, world: World, partner: Partner) -> Story:
    """The leads it works go to others; two weeks later it takes part again."""
    for status, leads in ((PartnershipStatus.PAUSED, LeadsChoice.GO), (PartnershipStatus.ACTIVE, None)):
        row = db.session().get_one(Partnership, partner.partnership_id, populate_existing=True)
        draft = draft_of_partnership(row, db.session().get_one(Organisation, partner.organisation_id))
        change = partial(change_partnership, actor=world.house["ada"], partnership_id=row.id, version=row.version)
        change(draft=replace(draft, status=status), leads=leads)
        _let_jobs_look()
        yield agenda.now + 2 * _WEEK


def _end(agenda: Agenda, world: World, partner: Partner, heir: Partner) -> Story:
    """It leaves the programme for good; a neighbour has its accounts and leads."""
    version = db.session().get_one(Partnership, partner.partnership_id, populate_existing=True).version
    end_partnership(
        actor=world.house["ada"],
        partnership_id=partner.partnership_id,
        version=version,
        successor=Owner(partnership_id=heir.partnership_id),
    )
    _let_jobs_look()
    yield from ()


def _widen(agenda: Agenda, world: World, partner: Partner) -> Story:
    """It may sell in its whole country from now on."""
    rule = TerritoryRule(TerritoryMode.INCLUDE, partner.country)
    add_territory_rule(actor=world.house["ada"], partnership_id=partner.partnership_id, rule=rule)
    _let_jobs_look()
    yield from ()


def _let_jobs_look() -> None:
    """A second later the workers have seen it."""
    recheck_eligibility()
    move_departing_leads()
