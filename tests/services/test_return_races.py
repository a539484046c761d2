"""A return and something else at one moment: the second waits, then meets what the first has left."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.errors import NotFound
from app.domain.leads import Stage
from app.domain.returns import Returned, ReturnReason
from app.models import Assignment, Deadline, Lead, Partnership
from app.services import cockpit
from app.services.claims import Claimed, claim_offer
from app.services.cockpit import LeadEdit
from app.services.deadlines import enforce_deadlines
from app.services.network.writing import network_writing
from app.services.returning import return_lead, undo_return
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.races import lead_of, network_of, one_after_the_other


@pytest.fixture
def held(committed: Session, committed_cast: Cast) -> uuid.UUID:
    """A hot lead that Nordwind has taken from the board; Kansai wanted it too."""
    made = put_on_board(committed, committed_cast)
    nordwind = committed_cast.partnerships["nordwind"]
    claim_offer(offer_id=offer_to(committed, made, nordwind).id, actor=committed_cast.viewer("nora"))
    return made.id


def give_back(cast: Cast, lead_id: uuid.UUID) -> Callable[[], object]:
    nora = cast.viewer("nora")
    return lambda: return_lead(lead_id=lead_id, actor=nora, reason=ReturnReason.NO_CAPACITY)


def test_of_an_edit_and_a_return_at_once_the_edit_comes_too_late(
    app: Flask, committed: Session, committed_cast: Cast, held: uuid.UUID
) -> None:
    nils, back = committed_cast.viewer("nils"), give_back(committed_cast, held)
    version = committed.get_one(Lead, held, populate_existing=True).version
    committed.rollback()
    edit = LeadEdit(Stage.QUALIFIED)
    _, edited = one_after_the_other(
        app,
        lead_of(held),
        back,
        lambda: cockpit.edit_lead(lead_id=held, actor=nils, version=version, edit=edit),
    )
    assert isinstance(edited, NotFound)
    assert committed.get_one(Lead, held, populate_existing=True).stage is Stage.NEW


def test_a_deadline_that_passes_during_a_return_does_not_fire(
    app: Flask, committed: Session, committed_cast: Cast, held: uuid.UUID
) -> None:
    committed.execute(update(Deadline).where(Deadline.lead_id == held).values(due_at=clock_now()))
    committed.commit()
    back = give_back(committed_cast, held)
    committed.rollback()
    one_after_the_other(app, lead_of(held), back)
    enforce_deadlines()
    old = committed.scalars(select(Deadline).where(Deadline.lead_id == held, Deadline.assignment_id.is_not(None))).all()
    assert [row.fired_at for row in old] == [None] * len(old)
    assert all(row.cancelled_at for row in old)


@pytest.mark.parametrize("is_claim_first", [True, False])
def test_of_a_claim_and_taking_back_at_once_the_first_wins(
    app: Flask, committed: Session, committed_cast: Cast, held: uuid.UUID, is_claim_first: bool
) -> None:
    nora, kenji = committed_cast.viewer("nora"), committed_cast.viewer("kenji")
    give_back(committed_cast, held)()
    lead = committed.get_one(Lead, held, populate_existing=True)
    offer_id = offer_to(committed, lead, committed_cast.partnerships["kansai"]).id
    committed.rollback()
    calls = [lambda: claim_offer(offer_id=offer_id, actor=kenji), lambda: undo_return(lead_id=held, actor=nora)]
    answers = one_after_the_other(app, lead_of(held), *(calls if is_claim_first else reversed(calls)))

    claimed, undone = answers if is_claim_first else reversed(answers)
    assert isinstance(claimed, Claimed) is is_claim_first
    assert getattr(undone, "code", "") == ("taken" if is_claim_first else "")
    active = committed.scalars(
        select(Assignment.partner_id).where(Assignment.lead_id == held, Assignment.ended_at.is_(None))
    ).all()
    winner = committed_cast.kansai if is_claim_first else committed_cast.nordwind
    assert active == [winner.id]


def test_taking_back_twice_at_once_takes_back_once(
    app: Flask, committed: Session, committed_cast: Cast, held: uuid.UUID
) -> None:
    nora, carl = committed_cast.viewer("nora"), committed_cast.viewer("carl")
    give_back(committed_cast, held)()
    committed.rollback()
    answers = one_after_the_other(
        app,
        lead_of(held),
        lambda: undo_return(lead_id=held, actor=nora),
        lambda: undo_return(lead_id=held, actor=carl),
    )
    assert [getattr(answer, "code", "") for answer in answers] == ["", "not_returned"]
    unworked = committed.scalars(select(Partnership.unworked_claims).where(Partnership.name == "Nordwind")).one()
    assert unworked == 1


@pytest.mark.parametrize("is_locked", [True, False])
def test_a_return_and_a_change_of_the_network_at_once_do_not_interlock(
    app: Flask, committed: Session, committed_cast: Cast, held: uuid.UUID, is_locked: bool
) -> None:
    carl, back = committed_cast.viewer("carl"), give_back(committed_cast, held)
    acme_id, nordwind_id = committed_cast.acme.id, committed_cast.partnerships["nordwind"].id
    version = committed_cast.partnerships["nordwind"].eligibility_version
    committed.rollback()

    def change() -> None:
        with network_writing(carl) as writing:
            if is_locked:
                writing.find(Partnership, nordwind_id, locked=True)
            writing.doubt_eligibility([nordwind_id])

    changed, returned = one_after_the_other(app, network_of(acme_id), change, back)
    assert changed is None
    assert isinstance(returned, Returned)
    nordwind = committed.get_one(Partnership, nordwind_id, populate_existing=True)
    assert (nordwind.eligibility_version, nordwind.unworked_claims) == (version + 1, 0)
