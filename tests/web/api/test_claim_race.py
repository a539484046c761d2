"""Sixteen programs storm forty leads over real HTTP on two web processes: each lead has exactly one winner (B-06)."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.distribution import OfferAnswer
from app.domain.identity import OrganisationKind, Role, Viewer
from app.models import Assignment, Event, Offer, OutboxMessage, Partnership, Reveal
from app.services.identity import create_api_key
from tests import factories
from tests.cast import Cast
from tests.processes import crew

CLIENTS = 16
LEADS = 40


@pytest.fixture
def port(app: Flask, committed: Session) -> Iterator[int]:
    """The production web server, two processes of eight threads, on the test's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    with crew(app) as hired:
        hired.environment |= {"PORT": str(number), "WEB_CONCURRENCY": "2", "PULLBOARD_THREADS": "8"}
        server = hired.start_program("gunicorn", "-c", "deploy/gunicorn.conf.py")
        _wait_for(number, server)
        yield number


def _wait_for(port: int, server: object) -> None:
    for _ in range(300):
        assert server.poll() is None, "the web server ended"
        try:
            ask = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            ask.request("GET", "/livez")
            if ask.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the web server did not come up")


def _partners(session: Session, cast: Cast) -> list[tuple[Partnership, str]]:
    """Partners with room for all, and each one's key."""
    made = []
    for number in range(CLIENTS):
        partner = factories.organisation(session, f"Partner{number}", OrganisationKind.PARTNER)
        seller = factories.user(session, partner, Role.PARTNER_SALES, f"seller{number}")
        partnership = factories.partnership(
            session, cast.acme, partner, cast.tiers["gold"], max_open_claims=LEADS, max_claims_per_day=LEADS
        )
        session.commit()
        actor = Viewer(seller.id, partner.id, OrganisationKind.PARTNER, Role.PARTNER_SALES)
        made.append((partnership, create_api_key(name="Storm", scopes=["claim"], actor=actor).secret))
    return made


@pytest.mark.covers("B-06")
def test_each_of_forty_leads_has_exactly_one_winner(committed: Session, committed_cast: Cast, port: int) -> None:
    partners = _partners(committed, committed_cast)
    rounds = [factories.round_(committed, factories.lead(committed, committed_cast.acme, [])) for _ in range(LEADS)]
    offers = {
        secret: [factories.offer(committed, one, partnership).id for one in rounds] for partnership, secret in partners
    }
    committed.commit()

    answers = _storm(port, offers)

    assert len(answers) == CLIENTS * LEADS
    assert Counter(status for status, _ in answers) == {200: LEADS, 409: LEADS * (CLIENTS - 1)}
    assert {body["code"] for status, body in answers if status == 409} == {"taken"}
    won = [uuid.UUID(body["lead_id"]) for status, body in answers if status == 200]
    assert len(set(won)) == LEADS
    for column, condition in (
        (Assignment.lead_id, Assignment.ended_at.is_(None)),
        (Offer.lead_id, Offer.answer == OfferAnswer.CLAIMED),
        (Event.lead_id, Event.kind == EventKind.OFFER_CLAIMED),
        (Reveal.lead_id, True),
    ):
        assert sorted(committed.scalars(select(column).where(condition))) == sorted(won), column
    assert committed.scalar(select(func.count(OutboxMessage.id))) == LEADS
    held = committed.execute(select(func.sum(Partnership.unworked_claims), func.sum(Partnership.claims_that_day)))
    assert held.one() == (LEADS, LEADS)


def _storm(port: int, offers: dict[str, list[uuid.UUID]]) -> list[tuple[int, dict[str, str]]]:
    """Every client sends its claims over a line of its own, all in the same order, all beginning at once."""
    gate, answers = threading.Barrier(len(offers)), []

    def run(secret: str, ids: list[uuid.UUID]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        gate.wait()
        for offer_id in ids:
            line.request("POST", f"/api/v1/offers/{offer_id}/claim", headers={"Authorization": f"Bearer {secret}"})
            response = line.getresponse()
            answers.append((response.status, json.loads(response.read())))
        line.close()

    clients = [threading.Thread(target=run, args=one) for one in offers.items()]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return answers
