"""Which leads slip through, why, and that nobody else hears of them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.availability import AbsenceKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.consent import ConsentScope
from app.domain.distribution import DeclineReason
from app.domain.errors import Forbidden, NotFound
from app.domain.leads import LeadState, ReviewReason
from app.domain.partners import PartnershipStatus
from app.domain.slipping import SlipKind
from app.models import Absence, Lead, OutboxMessage, Partnership, Round
from app.queries.slipping import SlippingLead, count_slipping, slipping_view
from app.services.claims import decline_offer
from app.services.cockpit import log_activity
from app.services.deadlines import enforce_deadlines
from app.services.distribution.reviewing import send_to_review
from app.services.lead_routing import route_lead
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import claimed, pass_until, pending, reserved


def slipping(cast: Cast, name: str = "carl") -> dict[uuid.UUID, tuple[SlipKind, SlippingLead]]:
    """Each slipping lead as the person's screen shows it."""
    view = slipping_view(viewer=cast.viewer(name))
    found = {lead.lead_id: (group.kind, lead) for group in view.groups for lead in group.leads}
    assert count_slipping(viewer=cast.viewer(name)) == view.total == len(found)
    return found


def kind_of(cast: Cast, lead: Lead) -> SlipKind | None:
    found = slipping(cast).get(lead.id)
    return found[0] if found else None


def decline(session: Session, cast: Cast, lead: Lead, partner: str, person: str) -> None:
    offer = offer_to(session, lead, cast.partnerships[partner])
    decline_offer(offer_id=offer.id, actor=cast.viewer(person), reason=DeclineReason.TOO_SMALL)


def away(session: Session, cast: Cast, partner: str, **left: float) -> None:
    """The whole partner is away from now on: for a time, or until somebody says it is back."""
    now = read_clock(session)
    ends_at = now + timedelta(**left) if left else None
    kind = AbsenceKind.VACATION if left else AbsenceKind.PAUSE
    session.add(Absence(organisation_id=getattr(cast, partner).id, kind=kind, starts_at=now, ends_at=ends_at))
    session.commit()


