"""Moving several leads by hand: what is done, what is refused, who is told, and that a second submit does nothing."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind, ContactOutcome
from app.domain.distribution import AssignmentEnd, RoundKind
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.reassigning import LEADS_AT_ONCE, Taker
from app.models import Assignment, Event, Lead, Offer, OutboxMessage, Partnership, Round
from app.queries.cockpit import lead_page
from app.queries.reassigning import preview_reassign, reassigned
from app.queries.routing_traces import lead_trace
from app.services.cockpit import log_activity, withdraw_lead
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import route_lead
from app.services.mail_delivery import deliver_next
from app.services.reassigning import reassign_leads
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.silences import claimed, reserved

WHY = "Nordwind is snowed under."


def seen_by(cast: Cast, *leads: Lead, name: str = "carl") -> dict[uuid.UUID, str]:
    """Where the person's preview shows each lead to stand."""
    preview = preview_reassign(viewer=cast.viewer(name), lead_ids=[lead.id for lead in leads], taker=None)
    return {one.id: one.standing.to_text() for one in preview.leads}


def move(
    cast: Cast,
    seen: dict[uuid.UUID, str],
    taker: Taker,
    *,
    name: str = "carl",
    token: str = "once",
    is_confirmed: bool = False,
) -> int:
    return reassign_leads(
        leads=seen, taker=taker, actor=cast.viewer(name), reason=WHY, token=token, is_confirmed=is_confirmed
    )


def working(session: Session, lead: Lead) -> Assignment | None:
    active = select(Assignment).where(Assignment.lead_id == lead.id, Assignment.ended_at.is_(None))
    return session.scalars(active.execution_options(populate_existing=True)).one_or_none()


def mailed(session: Session, cast: Cast, kind: MailKind) -> list[str]:
    names = {user.id: name for name, user in cast.people.items()}
    owed = select(OutboxMessage.user_id).where(OutboxMessage.kind == kind.value)
    return sorted(names[user_id] for user_id in session.scalars(owed))


@pytest.mark.covers("W-08", "W-09", "A-03")
def test_the_chosen_leads_go_to_the_partner_and_whoever_loses_one_is_told_why(session: Session, cast: Cast) -> None:
    kansai = cast.partnerships["kansai"]
    worked, waiting, review = claimed(session, cast), put_on_board(session, cast), nobodys(session, cast)
    event_id = move(cast, seen_by(cast, worked, waiting, review), Taker(partnership_id=kansai.id), is_confirmed=True)
    for lead in (worked, waiting, review):
        assignment = working(session, lead)
        assert assignment is not None and assignment.partnership_id == kansai.id and assignment.reason == WHY
    made = reassigned(viewer=cast.viewer("ada"), event_id=event_id)
    assert (len(made.done), made.refused, made.taker, made.reason, made.by) == (3, (), "Kansai", WHY, "Carl")
    assert mailed(session, cast, MailKind.LEAD_RE_ROUTED_TO_PARTNER) == ["nils", "nora"]
    assert session.get_one(Partnership, cast.partnerships["nordwind"].id).unworked_claims == 0
    assert kansai.unworked_claims == 3


