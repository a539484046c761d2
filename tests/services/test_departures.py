"""Partners that are paused, suspended or ended: each lead they worked goes on, once, and no promise is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.audit import EventKind
from app.domain.availability import AbsenceKind
from app.domain.deadlines import DeadlineKind
from app.domain.departures import Destination, LeadsChoice
from app.domain.distribution import AssignmentEnd, OfferAnswer, RoundKind
from app.domain.errors import Invalid, Refused
from app.domain.leads import LeadState
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.domain.returns import ReturnReason
from app.models import (
    Absence,
    Assignment,
    DepartedLead,
    Departure,
    Event,
    Lead,
    Offer,
    OutboxMessage,
    ResponseEntry,
    Round,
    RoutingDecision,
)
from app.queries.departure_preview import departure_preview
from app.queries.departures import departure_progress
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from app.services.departures.moving import move_departing_leads
from app.services.network.partnerships import move_leads
from app.services.returning import return_lead
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import end, has_room, pause, works
from tests.silences import claimed, pass_until, pending, reserved


def destinations(session: Session) -> list[Destination]:
    return list(session.scalars(select(DepartedLead.destination).order_by(DepartedLead.id)))


def mailed(session: Session, kind: MailKind) -> list[tuple[int | None, int]]:
    """To whom a mail of the kind is owed, and how many leads it names."""
    rows = select(OutboxMessage.user_id, OutboxMessage.payload).where(OutboxMessage.kind == kind)
    return [(row.user_id, len(row.payload["line_ids"])) for row in session.execute(rows.order_by(OutboxMessage.id))]


@pytest.mark.covers("W-17", "T-15", "A-01")
def test_the_successor_works_every_lead_and_everybody_gets_one_mail(session: Session, cast: Cast) -> None:
    leads = works(session, cast, 12)
    has_room(session, cast, "kansai", 12)
    end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    assert move_departing_leads() == 12
    assert move_departing_leads() == 0, "once"

    active = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all()
    assert {work.lead_id for work in active} == {lead.id for lead in leads}
    assert {work.partnership_id for work in active} == {cast.partnerships["kansai"].id}
    ended = session.scalars(select(Assignment.end).where(Assignment.ended_at.is_not(None))).all()
    assert set(ended) == {AssignmentEnd.REASSIGNED}
    session.expire_all()
    assert (cast.partnerships["nordwind"].unworked_claims, cast.partnerships["kansai"].unworked_claims) == (0, 12)
    for lead in leads:
        assert [one.kind for one in pending(session, lead)].count(DeadlineKind.CONTACT_DUE) == 1
    people = cast.people
    assert mailed(session, MailKind.LEADS_MOVED_TO_PARTNER) == [(people["nora"].id, 12), (people["nils"].id, 12)]
    assert mailed(session, MailKind.LEADS_MOVED_TO_MANUFACTURER) == [(people["carl"].id, 12)]
    assert mailed(session, MailKind.LEADS_TAKEN_OVER_TO_WORKER) == [(people["kenji"].id, 12), (people["kaori"].id, 12)]
    others = select(func.count()).where(OutboxMessage.kind == MailKind.LEAD_ASSIGNED_TO_PARTNER)
    assert session.scalar(others) == 0, "one mail for each person, not one for each lead"
    assert not session.scalars(select(ResponseEntry).where(ResponseEntry.points < 0)).all()
    decided = select(RoutingDecision).where(RoutingDecision.lead_id == leads[0].id)
    decision = session.scalars(decided.order_by(RoutingDecision.id.desc()).limit(1)).one()
    assert (decision.cause, decision.reasons[0]["values"]["name"]) == ("partner_left", "Kansai")
    told = session.scalars(select(Event).where(Event.kind == EventKind.PARTNER_LEADS_MOVED)).one()
    assert told.data == {"leads": 12}


@pytest.mark.covers("W-17")
def test_one_of_the_manufacturers_people_takes_over(session: Session, cast: Cast) -> None:
    [lead] = works(session, cast, 1)
    end(cast, Owner(user_id=cast.people["ines"].id))
    move_departing_leads()
    work = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).one()
    assert (work.lead_id, work.user_id) == (lead.id, cast.people["ines"].id)
    assert mailed(session, MailKind.LEADS_TAKEN_OVER_TO_WORKER) == [(cast.people["ines"].id, 1)]


@pytest.mark.covers("W-07", "W-17")
def test_the_backup_is_asked_for_as_many_as_it_has_room_for_and_the_plan_goes_on_with_the_rest(
    session: Session, cast: Cast
) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    nordwind.backup_partnership_id, kansai.max_open_claims = kansai.id, 2
    leads = works(session, cast, 5)
    seen = departure_preview(viewer=cast.viewer("vera"), partnership_id=nordwind.id)
    assert seen is not None
    assert seen.backup is not None
    assert (seen.works_now, seen.backup.count, seen.through_plan) == (5, 2, 3)
    end(cast)
    assert move_departing_leads() == 5
    went = destinations(session)
    assert (went.count(Destination.BACKUP), len(went)) == (2, 5)
    asked = session.scalars(select(Offer.lead_id).where(Offer.partnership_id == kansai.id, Offer.is_exclusive)).all()
    assert len(set(asked)) == len(asked)
    states = {session.get_one(Lead, lead.id).state for lead in leads}
    assert states <= {LeadState.DISTRIBUTING, LeadState.IN_REVIEW}
    for lead in leads:
        is_on_its_way = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).all()
        assert is_on_its_way or session.get_one(Lead, lead.id).state is LeadState.IN_REVIEW, "no lead is left lying"
    single = (MailKind.DIRECT_QUEUE_TO_MANUFACTURER, MailKind.LEAD_IN_REVIEW_TO_MANUFACTURER)
    assert not session.scalars(select(OutboxMessage).where(OutboxMessage.kind.in_(single))).all(), (
        "they are in the list"
    )


@pytest.mark.covers("W-17", "T-15")
def test_a_successor_that_is_away_or_may_not_have_the_lead_is_passed_by(session: Session, cast: Cast) -> None:
    kansai = cast.partnerships["kansai"]
    works(session, cast, 1)
    named = factories.lead(session, cast.acme, [cast.products["robot"]])
    factories.assignment(session, named, partnership=cast.partnerships["nordwind"])
    session.commit()
    end(cast, Owner(partnership_id=kansai.id))
    move_departing_leads()
    assert sorted(destinations(session)) != [Destination.SUCCESSOR] * 2, "silver may not have robots"
    assert Destination.SUCCESSOR in destinations(session)


def test_a_successor_that_is_away_gets_nothing(session: Session, cast: Cast) -> None:
    works(session, cast, 2)
    session.add(Absence(organisation_id=cast.kansai.id, kind=AbsenceKind.PAUSE, starts_at=read_clock(session)))
    session.commit()
    end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    move_departing_leads()
    assert Destination.SUCCESSOR not in destinations(session)


def test_a_pause_asks_what_becomes_of_the_leads(session: Session, cast: Cast) -> None:
    works(session, cast, 3)
    with pytest.raises(Invalid) as refused:
        pause(session, cast, None)
    assert set(refused.value.fields) == {"leads"}
    pause(session, cast, LeadsChoice.STAY)
    assert move_departing_leads() == 0
    assert session.scalars(select(Departure)).all() == []
    move_leads(actor=cast.viewer("carl"), partnership_id=cast.partnerships["nordwind"].id)
    assert move_departing_leads() == 3


def test_leads_of_a_partner_that_takes_part_stay_with_it(session: Session, cast: Cast) -> None:
    works(session, cast, 1)
    with pytest.raises(Refused):
        move_leads(actor=cast.viewer("carl"), partnership_id=cast.partnerships["nordwind"].id)
    assert move_departing_leads() == 0


@pytest.mark.covers("W-17")
def test_a_partner_that_is_taken_up_again_keeps_what_has_not_gone(session: Session, cast: Cast) -> None:
    leads = works(session, cast, 4)
    pause(session, cast, LeadsChoice.GO, PartnershipStatus.SUSPENDED)
    assert move_departing_leads(seconds=0) == 0
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    assert move_departing_leads() == 0
    active = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all()
    assert {work.lead_id for work in active} == {lead.id for lead in leads}
    progress = departure_progress(viewer=cast.viewer("vera"), partnership_id=cast.partnerships["nordwind"].id)
    assert progress is not None
    assert (progress.is_stopped, progress.is_under_way, progress.left) == (True, False, 0)
    assert mailed(session, MailKind.LEADS_MOVED_TO_PARTNER) == []


@pytest.mark.covers("W-17", "W-05")
def test_a_promise_that_falls_due_in_between_moves_the_lead_and_costs_nothing(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    steps = pending(session, lead)
    pause(session, cast, LeadsChoice.GO)
    pass_until(session, clock, steps[-1])
    assert enforce_deadlines() >= 1
    assert enforce_deadlines() == 0
    work = session.scalars(
        select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_not(None))
    ).one()
    assert work.end is AssignmentEnd.REASSIGNED
    assert not session.scalars(select(ResponseEntry).where(ResponseEntry.points < 0)).all()
    alerts = (MailKind.ESCALATION_TO_SALES_MANAGER, MailKind.ESCALATION_TO_CHANNEL_MANAGER)
    assert not session.scalars(select(OutboxMessage).where(OutboxMessage.kind.in_(alerts))).all()
    assert move_departing_leads() == 0, "it has gone already"
    assert len(mailed(session, MailKind.LEADS_MOVED_TO_PARTNER)) == 2, "and is told of all the same"


@pytest.mark.covers("W-17")
def test_an_offer_to_it_alone_that_falls_due_goes_on_without_a_silence(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = reserved(session, cast)
    expires = next(one for one in pending(session, lead) if one.kind is DeadlineKind.OWNER_EXPIRES)
    pause(session, cast, None)
    pass_until(session, clock, expires)
    enforce_deadlines()
    offer = session.scalars(select(Offer).where(Offer.id == expires.offer_id)).one()
    assert offer.answer is OfferAnswer.WITHDRAWN
    assert not session.scalars(select(ResponseEntry)).all()
    session.refresh(lead)
    assert lead.state in (LeadState.DISTRIBUTING, LeadState.IN_REVIEW)
    following = session.scalars(select(Round).where(Round.lead_id == lead.id, Round.closed_at.is_(None))).all()
    assert [one.kind for one in following] != [RoundKind.OWNER]


@pytest.mark.covers("W-17")
@pytest.mark.parametrize("is_overdue", [False, True])
def test_a_follow_up_agreed_with_the_prospect_stays_a_promise(
    session: Session, cast: Cast, clock: TimeMachine, is_overdue: bool
) -> None:
    [lead] = works(session, cast, 1)
    lead.follow_up_at = read_clock(session) + timedelta(days=3)
    session.commit()
    end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    if is_overdue:
        clock.pass_time(days=4)
    move_departing_leads()
    [follow_up] = [one for one in pending(session, lead) if one.kind is DeadlineKind.FOLLOW_UP_DUE]
    work = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).one()
    assert follow_up.assignment_id == work.id
    assert (follow_up.due_at > lead.follow_up_at) is is_overdue


@pytest.mark.covers("W-17")
def test_a_follow_up_outlives_the_search_for_somebody_who_takes_the_lead(session: Session, cast: Cast) -> None:
    [lead] = works(session, cast, 1)
    lead.follow_up_at = read_clock(session) + timedelta(days=3)
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    session.commit()
    end(cast)
    move_departing_leads()
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id, actor=cast.viewer("kenji"))
    assert [one.due_at for one in pending(session, lead) if one.kind is DeadlineKind.FOLLOW_UP_DUE] == [
        lead.follow_up_at
    ]


def test_what_was_returned_or_closed_meanwhile_is_left_alone(session: Session, cast: Cast) -> None:
    lead = claimed(session, cast)
    pause(session, cast, LeadsChoice.GO)
    return_lead(lead_id=lead.id, actor=cast.viewer("nils"), reason=ReturnReason.SPAM_OR_TEST)
    assert move_departing_leads() == 0
    assert destinations(session) == []
    departure = session.scalars(select(Departure)).one()
    assert departure.finished_at is not None


@pytest.mark.covers("W-17")
def test_a_batch_of_deadlines_ends_with_a_lead_that_goes_to_a_person(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    first, second = claimed(session, cast), claimed(session, cast)
    end(cast, Owner(user_id=cast.people["ines"].id))
    pass_until(session, clock, pending(session, second)[0])
    assert enforce_deadlines(limit=1) == 1, (
        "the person is locked last, so the next one's partner is not locked behind it"
    )
    enforce_deadlines()
    active = select(Assignment.lead_id, Assignment.user_id).where(Assignment.ended_at.is_(None))
    ines_id = cast.people["ines"].id
    assert dict(session.execute(active).tuples().all()) == {first.id: ines_id, second.id: ines_id}
