"""A storm of people and workers at once; afterwards everything that must always hold is asked of the database."""

from __future__ import annotations

import random
import threading
import time
import traceback
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.database import clock_now, db, transaction
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.distribution import DeclineReason
from app.domain.errors import DomainError, NotFound
from app.domain.identity import Viewer
from app.domain.leads import LostReason
from app.domain.partners import PartnershipStatus
from app.models import Deadline, Lead, Offer, Partnership, ProductLine, User
from app.services import cockpit
from app.services.claims import claim_offer, decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import release_lead, route_received_leads
from app.services.network.writing import network_writing
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.cast import Cast

SECONDS = 8
PEOPLE = 4
SEED = 20_260_302

BROKEN = {
    "a lead is worked by nobody or not in the state for it": """
        SELECT lead.id FROM lead
        LEFT JOIN assignment ON assignment.lead_id = lead.id AND assignment.ended_at IS NULL
        GROUP BY lead.id HAVING count(assignment.id) <> CASE WHEN lead.state = 'assigned' THEN 1 ELSE 0 END""",
    "a partnership's count of unworked claims is not the truth": """
        SELECT partnership.id FROM partnership
        LEFT JOIN assignment ON assignment.partnership_id = partnership.id AND assignment.ended_at IS NULL
            AND assignment.first_attempt_at IS NULL
        GROUP BY partnership.id HAVING count(assignment.id) <> partnership.unworked_claims""",
    "a lead is distributed without exactly one open round": """
        SELECT lead.id FROM lead LEFT JOIN round ON round.lead_id = lead.id AND round.closed_at IS NULL
        GROUP BY lead.id HAVING count(round.id) <> CASE WHEN lead.state = 'distributing' THEN 1 ELSE 0 END""",
    "an open round that nothing will end": """
        SELECT round.id FROM round
        LEFT JOIN deadline ON deadline.round_id = round.id AND deadline.cancelled_at IS NULL
            AND (deadline.fired_at IS NULL OR round.kind = 'direct')
        LEFT JOIN offer ON offer.id = deadline.offer_id
        WHERE round.closed_at IS NULL
        GROUP BY round.id HAVING count(deadline.id) FILTER (WHERE offer.answer IS NULL) <> 1""",
    "a closed round with an open offer": """
        SELECT offer.id FROM offer JOIN round ON round.id = offer.round_id
        WHERE offer.answer IS NULL AND round.closed_at IS NOT NULL""",
    "an open round of offers with no open offer, or a push with several": """
        SELECT round.id FROM round LEFT JOIN offer ON offer.round_id = round.id AND offer.answer IS NULL
        WHERE round.closed_at IS NULL AND round.kind <> 'direct'
        GROUP BY round.id HAVING count(offer.id) = 0 OR (round.kind = 'push' AND count(offer.id) > 1)""",
    "an open offer of a standing that has changed since": """
        SELECT offer.id FROM offer JOIN partnership ON partnership.id = offer.partnership_id
        WHERE offer.answer IS NULL
            AND (offer.eligibility_version <> partnership.eligibility_version OR partnership.status <> 'active')""",
    "a taken offer without its one assignment, or the other way round": """
        SELECT offer.id FROM offer LEFT JOIN assignment ON assignment.offer_id = offer.id
        GROUP BY offer.id
        HAVING count(assignment.id) <> CASE WHEN offer.answer = 'claimed' THEN 1 ELSE 0 END""",
    "a taken offer in a round that was not taken": """
        SELECT offer.id FROM offer JOIN round ON round.id = offer.round_id
        WHERE (offer.answer = 'claimed') AND round.outcome NOT IN ('claimed', 'accepted')""",
    "a claim without its reveal": """
        SELECT offer.id FROM offer LEFT JOIN reveal
            ON reveal.lead_id = offer.lead_id AND reveal.user_id = offer.answered_by_id
        WHERE offer.answer = 'claimed' AND reveal.id IS NULL""",
    "an assignment nobody promised a first contact for": """
        SELECT assignment.id FROM assignment
        LEFT JOIN deadline ON deadline.assignment_id = assignment.id AND deadline.kind = 'contact_due'
            AND deadline.cancelled_at IS NULL
        WHERE assignment.ended_at IS NULL AND assignment.first_attempt_at IS NULL AND deadline.id IS NULL""",
    "an assignment that the ladder will never end, nor a call": """
        SELECT assignment.id FROM assignment
        LEFT JOIN deadline ON deadline.assignment_id = assignment.id AND deadline.step = 're_route'
            AND deadline.fired_at IS NULL AND deadline.cancelled_at IS NULL
        WHERE assignment.ended_at IS NULL AND assignment.first_attempt_at IS NULL
            AND assignment.partnership_id IS NOT NULL AND deadline.id IS NULL""",
    "a step of the ladder still promised for work that has begun or ended": """
        SELECT deadline.id FROM deadline
        JOIN assignment ON assignment.id = deadline.assignment_id
        WHERE deadline.step IS NOT NULL AND deadline.fired_at IS NULL AND deadline.cancelled_at IS NULL
            AND (assignment.ended_at IS NOT NULL OR assignment.first_attempt_at IS NOT NULL)""",
    "a step that was taken twice": """
        SELECT assignment_id FROM deadline WHERE step IS NOT NULL AND fired_at IS NOT NULL
            AND assignment_id IS NOT NULL
        GROUP BY assignment_id, step HAVING count(*) > 1""",
    "worked since the first contact, and nothing follows from silence": """
        SELECT assignment.id FROM assignment
        LEFT JOIN deadline ON deadline.assignment_id = assignment.id AND deadline.kind = 'activity_due'
            AND deadline.stall = 'return_to_distribution' AND deadline.cancelled_at IS NULL
        WHERE assignment.ended_at IS NULL AND assignment.first_attempt_at IS NOT NULL
            AND assignment.partnership_id IS NOT NULL AND deadline.id IS NULL""",
    "a promise about a lead that is closed": """
        SELECT deadline.id FROM deadline JOIN lead ON lead.id = deadline.lead_id
        WHERE deadline.fired_at IS NULL AND deadline.cancelled_at IS NULL
            AND lead.state IN ('won', 'lost', 'disqualified', 'withdrawn')""",
    "a deadline both fired and cancelled": """
        SELECT id FROM deadline WHERE fired_at IS NOT NULL AND cancelled_at IS NOT NULL""",
    "a deadline whose work failed": "SELECT id FROM deadline WHERE failures > 0",
    "more or fewer events than claims, declines and assignments": """
        WITH told AS (SELECT kind, count(*) AS times FROM event GROUP BY kind)
        SELECT counted.kind FROM (
            SELECT 'lead.assigned' AS kind, (SELECT count(*) FROM assignment) AS times
            UNION ALL SELECT 'offer.declined', (SELECT count(*) FROM offer WHERE answer = 'declined')
        ) AS counted LEFT JOIN told USING (kind)
        WHERE coalesce(told.times, 0) <> counted.times""",
    "attempts that were counted wrongly": """
        SELECT lead.id FROM lead LEFT JOIN activity ON activity.lead_id = lead.id AND activity.kind = 'call'
        GROUP BY lead.id HAVING count(activity.id) <> lead.attempts""",
}
"""What must never be found: the broken promise in words, and the statement that finds it."""


