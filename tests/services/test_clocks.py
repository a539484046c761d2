"""Working time or around the clock: each span of a hot lead by the clock that is set for it, apart from the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.deadlines import Clock, Span
from app.domain.escalation import EscalationLadder
from app.domain.notifications import MailKind
from app.models import Lead, ManufacturerSettings
from app.queries.cockpit import lead_page
from app.queries.plans import current_plan
from app.services.claims import claim_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.plans import save_plan
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.silences import STEPS, escalated, mails, pass_until, pending

BERLIN = ZoneInfo("Europe/Berlin")


def until_saturday_night(session: Session, clock: TimeMachine) -> datetime:
    """Let time pass until Saturday, 22:00, where Nordwind is."""
    now = read_clock(session).astimezone(BERLIN)
    night = datetime.combine(now.date() + timedelta(days=(5 - now.weekday()) % 7 or 7), time(22), BERLIN)
    clock.pass_time(seconds=(night - now).total_seconds())
    return night


def hot_around_the_clock(session: Session, cast: Cast) -> None:
    """Everything about hot leads counts every hour; what is usual stays in working time."""
    session.get_one(ManufacturerSettings, cast.acme.id).hot_contact_clock = Clock.WALL
    session.commit()
    plan = current_plan(viewer=cast.viewer("carl"))
    steps = tuple(
        replace(step, hot_after=Span(minutes=step.hot_after.minutes, clock=Clock.WALL))
        for step in plan.draft.contact_ladder.steps
    )
    draft = replace(plan.draft, contact_ladder=EscalationLadder(steps))
    save_plan(actor=cast.viewer("carl"), version=plan.version, draft=draft)


def taken(session: Session, cast: Cast, *, is_hot: bool, by_hand: bool = False) -> Lead:
    """A lead Nordwind has from its board, or from a person's hand."""
    lead = put_on_board(session, cast, is_hot=is_hot)
    nordwind = cast.partnerships["nordwind"]
    if by_hand:
        assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Knows them", partnership_id=nordwind.id)
    else:
        claim_offer(offer_id=offer_to(session, lead, nordwind).id, actor=cast.viewer("nils"))
    return lead


@pytest.mark.covers("W-12", "W-02", "W-03")
@pytest.mark.parametrize("by_hand", [False, True], ids=["claimed", "by hand"])
def test_a_hot_leads_five_minutes_pass_on_saturday_night_where_they_count_every_hour(
    session: Session, cast: Cast, clock: TimeMachine, by_hand: bool
) -> None:
    hot_around_the_clock(session, cast)
    until_saturday_night(session, clock)
    lead = taken(session, cast, is_hot=True, by_hand=by_hand)
    begun, steps = read_clock(session), pending(session, lead)
    waits = [round((step.due_at - begun) / timedelta(minutes=1)) for step in steps]
    assert ([step.step for step in steps], waits) == (STEPS, [5, 15, 60])
    assert {step.clock for step in steps} == {Clock.WALL}
    coming = lead_page(viewer=cast.viewer("carl"), lead_id=lead.id).coming
    assert coming is not None and coming.paused_until is None
    pass_until(session, clock, steps[0], seconds=-5)
    assert enforce_deadlines() == 0, "none early"
    pass_until(session, clock, steps[0])
    assert (enforce_deadlines(), enforce_deadlines()) == (1, 0)
    assert escalated(session, lead) == STEPS[:1]
    assert mails(session, MailKind.ESCALATION_TO_SALES_MANAGER) == [cast.people["nora"].id]
    session.refresh(steps[0])
    assert steps[0].fired_at is not None and steps[0].fired_at.astimezone(BERLIN).weekday() == 5


@pytest.mark.covers("W-12")
@pytest.mark.parametrize("is_set", [False, True], ids=["by default", "where only hot leads count every hour"])
def test_what_counts_in_working_time_waits_for_monday(
    session: Session, cast: Cast, clock: TimeMachine, is_set: bool
) -> None:
    if is_set:
        hot_around_the_clock(session, cast)
    night = until_saturday_night(session, clock)
    lead = taken(session, cast, is_hot=not is_set, by_hand=True)
    first = pending(session, lead)[0]
    assert first.clock is Clock.WORKING
    assert first.due_at > night + timedelta(hours=26), "not before Monday"
    coming = lead_page(viewer=cast.viewer("carl"), lead_id=lead.id).coming
    assert coming is not None and coming.paused_until is not None
    clock.pass_time(hours=25)
    enforce_deadlines()
    assert escalated(session, lead) == []


@pytest.mark.covers("W-02")
def test_a_promise_stands_when_the_hours_change_and_no_page_contradicts_it(
    session: Session, cast: Cast, clock: TimeMachine, browse: Browse
) -> None:
    until_saturday_night(session, clock)
    lead = taken(session, cast, is_hot=False, by_hand=True)
    first = pending(session, lead)[0]
    monday = first.due_at

    def says_paused() -> list[bool]:
        pages = [browse(name).get(f"/leads/{lead.id}").text for name in ("nora", "carl")]
        return ["The clock is paused until" in page for page in pages]

    assert says_paused() == [True, True]
    days = {"mon": "", "tue": "09:00-17:00"} | dict.fromkeys(("wed", "thu", "fri", "sat", "sun"), "")
    place = {"time_zone": cast.nordwind.time_zone, "country": "DE", "version": str(cast.nordwind.version)}
    assert browse("nora").post("/account/working-time", data=days | place).status_code == 303
    session.refresh(first)
    assert first.due_at == monday
    assert says_paused() == [False, False]


@pytest.mark.covers("W-02")
@pytest.mark.parametrize(("zone", "is_told"), [("Europe/Vienna", False), ("Asia/Tokyo", True)])
def test_the_other_sides_clock_is_shown_where_it_shows_another_time(
    session: Session, cast: Cast, browse: Browse, zone: str, is_told: bool
) -> None:
    cast.nordwind.time_zone, cast.people["carl"].time_zone = zone, "Europe/Berlin"
    lead = taken(session, cast, is_hot=False)
    assert ("at Nordwind)" in browse("carl").get(f"/leads/{lead.id}").text) is is_told
