"""P1 and P2 of the performance goals: deciding and persisting where one lead goes, among thousands of partners.

P1: `route_lead` with 10,000 partnerships and 100,000 accounts, from the lead as it arrived to the committed trace,
offers, promise and audit lines; baseline: the same decision as bare SQL (account, eligibility, inserts) in pgbench.
P2: P1 at 10,000 partnerships against 1,000, with as many partners around each lead in both.
"""

from __future__ import annotations

import statistics
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app import create_app
from app.config import load_config
from app.database import db
from app.domain.consent import ConsentScope
from app.domain.distribution import default_plan
from app.domain.identity import OrganisationKind
from app.domain.intake.companies import company_name
from app.domain.leads import SourceKind
from app.models import (
    Consent,
    DistributionPlan,
    Lead,
    LeadProductLine,
    ManufacturerSettings,
    Organisation,
    Partnership,
    ProductLine,
    Tier,
)
from app.services.lead_routing import route_lead
from bench.copying import copy_accounts, copy_rows
from bench.installation import installation, report
from bench.names import register_names
from bench.pgbench import Pgbench

SMALL, LARGE = 1_000, 10_000
ACCOUNTS = 100_000
PRODUCTS = 20
PRODUCTS_EACH = 10
COUNTRY_OF = 1_000
"""So many partners share a country: more partners mean more countries, as they do."""
AREAS, AREAS_EACH = 250, 5
KNOWN_SHARE = 0.3
"""So many leads come from companies that are accounts; the others are new."""
LEADS_PER_RUN = 60
REPEATS = 5
SEED = 4
BARE_LEADS = 1_000

_BARE = f"""
\\set id random(1, {BARE_LEADS})
BEGIN;
SELECT account.id, account.owner_partnership_id FROM bare_lead JOIN account_name AS known
    ON known.manufacturer_id = bare_lead.manufacturer_id AND known.name_key = bare_lead.company_key
    JOIN account ON account.id = known.account_id WHERE bare_lead.number = :id;
WITH asked AS (
    UPDATE bare_lead SET state = 'distributing' WHERE number = :id RETURNING *
), eligible AS (
    SELECT partnership.id, partnership.partner_id, tier.rank
    FROM asked JOIN territory_rule AS rule ON rule.manufacturer_id = asked.manufacturer_id
        AND rule.country = asked.country AND rule.postal_prefix IN (left(asked.postal_code, 1),
            left(asked.postal_code, 2), left(asked.postal_code, 3), left(asked.postal_code, 4), asked.postal_code)
    JOIN partnership ON partnership.id = rule.partnership_id AND partnership.status = 'active'
    JOIN authorisation AS may ON may.partnership_id = partnership.id AND may.product_line_id = asked.product_line_id
    JOIN tier ON tier.id = partnership.tier_id AND partnership.unworked_claims < tier.max_open_claims
), decided AS (
    INSERT INTO bare_routing_decision (manufacturer_id, lead_id, cause, outcome, reasons, considered, facts,
        eligible_ids)
    SELECT asked.manufacturer_id, asked.id, 'received', 'board', '[]',
        (SELECT jsonb_agg(to_jsonb(eligible)) FROM eligible), '{{}}', (SELECT array_agg(id) FROM eligible)
    FROM asked RETURNING id
), opened AS (
    INSERT INTO bare_round (manufacturer_id, lead_id, decision_id, number, kind, closes_at, closed_at)
    SELECT asked.manufacturer_id, asked.id, decided.id, nextval('bare_number'), 'board', clock_now(), clock_now()
    FROM asked, decided RETURNING id, closes_at
), offered AS (
    INSERT INTO bare_offer (id, round_id, lead_id, manufacturer_id, partnership_id, partner_id, is_exclusive,
        eligibility_version, visible_from, expires_at, decline_note, reasons,
        ranking)
    SELECT gen_random_uuid(), opened.id, asked.id, asked.manufacturer_id, eligible.id, eligible.partner_id, false, 1,
        clock_now(), opened.closes_at, '', '[]', '{{}}'
    FROM asked, opened, eligible
), promised AS (
    INSERT INTO bare_deadline (manufacturer_id, lead_id, kind, clock, due_at, round_id, last_error)
    SELECT asked.manufacturer_id, asked.id, 'board_closes', 'wall', opened.closes_at, opened.id, '' FROM asked, opened
)
INSERT INTO bare_event (manufacturer_id, lead_id, kind, audience, data)
SELECT asked.manufacturer_id, asked.id, 'round.opened', 'manufacturer', '{{}}' FROM asked;
COMMIT;
"""
_BARE_TABLES = ("routing_decision", "round", "offer", "deadline", "event")


