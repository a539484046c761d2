"""What the partners' people do: answer offers, call prospects, go on working, hand back, forget."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from app.domain.availability import AbsenceKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.distribution import DeclineReason
from app.domain.identity import Viewer
from app.domain.leads import LostReason, Stage
from app.domain.returns import ReturnReason
from app.domain.working_time import WorkingCalendar, add_working_time
from app.services.availability import end_absence, set_absence
from app.services.claims import claim_offer, decline_offer
from app.services.cockpit import LeadEdit, close_lost, close_won, edit_lead, log_activity
from app.services.returning import return_lead, undo_return
from tests.quarter.behaviours import FAST, ON_VACATION, SLOW, Behaviour
from tests.quarter.clock import Agenda, News, Story
from tests.quarter.world import Partner, World

_BOARD = """
    SELECT offer.id, offer.partnership_id, offer.visible_from, lead.is_hot
    FROM offer JOIN lead ON lead.id = offer.lead_id
    WHERE offer.round_id = %s AND offer.answer IS NULL ORDER BY offer.partnership_id"""
_ALONE = """
    SELECT offer.id, offer.partnership_id, offer.visible_from, lead.is_hot
    FROM offer JOIN lead ON lead.id = offer.lead_id
    WHERE offer.id = %s"""
_WORK = """
    SELECT assignment.partnership_id, assignment.user_id, offer.answered_by_id, lead.is_hot FROM assignment
    JOIN lead ON lead.id = assignment.lead_id LEFT JOIN offer ON offer.id = assignment.offer_id
    WHERE assignment.id = %s"""
_IS_OPEN = "SELECT 1 FROM offer WHERE id = %s AND answer IS NULL"
_IS_THEIRS = "SELECT 1 FROM assignment WHERE id = %s AND ended_at IS NULL"
_VERSION = "SELECT version FROM lead WHERE id = %s"
_TRIES_ALL_THE_SAME = 0.1
_REASONS = (
    ReturnReason.WRONG_CONTACT_DATA, ReturnReason.WRONG_PRODUCT, ReturnReason.OUT_OF_TERRITORY,
    ReturnReason.NO_CAPACITY, ReturnReason.CONSENT_PROBLEM, ReturnReason.ALREADY_OUR_CUSTOMER,
)  # fmt: skip
_WAYS_TO_BE_AWAY = (AbsenceKind.VACATION, AbsenceKind.PAUSE, AbsenceKind.VACATION, AbsenceKind.NOT_THIS_WEEK)
_FATES = ("won", "lost", "lost", "lost", "long")


class People:
    """Everybody who answers offers and works leads, each as it is its way."""

    def __init__(self, agenda: Agenda, world: World, random: Random) -> None:
        self.agenda, self.world, self.random = agenda, world, random
        self.away: set[int] = set()
        self.people = {viewer.user_id: viewer for viewer in world.house.values()}
        for partner in world.partners.values():
            self.people |= {viewer.user_id: viewer for viewer in partner.people}

    def begin(self) -> None:
        """Who goes away, when, and how it is said."""
        for number, partner in enumerate(self.world.partners.values()):
            if partner.behaviour is ON_VACATION:
                kind = _WAYS_TO_BE_AWAY[number % len(_WAYS_TO_BE_AWAY)]
                self.agenda.begin(self._go_away(partner, kind), self.agenda.now + timedelta(days=7 + number))
            elif partner.behaviour is SLOW:
                self.agenda.begin(self._have_deputy(partner), self.agenda.now + timedelta(days=5 + number))

    def _go_away(self, partner: Partner, kind: AbsenceKind) -> Story:
        """The whole partner is away for two weeks; a pause ends when somebody says so."""
        back_at = self.agenda.now + timedelta(days=15)
        ends_at = back_at if kind is AbsenceKind.VACATION else None
        absence_id = set_absence(actor=partner.people[0], kind=kind, user_id=None, ends_at=ends_at)
        self.away.add(partner.partnership_id)
        yield back_at
        self.away.discard(partner.partnership_id)
        if kind is AbsenceKind.PAUSE:
            end_absence(absence_id=absence_id, actor=partner.people[0])

    def _have_deputy(self, partner: Partner) -> Story:
        """One of its people is away, and a colleague acts meanwhile."""
        head, first, second = partner.people
        until = self.agenda.now + timedelta(days=12)
        set_absence(
            actor=head, kind=AbsenceKind.VACATION, user_id=first.user_id, ends_at=until, deputy_id=second.user_id
        )
        yield from ()

    def hear(self, news: News) -> None:
        """Somebody has something to answer, or somebody to call."""
        if news.kind == "board_closes":
            self._look_at_board(news.round_id)
        elif news.kind == "contact_due":
            self._begin_work(news)
        else:
            for row in self.agenda.ask(_ALONE, [news.offer_id]):
                self._think_about(*row, is_alone=True)

    def _look_at_board(self, round_id: int | None) -> None:
        """Each partner that is offered the lead goes for it or not."""
        for row in self.agenda.ask(_BOARD, [round_id]):
            if self.random.random() < self.world.partners[row[1]].behaviour.wants:
                self._think_about(*row, is_alone=False)

    def _think_about(
        self, offer_id: uuid.UUID, partnership_id: int, seen_from: datetime, is_hot: bool, *, is_alone: bool
    ) -> None:
        partner = self.world.partners[partnership_id]
        behaviour = partner.behaviour
        if is_alone and self.random.random() >= behaviour.answers:
            return
        takes = not is_alone or self.random.random() >= behaviour.declines
        wait = behaviour.answers_after(self.random, is_hot=is_hot)
        at = add_working_time(partner.calendar, max(seen_from, self.agenda.now), hours=wait)
        self.agenda.begin(self._answer(offer_id, partner, takes=takes), at)

    def _answer(self, offer_id: uuid.UUID, partner: Partner, *, takes: bool) -> Story:
        """Whoever is there answers; one in ten who comes too late tries all the same, and is told so."""
        is_late = partner.partnership_id in self.away or not self.agenda.ask(_IS_OPEN, [offer_id])
        if is_late and self.random.random() >= _TRIES_ALL_THE_SAME:
            return
        person = self.random.choice(partner.people)
        if takes and self.agenda.try_to(partial(claim_offer, offer_id=offer_id, actor=person)):
            return
        if not is_late and self.random.random() < partner.behaviour.answers / 2:
            decline = partial(decline_offer, offer_id=offer_id, actor=person, reason=DeclineReason.NO_CAPACITY)
            self.agenda.try_to(decline)
        yield from ()

    def _begin_work(self, news: News) -> None:
        """Somebody has a lead now: a partner, or one of Acme's own."""
        partnership_id, user_id, taker_id, is_hot = self.agenda.ask(_WORK, [news.assignment_id])[0]
        partner = self.world.partners.get(partnership_id)
        behaviour = partner.behaviour if partner else FAST
        person = self.people[taker_id or user_id] if taker_id or user_id else self.random.choice(partner.people)
        if self.random.random() >= behaviour.calls:
            return
        calendar = partner.calendar if partner else self.world.calendar
        wait = behaviour.calls_after(self.random, is_hot=is_hot)
        work = Work(self, news.lead_id, news.assignment_id or 0, person, calendar, behaviour)
        self.agenda.begin(work.story(), add_working_time(calendar, self.agenda.now, hours=wait))


