"""Finding a lead's account with everything that follows, as routing does it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.accounts import AccountLevel, AccountNameKind
from app.domain.audit import EventKind
from app.domain.distribution import AssignmentEnd, RoundKind
from app.domain.leads import LeadState, LostReason, ReviewReason, Stage
from app.domain.review import ReviewDecision
from app.models import Account, Event, Lead, Offer, Review, Round
from app.services.account_names import add_name
from app.services.claims.claiming import claim_offer
from app.services.lead_routing import route_lead
from app.services.reviews.deciding import decide_review
from tests import factories
from tests.cast import Cast
from tests.conftest import TimeMachine


def asking(session: Session, cast: Cast, company: str, email: str = "", **values: Any) -> Lead:
    email = email or f"someone@{''.join(filter(str.isalpha, company.lower()))[:20]}.example"
    filled = {"company": company, "email": email, "company_domain": email.rpartition("@")[2], "company_key": ""}
    made = factories.lead(session, cast.acme, [cast.products["pump"]], **(filled | values))
    session.commit()
    route_lead(lead_id=made.id)
    session.refresh(made)
    return made


@pytest.mark.covers("P-02", "P-08", "P-09", "P-11", "P-12", "I-05")
@pytest.mark.parametrize(
    ("company", "email"),
    [
        ("Quite Another Name", "jane@internationalbusiness.example"),
        ("IBM", "jane@gmail.com"),
        ("International Business Machines Corp.", "jane@gmail.com"),
        ("INTERNATIONAL  BUSINESS MACHINES", "jane@yahoo.co.jp"),
        ("Internatoinal Business Machines", "jane@gmail.com"),
    ],
)
def test_a_known_company_is_found_by_domain_alias_name_and_slip(
    session: Session, cast: Cast, company: str, email: str
) -> None:
    account = factories.account(
        session, cast.acme, "International Business Machines Corporation", "internationalbusiness.example"
    )
    add_name(account, AccountNameKind.ALIAS, "IBM")
    session.flush()
    lead = asking(session, cast, company, email)
    assert lead.account_id == account.id
    assert lead.match_signals
    found = session.scalars(select(Event).where(Event.lead_id == lead.id, Event.kind == EventKind.LEAD_MATCHED)).one()
    assert found.data["account_id"] == account.id


@pytest.mark.covers("P-12")
def test_addresses_at_a_free_mail_service_never_name_a_company(session: Session, cast: Cast) -> None:
    factories.account(session, cast.acme, "Gmail Consulting Ltd", "gmail.com")
    lead = asking(session, cast, "Blue Heron Bakery", "baker@gmail.com")
    assert (lead.account_id, lead.account_level) == (None, AccountLevel.NONE)


@pytest.mark.covers("P-10", "C-07")
def test_a_near_match_waits_for_a_person_with_its_candidates(session: Session, cast: Cast) -> None:
    account = factories.account(
        session, cast.acme, "Consulting Group LLC", "consulting-group-one.example", country="US"
    )
    lead = asking(session, cast, "Consulting Group", "x@gmail.com")
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.NEAR_MATCH)
    review = session.scalars(select(Review).where(Review.lead_id == lead.id)).one()
    assert [one["account_id"] for one in review.candidates] == [account.id]
    assert review.candidates[0]["signals"]


@pytest.mark.covers("P-19", "P-18")
def test_the_third_lead_of_one_domain_makes_the_account_and_the_first_one_s_owner_its_owner(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    """Days 1, 5 and 10 of the source document: John, Emily, Sarah of newcompany.com."""
    first = asking(session, cast, "New Company Inc", "john@newcompany.example")
    offer = session.scalars(
        select(Offer).where(Offer.lead_id == first.id, Offer.partnership_id == cast.partnerships["nordwind"].id)
    ).one()
    claim_offer(offer_id=offer.id, actor=cast.viewer("nora"))
    clock.pass_time(days=4)
    second = asking(session, cast, "NewCompany", "emily@newcompany.example")
    assert second.account_id is None
    clock.pass_time(days=5)

    third = asking(session, cast, "New Company", "sarah@newcompany.example")

    account = session.scalars(select(Account).where(Account.manufacturer_id == cast.acme.id)).one()
    session.refresh(first)
    session.refresh(second)
    assert {first.account_id, second.account_id, third.account_id} == {account.id}
    assert account.owner_partnership_id == cast.partnerships["nordwind"].id
    round_ = session.scalars(select(Round).where(Round.lead_id == third.id)).one()
    assert (round_.kind, third.account_level) == (RoundKind.OWNER, AccountLevel.EARLIER_LEAD)
    fourth = asking(session, cast, "Something Else", "bob@newcompany.example")
    assert fourth.account_id == account.id


def test_two_manufacturers_never_see_each_other_s_accounts(session: Session, cast: Cast) -> None:
    factories.account(session, cast.globex, "Blue Heron Bakery GmbH", "blueheron.example")
    lead = asking(session, cast, "Blue Heron Bakery GmbH", "baker@blueheron.example")
    assert (lead.account_id, lead.match_signals) == (None, [])


def test_a_lead_linked_by_hand_stays_where_it_is(session: Session, cast: Cast) -> None:
    found = factories.account(session, cast.acme, "Blue Heron Bakery GmbH", "blueheron.example")
    chosen = factories.account(session, cast.acme, "Heron Holding AG", "heron.example")
    company = "Blue Heron Bakery GmbH"
    lead = asking(session, cast, company, "b@blueheron.example", account_id=chosen.id, is_linked_by_hand=True)
    assert found.id != lead.account_id == chosen.id


@pytest.mark.covers("C-07", "P-10")
def test_an_account_that_a_person_has_ruled_out_is_not_asked_about_again(session: Session, cast: Cast) -> None:
    factories.account(session, cast.acme, "Consulting Group LLC", "consulting-group-one.example", country="US")
    first = asking(session, cast, "Consulting Group", "x@gmail.com", company_key="consulting group")
    review = session.scalars(select(Review).where(Review.lead_id == first.id)).one()
    decide_review(review_id=review.id, decision=ReviewDecision.NOT_THIS, actor=cast.viewer("carl"))

    second = asking(session, cast, "Consulting Group", "y@gmail.com", company_key="consulting group")

    assert (second.state, second.account_id) == (LeadState.DISTRIBUTING, None)


def test_a_website_on_a_public_site_is_nobody_s_domain(session: Session, cast: Cast) -> None:
    factories.account(session, cast.acme, "LinkedIn Ireland Unlimited", "linkedin.com")
    website = "https://www.linkedin.com/company/mueller-maschinenbau"
    lead = asking(session, cast, "Müller Maschinenbau", "m@mueller-masch.example", website=website)
    assert (lead.account_id, lead.state) == (None, LeadState.DISTRIBUTING)


@pytest.mark.covers("C-07", "P-10")
def test_a_near_match_is_asked_before_an_earlier_lost_lead_counts(session: Session, cast: Cast) -> None:
    factories.account(session, cast.acme, "Consulting Group LLC", "consulting-group-one.example", country="US")
    known = {"company": "Consulting Group", "company_domain": "cgroup.example", "company_key": "consulting group"}
    lost = factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.LOST, **known)
    lost.closed_at, lost.lost_reason = read_clock(session), LostReason.PRICE
    ended = {"ended_at": read_clock(session), "end": AssignmentEnd.LOST}
    factories.assignment(session, lost, partnership=cast.partnerships["kansai"], **ended)
    lost.state, lost.stage = LeadState.LOST, Stage.LOST
    lead = asking(session, cast, "Consulting Group", "x@cgroup.example", company_key="consulting group")
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.NEAR_MATCH)


def test_an_account_that_has_ended_has_no_owner_any_more(session: Session, cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    ended = factories.account(
        session, cast.acme, "Blue Heron Bakery GmbH", owner_partnership_id=nordwind.id, ended_at=read_clock(session)
    )
    lead = asking(session, cast, "Blue Heron", "b@heron.example", account_id=ended.id, is_linked_by_hand=True)
    assert lead.account_level is AccountLevel.NONE
