"""Departures and what happens at the same moment: each lead goes once, whoever comes first, whatever dies."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.local_servers import ensure_redis, stop_all
from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.claims import ClaimRefused, ClaimRule
from app.domain.departures import LeadsChoice
from app.domain.distribution import AssignmentEnd
from app.domain.notifications import MailKind
from app.domain.owners import Handover
from app.domain.partners import PartnershipStatus
from app.models import Assignment, DepartedLead, Departure, Lead, OutboxMessage, Partnership, User
from app.queries.departures import departure_progress
from app.services.claims import Claimed, claim_offer
from app.services.departures.moving import move_departing_leads
from app.services.identity import disable_user
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.departures import end, has_room, pause_by, works
from tests.processes import crew
from tests.races import at_once, one_after_the_other


def gone(session: Session) -> Counter[uuid.UUID]:
    session.rollback()
    return Counter(session.scalars(select(DepartedLead.lead_id)))


def active(session: Session) -> dict[uuid.UUID, int | None]:
    """Who works which lead."""
    session.rollback()
    rows = session.execute(select(Assignment.lead_id, Assignment.partnership_id).where(Assignment.ended_at.is_(None)))
    return {row.lead_id: row.partnership_id for row in rows}


@pytest.mark.covers("W-17", "B-06")
@pytest.mark.parametrize("claims_first", [True, False])
def test_a_partner_that_claims_in_the_second_in_which_it_is_paused(
    app: Flask, committed: Session, committed_cast: Cast, claims_first: bool
) -> None:
    cast = committed_cast
    lead_id = put_on_board(committed, cast).id
    nordwind_id, nils = cast.partnerships["nordwind"].id, cast.viewer("nils")
    offer_id = offer_to(committed, committed.get_one(Lead, lead_id), cast.partnerships["nordwind"]).id
    pause = pause_by(committed, cast, LeadsChoice.GO)
    committed.rollback()

    def claim() -> object:
        return claim_offer(offer_id=offer_id, actor=nils)

    def held(session: Session) -> object:
        return session.get(Partnership, nordwind_id, with_for_update=True)

    calls: list[Callable[[], object]] = [claim, pause] if claims_first else [pause, claim]
    answers = one_after_the_other(app, held, *calls)
    with app.app_context():
        moved = move_departing_leads()
    if claims_first:
        assert isinstance(answers[0], Claimed)
        assert moved == 1, "the claim came first, so its lead is one of those that go"
        ended = select(Assignment.end).where(Assignment.lead_id == lead_id, Assignment.partnership_id == nordwind_id)
        assert committed.scalars(ended).all() == [AssignmentEnd.REASSIGNED]
    else:
        assert isinstance(answers[1], ClaimRefused)
        assert answers[1].rule is ClaimRule.PARTNERSHIP
        assert moved == 0
    committed.rollback()
    assert active(committed) == {}
    assert committed.get_one(Partnership, nordwind_id, populate_existing=True).unworked_claims == 0


@pytest.mark.covers("W-17")
def test_two_workers_move_each_lead_once_and_tell_everybody_once(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    leads = {lead.id for lead in works(committed, cast, 24)}
    has_room(committed, cast, "kansai", 24)
    kansai_id = cast.partnerships["kansai"].id
    end(cast, Owner(partnership_id=kansai_id))
    committed.rollback()

    moved = at_once(app, move_departing_leads, move_departing_leads)
    with app.app_context():
        move_departing_leads()
    assert sum(count for count in moved if isinstance(count, int)) == len(leads)
    assert gone(committed) == Counter(leads)
    assert active(committed) == dict.fromkeys(leads, kansai_id)
    told = select(OutboxMessage.user_id, func.count()).where(OutboxMessage.kind == MailKind.LEADS_MOVED_TO_PARTNER)
    counts = dict(committed.execute(told.group_by(OutboxMessage.user_id)).tuples().all())
    assert counts == {cast.people["nora"].id: 1, cast.people["nils"].id: 1}


@pytest.mark.covers("W-17")
@pytest.mark.parametrize("moves_first", [True, False])
def test_a_partner_taken_up_again_in_the_second_in_which_a_lead_goes(
    app: Flask, committed: Session, committed_cast: Cast, moves_first: bool
) -> None:
    cast = committed_cast
    [lead] = works(committed, cast, 1)
    lead_id, nordwind_id, kansai_id = lead.id, cast.partnerships["nordwind"].id, cast.partnerships["kansai"].id
    cast.partnerships["nordwind"].successor_partnership_id = kansai_id
    committed.commit()
    pause_by(committed, cast, LeadsChoice.GO)()
    resume = pause_by(committed, cast, None, PartnershipStatus.ACTIVE)
    committed.rollback()

    def held(session: Session) -> object:
        return session.get(Partnership, nordwind_id, with_for_update=True)

    calls: list[Callable[[], object]] = [move_departing_leads, resume]
    answers = one_after_the_other(app, held, *(calls if moves_first else reversed(calls)))
    assert answers[0 if moves_first else 1] == (1 if moves_first else 0)
    assert active(committed) == {lead_id: kansai_id if moves_first else nordwind_id}
    departure = committed.scalars(select(Departure)).one()
    assert departure.finished_at is not None


@pytest.mark.covers("W-17", "W-06")
def test_processes_killed_while_120_leads_go_lose_none(
    app: Flask, committed: Session, committed_cast: Cast, tmp_path: Path
) -> None:
    cast = committed_cast
    leads = {lead.id for lead in works(committed, cast, 120)}
    has_room(committed, cast, "kansai", 120)
    kansai_id, nordwind_id, vera = cast.partnerships["kansai"].id, cast.partnerships["nordwind"].id, cast.viewer("vera")
    end(cast, Owner(partnership_id=kansai_id))
    committed.rollback()
    assert len(active(committed)) == 120, "the change itself moves none"

    seen = [0]
    try:
        with crew(app, ensure_redis(tmp_path)) as hired:
            give_up_at = time.monotonic() + 150
            while seen[-1] < 120:
                clock, target = hired.start("clock"), min(seen[-1] + 50, 120)
                while seen[-1] < target:
                    assert time.monotonic() < give_up_at, f"{120 - seen[-1]} leads were lost"
                    time.sleep(0.05)
                    committed.rollback()
                    progress = departure_progress(viewer=vera, partnership_id=nordwind_id)
                    assert progress is not None and progress.total == 120
                    seen.append(progress.moved)
                hired.kill(clock)
    finally:
        stop_all(tmp_path)
    with app.app_context():
        move_departing_leads()
    assert seen == sorted(seen)
    assert gone(committed) == Counter(leads)
    assert active(committed) == dict.fromkeys(leads, kansai_id)
    departure = committed.scalars(select(Departure)).one()
    assert departure.finished_at is not None
    assert departure.finished_at <= read_clock(committed)
    kinds = select(OutboxMessage.kind, func.count()).group_by(OutboxMessage.kind)
    assert dict(committed.execute(kinds).tuples().all()) == {
        MailKind.PARTNERSHIP_RESTS_TO_PARTNER: 1,
        MailKind.LEADS_MOVED_TO_PARTNER: 2,
        MailKind.LEADS_MOVED_TO_MANUFACTURER: 1,
        MailKind.LEADS_TAKEN_OVER_TO_WORKER: 2,
    }


@pytest.mark.covers("W-17", "P-30")
@pytest.mark.parametrize("turn", range(4))
def test_a_successor_who_leaves_while_leads_come_is_left_none(
    app: Flask, committed: Session, committed_cast: Cast, turn: int
) -> None:
    cast = committed_cast
    leads = {lead.id for lead in works(committed, cast, 6)}
    ines_id, carl_id, ada = cast.people["ines"].id, cast.people["carl"].id, cast.viewer("ada")
    cast.partnerships["nordwind"].channel_manager_id = ines_id
    committed.commit()
    end(cast, Owner(user_id=ines_id))
    committed.rollback()

    def leave() -> None:
        disable_user(user_id=ines_id, actor=ada, handover=Handover(carl_id))

    at_once(app, *((move_departing_leads, leave) if turn % 2 else (leave, move_departing_leads)))
    with app.app_context():
        move_departing_leads()
    assert gone(committed) == Counter(leads)
    workers = select(Assignment.user_id).where(Assignment.ended_at.is_(None), Assignment.user_id.is_not(None))
    has_left = committed.get_one(User, ines_id, populate_existing=True).disabled_at is not None
    assert not (has_left and ines_id in committed.scalars(workers).all())