class Storm:
    """What one thread does, at random, until the time is up."""

    def __init__(self, app: Flask, cast: Cast, seed: int) -> None:
        self.app, self.random = app, random.Random(seed)
        self.viewers = {name: cast.viewer(name) for name in ("nora", "nils", "kenji", "kaori", "carl", "ines", "ada")}
        self.partners = {cast.nordwind.id: ("nora", "nils"), cast.kansai.id: ("kenji", "kaori")}
        self.partnership_ids = [cast.partnerships[name].id for name in ("nordwind", "kansai")]
        self.seller_id, self.acme_id, self.pump_id = cast.people["ines"].id, cast.acme.id, cast.products["pump"].id
        self.faults: list[str] = []
        self.done = 0

    def blow(self, until: float) -> None:
        """Act until `until`; a rule's refusal is part of the weather, anything else is a fault."""
        acts: list[Callable[[], object]] = [
            *[self.claim] * 8,
            *[self.decline] * 5,
            *[self.let_time_pass] * 3,
            *[self.attempt] * 3,
            *[self.arrive, self.assign, self.close, self.change_network, self.recheck, self.release],
        ]
        with self.app.app_context():
            while time.monotonic() < until:
                try:
                    self.random.choice(acts)()
                    self.done += 1
                except DomainError:
                    self.done += 1
                except Exception:  # noqa: BLE001 - every kind of fault is what is looked for
                    self.faults.append(traceback.format_exc(limit=-6))
                finally:
                    db.session.remove()

    def arrive(self) -> None:
        """A lead comes, and a worker looks at the door."""
        with transaction() as session:
            acme = session.get_one(User, self.viewers["ada"].user_id).organisation
            factories.lead(
                session, acme, [session.get_one(ProductLine, self.pump_id)], is_hot=self.random.random() < 0.7
            )
        route_received_leads()

    def claim(self) -> None:
        """Somebody of the partner takes an offer, mostly an open one."""
        offer_id, person = self._offer()
        claim_offer(offer_id=offer_id, actor=self.viewers[person])

    def decline(self) -> None:
        """Somebody of the partner says no."""
        offer_id, person = self._offer()
        decline_offer(offer_id=offer_id, actor=self.viewers[person], reason=DeclineReason.TOO_SMALL)

    def let_time_pass(self) -> None:
        """A promise or two come due, and a worker keeps them."""
        with transaction() as session:
            pending = select(Deadline.id).where(Deadline.fired_at.is_(None), Deadline.cancelled_at.is_(None))
            some = pending.order_by(func.random()).limit(2).with_for_update(skip_locked=True)
            session.execute(
                update(Deadline).where(Deadline.id.in_(session.scalars(some).all())).values(due_at=clock_now())
            )
        enforce_deadlines(limit=50)

    def attempt(self) -> None:
        """Whoever it is calls the prospect."""
        cockpit.log_activity(
            lead_id=self._lead(), actor=self._anybody(), kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED
        )

    def assign(self) -> None:
        """A person hands a lead to a partner or to a colleague."""
        is_partner = self.random.random() < 0.7
        target = (
            {"partnership_id": self.random.choice(self.partnership_ids)} if is_partner else {"user_id": self.seller_id}
        )
        assign_lead(lead_id=self._lead(), actor=self.viewers["carl"], reason="By hand", **target)

    def close(self) -> None:
        """A lead ends one way or another."""
        lead_id = self._lead()
        with transaction() as session:
            version = session.get_one(Lead, lead_id).version
        actor, way = self._anybody(), self.random.randrange(4)
        if way == 0:
            cockpit.close_won(lead_id=lead_id, actor=actor, version=version)
        elif way == 1:
            cockpit.close_lost(lead_id=lead_id, actor=actor, version=version, reason=LostReason.PRICE)
        elif way == 2:
            cockpit.disqualify_lead(lead_id=lead_id, actor=self.viewers["ines"], reason="A test")
        else:
            cockpit.withdraw_lead(lead_id=lead_id, actor=self.viewers["carl"], reason="Asked for it")

    def change_network(self) -> None:
        """A partnership pauses or comes back; mostly it comes back."""
        with network_writing(self.viewers["ada"]) as writing:
            partnership = writing.find(Partnership, self.random.choice(self.partnership_ids), locked=True)
            is_paused = self.random.random() < 0.3
            partnership.status = PartnershipStatus.PAUSED if is_paused else PartnershipStatus.ACTIVE
            writing.doubt_eligibility([partnership.id])

    def recheck(self) -> None:
        """A worker looks at what a change of the network means."""
        recheck_eligibility()

    def release(self) -> None:
        """A person sends a waiting lead on."""
        release_lead(lead_id=self._lead(), actor=self.viewers["ines"], reason="Asked again")

    def _offer(self) -> tuple[uuid.UUID, str]:
        is_wanted = Offer.answer.is_(None) if self.random.random() < 0.9 else Offer.answer.is_not(None)
        with transaction() as session:
            latest = select(Offer.id, Offer.partner_id).where(is_wanted).order_by(Offer.created_at.desc()).limit(6)
            found = session.execute(latest).all()
        if not found:
            raise NotFound
        offer_id, partner_id = self.random.choice(found)
        return offer_id, self.random.choice(self.partners[partner_id])

    def _lead(self) -> uuid.UUID:
        with transaction() as session:
            return session.scalars(select(Lead.id).order_by(func.random()).limit(1)).one()

    def _anybody(self) -> Viewer:
        return self.viewers[self.random.choice(list(self.viewers))]


@pytest.mark.covers("B-06", "T-05", "W-17")
def test_after_a_storm_every_promise_holds(app: Flask, committed: Session, committed_cast: Cast) -> None:
    for partnership in committed_cast.partnerships.values():
        partnership.max_open_claims, partnership.max_claims_per_day = 12, 10_000
    committed.commit()
    storms = [Storm(app, committed_cast, SEED + number) for number in range(PEOPLE)]
    committed.rollback()
    for _ in range(12):
        storms[0].arrive()
    until = time.monotonic() + SECONDS
    threads = [threading.Thread(target=storm.blow, args=(until,)) for storm in storms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    faults = [fault for storm in storms for fault in storm.faults]
    assert not faults, "\n".join(faults)
    recheck_eligibility()
    enforce_deadlines()
    found = {words: committed.execute(text(statement)).all() for words, statement in BROKEN.items()}
    assert {words: rows for words, rows in found.items() if rows} == {}
    assert sum(storm.done for storm in storms) > 100
