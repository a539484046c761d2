"""Leads with promises of every kind that can pass, made by the services; and the moments at which they pass."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select, text

from app.database import all_or_nothing, read_clock, transaction
from app.domain.accounts import AccountStatus
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.leads import SourceKind
from app.domain.network.account_draft import AccountDraft
from app.domain.submissions import Channel
from app.models import Lead, Offer
from app.services.claims import claim_offer
from app.services.cockpit import LeadEdit, edit_lead, log_activity
from app.services.intake.submissions import take_in_lead
from app.services.lead_routing import route_lead
from app.services.network.accounts import create_account
from bench.kill_matrix.network import BOARD_LINE, CLAIM_LINE, PUSH_LINE, Network, build_network


@dataclass(frozen=True, slots=True)
class World:
    """What there is before anything breaks: the network, and the offers of the leads that are to be claimed."""

    network: Network
    offers: tuple[dict[int, uuid.UUID], ...]
    """For each such lead its offers, by the organisation they are made to."""


def build_world(deadlines: int, to_claim: int) -> World:
    """A network, leads with about `deadlines` promises between them, and `to_claim` more on the claimers' board."""
    with all_or_nothing():
        prospects = Prospects(build_network())
        for make, shares, promises in (
            (prospects.work, 0.60, 5),
            (prospects.claim, 0.16, 3),
            (prospects.own, 0.16, 3),
            (prospects.board, 0.03, 1),
            (prospects.push, 0.03, 1),
            (prospects.review, 0.01, 1),
            (prospects.direct, 0.01, 1),
        ):
            for _ in range(-int(-deadlines * shares // promises)):
                make()
        leads = [prospects.ask(CLAIM_LINE) for _ in range(to_claim)]
        return World(prospects.network, tuple(map(_offers_of, leads)))


class Prospects:
    """Brings in one prospect's lead after the other, each unlike any other, and lets things happen to it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._numbers = itertools.count(1)

    def board(self) -> None:
        """A lead on the board of partners that leave it there."""
        self.ask(BOARD_LINE)

    def push(self) -> None:
        """A lead that one partner alone is asked for."""
        self.ask(PUSH_LINE)

    def review(self) -> None:
        """A lead from where nobody has a territory: a person is to decide."""
        self.ask(BOARD_LINE, country="AT")

    def direct(self) -> None:
        """A lead that only the manufacturer may call."""
        self.ask(BOARD_LINE, consent="manufacturer_only")

    def own(self) -> None:
        """A lead of a company that is one of the silent partners'."""
        number = next(self._numbers)
        silent = self.network.partnership_ids
        draft = AccountDraft(
            code=f"A{number}",
            name=f"Werk {number:05}",
            domains=(f"werk-{number:05}.example",),
            status=AccountStatus.CUSTOMER,
            owner_partnership_id=silent[number % len(silent)],
        )
        create_account(actor=self.network.head, draft=draft)
        self.ask(BOARD_LINE, number=number)

    def claim(self) -> tuple[uuid.UUID, int]:
        """A lead that a silent partner took from the board and does not call; the lead, and which partner."""
        lead_id = self.ask(BOARD_LINE)
        place = next(self._numbers) % len(self.network.silent)
        person = self.network.silent[place]
        claim_offer(offer_id=_offers_of(lead_id)[person.organisation_id], actor=person)
        return lead_id, place

    def work(self) -> None:
        """A lead that was claimed and called once, with a follow-up that nobody keeps."""
        lead_id, place = self.claim()
        person = self.network.silent[place]
        log_activity(lead_id=lead_id, actor=person, kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED)
        with transaction() as session:
            lead, tomorrow = session.get_one(Lead, lead_id), read_clock(session) + timedelta(days=1)
            version, edit = lead.version, LeadEdit(lead.stage, follow_up_at=tomorrow)
        edit_lead(lead_id=lead_id, actor=person, version=version, edit=edit)

    def ask(self, products: str, *, consent: str = "any", country: str = "DE", number: int = 0) -> uuid.UUID:
        """One prospect's lead, taken in and routed."""
        number = number or next(self._numbers)
        cells = {
            LeadField.FAMILY_NAME: "Person",
            LeadField.COMPANY: f"Werk {number:05}",
            LeadField.EMAIL: f"person@werk-{number:05}.example",
            LeadField.COUNTRY: country,
            LeadField.PRODUCTS: products,
            LeadField.CONSENT: consent,
            LeadField.SCORE: "80",
        }
        outcome = take_in_lead(
            actor=self.network.head,
            raw={field.value: cell for field, cell in cells.items()},
            channel=Channel.API,
            arrival=Arrival(source_kind=SourceKind.API),
        )
        if outcome.lead_id is None:
            raise SystemExit(f"the lead was not taken in: {outcome.findings}")
        route_lead(lead_id=outcome.lead_id)
        return outcome.lead_id


def _offers_of(lead_id: uuid.UUID) -> dict[int, uuid.UUID]:
    with transaction() as session:
        rows = session.execute(select(Offer.partner_id, Offer.id).where(Offer.lead_id == lead_id))
        return {row.partner_id: row.id for row in rows}


def let_fall_due(connection: Connection, seconds: float, *, among: Collection[uuid.UUID] | None = None) -> int:
    """Move every promise but the claimers' into the next `seconds`, each lead's in their order; returns how many.

    What stands beside a promise moves with it: the end of its round and its offer, the date of a follow-up. Less than
    no seconds make all of it overdue. `among` are the leads whose promises are meant, where not all are.
    """
    not_claimers = (
        "SELECT d.id, d.lead_id FROM deadline d WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL"
        " AND (CAST(:among AS uuid[]) IS NULL OR d.lead_id = ANY(:among)) AND NOT EXISTS ("
        " SELECT FROM lead_product_line one JOIN product_line line ON line.id = one.product_line_id"
        " WHERE one.lead_id = d.lead_id AND line.code = :code) ORDER BY d.due_at, d.id"
    )
    by_lead: dict[uuid.UUID, list[int]] = defaultdict(list)
    meant = {"code": CLAIM_LINE, "among": None if among is None else list(among)}
    for row in connection.execute(text(not_claimers), meant):
        by_lead[row.lead_id].append(row.id)
    dice = random.Random(7)
    moments = [
        {"id": deadline_id, "after": after}
        for ids in by_lead.values()
        for deadline_id, after in zip(ids, sorted(dice.uniform(0, seconds) for _ in ids), strict=True)
    ]
    connection.execute(
        text("CREATE TEMPORARY TABLE moment (id bigint PRIMARY KEY, after float, at timestamptz) ON COMMIT DROP")
    )
    connection.execute(text("INSERT INTO moment (id, after) VALUES (:id, :after)"), moments)
    connection.execute(text("UPDATE moment SET at = clock_now() + after * interval '1 second'"))
    for statement in _MOVES:
        connection.execute(text(statement))
    return len(moments)


_MOVES = (
    "UPDATE deadline SET due_at = moment.at FROM moment WHERE moment.id = deadline.id",
    "UPDATE round SET closes_at = moment.at FROM moment JOIN deadline d USING (id) WHERE round.id = d.round_id",
    "UPDATE offer SET expires_at = moment.at FROM moment JOIN deadline d USING (id)"
    " WHERE offer.round_id = d.round_id AND offer.answer IS NULL",
    "UPDATE lead SET follow_up_at = moment.at FROM moment JOIN deadline d USING (id)"
    " WHERE lead.id = d.lead_id AND d.kind = 'follow_up_due'",
    "UPDATE review SET due_at = moment.at FROM moment JOIN deadline d USING (id)"
    " WHERE review.lead_id = d.lead_id AND d.kind = 'review_due'",
)
