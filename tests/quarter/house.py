"""What Acme's own people do: the direct queue and the open questions twice a day, the rest weekly."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.review import ReviewDecision
from app.domain.working_time import next_working_moment
from app.services.accounts_from_leads import link_left_out_leads
from app.services.cockpit import disqualify_lead, withdraw_lead
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import release_lead
from app.services.rechecking import recheck_eligibility
from app.services.response_scores import decide_territory_review, recount_lapsed_scores, settle_responses
from app.services.reviews import decide_review
from tests.quarter.clock import Agenda, Story
from tests.quarter.world import World

_DIRECT = "SELECT lead_id, opened_at FROM round WHERE kind = 'direct' AND closed_at IS NULL ORDER BY id"
_QUESTIONS = "SELECT id, lead_id, reason, opened_at, candidates FROM review WHERE decided_at IS NULL ORDER BY id"
_NURTURED = """
    SELECT lead.id FROM lead JOIN consent ON consent.lead_id = lead.id
    WHERE state = 'nurturing' AND consent.scope <> 'none' ORDER BY score DESC, email LIMIT 4"""
_OPEN = "SELECT id FROM lead WHERE state IN ('distributing', 'assigned', 'in_review') ORDER BY received_at"
_TERRITORIES = "SELECT id FROM territory_review WHERE decided_at IS NULL ORDER BY id"
_LET_LIE = 0.2
_AT_LATEST = timedelta(days=3)
_HOURS_OF_ROUNDS = (9, 14)
_WEEK, _TICK = timedelta(days=7), timedelta(hours=12)


class Question(NamedTuple):
    """A lead about which a person is to decide."""

    id: int
    lead_id: uuid.UUID
    reason: str
    since: datetime
    candidates: list[dict[str, Any]]


class House:
    """Acme's people at their queues. They let one in five lie once more, so that they are reminded."""

    def __init__(self, agenda: Agenda, world: World, random: Random) -> None:
        self.agenda, self.world, self.random = agenda, world, random
        self.sellers = [world.house[name] for name in ("ines", "ivan", "iris")]
        self.manager = world.house["carl"]

    def begin(self) -> None:
        """Put the rounds of every day on the agenda, and the jobs that look by themselves."""
        for story in (self._work_queues(), self._look_weekly(), _run_jobs(self.agenda)):
            self.agenda.begin(story, self.agenda.now)

    def _work_queues(self) -> Story:
        while True:
            for lead_id, since in self.agenda.ask(_DIRECT):
                if not self._lets_lie(since):
                    self._give(lead_id)
            for question in map(Question._make, self.agenda.ask(_QUESTIONS)):
                if not self._lets_lie(question.since):
                    self._decide(question)
            yield self._next_round()

    def _lets_lie(self, since: datetime) -> bool:
        return self.agenda.now - since < _AT_LATEST and self.random.random() < _LET_LIE

    def _give(self, lead_id: uuid.UUID) -> None:
        """Mostly to one of Acme's own; sometimes to a partner, where the prospect has agreed to that."""
        seller, partner = self.random.choice(self.sellers), self.random.choice(list(self.world.partners.values()))
        give = partial(assign_lead, lead_id=lead_id, actor=seller, reason="From the queue")
        is_for_partner = self.random.random() < 0.2
        if not is_for_partner or not self.agenda.try_to(partial(give, partnership_id=partner.partnership_id)):
            self.agenda.try_to(partial(give, user_id=seller.user_id))

    def _decide(self, question: Question) -> None:
        answer = partial(decide_review, review_id=question.id, actor=self.manager, note="Looked into it")
        is_heads = self.random.random() < 0.5
        if question.reason == "near_match" and is_heads:
            account_id = question.candidates[0]["account_id"]
            self.agenda.try_to(partial(answer, decision=ReviewDecision.MATCHED, account_id=account_id))
        elif question.reason == "near_match":
            self.agenda.try_to(partial(answer, decision=ReviewDecision.NOT_THIS))
        elif question.reason in ("returned", "manual_review") and is_heads:
            self.agenda.try_to(partial(answer, decision=ReviewDecision.SENT_TO_PLAN))
        elif is_heads:
            self._give(question.lead_id)
        else:
            self.agenda.try_to(partial(answer, decision=ReviewDecision.DISQUALIFIED))

    def _look_weekly(self) -> Story:
        """Send some nurtured leads on, take two leads out, leave partners their territory once more."""
        while True:
            for (lead_id,) in self.agenda.ask(_NURTURED):
                release = partial(release_lead, lead_id=lead_id, actor=self.sellers[0], reason="Asked again")
                self.agenda.try_to(release)
            open_leads = [lead_id for (lead_id,) in self.agenda.ask(_OPEN)]
            some = self.random.sample(open_leads, min(2, len(open_leads)))
            for service, lead_id in zip((withdraw_lead, disqualify_lead), some, strict=False):
                self.agenda.try_to(partial(service, lead_id=lead_id, actor=self.manager, reason="No longer wanted"))
            for (review_id,) in self.agenda.ask(_TERRITORIES):
                keep = partial(decide_territory_review, review_id=review_id, keeps_territory=True, note="Once more")
                self.agenda.try_to(partial(keep, actor=self.manager))
            yield self.agenda.now + _WEEK

    def _next_round(self) -> datetime:
        local = self.agenda.now.astimezone(ZoneInfo("Europe/Berlin"))
        times = [local.replace(hour=hour, minute=20, second=0) for hour in _HOURS_OF_ROUNDS]
        following = next((time for time in times if time > local), times[0] + timedelta(days=1))
        return next_working_moment(self.world.calendar, following)


def _run_jobs(agenda: Agenda) -> Story:
    """The periodic jobs beside the sweep, at longer intervals than the clock process rings them."""
    start = agenda.now
    while True:
        settle_responses()
        recheck_eligibility()
        if (agenda.now - start) % _WEEK < _TICK:
            recount_lapsed_scores()
            link_left_out_leads()
        yield agenda.now + _TICK