@dataclass(frozen=True, slots=True)
class Network:
    """A manufacturer with its partners: where they sell, and what."""

    manufacturer_id: int
    countries: list[str]
    product_line_ids: list[int]


def main() -> None:
    """Fill an installation with two manufacturers, measure both in turn, and print a JSON line for each goal."""
    random = Random(SEED)
    names = register_names()
    with installation() as made, create_app(load_config(made.environment)).app_context():
        session = db.session()
        session.execute(text("SET statement_timeout = 0"))
        small, large = (_network(session, partners, random) for partners in (SMALL, LARGE))
        for number, network in enumerate((small, large)):
            copy_accounts(session, network.manufacturer_id, names[:ACCOUNTS], 1 + number * ACCOUNTS)
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
        _prepare_baseline(session, large, names, random)
        pgbench = Pgbench(db.engine.url, made.var, _BARE, is_prepared=True)
        runs = []
        for _ in range(1 + REPEATS):
            bare = 1 / pgbench.run(clients=1)
            large_s, small_s = (_seconds_per_lead(session, one, names, random) for one in (large, small))
            runs.append((large_s, small_s, bare))
            figures = {"large": large_s, "small": small_s, "bare": bare}
            report("P1 P2 run", {f"{name}_ms": round(seconds * 1000, 2) for name, seconds in figures.items()})
        del runs[0]  # Nothing was warm yet.
        db.session.remove()
        db.engine.dispose()
    ratio = statistics.median(ours / bare for ours, _, bare in runs)
    growth = statistics.median(ours / fewer for ours, fewer, _ in runs)
    report("P1", {"ratio": round(ratio, 2), "floor": 6.0, "aim": 3.0, "partnerships": LARGE, "accounts": ACCOUNTS})
    report("P2", {"ratio": round(growth, 2), "floor": 1.3, "aim": 1.1, "partnerships": [SMALL, LARGE]})


