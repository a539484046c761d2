"""Two people at once on one lead: each on a connection of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.cockpit import ActivityKind, ContactOutcome, StaleEdit
from app.domain.errors import Refused
from app.domain.leads import LeadState, LostReason, Stage
from app.models import Activity, Event, Lead, Partnership
from app.services import cockpit
from app.services.cockpit import LeadEdit
from tests import factories
from tests.cast import Cast
from tests.races import at_once


@pytest.fixture
def lead_id(committed: Session, committed_cast: Cast) -> uuid.UUID:
    """A lead Nordwind has claimed and not contacted yet, really committed."""
    made = factories.lead(committed, committed_cast.acme, [committed_cast.products["pump"]])
    factories.assignment(committed, made, partnership=committed_cast.partnerships["nordwind"])
    committed.commit()
    return made.id


def test_two_first_attempts_free_one_place(
    app: Flask, committed: Session, committed_cast: Cast, lead_id: uuid.UUID
) -> None:
    def call(name: str) -> Callable[[], object]:
        actor = committed_cast.viewer(name)
        return lambda: cockpit.log_activity(
            lead_id=lead_id, actor=actor, kind=ActivityKind.CALL, outcome=ContactOutcome.REACHED
        )

    calls = [call(name) for name in ("nora", "nils", "carl", "ines")]
    committed.rollback()
    at_once(app, *calls)

    lead = committed.get_one(Lead, lead_id, populate_existing=True)
    assert (lead.attempts, lead.reached, lead.version) == (4, 4, 2)
    unworked = committed.scalars(select(Partnership.unworked_claims).where(Partnership.name == "Nordwind")).one()
    assert unworked == 0


def test_the_same_form_sent_twice_at_once_counts_once(
    app: Flask, committed: Session, committed_cast: Cast, lead_id: uuid.UUID
) -> None:
    nora = committed_cast.viewer("nora")
    committed.rollback()

    def call() -> object:
        return cockpit.log_activity(
            lead_id=lead_id,
            actor=nora,
            kind=ActivityKind.EMAIL,
            outcome=ContactOutcome.REPLIED,
            submitted_key="one-form",
        )

    ids = at_once(app, call, call, call)

    assert len(set(ids)) == 1
    assert committed.scalar(select(func.count()).select_from(Activity)) == 1


def test_two_edits_at_once_lose_nothing_silently(
    app: Flask, committed: Session, committed_cast: Cast, lead_id: uuid.UUID
) -> None:
    nora, carl = committed_cast.viewer("nora"), committed_cast.viewer("carl")
    committed.rollback()
    answers = at_once(
        app,
        lambda: cockpit.edit_lead(lead_id=lead_id, actor=nora, version=1, edit=LeadEdit(Stage.QUALIFIED)),
        lambda: cockpit.edit_lead(lead_id=lead_id, actor=carl, version=1, edit=LeadEdit(Stage.PROPOSAL)),
    )

    stale = [answer for answer in answers if isinstance(answer, StaleEdit)]
    assert len(stale) == 1
    assert answers.count(["stage"]) == 1
    lead = committed.get_one(Lead, lead_id, populate_existing=True)
    assert (lead.version, stale[0].theirs["stage"]) == (2, lead.stage)


def test_won_and_lost_at_once_is_one_of_them(
    app: Flask, committed: Session, committed_cast: Cast, lead_id: uuid.UUID
) -> None:
    nora, carl = committed_cast.viewer("nora"), committed_cast.viewer("carl")
    committed.rollback()
    answers = at_once(
        app,
        lambda: cockpit.close_won(lead_id=lead_id, actor=nora, version=1),
        lambda: cockpit.close_lost(lead_id=lead_id, actor=carl, version=1, reason=LostReason.PRICE),
    )

    assert [type(answer) for answer in answers].count(Refused) == 1
    lead = committed.get_one(Lead, lead_id, populate_existing=True)
    assert lead.state in (LeadState.WON, LeadState.LOST)
    assert committed.scalar(select(func.count()).select_from(Event).where(Event.lead_id == lead_id)) == 1
    unworked = committed.scalars(select(Partnership.unworked_claims).where(Partnership.name == "Nordwind")).one()
    assert unworked == 0