class Work:
    """One assignment, from the first call on."""

    def __init__(
        self,
        people: People,
        lead_id: uuid.UUID,
        assignment_id: int,
        person: Viewer,
        calendar: WorkingCalendar,
        behaviour: Behaviour,
    ) -> None:
        self.agenda, self.random = people.agenda, people.random
        self.lead_id, self.assignment_id = lead_id, assignment_id
        self.person, self.calendar, self.behaviour = person, calendar, behaviour

    def story(self) -> Story:
        """Hand back at once what is wrong; else call until somebody answers, follow up, close; or forget."""
        if not self._is_theirs():
            return
        if self.random.random() < self.behaviour.returns:
            yield from self._return()
            return
        is_reached = False
        for _ in range(3):
            is_reached = self.random.random() < 0.7
            if not self._log(ActivityKind.CALL, ContactOutcome.REACHED if is_reached else ContactOutcome.NOT_REACHED):
                return
            if is_reached:
                break
            yield self._in_days(1, 3)
        if self.random.random() < self.behaviour.forgets:
            return
        if not is_reached and self.random.random() < 0.5:
            self._act(partial(return_lead, reason=ReturnReason.NOT_REACHABLE))
            return
        yield from self._follow_up()

    def _follow_up(self) -> Story:
        fate = self.random.choice(_FATES)
        days = (40, 70) if fate == "long" else (3, 20)
        follow_up = self._in_days(*days)
        edit = LeadEdit(stage=Stage.QUALIFIED, follow_up_at=follow_up)
        self._act(partial(edit_lead, version=self._version(), edit=edit))
        yield follow_up + timedelta(hours=self.random.choice((-1, 2)))
        if self.random.random() < 0.4:
            self._log(ActivityKind.QUOTE, None)
            yield self._in_days(2, 12)
        if not self._is_theirs():
            return
        if fate == "won":
            self._act(partial(close_won, version=self._version(), quality=self.random.randint(2, 5)))
        else:
            self._act(partial(close_lost, version=self._version(), reason=LostReason.PRICE, quality=3))

    def _return(self) -> Story:
        reason = self.random.choice(_REASONS)
        if self._act(partial(return_lead, reason=reason, quality=1)) and self.random.random() < 0.1:
            yield self.agenda.now + timedelta(minutes=5)
            self._act(undo_return)

    def _log(self, kind: ActivityKind, outcome: ContactOutcome | None) -> bool:
        return self._is_theirs() and self._act(partial(log_activity, kind=kind, outcome=outcome))

    def _act(self, service: Callable[..., object]) -> bool:
        return self.agenda.try_to(partial(service, lead_id=self.lead_id, actor=self.person))

    def _is_theirs(self) -> bool:
        return bool(self.agenda.ask(_IS_THEIRS, [self.assignment_id]))

    def _version(self) -> int:
        return int(self.agenda.ask(_VERSION, [self.lead_id])[0][0])

    def _in_days(self, fewest: float, most: float) -> datetime:
        moment = self.agenda.now + timedelta(days=self.random.uniform(fewest, most))
        return add_working_time(self.calendar, moment, hours=timedelta(hours=self.random.uniform(0, 3)))
