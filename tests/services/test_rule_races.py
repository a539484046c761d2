"""Rules changed at the moment a lead is routed by them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.phrases import Phrase
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.models import Lead, Offer, OwedRecheck, RuleApplication
from app.queries.routing_rules import rule_standings
from app.services.lead_routing import route_lead
from app.services.owed_rechecks import leads_owed, owe_for_rules
from app.services.rechecking import recheck_eligibility
from app.services.routing_rules import KeptRule, create_rule, prepare_by_rules, remove_rule
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.races import network_of, one_after_the_other


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


def test_a_lead_that_changes_while_a_rule_waits_to_be_saved_is_compared_as_it_is_then(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    """What is read before others have to wait is read again where it has changed by then."""
    cast = committed_cast
    changed, same = (put_on_board(committed, cast, industry="Mining").id for _ in range(2))
    excluded = RuleActions(excluded_ids=frozenset({cast.partnerships["nordwind"].id}))
    medical = ConditionGroup(parts=(FieldCondition(LeadField.INDUSTRY, Operator.IS, "Medical"),))
    rule, actor = RoutingRule("Medical", medical, excluded), cast.viewer("carl")
    (kept,) = one_after_the_other(
        app,
        network_of(cast.acme.id),
        lambda: create_rule(actor=actor, rule=rule),
        meanwhile=lambda session: setattr(session.get_one(Lead, changed), "industry", "Medical"),
    )
    assert isinstance(kept, KeptRule)
    assert kept.effects.changed_ids == kept.effects.taken_ids == {changed}
    assert kept.effects.looked_at == len({changed, same})


@pytest.mark.covers("T-14")
def test_more_open_leads_than_a_statement_has_parameters(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    many = [lead.id, *(uuid.uuid4() for _ in range(2**16))]
    assert rule_standings(session, many).keys() == {lead.id}
    owe_for_rules(session, cast.acme.id, many, Phrase("Changed."))
    assert session.scalar(select(func.count()).select_from(OwedRecheck)) == len(many)
    assert leads_owed(session) == [lead.id]