def nobodys(session: Session, cast: Cast) -> Lead:
    """A lead from a place that no partner serves."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], country="FR", subdivision=None)
    session.commit()
    route_lead(lead_id=lead.id)
    assert lead.review_reason is ReviewReason.NOBODY_ELIGIBLE
    return lead


@pytest.mark.covers("W-08", "W-10")
def test_a_refused_lead_stops_no_other(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    theirs, closed, free = claimed(session, cast), put_on_board(session, cast), put_on_board(session, cast)
    seen = seen_by(cast, theirs, closed, free)
    withdraw_lead(lead_id=closed.id, actor=cast.viewer("ada"), reason="Sent twice")
    made = reassigned(viewer=cast.viewer("carl"), event_id=move(cast, seen, Taker(partnership_id=nordwind.id)))
    assert [one.id for one in made.done] == [free.id]
    why = {one.id: str(one.why_not) for one in made.refused}
    assert set(why) == {theirs.id, closed.id}
    assert "closed" in why[closed.id] and "already" in why[theirs.id]


@pytest.mark.covers("W-08")
def test_the_same_submit_again_changes_nothing_and_shows_the_same_result(session: Session, cast: Cast) -> None:
    lead, kansai = claimed(session, cast), cast.partnerships["kansai"]
    seen = seen_by(cast, lead)
    first = move(cast, seen, Taker(partnership_id=kansai.id))
    assert move(cast, seen, Taker(partnership_id=kansai.id)) == first
    assert session.scalar(select(func.count()).where(Assignment.lead_id == lead.id)) == 2
    moves = select(func.count()).where(Event.kind == EventKind.LEADS_REASSIGNED)
    assert session.scalar(moves) == 1


@pytest.mark.covers("W-08", "W-10")
def test_a_lead_that_somebody_moved_since_the_preview_stays_with_them(session: Session, cast: Cast) -> None:
    lead, carl = put_on_board(session, cast), cast.viewer("carl")
    seen = seen_by(cast, lead)
    assign_lead(lead_id=lead.id, actor=cast.viewer("ada"), reason="Ours", user_id=cast.people["ines"].id)
    event_id = move(cast, seen, Taker(partnership_id=cast.partnerships["kansai"].id))
    (refused,) = reassigned(viewer=carl, event_id=event_id).refused
    assert "moved this lead since" in str(refused.why_not)
    assignment = working(session, lead)
    assert assignment is not None and assignment.user_id == cast.people["ines"].id


@pytest.mark.covers("W-08", "W-09", "W-07")
def test_the_plan_of_a_worked_lead_goes_on_without_who_had_it(session: Session, cast: Cast) -> None:
    lead, nordwind = claimed(session, cast), cast.partnerships["nordwind"]
    log_activity_by_nils(cast, lead)
    move(cast, seen_by(cast, lead), Taker())
    session.expire_all()
    ended = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert ended.end is AssignmentEnd.REASSIGNED and lead.state is LeadState.DISTRIBUTING
    newest = session.scalars(select(Round).where(Round.lead_id == lead.id).order_by(Round.number.desc())).first()
    assert newest is not None and newest.kind is RoundKind.PUSH and newest.closed_at is None
    asked = session.scalars(select(Offer.partnership_id).where(Offer.round_id == newest.id)).all()
    assert asked == [cast.partnerships["kansai"].id] and nordwind.id not in asked
    with pytest.raises(NotFound):
        lead_page(viewer=cast.viewer("nils"), lead_id=lead.id)
    decision = lead_trace(viewer=cast.viewer("vera"), lead_id=lead.id).decisions[-1]
    assert decision.cause == "reassigned" and f"Carl decided so: {WHY}" in [str(one) for one in decision.reasons]
    told = [str(entry.text) for entry in lead_page(viewer=cast.viewer("ada"), lead_id=lead.id).timeline]
    assert any("let the lead's plan go on" in line for line in told)


def log_activity_by_nils(cast: Cast, lead: Lead) -> None:
    log_activity(
        lead_id=lead.id,
        actor=cast.viewer("nils"),
        kind=ActivityKind.CALL,
        outcome=ContactOutcome.REACHED,
        note="Wants a quote",
        submitted_key=uuid.uuid4().hex,
    )


@pytest.mark.covers("W-08", "W-09")
def test_the_plan_goes_on_from_wherever_a_lead_stands(session: Session, cast: Cast) -> None:
    on_board, asked, review = put_on_board(session, cast), reserved(session, cast), nobodys(session, cast)
    made = reassigned(viewer=cast.viewer("carl"), event_id=move(cast, seen_by(cast, on_board, asked, review), Taker()))
    assert made.refused == () and made.taker == ""
    kinds = {lead.id: open_kind(session, lead) for lead in (on_board, asked, review)}
    assert kinds == {on_board.id: RoundKind.PUSH, asked.id: RoundKind.BOARD, review.id: None}
    assert mailed(session, cast, MailKind.LEAD_RE_ROUTED_TO_PARTNER) == ["nils", "nora"]


def open_kind(session: Session, lead: Lead) -> RoundKind | None:
    return session.scalar(select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None)))


@pytest.mark.covers("W-08")
def test_a_seller_who_loses_a_lead_is_told_and_the_mails_say_why(session: Session, cast: Cast) -> None:
    lead, sent = put_on_board(session, cast), []
    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Ours", user_id=cast.people["ines"].id)
    move(cast, seen_by(cast, lead), Taker(partnership_id=cast.partnerships["kansai"].id))
    assert mailed(session, cast, MailKind.LEAD_TAKEN_TO_SELLER) == ["ines"]
    while deliver_next(sent.append):
        pass
    (to_ines,) = [mail for mail in sent if mail.kind is MailKind.LEAD_TAKEN_TO_SELLER]
    assert WHY in str(to_ines.facts["why"])


@pytest.mark.covers("W-08")
def test_only_the_manufacturers_admins_and_channel_managers_move_leads(session: Session, cast: Cast) -> None:
    lead, taker = put_on_board(session, cast), Taker(partnership_id=cast.partnerships["kansai"].id)
    seen = seen_by(cast, lead)
    for name in ("ines", "vera", "arne", "nora", "rita"):
        with pytest.raises(Forbidden):
            move(cast, seen, taker, name=name)
    with pytest.raises(NotFound):
        move(cast, seen, taker, name="gina")
    globex = Taker(partnership_id=cast.partnerships["rival"].id)
    with pytest.raises(NotFound):
        move(cast, seen, globex)
    event_id = move(cast, seen, Taker(user_id=cast.people["gina"].id), name="gina", token="hers")
    with pytest.raises(NotFound):
        reassigned(viewer=cast.viewer("carl"), event_id=event_id)
    assert open_kind(session, lead) is RoundKind.BOARD


def test_without_a_reason_or_with_too_many_leads_nothing_is_moved(session: Session, cast: Cast) -> None:
    lead, carl = put_on_board(session, cast), cast.viewer("carl")
    many = {uuid.uuid4(): "received.0.0" for _ in range(LEADS_AT_ONCE + 1)}
    for leads, reason in ((seen_by(cast, lead), " "), ({}, WHY), (many, WHY)):
        with pytest.raises(Invalid):
            reassign_leads(leads=leads, taker=Taker(), actor=carl, reason=reason, token="x")
    assert open_kind(session, lead) is RoundKind.BOARD
