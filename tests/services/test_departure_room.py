"""A successor gets no more leads than it has room for, however many partners leave; the rest goes on as without it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.departures import Destination
from app.domain.identity import OrganisationKind
from app.domain.leads import LeadState
from app.localisation import phrase_text
from app.models import Assignment, DepartedLead, Lead, Partnership, Round
from app.queries.departure_preview import DeparturePreview, departure_preview
from app.services.departures.moving import move_departing_leads
from tests import factories
from tests.cast import Cast
from tests.departures import end, has_room, works
from tests.races import one_after_the_other


def preview(cast: Cast, successor: Owner) -> DeparturePreview:
    seen = departure_preview(
        viewer=cast.viewer("vera"), partnership_id=cast.partnerships["nordwind"].id, successor=successor
    )
    assert seen is not None and seen.successor is not None
    return seen


def why_not(seen: DeparturePreview) -> list[tuple[str, int | None]]:
    assert seen.successor is not None
    return [(phrase_text(one.why, "en", "UTC"), one.count) for one in seen.successor.obstacles]


def went(session: Session) -> Counter[Destination]:
    return Counter(session.scalars(select(DepartedLead.destination)))


def worked_by_kansai(session: Session, cast: Cast) -> int:
    """How many leads Kansai works; each takes a place."""
    kansai_id = cast.partnerships["kansai"].id
    its = select(func.count()).where(Assignment.partnership_id == kansai_id, Assignment.ended_at.is_(None))
    kansai = session.get_one(Partnership, kansai_id, populate_existing=True)
    count = session.scalar(its) or 0
    assert kansai.unworked_claims == count
    return count


@pytest.mark.covers("W-17", "T-15")
def test_what_the_successor_has_no_room_for_goes_on_as_without_one(session: Session, cast: Cast) -> None:
    works(session, cast, 3, "kansai")
    leads = works(session, cast, 7)
    has_room(session, cast, "kansai", 5)
    heir = Owner(partnership_id=cast.partnerships["kansai"].id)
    seen = preview(cast, heir)
    assert seen.successor is not None
    assert (seen.successor.count, seen.through_plan) == (2, 5)
    assert why_not(seen) == [("There is no room for more under its limit of 5 open claims.", 5)]
    end(cast, heir)
    assert move_departing_leads() == 7
    assert went(session)[Destination.SUCCESSOR] == 2, "as the preview said"
    assert worked_by_kansai(session, cast) == 5, "its cap"
    for lead in leads:
        is_on_its_way = session.scalar(select(Round.id).where(Round.lead_id == lead.id, Round.closed_at.is_(None)))
        assert is_on_its_way or session.get_one(Lead, lead.id).state in (LeadState.ASSIGNED, LeadState.IN_REVIEW)


@pytest.mark.covers("W-17", "W-07")
def test_the_backup_is_asked_about_what_the_successor_has_no_room_for(session: Session, cast: Cast) -> None:
    third = third_partner(session, cast)
    cast.partnerships["nordwind"].backup_partnership_id = third.id
    works(session, cast, 4)
    has_room(session, cast, "kansai", 3)
    heir = Owner(partnership_id=cast.partnerships["kansai"].id)
    seen = preview(cast, heir)
    assert seen.successor is not None and seen.backup is not None
    assert (seen.successor.count, seen.backup.count, seen.through_plan) == (3, 1, 0)
    end(cast, heir)
    move_departing_leads()
    assert went(session) == {Destination.SUCCESSOR: 3, Destination.BACKUP: 1}


@pytest.mark.covers("W-15", "W-17")
def test_a_successor_whose_claims_are_suspended_gets_nothing(session: Session, cast: Cast) -> None:
    works(session, cast, 2)
    kansai = cast.partnerships["kansai"]
    kansai.claims_suspended_until = read_clock(session) + timedelta(days=3)
    session.commit()
    seen = preview(cast, Owner(partnership_id=kansai.id))
    [(why, count)] = why_not(seen)
    assert why.startswith("Its claims are suspended until") and count == 2
    end(cast, Owner(partnership_id=kansai.id))
    assert move_departing_leads() == 2
    assert Destination.SUCCESSOR not in went(session)


@pytest.mark.covers("W-17")
def test_a_seller_who_takes_over_has_no_cap(session: Session, cast: Cast) -> None:
    works(session, cast, 7)
    ines = Owner(user_id=cast.people["ines"].id)
    seen = preview(cast, ines)
    assert seen.successor is not None and (seen.successor.count, seen.through_plan) == (7, 0)
    end(cast, ines)
    move_departing_leads()
    assert went(session) == {Destination.SUCCESSOR: 7}


@pytest.mark.covers("W-17", "T-15")
def test_two_partners_that_leave_at_once_do_not_fill_one_successor_beyond_its_cap(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    third_partner(committed, cast)
    for name in ("nordwind", "third"):
        works(committed, cast, 1, name)
    has_room(committed, cast, "kansai", 1)
    kansai_id = cast.partnerships["kansai"].id
    for name in ("nordwind", "third"):
        end(cast, Owner(partnership_id=kansai_id), name)
    committed.rollback()

    def held(session: Session) -> object:
        return session.get(Partnership, kansai_id, with_for_update=True)

    moved = one_after_the_other(app, held, move_departing_leads, move_departing_leads)
    assert moved == [1, 1], "each worker has one lead of its own"
    committed.rollback()
    assert went(committed)[Destination.SUCCESSOR] == 1
    assert worked_by_kansai(committed, cast) == 1


def third_partner(session: Session, cast: Cast) -> Partnership:
    """One more partner of Acme, which may have every lead that Nordwind may."""
    organisation = factories.organisation(session, "Third", OrganisationKind.PARTNER)
    everything = list(cast.products.values())
    made = factories.partnership(
        session, cast.acme, organisation, cast.tiers["gold"], products=everything, countries=["DE", "JP"]
    )
    cast.partnerships["third"] = made
    session.commit()
    return made