def _network(session: Session, partners: int, random: Random) -> Network:
    """Partners of one tier without limits, each at home in one country: a few of its areas, half of the products."""
    maker = Organisation(kind=OrganisationKind.MANUFACTURER, name=f"Network of {partners}", slug=f"network-{partners}")
    session.add(maker)
    session.flush()
    tier = Tier(manufacturer_id=maker.id, code="only", name="Only", rank=1, max_open_claims=1_000_000)
    lines = [ProductLine(manufacturer_id=maker.id, code=f"L{at}", name=f"Line {at}") for at in range(PRODUCTS)]
    session.add_all([ManufacturerSettings(manufacturer_id=maker.id), tier, *lines])
    session.add(DistributionPlan(manufacturer_id=maker.id, version=1, rounds=default_plan().to_json()))
    session.flush()
    kept = [
        {"kind": OrganisationKind.PARTNER, "name": f"Partner {at}", "slug": f"partner-{partners}-{at}"}
        for at in range(partners)
    ]
    organisations = session.scalars(insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True), kept)
    rows = [
        {"manufacturer_id": maker.id, "partner_id": one, "code": f"P{at}", "name": f"Partner {at}", "tier_id": tier.id}
        for at, one in enumerate(organisations)
    ]
    ids = session.scalars(insert(Partnership).returning(Partnership.id, sort_by_parameter_order=True), rows).all()
    countries = [f"X{chr(65 + at)}" for at in range(partners // COUNTRY_OF)]
    copy_rows(
        session,
        "territory_rule (partnership_id, manufacturer_id, is_exclude, country, postal_prefix)",
        (
            (one, maker.id, False, countries[at // COUNTRY_OF], f"{area:03}")
            for at, one in enumerate(ids)
            for area in random.sample(range(AREAS), AREAS_EACH)
        ),
    )
    line_ids = [line.id for line in lines]
    copy_rows(
        session,
        "authorisation (partnership_id, product_line_id)",
        ((one, line) for one in ids for line in random.sample(line_ids, PRODUCTS_EACH)),
    )
    session.commit()
    return Network(maker.id, countries, line_ids)


def _lead_rows(network: Network, names: list[tuple[str, str]], count: int, random: Random) -> list[dict[str, Any]]:
    """Leads as they arrive: most from new companies, somewhere in the network's countries."""
    rows: list[dict[str, Any]] = []
    for _ in range(count):
        is_known = random.random() < KNOWN_SHARE
        name, _country = names[random.randrange(ACCOUNTS) if is_known else random.randrange(ACCOUNTS, len(names))]
        rows.append(
            {
                "id": uuid.uuid4(),
                "manufacturer_id": network.manufacturer_id,
                "company": name,
                "company_key": company_name(name).key,
                "country": random.choice(network.countries),
                "postal_code": f"{random.randrange(AREAS):03}{random.randrange(100):02}",
                "source_kind": SourceKind.WEB_FORM,
                "score": 80,
                "asked_at": datetime.now(UTC),
            }
        )
    return rows


def _seconds_per_lead(session: Session, network: Network, names: list[tuple[str, str]], random: Random) -> float:
    """The median time of one lead's whole decision, each in a transaction of its own."""
    rows = _lead_rows(network, names, LEADS_PER_RUN, random)
    session.execute(insert(Lead), rows)
    given = {"scope": ConsentScope.ANY_ELIGIBLE, "given_at": datetime.now(UTC)}
    session.execute(insert(Consent), [{"lead_id": row["id"], **given} for row in rows])
    wanted = [{"lead_id": row["id"], "product_line_id": random.choice(network.product_line_ids)} for row in rows]
    session.execute(insert(LeadProductLine), wanted)
    session.commit()
    times = []
    for row in rows:
        began = time.perf_counter()
        route_lead(lead_id=row["id"])
        times.append(time.perf_counter() - began)
        session.rollback()
    return statistics.median(times)


def _prepare_baseline(session: Session, network: Network, names: list[tuple[str, str]], random: Random) -> None:
    """The same tables with the same indexes and no rule of the product, and leads to decide about."""
    for table in _BARE_TABLES:
        session.execute(text(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)"))
    session.execute(text("CREATE SEQUENCE bare_number"))
    session.execute(
        text(
            "CREATE TABLE bare_lead (number int PRIMARY KEY, id uuid, manufacturer_id bigint, company_key text,"
            " country text, postal_code text, product_line_id bigint, state text)"
        )
    )
    columns = "number, id, manufacturer_id, company_key, country, postal_code, product_line_id"
    shown = ("id", "manufacturer_id", "company_key", "country", "postal_code")
    rows = _lead_rows(network, names, BARE_LEADS, random)
    copy_rows(
        session,
        f"bare_lead ({columns})",
        (
            (at, *(row[name] for name in shown), random.choice(network.product_line_ids))
            for at, row in enumerate(rows, 1)
        ),
    )
    session.commit()
    session.execute(text("ANALYZE bare_lead"))
    session.commit()


if __name__ == "__main__":
    main()
