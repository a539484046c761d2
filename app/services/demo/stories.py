"""What may become of a lead in the demo's world. Each function returns a fate; a fate told about a lead is a story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.domain.distribution import DeclineReason
from app.domain.leads import LostReason, Stage
from app.domain.money import Money
from app.services.demo.history import Story
from app.services.demo.telling import ToldLead
from app.services.demo.texts import CALLED, MET, NOTED, QUOTED, TALKED, WROTE

Fate = Callable[[ToldLead], Story]

_STEPS = (Stage.NEW, Stage.CONTACTED, Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION)
_REASONS = (DeclineReason.NO_CAPACITY, DeclineReason.WRONG_FIT, DeclineReason.TOO_SMALL)


def waits() -> Fate:
    """Nobody does anything: on the board, held for nurture, in review."""
    return lambda _: iter(())


def claimed(name: str, to: Stage = Stage.NEW, worth: Money | None = None, *, after: float = 0.6) -> Fate:
    """Claimed `after` hours of being seen, then worked as far as `to`."""

    def story(lead: ToldLead) -> Story:
        yield lead.offered_at(name) + timedelta(hours=after)
        lead.claim(name)
        yield from _work(lead, name, to, worth)

    return story


def kept(name: str, to: Stage = Stage.NEW, worth: Money | None = None) -> Fate:
    """A seller's own customer asks: the seller has it at once, and works it as far as `to`."""
    return lambda lead: _work(lead, name, to, worth)


def won(name: str, revenue: Money, quality: int = 5) -> Fate:
    """Claimed, worked and won."""

    def story(lead: ToldLead) -> Story:
        yield from claimed(name, Stage.NEGOTIATION, revenue)(lead)
        yield lead.working(name, hours=9)
        lead.win(name, revenue, quality)

    return story


def lost(name: str, reason: LostReason, *, at: Stage, competitor: str = "", note: str = "", quality: int = 3) -> Fate:
    """Claimed, worked as far as `at`, and lost."""

    def story(lead: ToldLead) -> Story:
        yield from claimed(name, at)(lead)
        yield lead.working(name, hours=6)
        lead.lose(name, reason, competitor=competitor, note=note, quality=quality)

    return story


def declined(first: str, then: Fate) -> Fate:
    """One partner says no on the board; the story goes on without it."""

    def story(lead: ToldLead) -> Story:
        yield lead.offered_at(first) + timedelta(minutes=12)
        lead.decline(first, DeclineReason.NO_CAPACITY)
        yield from then(lead)

    return story


def pushed(*, declines: int = 0, accepts: bool = False) -> Fate:
    """Nobody claims it on the board; of the partners asked alone, some decline, and one may accept."""

    def story(lead: ToldLead) -> Story:
        yield lead.closes_at() + timedelta(minutes=1)
        for number in range(declines):
            asked = lead.asked_alone()
            if asked is None:
                return
            yield lead.history.present + timedelta(minutes=14 + 9 * number)
            lead.decline(asked, _REASONS[number % len(_REASONS)])
            yield lead.history.present + timedelta(minutes=1)
        asked = lead.asked_alone()
        if accepts and asked:
            yield lead.history.present + timedelta(minutes=26)
            lead.claim(asked)
            yield from _work(lead, asked, Stage.CONTACTED, None)

    return story


def by_hand(by: str, to: str, reason: str, *, first: Fate, worked_by: str = "", stage: Stage = Stage.NEW) -> Fate:
    """After `first` has brought it to the direct queue, or to review, a person assigns it."""

    def story(lead: ToldLead) -> Story:
        yield from first(lead)
        yield lead.working(by, hours=1)
        lead.assign(by, to=to, reason=reason)
        yield from _work(lead, worked_by or to, stage, None)

    return story


def released(by: str, reason: str, then: Fate) -> Fate:
    """Held for nurture first; a day later somebody sends it on."""

    def story(lead: ToldLead) -> Story:
        yield lead.working(by, hours=9)
        lead.release(by, reason)
        yield from then(lead)

    return story


def disqualified(by: str, reason: str) -> Fate:
    """No lead at all, as somebody finds after a while."""

    def story(lead: ToldLead) -> Story:
        yield lead.history.present + timedelta(hours=2)
        lead.disqualify(by, reason)

    return story


def withdrawn(by: str, reason: str, first: Fate) -> Fate:
    """Taken back while somebody already works it."""

    def story(lead: ToldLead) -> Story:
        yield from first(lead)
        yield lead.working(by, hours=3)
        lead.withdraw(by, reason)

    return story


def _work(lead: ToldLead, name: str, to: Stage, worth: Money | None) -> Story:
    """Call until reached, look at the plant, quote, negotiate: each stage takes its days."""
    wanted = _STEPS.index(to)
    if wanted >= _STEPS.index(Stage.CONTACTED):
        yield lead.working(name, minutes=50)
        lead.log(name, CALLED)
        yield lead.working(name, hours=4)
        lead.log(name, TALKED)
    if wanted >= _STEPS.index(Stage.QUALIFIED):
        yield lead.working(name, hours=6)
        lead.log(name, WROTE)
        lead.plan(name, stage=Stage.QUALIFIED, expected_revenue=worth, close_on=lead.in_days(45).date())
    if wanted >= _STEPS.index(Stage.PROPOSAL):
        yield lead.working(name, hours=14)
        lead.log(name, MET)
        yield lead.working(name, hours=7)
        lead.log(name, QUOTED)
        lead.plan(name, stage=Stage.PROPOSAL, close_on=lead.in_days(30).date())
    if wanted >= _STEPS.index(Stage.NEGOTIATION):
        yield lead.working(name, hours=20)
        lead.log(name, NOTED)
        lead.plan(name, stage=Stage.NEGOTIATION, close_on=lead.in_days(14).date())
    if wanted:
        lead.plan(name, follow_up_at=_next_step(lead, wanted))


def _next_step(lead: ToldLead, seed: int) -> object:
    """Most follow-ups lie ahead; those of early stages told long ago have passed."""
    ahead = lead.in_days(1 + seed)
    missed = lead.history.present + timedelta(days=2)
    return missed if seed == 1 and missed < lead.history.now else ahead
