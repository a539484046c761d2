"""People of the manufacturer who leave: what they own passes on whole, or they stay (P-30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import OpportunityState, TeamRole
from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentEnd, AssignmentOrigin
from app.domain.errors import DomainError, Invalid
from app.domain.leads import ReviewReason
from app.domain.notifications import MailKind
from app.domain.owners import Belonging, Handover
from app.models import (
    Account,
    AccountTeamMember,
    Assignment,
    Deadline,
    Event,
    Lead,
    ManufacturerSettings,
    Opportunity,
    OutboxMessage,
    Review,
)
from app.queries.belongings import what_person_owns
from app.services import identity
from tests.cast import Cast
from tests.factories import account, assignment
from tests.factories import lead as make_lead


@dataclass
class Estate:
    """One of everything that is Ines's, and things that only look like it."""

    account: Account
    listed: Account
    ended: Account
    deal: Opportunity
    won: Opportunity
    place: AccountTeamMember
    review: Review
    lead: Lead


@pytest.fixture
def estate(session: Session, cast: Cast) -> Estate:
    """What Ines owns."""
    ines = cast.people["ines"]
    own = account(session, cast.acme, "Hofmann", owner_user_id=ines.id)
    listed = account(session, cast.acme, "Krüger", listed_owner_user_id=ines.id)
    ended = account(session, cast.acme, "Gone", owner_user_id=ines.id, ended_at=datetime.now(UTC))
    deal = Opportunity(manufacturer_id=cast.acme.id, account_id=listed.id, owner_user_id=ines.id, name="Line 4")
    won = Opportunity(
        manufacturer_id=cast.acme.id, account_id=listed.id, owner_user_id=ines.id, state=OpportunityState.WON
    )
    place = AccountTeamMember(account_id=listed.id, user_id=ines.id, role=TeamRole.SPECIALIST, department="IT")
    questioned = make_lead(session, cast.acme, [cast.products["pump"]])
    review = Review(
        manufacturer_id=cast.acme.id,
        lead_id=questioned.id,
        reason=ReviewReason.NEAR_MATCH,
        owner_user_id=ines.id,
        due_at=datetime.now(UTC),
    )
    worked = make_lead(session, cast.acme, [cast.products["pump"]], follow_up_at=datetime.now(UTC) + timedelta(days=9))
    assignment(session, worked, seller=ines)
    session.add_all([deal, won, place, review])
    session.get_one(ManufacturerSettings, cast.acme.id).reviewer_id = ines.id
    session.commit()
    return Estate(own, listed, ended, deal, won, place, review, worked)


@pytest.mark.covers("P-30")
def test_everything_passes_to_the_successor_at_once(session: Session, cast: Cast, estate: Estate) -> None:
    ines, carl = cast.people["ines"], cast.people["carl"]
    identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=Handover(carl.id))
    session.expire_all()
    assert (ines.disabled_at is not None, ines.successor_id) == (True, carl.id)
    assert estate.account.owner_user_id == estate.listed.listed_owner_user_id == carl.id
    assert estate.deal.owner_user_id == estate.place.user_id == estate.review.owner_user_id == carl.id
    assert session.get_one(ManufacturerSettings, cast.acme.id).reviewer_id == carl.id
    assert what_person_owns(viewer=cast.viewer("ada"), user_id=ines.id) == ()
    assert estate.account.version == 2


@pytest.mark.covers("P-30")
def test_history_stays_whose_it_was(session: Session, cast: Cast, estate: Estate) -> None:
    ines = cast.people["ines"]
    identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=Handover(cast.people["carl"].id))
    session.expire_all()
    assert estate.won.owner_user_id == estate.ended.owner_user_id == ines.id


@pytest.mark.covers("P-30")
def test_worked_leads_are_assigned_anew(session: Session, cast: Cast, estate: Estate) -> None:
    ines, carl = cast.people["ines"], cast.people["carl"]
    identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=Handover(carl.id))
    session.expire_all()
    old, new = session.scalars(select(Assignment).where(Assignment.lead_id == estate.lead.id).order_by(Assignment.id))
    assert (old.user_id, old.end) == (ines.id, AssignmentEnd.REASSIGNED)
    assert (new.user_id, new.origin, new.ended_at) == (carl.id, AssignmentOrigin.HAND, None)
    promised = session.scalars(
        select(Deadline.kind).where(Deadline.assignment_id == new.id, Deadline.cancelled_at.is_(None))
    )
    assert set(promised) == {DeadlineKind.CONTACT_DUE, DeadlineKind.ESCALATION_DUE, DeadlineKind.FOLLOW_UP_DUE}
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.user_id == carl.id)).one()
    assert (mail.kind, mail.payload) == (
        MailKind.LEAD_ASSIGNED_TO_PARTNER,
        {"lead_id": str(estate.lead.id)},
    )


@pytest.mark.covers("P-30")
def test_one_kind_may_go_to_another(session: Session, cast: Cast, estate: Estate) -> None:
    ines, carl, ada = (cast.people[name] for name in ("ines", "carl", "ada"))
    handover = Handover(carl.id, {Belonging.REVIEWS: ada.id})
    identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=handover)
    session.expire_all()
    assert (estate.review.owner_user_id, estate.account.owner_user_id) == (ada.id, carl.id)
    told = [
        event.data
        for event in session.scalars(
            select(Event).where(Event.kind == EventKind.ACCOUNTS_REASSIGNED).order_by(Event.id)
        )
    ]
    by_name = {line["to"]: line for line in told}
    assert by_name["Ada"] == {"from": "Ines", "to": "Ada", "reviews": 1, "account_ids": []}
    assert (by_name["Carl"]["accounts"], by_name["Carl"]["leads"]) == (1, 1)
    assert estate.account.id in by_name["Carl"]["account_ids"]


