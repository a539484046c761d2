"""What people are told when a partner leaves: one list for each person, complete, whatever becomes of each lead."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.account_routing.facts import Owner
from app.domain.departures import LISTED_MAILS, Destination, LeadsChoice
from app.domain.distribution import AssignmentEnd, DeclineReason, OfferAnswer
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Assignment, DepartedLead, Offer, OutboxMessage
from app.services.claims import decline_offer
from app.services.departures.moves import move_on
from app.services.departures.moving import LONGEST_SILENCE, move_departing_leads
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.departures import end, forget_mails, look_after, pause, works
from tests.pushes import another_partner, asked_about, push_only, pushed
from tests.ruling import viewer_of
from tests.silences import reserved


def single_mails(session: Session) -> int:
    """How many mails are owed about one lead of those that go on."""
    return session.scalar(select(func.count()).where(OutboxMessage.kind.in_(LISTED_MAILS))) or 0


def told(session: Session, kind: MailKind) -> dict[int | None, list[uuid.UUID]]:
    """Which leads each person reads of in mails of this kind; one mail for each."""
    read: dict[int | None, list[uuid.UUID]] = {}
    for owed in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)):
        assert owed.user_id not in read, "one list for each person"
        lines = select(DepartedLead.lead_id).where(DepartedLead.id.in_(owed.payload["line_ids"]))
        read[owed.user_id] = list(session.scalars(lines.order_by(DepartedLead.id)))
    return read


def in_time_for(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run's time be up after so many leads."""
    asked = iter([0.0, *[0.0] * count])
    monkeypatch.setattr("app.services.departures.moving.time.monotonic", lambda: next(asked, 999.0))


@pytest.mark.covers("W-17", "W-16")
def test_what_waits_for_the_manufacturer_is_one_list_for_whoever_may_take_it(session: Session, cast: Cast) -> None:
    look_after(session, cast, "carl", "nordwind")
    push_only(session, cast)
    cast.partnerships["kansai"].status = PartnershipStatus.PAUSED
    leads = works(session, cast, 3)
    end(cast)
    assert move_departing_leads() == 3
    everybody = told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER)
    assert everybody.keys() == {cast.people[name].id for name in ("ada", "carl", "ines")}
    assert all(set(read) == {lead.id for lead in leads} for read in everybody.values())
    assert single_mails(session) == 0


@pytest.mark.covers("W-07", "W-16", "W-17")
def test_the_backup_reads_one_list_of_what_it_is_asked_alone_about(session: Session, cast: Cast) -> None:
    cast.partnerships["nordwind"].backup_partnership_id = cast.partnerships["kansai"].id
    leads = works(session, cast, 3)
    end(cast)
    move_departing_leads()
    offered = told(session, MailKind.LEADS_OFFERED_TO_PARTNER)
    assert offered.keys() == {cast.people["kenji"].id, cast.people["kaori"].id}
    assert all(set(read) == {lead.id for lead in leads} for read in offered.values())
    assert single_mails(session) == 0


@pytest.mark.covers("W-17", "P-30")
def test_what_it_is_asked_alone_about_goes_on_with_the_rest_in_the_same_lists(session: Session, cast: Cast) -> None:
    lead = reserved(session, cast)
    [worked] = works(session, cast, 1)
    forget_mails(session)
    end(cast, Owner(user_id=cast.people["ines"].id))
    recheck_eligibility()
    assert single_mails(session) == 0, "the departure hands it on"
    assert move_departing_leads() == 2
    recheck_eligibility()
    assert move_departing_leads() == 0
    own = select(Offer.answer).where(Offer.lead_id == lead.id, Offer.partnership_id == cast.partnerships["nordwind"].id)
    assert session.scalars(own).all() == [OfferAnswer.WITHDRAWN]
    went = dict(session.execute(select(DepartedLead.lead_id, DepartedLead.destination)).all())
    assert went == {lead.id: Destination.SUCCESSOR, worked.id: Destination.SUCCESSOR}
    assert told(session, MailKind.LEADS_TAKEN_OVER_TO_WORKER) == {cast.people["ines"].id: [lead.id, worked.id]}
    lost = told(session, MailKind.LEADS_MOVED_TO_PARTNER)
    assert list(lost.values()) == [[worked.id]] * len(lost) != [], "of the other it never knew whose it was"
    assert single_mails(session) == 0


@pytest.mark.covers("W-17", "C-07")
def test_what_only_it_had_on_its_board_is_in_the_list_too(session: Session, cast: Cast) -> None:
    alone, shared = put_on_board(session, cast), put_on_board(session, cast)
    others = offer_to(session, alone, cast.partnerships["kansai"])
    others.answer, others.answered_at = OfferAnswer.DECLINED, read_clock(session)
    look_after(session, cast, "carl", "nordwind")
    end(cast)
    recheck_eligibility()
    assert move_departing_leads() == 1
    assert told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER)[cast.people["carl"].id] == [alone.id]
    assert session.scalar(select(DepartedLead.destination)) is Destination.REVIEW
    assert single_mails(session) == 0
    assert offer_to(session, shared, cast.partnerships["kansai"]).answer is None
    assert offer_to(session, shared, cast.partnerships["nordwind"]).answer is OfferAnswer.WITHDRAWN


