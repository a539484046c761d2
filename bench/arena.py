"""A manufacturer with many partners and many open offers, made straight in the tables, and its web server."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.adapters.local_servers import ensure_postgresql, ensure_redis
from app.database import db
from app.domain.consent import ConsentScope
from app.domain.distribution import RoundKind, default_plan
from app.domain.identity import OrganisationKind, Role
from app.domain.leads import LeadState, SourceKind
from app.models import (
    ApiKey,
    Consent,
    DistributionPlan,
    Lead,
    ManufacturerSettings,
    Offer,
    Organisation,
    Partnership,
    Round,
    Tier,
    User,
)
from app.queries.identity import secret_hash
from bench.installation import CHECKOUT, Installation

NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Arena:
    """The partners' API keys, in order, and the ids behind them."""

    manufacturer_id: int
    partnerships: list[tuple[int, int]]
    secrets: list[str]


def open_arena(app: Flask, partners: int) -> Arena:
    """One manufacturer and `partners` partners without limits, each with a person and a key."""
    with app.app_context():
        session = db.session()
        tier = _found_manufacturer(session)
        partnerships = [_take_in(session, tier, number) for number in range(partners)]
        secrets = [_give_key(session, partner_id) for _, partner_id in partnerships]
        session.commit()
        return Arena(tier.manufacturer_id, partnerships, secrets)


def _found_manufacturer(session: Session) -> Tier:
    """A manufacturer with the default plan; its only tier, which limits nothing."""
    name = f"Arena {uuid.uuid4().hex[:6]}"
    maker = Organisation(kind=OrganisationKind.MANUFACTURER, name=name, slug=uuid.uuid4().hex)
    session.add(maker)
    session.flush()
    tier = Tier(manufacturer_id=maker.id, code="only", name="Only", rank=1)
    tier.max_open_claims = tier.max_claims_per_day = NO_LIMIT
    session.add_all([ManufacturerSettings(manufacturer_id=maker.id), tier])
    session.add(DistributionPlan(manufacturer_id=maker.id, version=1, rounds=default_plan().to_json()))
    session.flush()
    return tier


def _take_in(session: Session, tier: Tier, number: int) -> tuple[int, int]:
    """One more partner; the ids of the partnership and of the partner."""
    partner = Organisation(kind=OrganisationKind.PARTNER, name=f"Partner {number}", slug=uuid.uuid4().hex)
    session.add(partner)
    session.flush()
    partnership = Partnership(
        manufacturer_id=tier.manufacturer_id,
        partner_id=partner.id,
        code=f"P{number}",
        name=partner.name,
        tier_id=tier.id,
    )
    session.add(partnership)
    session.flush()
    return partnership.id, partner.id


def _give_key(session: Session, partner_id: int) -> str:
    """A person of the partner, with a key to its board; the key's secret."""
    email = f"{uuid.uuid4().hex}@arena.example"
    user = User(organisation_id=partner_id, email=email, name="A", role=Role.PARTNER_SALES, joined_at=datetime.now(UTC))
    session.add(user)
    session.flush()
    secret = f"pb_{uuid.uuid4().hex}"
    scopes = ["board", "claim", "leads"]
    session.add(ApiKey(user_id=user.id, name="bench", prefix=secret[:9], key_hash=secret_hash(secret), scopes=scopes))
    return secret


def put_on_board(app: Flask, arena: Arena, leads: int, offered_to: int) -> list[list[uuid.UUID]]:
    """`leads` leads on the board, each offered to the first `offered_to` partners; their offers' ids, lead by lead."""
    now = datetime.now(UTC)
    closes_at = now + timedelta(hours=2)
    with app.app_context():
        session = db.session()
        lead_ids = _insert_leads(session, arena, leads, now)
        board = {"manufacturer_id": arena.manufacturer_id, "number": 1, "kind": RoundKind.BOARD, "closes_at": closes_at}
        rounds = session.scalars(
            insert(Round).returning(Round.id, sort_by_parameter_order=True),
            [{**board, "lead_id": one} for one in lead_ids],
        ).all()
        offers = [[uuid.uuid4() for _ in range(offered_to)] for _ in lead_ids]
        common = {"manufacturer_id": arena.manufacturer_id, "visible_from": now - timedelta(minutes=1)}
        session.execute(
            insert(Offer),
            [
                {
                    **common,
                    "id": offer_id,
                    "round_id": round_id,
                    "lead_id": lead_id,
                    "partnership_id": partnership_id,
                    "partner_id": partner_id,
                    "expires_at": closes_at,
                }
                for lead_id, round_id, ids in zip(lead_ids, rounds, offers, strict=True)
                for offer_id, (partnership_id, partner_id) in zip(ids, arena.partnerships, strict=False)
            ],
        )
        session.commit()
        # As autovacuum does where an installation lives: without figures the plans are those of empty tables.
        session.execute(text("ANALYZE lead, round, offer, partnership, deadline, assignment"))
        session.commit()
    return offers


def _insert_leads(session: Session, arena: Arena, count: int, now: datetime) -> list[uuid.UUID]:
    """Leads that any partner may call; their ids."""
    lead_ids = [uuid.uuid4() for _ in range(count)]
    common = {"manufacturer_id": arena.manufacturer_id, "state": LeadState.DISTRIBUTING, "title": "Pumps"}
    common |= {"source_kind": SourceKind.WEB_FORM, "asked_at": now}
    session.execute(insert(Lead), [{**common, "id": one} for one in lead_ids])
    consent = {"scope": ConsentScope.ANY_ELIGIBLE, "given_at": now}
    session.execute(insert(Consent), [{**consent, "lead_id": one} for one in lead_ids])
    return lead_ids


@contextmanager
def web_server(made: Installation, port: int) -> Iterator[int]:
    """The production web server with two worker processes of eight threads."""
    environment = {
        **made.environment,
        "DATABASE_URL": ensure_postgresql(made.var),
        "REDIS_URL": ensure_redis(made.var),
        "PORT": str(port),
        "PULLBOARD_API_LIMIT": "1000000 per minute",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-k",
        "gthread",
        "-w",
        "2",
        "--threads",
        "8",
        "-b",
        f"127.0.0.1:{port}",
    ]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "--keep-alive", "30", "wsgi:app"], cwd=CHECKOUT, env=environment
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2).read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web server did not come up")
