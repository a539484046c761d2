"""P5 and P6 of the performance goals: claims over HTTP, against what PostgreSQL itself can do in the same run.

P5: 16 clients claim uncontended leads; baseline: pgbench with 16 clients, BEGIN, UPDATE, INSERT, COMMIT.
P6: 64 clients storm 10 leads: one winner and one audit line each; requests per second against uncontended claims.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.config import load_config
from app.database import db
from app.domain.audit import EventKind
from app.models import Assignment, Event
from bench.arena import Arena, open_arena, put_on_board, web_server
from bench.installation import installation, report
from bench.pgbench import Pgbench

CLIENTS = 16
CLAIMS_PER_RUN = 800
STORM_CLIENTS = 64
STORM_LEADS = 10
STORMS = 20
REPEATS = 3
PORT = 8911

_BARE = """
\\set id random(1, 200000)
BEGIN;
UPDATE bare_lead SET state = state + 1 WHERE id = :id;
INSERT INTO bare_event VALUES (:id, clock_timestamp());
COMMIT;
"""


def main() -> None:
    """Measure P5 and P6 and print a JSON line each."""
    with installation() as made:
        app = create_app(load_config(made.environment))
        arena = open_arena(app, STORM_CLIENTS)
        baseline = _bare_claims(app, made.var)
        with web_server(made, PORT):
            _uncontended(app, arena, 320)
            rates, ratios = [], []
            for _ in range(REPEATS):
                tps = baseline.run(CLIENTS)
                rates.append(_uncontended(app, arena, CLAIMS_PER_RUN))
                ratios.append(rates[-1] / tps)
                report("P5 run", {"claims_per_s": round(rates[-1]), "pgbench_tps": round(tps)})
            report("P5", {"ratio": round(statistics.median(ratios), 3), "floor": 0.10, "aim": 0.18})
            _storms(app, arena)


def _bare_claims(app: Flask, var: Path) -> Pgbench:
    """The bare transaction of a claim, as fast as PostgreSQL does it."""
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare_lead (id int PRIMARY KEY, state int NOT NULL)")
        connection.exec_driver_sql("CREATE TABLE bare_event (lead_id int NOT NULL, at timestamptz NOT NULL)")
        connection.exec_driver_sql("INSERT INTO bare_lead SELECT id, 0 FROM generate_series(1, 200000) id")
        return Pgbench(db.engine.url, var, _BARE)


def _uncontended(app: Flask, arena: Arena, claims: int) -> float:
    """Claims per second of 16 clients that never meet."""
    shares = []
    for secret, partnership in zip(arena.secrets[:CLIENTS], arena.partnerships, strict=False):
        offers = put_on_board(app, replace(arena, partnerships=[partnership]), claims // CLIENTS, offered_to=1)
        shares.append([(secret, offer[0]) for offer in offers])
    seconds, statuses = _fire(shares)
    assert statuses == [200] * claims, sorted(set(statuses))
    return claims / seconds


def _storms(app: Flask, arena: Arena) -> None:
    ratios, perfect = [], 0
    for _ in range(STORMS):
        calm = _uncontended(app, arena, 320)
        offers = put_on_board(app, arena, STORM_LEADS, offered_to=STORM_CLIENTS)
        shares = [[(arena.secrets[client], ids[client]) for ids in offers] for client in range(STORM_CLIENTS)]
        seconds, statuses = _fire(shares)
        perfect += statuses.count(200) == STORM_LEADS and _is_one_each(app, [ids for lead in offers for ids in lead])
        ratios.append(len(statuses) / seconds / calm)
    figures = {"perfect_storms": f"{perfect}/{STORMS}", "ratio": round(statistics.median(ratios), 2)}
    report("P6", {**figures, "floor": 1.0, "aim": 1.5})


def _is_one_each(app: Flask, offer_ids: Sequence[uuid.UUID]) -> bool:
    with app.app_context():
        session = db.session()
        winners = session.execute(
            select(Assignment.lead_id, func.count())
            .where(Assignment.offer_id.in_(offer_ids))
            .group_by(Assignment.lead_id)
        ).all()
        lead_ids = [row[0] for row in winners]
        lines = session.execute(
            select(Event.lead_id, func.count())
            .where(Event.lead_id.in_(lead_ids), Event.kind == EventKind.OFFER_CLAIMED)
            .group_by(Event.lead_id)
        ).all()
        db.session.remove()
    return [count for _, count in winners] == [1] * STORM_LEADS == [count for _, count in lines]


def _fire(shares: Sequence[Sequence[tuple[str, uuid.UUID]]]) -> tuple[float, list[int]]:
    """Send each share of claims over a connection of its own, all at once; seconds taken and the answers' statuses.

    One thread with prepared requests, so that the asking takes as little as can be from the two processors it measures.
    """
    clients = [_Client([_request(secret, offer_id) for secret, offer_id in share]) for share in shares if share]
    with selectors.DefaultSelector() as waiting:
        for client in clients:
            waiting.register(client.line, selectors.EVENT_READ, client)
        began = time.monotonic()
        for client in clients:
            client.ask()
        while waiting.get_map():
            for ready, _ in waiting.select():
                if ready.data.is_done_after_reading():
                    waiting.unregister(ready.fileobj)
        seconds = time.monotonic() - began
    for client in clients:
        client.line.close()
    return seconds, [status for client in clients for status in client.statuses]


def _request(secret: str, offer_id: uuid.UUID) -> bytes:
    return (
        f"POST /api/v1/offers/{offer_id}/claim HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


class _Client:
    """One connection, which asks again as soon as it has been answered."""

    def __init__(self, requests: list[bytes]) -> None:
        self.line = socket.create_connection(("127.0.0.1", PORT), timeout=60)
        self.statuses: list[int] = []
        self._left = requests[::-1]
        self._received = b""

    def ask(self) -> None:
        """Send the next request."""
        self.line.sendall(self._left.pop())

    def is_done_after_reading(self) -> bool:
        """Read what has come; after a whole answer ask again, or say that nothing is left to ask."""
        self._received += self.line.recv(65536)
        head, is_headed, body = self._received.partition(b"\r\n\r\n")
        if not is_headed or len(body) < int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]):
            return False
        self.statuses.append(int(head[9:12]))
        self._received = b""
        if self._left:
            self.ask()
            return False
        return True


if __name__ == "__main__":
    main()
