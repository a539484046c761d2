"""Where a lead of an account would go now, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import db, read_clock
from app.domain.account_routing.levels import Destination, decide_account_route
from app.domain.accounts import AccountLevel
from app.domain.identity import Viewer
from app.domain.phrases import Phrase
from app.models import Account, Partnership, User
from app.queries.account_routing import account_route_facts
from app.queries.manufacturers import manufacturer_rules
from app.queries.network.own import own_row


@dataclass(frozen=True, slots=True)
class RouteView:
    """The level that answers, whom with, and why."""

    level: AccountLevel
    destination: Destination
    owner: str
    reasons: tuple[Phrase, ...]


def account_route(*, viewer: Viewer, account_id: int) -> RouteView:
    """What account routing would say to a lead of this account that came in now."""
    account = own_row(viewer, Account, account_id)
    session = db.session()
    zone = manufacturer_rules(session, account.manufacturer_id).time_zone
    route = decide_account_route(account_route_facts(session, account.id, now=read_clock(session), zone=zone))
    owner = ""
    if route.owner is not None and route.owner.partnership_id is not None:
        owner = session.get_one(Partnership, route.owner.partnership_id).name
    elif route.owner is not None:
        owner = session.get_one(User, route.owner.user_id).name
    return RouteView(route.level, route.destination, owner, route.reasons)
