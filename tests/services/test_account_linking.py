"""Leads linked with accounts by hand."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountLevel, AccountStatus
from app.domain.audit import EventKind
from app.domain.distribution import RoundKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.leads import LeadState, ReviewReason
from app.domain.network.account_draft import AccountDraft
from app.models import Assignment, Event, Lead, Review, Round
from app.services.accounts.linking import link_lead, unlink_lead
from app.services.network.accounts import create_account, end_account
from tests import factories
from tests.boards import put_on_board
from tests.cast import Cast
from tests.reviews import ask_about

ABOUT_ACCOUNT = {
    ReviewReason.NEAR_MATCH,
    ReviewReason.OWNER_CONFLICT,
    ReviewReason.COMPETITOR,
    ReviewReason.PARTNER_COMPANY,
    ReviewReason.NOBODY_ELIGIBLE,
}
WHY = "The same plant, says the caller."


def customer_of_kansai(cast: Cast, code: str = "A-1") -> int:
    draft = AccountDraft(
        code=code,
        name="Sakura Optics K.K.",
        status=AccountStatus.CUSTOMER,
        owner_partnership_id=cast.partnerships["kansai"].id,
    )
    return create_account(actor=cast.viewer("ada"), draft=draft)


def open_rounds(session: Session, lead: Lead) -> list[RoundKind]:
    return list(session.scalars(select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None))))


@pytest.mark.covers("P-15", "P-39")
def test_a_lead_on_the_board_goes_to_its_account_s_owner_at_once(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    assert open_rounds(session, lead) == [RoundKind.BOARD]
    account_id = customer_of_kansai(cast)
    link_lead(lead_id=lead.id, account_id=account_id, actor=cast.viewer("ines"), reason=WHY)
    session.expire_all()
    assert (lead.account_id, lead.is_linked_by_hand, lead.account_level) == (account_id, True, AccountLevel.CUSTOMER)
    assert open_rounds(session, lead) == [RoundKind.OWNER]
    event = session.scalars(select(Event).where(Event.kind == EventKind.LEAD_LINKED)).one()
    assert (event.data["account_id"], event.data["reason"]) == (account_id, WHY)


def test_a_lead_somebody_works_stays_theirs(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    factories.assignment(session, lead, partnership=cast.partnerships["nordwind"])
    session.commit()
    link_lead(lead_id=lead.id, account_id=customer_of_kansai(cast), actor=cast.viewer("carl"), reason=WHY)
    works = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).one()
    assert works.partnership_id == cast.partnerships["nordwind"].id
    assert lead.state is LeadState.ASSIGNED


@pytest.mark.parametrize(
    ("reason", "goes_on"), [(reason, reason in ABOUT_ACCOUNT) for reason in ReviewReason], ids=list(ReviewReason)
)
def test_only_a_question_about_the_account_is_answered_by_a_link(
    session: Session, cast: Cast, reason: ReviewReason, goes_on: bool
) -> None:
    review = ask_about(session, cast, reason=reason)
    account_id = customer_of_kansai(cast)
    link_lead(lead_id=review.lead_id, account_id=account_id, actor=cast.viewer("ines"), reason=WHY)
    lead = session.get_one(Lead, review.lead_id, populate_existing=True)
    session.refresh(review)
    assert (lead.account_id, lead.is_linked_by_hand) == (account_id, True)
    assert (review.decided_at is not None, lead.state is LeadState.DISTRIBUTING) == (goes_on, goes_on)
    if not goes_on:
        assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, reason)
        assert session.scalars(select(Review.id).where(Review.lead_id == lead.id)).all() == [review.id]


def test_a_lead_taken_off_its_account_goes_on_with_the_plan(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    link_lead(lead_id=lead.id, account_id=customer_of_kansai(cast), actor=cast.viewer("ines"), reason=WHY)
    unlink_lead(lead_id=lead.id, actor=cast.viewer("ines"), reason="It is another Sakura.")
    session.expire_all()
    assert (lead.account_id, lead.is_linked_by_hand) == (None, True)
    assert open_rounds(session, lead) == [RoundKind.BOARD]
    assert session.scalars(select(Event).where(Event.kind == EventKind.LEAD_UNLINKED)).one().data["account_id"]


def test_a_second_link_changes_nothing(session: Session, cast: Cast) -> None:
    lead, account_id = put_on_board(session, cast), customer_of_kansai(cast)
    for _ in range(2):
        link_lead(lead_id=lead.id, account_id=account_id, actor=cast.viewer("ines"), reason=WHY)
    assert len(session.scalars(select(Event).where(Event.kind == EventKind.LEAD_LINKED)).all()) == 1


def test_what_cannot_be_linked(session: Session, cast: Cast) -> None:
    lead, account_id = put_on_board(session, cast), customer_of_kansai(cast)
    theirs = create_account(actor=cast.viewer("gina"), draft=AccountDraft(code="G", name="Sakura"))
    given = {"lead_id": lead.id, "account_id": account_id, "actor": cast.viewer("ines"), "reason": WHY}
    for changed, error in (
        ({"reason": "  "}, Invalid),
        ({"account_id": theirs}, NotFound),
        ({"lead_id": uuid.uuid4()}, NotFound),
        ({"actor": cast.viewer("gina")}, NotFound),
        ({"actor": cast.viewer("vera")}, Forbidden),
    ):
        with pytest.raises(error):
            link_lead(**(given | changed))  # type: ignore[arg-type]
    end_account(actor=cast.viewer("ada"), account_id=account_id)
    with pytest.raises(Refused):
        link_lead(**given)  # type: ignore[arg-type]
    assert lead.account_id is None
