"""Rules changed at the moment a lead is routed by them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.models import Lead, Offer, OwedRecheck, RuleApplication
from app.services.lead_routing import route_lead
from app.services.rechecking import recheck_eligibility
from app.services.routing_rules import create_rule, prepare_by_rules, remove_rule
from tests import factories
from tests.cast import Cast


def applications(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(RuleApplication))


def test_a_rule_is_removed_after_the_lead_that_meets_it(app: Flask, committed: Session, committed_cast: Cast) -> None:
    actor, removed = committed_cast.viewer("carl"), threading.Event()
    rule_id = create_rule(actor=actor, rule=RoutingRule("Going", actions=RuleActions(makes_hot=True))).id
    lead_id = factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]]).id
    committed.commit()

    def remove() -> None:
        with app.app_context():
            remove_rule(actor=actor, rule_id=rule_id)
            removed.set()
            db.session.remove()

    with transaction() as session:
        prepare_by_rules(session, session.get_one(Lead, lead_id, with_for_update=True), cause="received")
        assert applications(session) == 1
        thread = threading.Thread(target=remove)
        thread.start()
        assert not removed.wait(0.3), "the rule waits until the lead has met it"
    thread.join(10)
    assert removed.is_set()
    assert applications(committed) == 0
    assert committed.get_one(Lead, lead_id, populate_existing=True).is_hot


def test_leads_are_routed_while_rules_come_and_go(app: Flask, committed: Session, committed_cast: Cast) -> None:
    """Nobody waits for the other in a circle, no lead stays at the door, none with whom the last rule leaves out."""
    actor = committed_cast.viewer("carl")
    leads = [factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]]).id for _ in range(12)]
    committed.commit()

    actions = RuleActions(makes_hot=True, excluded_ids=frozenset({committed_cast.partnerships["nordwind"].id}))

    def edit() -> None:
        for number in range(8):
            rule = create_rule(actor=actor, rule=RoutingRule(f"{number}", actions=actions))
            remove_rule(actor=actor, rule_id=rule.id)
        create_rule(actor=actor, rule=RoutingRule("Last", actions=actions))

    def look() -> None:
        for _ in range(6):
            recheck_eligibility()

    def route(lead_ids: list[uuid.UUID]) -> None:
        for lead_id in lead_ids:
            route_lead(lead_id=lead_id)

    def in_own_context(work: Callable[[], None]) -> None:
        with app.app_context():
            work()
            db.session.remove()

    works: list[Callable[[], None]] = [edit, look, lambda: route(leads[::2]), lambda: route(leads[1::2])]
    with ThreadPoolExecutor(len(works)) as threads:
        list(threads.map(in_own_context, works, timeout=60))
    states = committed.scalars(select(Lead.state).where(Lead.id.in_(leads))).all()
    assert set(states) == {"distributing"}
    recheck_eligibility()
    offered = select(Offer.partnership_id).where(Offer.lead_id.in_(leads), Offer.answer.is_(None))
    committed.expire_all()
    assert set(committed.scalars(offered)) == {committed_cast.partnerships["kansai"].id}, "by the rules as they stand"
    assert committed.scalar(select(func.count()).select_from(OwedRecheck)) == 0
