"""A change of the network waits for the decisions under way, so that its recheck finds what they decided."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.models import Offer, Partnership, TerritoryRule
from app.services.lead_routing import route_lead
from app.services.network_order import hold_network, take_network
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.cast import Cast


def test_a_change_waits_for_the_decision_under_way(app: Flask, committed: Session, committed_cast: Cast) -> None:
    manufacturer_id, changed = committed_cast.acme.id, threading.Event()

    def change() -> None:
        with app.app_context():
            with transaction() as session:
                take_network(session, manufacturer_id)
            changed.set()
            db.session.remove()

    with transaction() as session:
        hold_network(session, manufacturer_id)
        thread = threading.Thread(target=change)
        thread.start()
        assert not changed.wait(0.3)
    thread.join(10)
    assert changed.is_set()


def test_decisions_do_not_wait_for_one_another(app: Flask, committed: Session, committed_cast: Cast) -> None:
    manufacturer_id, decided = committed_cast.acme.id, threading.Event()

    def decide() -> None:
        with app.app_context():
            with transaction() as session:
                hold_network(session, manufacturer_id)
            decided.set()
            db.session.remove()

    with transaction() as session:
        hold_network(session, manufacturer_id)
        thread = threading.Thread(target=decide)
        thread.start()
        assert decided.wait(5)
    thread.join()


def test_a_change_hides_at_once_what_the_recheck_then_withdraws(session: Session, cast: Cast) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    session.commit()
    route_lead(lead_id=lead.id)
    nordwind = cast.partnerships["nordwind"]
    session.query(TerritoryRule).filter(TerritoryRule.partnership_id == nordwind.id).delete()
    nordwind.eligibility_version += 1
    session.commit()
    stale = (
        select(Offer.id)
        .join(Partnership, Partnership.id == Offer.partnership_id)
        .where(Offer.partnership_id == nordwind.id, Offer.eligibility_version < Partnership.eligibility_version)
    )
    assert session.scalar(stale) is not None
    recheck_eligibility()
    assert session.scalar(stale.where(Offer.answer.is_(None))) is None