@pytest.mark.covers("P-30")
@pytest.mark.parametrize(
    "handover", [Handover(), Handover(None, {Belonging.ACCOUNTS: 0})], ids=["nobody", "only for some of it"]
)
def test_nothing_is_left_to_nobody(session: Session, cast: Cast, estate: Estate, handover: Handover) -> None:
    ines = cast.people["ines"]
    with pytest.raises(Invalid) as refused:
        identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=handover)
    assert "successor" in refused.value.fields
    session.expire_all()
    assert (ines.disabled_at, estate.account.owner_user_id) == (None, ines.id)


def test_who_has_left_takes_over_nothing(session: Session, cast: Cast, estate: Estate) -> None:
    identity.disable_user(user_id=cast.people["vera"].id, actor=cast.viewer("ada"))
    with pytest.raises(Invalid):
        identity.disable_user(
            user_id=cast.people["ines"].id,
            actor=cast.viewer("ada"),
            handover=Handover(cast.people["vera"].id),
        )
    session.expire_all()
    assert cast.people["ines"].disabled_at is None


@pytest.mark.covers("P-30")
@pytest.mark.parametrize("role", ["vera", "arne"])
def test_who_cannot_work_leads_is_no_successor(session: Session, cast: Cast, estate: Estate, role: str) -> None:
    ines, unfit = cast.people["ines"], cast.people[role]
    for handover, field in (
        (Handover(unfit.id), "successor"),
        (Handover(cast.people["carl"].id, {Belonging.LEADS: unfit.id}), "leads"),
    ):
        with pytest.raises(Invalid) as refused:
            identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=handover)
        assert refused.value.fields.keys() == {field}
    session.expire_all()
    assert (ines.disabled_at, estate.account.owner_user_id) == (None, ines.id)


@pytest.mark.covers("P-30")
def test_who_has_not_joined_is_no_successor(session: Session, cast: Cast, estate: Estate) -> None:
    ines, carl = cast.people["ines"], cast.people["carl"]
    carl.joined_at = None
    session.commit()
    with pytest.raises(Invalid) as refused:
        identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=Handover(carl.id))
    assert refused.value.fields.keys() == {"successor"}
    session.expire_all()
    assert (ines.disabled_at, estate.account.owner_user_id) == (None, ines.id)


@pytest.mark.covers("P-30")
def test_an_arbiter_takes_a_place_in_a_team(session: Session, cast: Cast, estate: Estate) -> None:
    handover = Handover(cast.people["carl"].id, {Belonging.TEAMS: cast.people["arne"].id})
    identity.disable_user(user_id=cast.people["ines"].id, actor=cast.viewer("ada"), handover=handover)
    session.expire_all()
    assert estate.place.user_id == cast.people["arne"].id


@pytest.mark.parametrize("stranger", ["gina", "nora"])
def test_nobody_elses_people_take_over(session: Session, cast: Cast, estate: Estate, stranger: str) -> None:
    with pytest.raises(DomainError):
        identity.disable_user(
            user_id=cast.people["ines"].id,
            actor=cast.viewer("ada"),
            handover=Handover(cast.people[stranger].id),
        )
    session.expire_all()
    assert estate.account.owner_user_id == cast.people["ines"].id


def test_a_successor_who_is_in_the_team_already_gets_no_second_place(
    session: Session, cast: Cast, estate: Estate
) -> None:
    carl = cast.people["carl"]
    session.add(
        AccountTeamMember(account_id=estate.listed.id, user_id=carl.id, role=TeamRole.SPECIALIST, department="IT")
    )
    session.commit()
    identity.disable_user(user_id=cast.people["ines"].id, actor=cast.viewer("ada"), handover=Handover(carl.id))
    places = session.scalars(select(AccountTeamMember.user_id).where(AccountTeamMember.account_id == estate.listed.id))
    assert places.all() == [carl.id]


def test_coming_back_ends_the_succession(session: Session, cast: Cast, estate: Estate) -> None:
    ines, carl = cast.people["ines"], cast.people["carl"]
    identity.disable_user(user_id=ines.id, actor=cast.viewer("ada"), handover=Handover(carl.id))
    identity.enable_user(user_id=ines.id, actor=cast.viewer("ada"))
    session.expire_all()
    assert (ines.disabled_at, ines.successor_id) == (None, None)
    assert estate.account.owner_user_id == carl.id


def test_who_owns_nothing_may_go_without_a_successor(session: Session, cast: Cast) -> None:
    identity.disable_user(user_id=cast.people["ines"].id, actor=cast.viewer("ada"))
    session.expire_all()
    assert cast.people["ines"].disabled_at is not None


@pytest.mark.covers("P-30")
def test_a_manager_is_named(session: Session, cast: Cast) -> None:
    ines, carl = cast.people["ines"], cast.people["carl"]
    identity.change_manager(user_id=ines.id, manager_id=carl.id, actor=cast.viewer("ada"))
    session.expire_all()
    assert ines.manager_id == carl.id
    changed = session.scalars(select(Event).where(Event.kind == EventKind.USER_CHANGED)).one()
    assert (changed.data["before"], changed.data["after"]) == ({"manager": None}, {"manager": "Carl"})
    for wrong in (ines.id, cast.people["gina"].id, 0):
        with pytest.raises(Invalid):
            identity.change_manager(user_id=ines.id, manager_id=wrong, actor=cast.viewer("ada"))
