"""A lead of a known company goes to its owner before anybody else sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountFlag, AccountLevel, AccountStatus
from app.domain.audit import EventKind
from app.domain.claims import DeclineReason
from app.domain.consent import ConsentScope
from app.domain.deadlines import DeadlineKind
from app.domain.distribution import AssignmentOrigin, OfferAnswer, RoundKind, RoundOutcome
from app.domain.leads import LeadState, ReviewReason
from app.domain.notifications import MailKind
from app.domain.partners import PartnershipStatus
from app.models import Account, Assignment, Deadline, Event, Lead, Offer, OutboxMessage, Review, Round, RoutingDecision
from app.services.claims.claiming import claim_offer
from app.services.claims.declining import decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.lead_routing import release_lead, route_lead
from app.services.rechecking import recheck_eligibility
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine

COMPANY = "Acme Precision Works Inc."


def known(session: Session, cast: Cast, owner: str | None = "nordwind", **values: Any) -> Account:
    """A customer called Acme Precision Works, owned by a partnership of the cast."""
    owned = {"owner_partnership_id": cast.partnerships[owner].id} if owner else {}
    return factories.account(session, cast.acme, COMPANY, "acmeprecision.example", **(owned | values))


def asking(session: Session, cast: Cast, **values: Any) -> Lead:
    """A lead of that company, in Japan, where only Kansai has a territory."""
    place = {"country": "JP", "subdivision": "JP-27", "postal_code": "5300001", "city": "大阪"}
    company = {"company": COMPANY, "company_domain": "acmeprecision.example", "email": "a@acmeprecision.example"}
    made = factories.lead(session, cast.acme, [cast.products["pump"]], **(place | company | values))
    session.commit()
    return made


def rounds_of(session: Session, lead: Lead) -> list[Round]:
    return list(session.scalars(select(Round).where(Round.lead_id == lead.id).order_by(Round.number)))


def offer_in(session: Session, round_: Round) -> Offer:
    return session.scalars(select(Offer).where(Offer.round_id == round_.id)).one()


@pytest.mark.covers("P-01", "P-03", "P-38", "P-34", "C-08")
def test_the_owner_is_asked_alone_although_another_has_the_territory(session: Session, cast: Cast) -> None:
    account = known(session, cast)
    lead = asking(session, cast)

    route_lead(lead_id=lead.id)

    (owner_round,) = rounds_of(session, lead)
    offer = offer_in(session, owner_round)
    assert (owner_round.kind, offer.is_exclusive) == (RoundKind.OWNER, True)
    assert offer.partnership_id == cast.partnerships["nordwind"].id
    assert (lead.account_id, lead.account_level) == (account.id, AccountLevel.CUSTOMER)
    *alerts, end = session.scalars(select(Deadline).where(Deadline.lead_id == lead.id).order_by(Deadline.due_at))
    assert (end.kind, end.due_at) == (DeadlineKind.OWNER_EXPIRES, offer.expires_at)
    assert [alert.kind for alert in alerts] == [DeadlineKind.ESCALATION_DUE] * 2
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).one()
    assert (decision.outcome, decision.account_level) == ("owner", AccountLevel.CUSTOMER)
    mails = session.scalars(select(OutboxMessage.kind)).all()
    assert set(mails) == {MailKind.OWNER_OFFER_TO_PARTNER}
    opened = session.scalars(select(Event).where(Event.kind == EventKind.ROUND_OPENED)).one()
    assert opened.data["offers"] == 1, "nobody else was asked, however many could have been"


@pytest.mark.covers("W-12", "P-03")
def test_an_owner_who_accepts_has_two_hours_for_the_first_contact(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    offer = offer_in(session, rounds_of(session, lead)[0])

    claimed = claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))

    assignment = session.get_one(Assignment, claimed.assignment_id, populate_existing=True)
    session.refresh(lead)
    assert (assignment.origin, lead.state) == (AssignmentOrigin.OWNER, LeadState.ASSIGNED)
    assert rounds_of(session, lead)[0].outcome is RoundOutcome.ACCEPTED
    assert claimed.contact_due_at is not None
    clock.pass_time(days=4)
    due = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.CONTACT_DUE)).one()
    assert due.due_at - due.starts_at >= timedelta(hours=2)


@pytest.mark.covers("P-01", "W-06")
def test_a_silent_owner_leaves_the_lead_to_the_plan_and_its_channel_manager_is_told(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)

    clock.pass_time(days=4)
    enforce_deadlines()

    session.refresh(lead)
    owner_round, board = rounds_of(session, lead)
    assert (owner_round.outcome, board.kind) == (RoundOutcome.EXPIRED, RoundKind.BOARD)
    assert offer_in(session, owner_round).answer is OfferAnswer.EXPIRED
    offered = session.scalars(select(Offer.partnership_id).where(Offer.round_id == board.id)).all()
    assert offered == [cast.partnerships["kansai"].id]
    assert MailKind.OWNER_SILENT_TO_MANUFACTURER in session.scalars(select(OutboxMessage.kind)).all()
    assert enforce_deadlines() == 0


def test_an_owner_who_declines_is_not_asked_again_even_when_the_network_changes(session: Session, cast: Cast) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    offer = offer_in(session, rounds_of(session, lead)[0])

    decline_offer(offer_id=offer.id, actor=cast.viewer("nora"), reason=DeclineReason.NO_CAPACITY)

    assert [one.kind for one in rounds_of(session, lead)] == [RoundKind.OWNER, RoundKind.BOARD]
    assert not session.scalars(
        select(Offer).where(Offer.partnership_id == offer.partnership_id, Offer.answer.is_(None))
    ).all()


@pytest.mark.covers("G-01")
def test_consent_binds_the_owner_too(session: Session, cast: Cast) -> None:
    known(session, cast)
    lead = asking(session, cast, consent=ConsentScope.NAMED_PARTNERS, named=[cast.partnerships["kansai"]])
    route_lead(lead_id=lead.id)

    (board,) = rounds_of(session, lead)
    assert board.kind is RoundKind.BOARD
    decision = session.scalars(select(RoutingDecision).where(RoutingDecision.lead_id == lead.id)).one()
    assert "The prospect has not agreed to be called by the owner." in [one["text"] for one in decision.reasons]


@pytest.mark.covers("P-35", "P-30")
def test_a_direct_seller_has_the_lead_at_once_and_the_partner_is_told(session: Session, cast: Cast) -> None:
    seller = cast.people["ines"]
    known(session, cast, owner_user_id=seller.id, flags=[AccountFlag.DIRECT_SOURCED.value])
    lead = asking(session, cast)

    route_lead(lead_id=lead.id)

    session.refresh(lead)
    assignment = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert (assignment.user_id, assignment.origin) == (seller.id, AssignmentOrigin.OWNER)
    assert lead.state is LeadState.ASSIGNED
    kinds = session.scalars(select(OutboxMessage.kind)).all()
    assert MailKind.ACCOUNT_LEAD_TO_PARTNER in kinds


@pytest.mark.covers("P-32", "P-33", "C-07")
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (AccountStatus.COMPETITOR, ReviewReason.COMPETITOR),
        (AccountStatus.PARTNER, ReviewReason.PARTNER_COMPANY),
    ],
)
def test_competitors_and_partners_wait_for_a_person(
    session: Session, cast: Cast, status: AccountStatus, reason: ReviewReason
) -> None:
    known(session, cast, None, status=status)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, reason)
    review = session.scalars(select(Review).where(Review.lead_id == lead.id)).one()
    assert (review.reason, review.decided_at) == (reason, None)


@pytest.mark.covers("P-41", "P-26")
def test_two_contacts_of_one_company_on_days_1_and_15_have_one_owner(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    """The vice president on day 1 and the director on day 15: rotation would have given the second to somebody else."""
    known(session, cast)
    first = asking(session, cast, job_title="VP Marketing")
    route_lead(lead_id=first.id)
    clock.pass_time(days=14)
    second = asking(session, cast, email="b@acmeprecision.example", job_title="Demand Generation Director")
    route_lead(lead_id=second.id)
    owners = [offer_in(session, rounds_of(session, lead)[0]).partnership_id for lead in (first, second)]
    assert owners == [cast.partnerships["nordwind"].id] * 2


@pytest.mark.covers("P-30")
def test_an_owner_that_is_paused_while_the_lead_is_reserved_loses_it_to_the_plan(session: Session, cast: Cast) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    owner = cast.partnerships["nordwind"]
    owner.status = PartnershipStatus.PAUSED
    owner.eligibility_version += 1
    session.commit()

    recheck_eligibility()

    first, second = rounds_of(session, lead)
    assert (first.outcome, second.kind) == (RoundOutcome.WITHDRAWN, RoundKind.BOARD)
    assert offer_in(session, first).answer is OfferAnswer.WITHDRAWN


def test_a_recheck_that_changes_nothing_keeps_the_reserved_offer_claimable(session: Session, cast: Cast) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    cast.partnerships["nordwind"].eligibility_version += 1
    session.commit()

    recheck_eligibility()

    offer = offer_in(session, rounds_of(session, lead)[0])
    assert claim_offer(offer_id=offer.id, actor=cast.viewer("nora")).lead_id == lead.id


@pytest.mark.covers("I-07", "P-02")
def test_a_lead_that_is_nurtured_knows_its_account_and_goes_to_the_owner_when_released(
    session: Session, cast: Cast
) -> None:
    account = known(session, cast)
    lead = asking(session, cast, score=10)
    route_lead(lead_id=lead.id)
    assert (lead.state, lead.account_id) == (LeadState.NURTURING, account.id)

    release_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Called: urgent")

    assert rounds_of(session, lead)[0].kind is RoundKind.OWNER


@pytest.mark.covers("C-03", "P-21")
def test_a_strategic_account_s_lead_never_comes_to_the_board(session: Session, cast: Cast, clock: TimeMachine) -> None:
    known(session, cast, flags=[AccountFlag.STRATEGIC.value])
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    clock.pass_time(days=4)
    enforce_deadlines()
    kinds = [one.kind for one in rounds_of(session, lead)]
    assert kinds[0] is RoundKind.OWNER
    assert not {RoundKind.BOARD, RoundKind.PUSH} & set(kinds)


@pytest.mark.covers("P-01")
def test_the_caps_of_claiming_do_not_bind_an_owner(session: Session, cast: Cast) -> None:
    known(session, cast)
    lead = asking(session, cast)
    route_lead(lead_id=lead.id)
    owner = cast.partnerships["nordwind"]
    owner.max_open_claims = owner.max_claims_per_day = 0
    session.commit()
    offer = offer_in(session, rounds_of(session, lead)[0])
    assert not claim_offer(offer_id=offer.id, actor=cast.viewer("nora")).is_repeat
