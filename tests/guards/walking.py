"""Asking every address as one person of a partner: with filters, orders and searches, and writes that are refused."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.browsing import HTMX, Browser
from tests.guards.canaries import CANARIES, EXACT, heard_in

BOARD_QUERIES = (
    *(f"sort={column}" for column in ("closing", "newest", "value", *CANARIES, *EXACT)),
    "region=DE-BY",
    "region=DE",
    "size=large",
    "value=medium",
    "hot=1",
    "closing=1",
    "exclusive=1",
    "after=bm9uc2Vuc2U",
    "region=DE-BE&hot=1",
    "limit=1",
    "since=2020-01-01T00:00:00Z",
)
"""Orders by every hidden column too: none of them may exist."""


class Walker:
    """Asks every address as one person of a partner, in the browser and with a key."""

    def __init__(self, app: Flask, browser: Browser, things: dict[str, Any], key: str) -> None:
        self._app, self._browser, self._things = app, browser, things
        self._bearer = {"Authorization": f"Bearer {key}"}

    def answers(self) -> Iterator[tuple[str, str]]:
        """Every address and what it answered, head and body."""
        for address in self._addresses():
            yield f"GET {address}", heard_in(self._browser.get(address, headers=self._bearer_of(address)))
            if "?" not in address:
                yield f"GET {address} by htmx", heard_in(self._browser.get(address, headers=HTMX))
        for address, data in self._refused_writes():
            yield f"POST {address}", heard_in(self._browser.post(address, data=data, headers=self._bearer_of(address)))
            yield f"POST {address} by htmx", heard_in(self._browser.post(address, data=data, headers=HTMX))

    def _bearer_of(self, address: str) -> dict[str, str]:
        return self._bearer if address.startswith("/api/") else {}

    def _addresses(self) -> Iterator[str]:
        adapter = self._app.url_map.bind("localhost")
        for rule in self._app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static":
                address = adapter.build(rule.endpoint, {name: self._value(name) for name in rule.arguments})
                yield address
                queries = BOARD_QUERIES if address.endswith("/board") else ("sort=company&state=distributing&text=L-",)
                yield from (f"{address}?{query}" for query in queries)
        yield from ("/nothing/here", f"/leads/{uuid.uuid4()}", "/leads/x", "/board?after=%FF", "/offers/1")

    def _value(self, name: str) -> Any:
        return self._things.get(name, 1 if name.endswith("_id") else "x")

    def _refused_writes(self) -> Iterator[tuple[str, dict[str, str]]]:
        offer, lead = self._things["offer_id"], self._things["lead_id"]
        yield f"/offers/{offer}/decline", {"reason": "other"}
        yield f"/leads/{lead}/activities", {"outcome": "reached"}
        yield f"/leads/{lead}/edit", {}
        yield f"/leads/{lead}/qualification", {"qualify-version": "1"}
        yield "/leads/export", {"format": "csv"}
        yield "/leads/export", {"format": "xlsx"}
        yield f"/offers/{offer}/claim", {}
        yield f"/api/v1/offers/{offer}/claim", {}
        yield f"/api/v1/offers/{offer}/decline", {}