@pytest.mark.covers("A-03", "W-17")
def test_a_board_nobody_can_take_is_there_on_the_next_page_load_without_any_job(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    assert kind_of(cast, lead) is None
    decline(session, cast, lead, "kansai", "kenji")
    assert kind_of(cast, lead) is None
    away(session, cast, "nordwind")
    kind, line = slipping(cast)[lead.id]
    assert kind is SlipKind.NOBODY_LEFT
    assert "1 declined, 1 away" in str(line.reason)
    assert line.coming is not None and "the distribution plan goes on" in str(line.coming.what)


@pytest.mark.covers("A-03", "W-15")
@pytest.mark.parametrize("how", ["suspended", "ended", "claims suspended", "certification over"])
def test_whatever_takes_the_last_partner_away_counts_at_once(session: Session, cast: Cast, how: str) -> None:
    lead, nordwind = put_on_board(session, cast), cast.partnerships["nordwind"]
    decline(session, cast, lead, "kansai", "kenji")
    offer, now = offer_to(session, lead, nordwind), read_clock(session)
    if how in ("suspended", "ended"):
        nordwind.status = PartnershipStatus(how)
    elif how == "claims suspended":
        nordwind.claims_suspended_until = now + timedelta(days=14)
    else:
        offer.expires_at = now
    session.commit()
    assert kind_of(cast, lead) is SlipKind.NOBODY_LEFT


@pytest.mark.covers("A-03")
def test_a_lead_whose_partners_are_only_being_looked_at_anew_is_neither_listed_nor_counted(
    session: Session, cast: Cast
) -> None:
    lead = put_on_board(session, cast)
    for partnership in cast.partnerships.values():
        partnership.eligibility_version += 1
    session.commit()
    assert kind_of(cast, lead) is None


@pytest.mark.covers("A-03")
def test_since_when_nobody_can_take_it_is_when_the_last_one_dropped_out(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = put_on_board(session, cast)
    clock.pass_time(minutes=20)
    decline(session, cast, lead, "kansai", "kenji")
    clock.pass_time(minutes=20)
    away(session, cast, "nordwind")
    dropped_out = read_clock(session)
    since = slipping(cast)[lead.id][1].since
    assert since is not None and abs(since.values["since"] - dropped_out) < timedelta(minutes=1)
    clock.pass_time(minutes=20)
    assert slipping(cast)[lead.id][1].since == since


@pytest.mark.covers("A-03", "R-01")
def test_a_round_whose_time_has_just_ended_is_not_lost_unless_the_clock_stands_still(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = put_on_board(session, cast)
    clock.pass_time(hours=2, minutes=1)
    assert kind_of(cast, lead) is SlipKind.WINDOW_ENDING
    clock.pass_time(minutes=6)
    assert kind_of(cast, lead) is SlipKind.NOBODY_LEFT


@pytest.mark.covers("A-03")
def test_since_when_is_left_out_where_nobody_wrote_it_down(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    decline(session, cast, lead, "kansai", "kenji")
    cast.partnerships["nordwind"].status = PartnershipStatus.SUSPENDED
    session.commit()
    assert slipping(cast)[lead.id][1].since is None


@pytest.mark.covers("A-03", "B-03")
def test_who_can_still_take_it_before_it_ends_counts(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast, is_hot=False)
    decline(session, cast, lead, "nordwind", "nora")
    assert offer_to(session, lead, cast.partnerships["kansai"]).visible_from > read_clock(session)
    assert kind_of(cast, lead) is None
    away(session, cast, "kansai", hours=2)
    assert kind_of(cast, lead) is None
    away(session, cast, "kansai", days=30)
    assert kind_of(cast, lead) is SlipKind.NOBODY_LEFT


@pytest.mark.covers("A-03", "C-07")
def test_a_lead_nobody_is_eligible_for_is_the_worst_of_the_reviews(session: Session, cast: Cast) -> None:
    nobodys = factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None)
    asked = factories.lead(session, cast.acme, [cast.products["pump"]])
    session.commit()
    route_lead(lead_id=nobodys.id)
    send_to_review(session, asked, ReviewReason.MANUAL_REVIEW, None, cause="reviewed")
    session.commit()
    assert (kind_of(cast, nobodys), kind_of(cast, asked)) == (SlipKind.NOBODY_LEFT, None)


@pytest.mark.covers("A-03")
def test_a_review_past_its_deadline_slips(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    send_to_review(session, lead, ReviewReason.MANUAL_REVIEW, None, cause="reviewed")
    session.commit()
    clock.pass_time(days=4)
    assert kind_of(cast, lead) is SlipKind.REVIEW_OVERDUE


@pytest.mark.covers("A-03", "R-01")
def test_a_lead_that_is_not_routed_for_minutes_slips(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]])
    session.commit()
    assert kind_of(cast, lead) is None
    clock.pass_time(minutes=6)
    assert kind_of(cast, lead) is SlipKind.STUCK


@pytest.mark.covers("A-03")
def test_a_board_whose_time_is_nearly_over_slips(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = put_on_board(session, cast)
    clock.pass_time(minutes=90)
    assert kind_of(cast, lead) is None
    clock.pass_time(minutes=15)
    assert kind_of(cast, lead) is SlipKind.WINDOW_ENDING


@pytest.mark.covers("A-03")
def test_what_lies_in_the_direct_queue_is_overdue(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], consent=ConsentScope.MANUFACTURER_ONLY)
    session.commit()
    route_lead(lead_id=lead.id)
    due_at = session.scalars(select(Round.closes_at).where(Round.lead_id == lead.id)).one()
    assert due_at is not None
    clock.pass_time(seconds=(due_at - read_clock(session)).total_seconds() - 60)
    assert kind_of(cast, lead) is SlipKind.WINDOW_ENDING
    clock.pass_time(days=3)
    assert kind_of(cast, lead) is SlipKind.QUEUE_OVERDUE


@pytest.mark.covers("A-03", "W-03")
def test_a_lead_nobody_calls_slips_after_the_first_step_with_what_comes_next(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    lead = claimed(session, cast)
    assert kind_of(cast, lead) is None
    pass_until(session, clock, pending(session, lead)[0])
    kind, line = slipping(cast)[lead.id]
    assert kind is SlipKind.SILENT and "Nordwind" in str(line.reason)
    log_activity(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        kind=ActivityKind.CALL,
        outcome=ContactOutcome.REACHED,
        note="",
        submitted_key="called",
    )
    assert kind_of(cast, lead) is None


@pytest.mark.covers("A-03", "W-03")
def test_an_offer_nobody_answers_slips_after_the_first_step(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = reserved(session, cast, is_hot=True)
    assert kind_of(cast, lead) is None
    pass_until(session, clock, pending(session, lead)[0])
    assert kind_of(cast, lead) is SlipKind.SILENT


@pytest.mark.covers("A-03", "K-12")
def test_a_lead_that_is_worked_but_asleep_slips(session: Session, cast: Cast, clock: TimeMachine) -> None:
    lead = claimed(session, cast)
    log_activity(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        kind=ActivityKind.CALL,
        outcome=ContactOutcome.REACHED,
        note="",
        submitted_key="called",
    )
    clock.pass_time(days=15)
    enforce_deadlines()
    kind, line = slipping(cast)[lead.id]
    assert kind is SlipKind.STALLED and line.coming is not None


@pytest.mark.covers("A-03", "K-05")
@pytest.mark.parametrize("state", [LeadState.NURTURING, LeadState.ASSIGNED])
def test_a_follow_up_that_passed_slips_until_something_is_logged(
    session: Session, cast: Cast, state: LeadState
) -> None:
    lead, now = factories.lead(session, cast.acme, [cast.products["pump"]], state=state), read_clock(session)
    if state is LeadState.ASSIGNED:
        factories.assignment(session, lead, seller=cast.people["ines"], first_attempt_at=now - timedelta(days=2))
    lead.follow_up_at = now - timedelta(hours=1)
    session.commit()
    assert kind_of(cast, lead) is SlipKind.FOLLOW_UP_PASSED
    lead.follow_up_at = now + timedelta(hours=1)
    session.commit()
    assert kind_of(cast, lead) is None


@pytest.mark.covers("A-03")
def test_a_mail_that_did_not_arrive_makes_its_lead_slip(session: Session, cast: Cast) -> None:
    lead = claimed(session, cast)
    given_up = update(OutboxMessage).where(OutboxMessage.user_id == cast.people["nils"].id)
    session.execute(given_up.values(given_up_at=read_clock(session), failures=0))
    session.commit()
    assert kind_of(cast, lead) is None
    session.execute(given_up.values(failures=8))
    session.commit()
    assert kind_of(cast, lead) is SlipKind.UNDELIVERED


@pytest.mark.covers("A-03", "A-04")
def test_the_most_urgent_lead_of_a_group_comes_first(session: Session, cast: Cast, clock: TimeMachine) -> None:
    eur = {"currency": "EUR"}
    cheap, dear, hot = (
        factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None, **values)
        for values in ({"amount_cents": 1_000_00} | eur, {"amount_cents": 400_000_00} | eur, {"is_hot": True})
    )
    session.commit()
    for lead in (cheap, dear, hot):
        route_lead(lead_id=lead.id)
    (group,) = slipping_view(viewer=cast.viewer("carl")).groups
    assert [line.lead_id for line in group.leads] == [hot.id, dear.id, cheap.id]


@pytest.mark.covers("A-03")
def test_nobody_but_the_manufacturers_watchers_reads_it(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    for name in ("nordwind", "kansai"):
        session.get_one(Partnership, cast.partnerships[name].id).status = PartnershipStatus.SUSPENDED
    session.commit()
    assert kind_of(cast, lead) is SlipKind.NOBODY_LEFT
    assert slipping(cast, "gina") == {}
    for name, refusal in (("ines", Forbidden), ("vera", Forbidden), ("nora", NotFound), ("rita", NotFound)):
        assert count_slipping(viewer=cast.viewer(name)) == 0
        with pytest.raises(refusal):
            slipping_view(viewer=cast.viewer(name))
