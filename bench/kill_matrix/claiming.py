"""Clients that claim over HTTP while things break: all of them want every lead, and ask until they have an answer."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.kill_matrix.promises import World

TIMEOUT_SECONDS = 12
PAUSE_SECONDS = 0.25
FINAL = frozenset({"taken", "already_answered", "round_closed"})
"""The refusals of a lead that somebody has; whoever hears another asks again."""


@dataclass(slots=True)
class Answers:
    """What the clients were told: who won which lead by which assignment, and how often there was no answer."""

    won: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """By a lead's place among the world's: who was told it is theirs, and the assignment they were named."""
    troubles: Counter[str] = field(default_factory=Counter)


class Claimers:
    """One thread for each partner with a key; each asks for every lead at its moment, all at once."""

    def __init__(self, world: World, port: int, seconds: float) -> None:
        self.answers = Answers()
        self._world, self._port, self._seconds = world, port, seconds
        self._stopped = threading.Event()
        self._began = 0.0
        self._threads = [
            threading.Thread(target=self._claim_all, args=one, daemon=True) for one in world.network.keys.items()
        ]

    def start(self) -> None:
        """Begin; the leads are asked for one after the other, spread over the time."""
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def is_done(self) -> bool:
        """Whether everybody has an answer to everything."""
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Ask no more."""
        self._stopped.set()

    def _claim_all(self, organisation_id: int, key: str) -> None:
        offers = self._world.offers
        for place in range(len(offers)):
            moment = self._began + self._seconds * place / len(offers)
            self._stopped.wait(max(0.0, moment - time.monotonic()))
            while not self._stopped.is_set() and not self._is_answered(organisation_id, key, place):
                self._stopped.wait(PAUSE_SECONDS)

    def _is_answered(self, organisation_id: int, key: str, place: int) -> bool:
        """Ask once; whether the answer is final. Whoever is not sure asks again: a winner is told the same again."""
        try:
            status, answer = self._ask(self._world.offers[place][organisation_id], key)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.answers.troubles[type(error).__name__] += 1
            return False
        if status == 200:
            self.answers.won[place][organisation_id] = answer["assignment_id"]
            return True
        if status == 409 and answer.get("code") in FINAL:
            return True
        self.answers.troubles[f"{status} {answer.get('code', '')}".strip()] += 1
        return False

    def _ask(self, offer_id: uuid.UUID, key: str) -> tuple[int, dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
        try:
            line.request("POST", f"/api/v1/offers/{offer_id}/claim", headers={"Authorization": f"Bearer {key}"})
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()