@pytest.mark.covers("W-17")
def test_a_partner_that_is_back_in_time_is_asked_as_before(session: Session, cast: Cast) -> None:
    lead = reserved(session, cast)
    offer = asked_about(session, lead)
    works(session, cast, 1)
    pause(session, cast, LeadsChoice.GO)
    recheck_eligibility()
    pause(session, cast, None, PartnershipStatus.ACTIVE)
    recheck_eligibility()
    assert move_departing_leads() == 0
    again = asked_about(session, lead)
    session.refresh(cast.partnerships["nordwind"])
    assert (again.id, again.eligibility_version) == (offer.id, cast.partnerships["nordwind"].eligibility_version)


@pytest.mark.covers("W-16", "W-17")
def test_a_pause_that_keeps_its_leads_is_told_in_one_list_too(session: Session, cast: Cast) -> None:
    look_after(session, cast, "carl", "nordwind")
    push_only(session, cast)
    works(session, cast, 2)
    cast.partnerships["kansai"].status = PartnershipStatus.PAUSED
    asked = [pushed(session, cast) for _ in range(3)]
    cast.partnerships["kansai"].status = PartnershipStatus.ACTIVE
    forget_mails(session)
    pause(session, cast, LeadsChoice.STAY)
    recheck_eligibility()
    assert move_departing_leads() == 3
    assert single_mails(session) == 0
    offered = told(session, MailKind.LEADS_OFFERED_TO_PARTNER)
    assert offered.keys() == {cast.people[name].id for name in ("kenji", "kaori")}
    assert all(set(read) == {lead.id for lead in asked} for read in offered.values())
    assert told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER).keys() == {cast.people["carl"].id}
    assert told(session, MailKind.LEADS_MOVED_TO_PARTNER) == {}, "it keeps what it works"


@pytest.mark.covers("W-16", "W-17")
def test_who_is_asked_by_a_long_departure_reads_of_it_before_the_last_lead_has_gone(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_only(session, cast)
    works(session, cast, 3)
    end(cast)
    forget_mails(session)
    in_time_for(2, monkeypatch)
    assert move_departing_leads() == 2
    asked = session.scalars(select(Offer.lead_id).where(Offer.is_exclusive, Offer.answer.is_(None))).all()
    assert len(asked) == 2
    for read in told(session, MailKind.LEADS_OFFERED_TO_PARTNER).values():
        assert set(read) == set(asked)
    assert len(told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER)) == 1
    forget_mails(session)
    monkeypatch.undo()
    assert move_departing_leads() == 1
    assert {len(read) for read in told(session, MailKind.LEADS_OFFERED_TO_PARTNER).values()} == {1}


@pytest.mark.covers("W-16", "W-17")
def test_nobody_waits_long_for_a_lead_that_cannot_go(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stuck = works(session, cast, 2)
    end(cast)
    forget_mails(session)
    stuck_id = stuck.id
    monkeypatch.setattr(
        "app.services.departures.moving.move_on", lambda held, lead: lead.id != stuck_id and move_on(held, lead)
    )
    assert move_departing_leads() == 1
    assert told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER) == {}, "it may be one list yet"
    clock.pass_time(seconds=LONGEST_SILENCE.total_seconds() + 1)
    assert move_departing_leads() == 0
    assert list(told(session, MailKind.LEADS_MOVED_TO_MANUFACTURER).values()) == [[gone.id]]


@pytest.mark.covers("W-16")
def test_whoever_comes_after_a_decline_reads_of_the_lead_once(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_only(session, cast)
    for name in ("Third", "Fourth"):
        another_partner(session, cast, name)
    cast.partnerships["kansai"].max_open_claims = 0
    works(session, cast, 1)
    end(cast)
    forget_mails(session)
    monkeypatch.setattr("app.services.departures.moving.tell_what_went", lambda *_: None)
    assert move_departing_leads() == 1
    first = session.scalars(select(Offer).where(Offer.is_exclusive, Offer.answer.is_(None))).one()
    decline_offer(offer_id=first.id, actor=viewer_of(session, first.partner_id), reason=DeclineReason.NO_CAPACITY)
    session.expire_all()
    following = session.scalars(select(Offer).where(Offer.is_exclusive, Offer.answer.is_(None))).one()
    assert following.partner_id != first.partner_id
    monkeypatch.undo()
    move_departing_leads()
    person = viewer_of(session, following.partner_id).user_id
    kinds = session.scalars(select(OutboxMessage.kind).where(OutboxMessage.user_id == person)).all()
    assert kinds == [MailKind.PUSH_OFFER_TO_PARTNER]


@pytest.mark.covers("W-16")
def test_whoever_gets_a_lead_from_the_successor_is_not_told_of_it_by_the_list(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = another_partner(session, cast, "Third")
    [kept, given_on] = works(session, cast, 2)
    end(cast, Owner(partnership_id=cast.partnerships["kansai"].id))
    monkeypatch.setattr("app.services.departures.moving.tell_what_went", lambda *_: None)
    assert move_departing_leads() == 2
    monkeypatch.undo()
    works_it = select(Assignment).where(Assignment.lead_id == given_on.id, Assignment.ended_at.is_(None))
    work = session.scalars(works_it).one()
    work.end, work.ended_at = AssignmentEnd.REASSIGNED, read_clock(session)
    session.flush()
    factories.assignment(session, given_on, partnership=third)
    session.commit()
    move_departing_leads()
    taken = told(session, MailKind.LEADS_TAKEN_OVER_TO_WORKER)
    assert taken == {cast.people[name].id: [kept.id] for name in ("kenji", "kaori")}
