"""Linking all leads of a company at once, and taking that back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.bulk_linking import LeadPattern
from app.domain.distribution import RoundKind
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.leads import LeadState, ReviewReason, Stage
from app.domain.review import ReviewDecision
from app.models import (
    Account,
    AccountChange,
    AccountName,
    CompanyProfile,
    CompanyProfileKey,
    Event,
    Lead,
    Review,
    Round,
)
from app.queries.reviews.bulk import bulk_preview, list_bulk_links
from app.services.accounts.linking import link_lead, unlink_lead
from app.services.audit import record_event
from app.services.claims import claim_offer
from app.services.lead_routing import release_lead, resume_routing
from app.services.matching import link_to_account
from app.services.reviews import decide_review, link_in_bulk, undo_bulk_link
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.reviews import ask_about

LABS = LeadPattern("Acme Labs*")


@pytest.fixture
def corp(session: Session, cast: Cast) -> Account:
    """Acme Corp, a customer of Nordwind's."""
    owner_id = cast.partnerships["nordwind"].id
    made = factories.account(session, cast.acme, "Acme Corp", "acme.example", owner_partnership_id=owner_id)
    session.commit()
    return made


def named(session: Session, cast: Cast, company: str, **values: Any) -> Lead:
    """A lead of that company, which no rule has linked."""
    lead = factories.lead(session, cast.acme, [cast.products["pump"]], company=company, company_key="", **values)
    session.commit()
    return lead


def now(session: Session, lead: Lead) -> Lead:
    return session.get_one(Lead, lead.id, populate_existing=True)


def round_kind(session: Session, lead: Lead) -> RoundKind | None:
    wanted = select(Round.kind).where(Round.lead_id == lead.id, Round.closed_at.is_(None))
    return session.scalars(wanted).one_or_none()


@pytest.mark.covers("P-16", "P-17")
def test_all_that_fit_are_linked_and_go_to_the_owner(session: Session, cast: Cast, corp: Account) -> None:
    boarded = put_on_board(session, cast, company="ACME LABS Berlin", company_key="acme labs berlin")
    asked = ask_about(session, cast, company="Acme Labs, Inc.", company_key="acme labs")
    held = named(session, cast, "Acme Labs Tokyo", state=LeadState.NURTURING, score=10)
    other = named(session, cast, "Acme Laboratories", state=LeadState.NURTURING)
    preview = bulk_preview(viewer=cast.viewer("ines"), pattern=LABS, account_id=corp.id)
    assert {lead.id for lead in preview.linked} == {boarded.id, asked.lead_id, held.id}

    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    assert done.linked == 3
    assert {now(session, lead).account_id for lead in (boarded, held)} == {corp.id}
    assert now(session, other).account_id is None
    assert (round_kind(session, boarded), now(session, held).state) == (RoundKind.OWNER, LeadState.NURTURING)
    answered = session.get_one(Review, asked.id, populate_existing=True)
    assert (answered.decision, answered.account_id) == (ReviewDecision.NO_LONGER_NEEDED, corp.id)
    [told] = session.scalars(select(Event).where(Event.kind == EventKind.LEADS_LINKED)).all()
    assert told.data == {"account_id": corp.id, "count": 3}
    assert link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines")).change_id is None


def test_wildcards_of_the_database_mean_themselves(session: Session, cast: Cast, corp: Account) -> None:
    lead = named(session, cast, "Acme_Labs 100%", state=LeadState.NURTURING)
    named(session, cast, "AcmeXLabs 100x", state=LeadState.NURTURING)
    preview = bulk_preview(viewer=cast.viewer("ines"), pattern=LeadPattern("Acme_Labs 100%"), account_id=corp.id)
    assert [one.id for one in preview.linked] == [lead.id]


@pytest.mark.parametrize(
    ("is_either", "companies"), [(False, {"Acme Labs"}), (True, {"Acme Labs", "AL", "Acme Labs 2"})]
)
def test_a_domain_narrows_or_widens(
    session: Session, cast: Cast, corp: Account, is_either: bool, companies: set[str]
) -> None:
    named(session, cast, "Acme Labs", company_domain="labs.example", state=LeadState.NURTURING)
    named(session, cast, "AL", company_domain="labs.example", state=LeadState.NURTURING)
    named(session, cast, "Acme Labs 2", company_domain="else.example", state=LeadState.NURTURING)
    pattern = LeadPattern("Acme Labs*", "labs.example", is_either)
    preview = bulk_preview(viewer=cast.viewer("ines"), pattern=pattern, account_id=corp.id)
    assert {lead.company for lead in preview.linked} == companies


def test_the_preview_says_who_is_left_out_and_why(session: Session, cast: Cast, corp: Account) -> None:
    elsewhere = factories.account(session, cast.acme, "Else KG")
    worked = named(session, cast, "Acme Labs 1")
    factories.assignment(session, worked, partnership=cast.partnerships["kansai"])
    named(session, cast, "Acme Labs 2", state=LeadState.WON, stage=Stage.WON)
    named(session, cast, "Acme Labs 3", state=LeadState.NURTURING, account_id=elsewhere.id, is_linked_by_hand=True)
    named(session, cast, "Acme Labs 4", state=LeadState.NURTURING, account_id=corp.id)
    named(session, cast, "Acme Labs 5", state=LeadState.NURTURING, account_id=elsewhere.id)
    preview = bulk_preview(viewer=cast.viewer("vera"), pattern=LABS, account_id=corp.id)
    assert [lead.company for lead in preview.linked] == ["Acme Labs 5"]
    assert {lead.company: str(lead.why_not) for lead in preview.excluded} == {
        "Acme Labs 1": "Somebody works it already",
        "Acme Labs 2": "It is closed",
        "Acme Labs 3": "Somebody linked it to another account by hand",
        "Acme Labs 4": "It belongs to this account already",
    }
    assert (preview.linkable, preview.left_out, sum(count for _why, count in preview.reasons)) == (1, 4, 4)
    assert link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines")).linked == 1


def test_the_preview_says_to_whom_a_lead_is_reserved(session: Session, cast: Cast, corp: Account) -> None:
    boarded = put_on_board(session, cast, company="Acme Labs Berlin", company_key="acme labs berlin")
    link_to_account(session, boarded, corp.id, by_hand=False)
    resume_routing(session, boarded, cause="reviewed")
    other = factories.account(session, cast.acme, "Labs KG")
    session.commit()
    [found] = bulk_preview(viewer=cast.viewer("ines"), pattern=LABS, account_id=other.id).linked
    assert (found.account, found.owner, found.is_free) == ("Acme Corp", "Nordwind", False)


@pytest.mark.covers("P-16")
def test_it_is_taken_back_as_a_whole(session: Session, cast: Cast, corp: Account) -> None:
    candidate = factories.account(session, cast.acme, "Labs KG")
    asked = ask_about(session, cast, candidate, company="Acme Labs", company_key="acme labs")
    boarded = put_on_board(session, cast, company="Acme Labs Berlin", company_key="acme labs berlin")
    held = named(session, cast, "Acme Labs Tokyo", state=LeadState.NURTURING, account_id=candidate.id)
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"), learns=True)
    assert done.change_id is not None
    assert [one.name for one in session.scalars(select(AccountName).where(AccountName.is_learned))] == ["Acme Labs"]

    undone = undo_bulk_link(change_id=done.change_id, actor=cast.viewer("carl"))
    assert (undone.restored, undone.kept) == (3, 0)
    assert (now(session, held).account_id, now(session, boarded).account_id) == (candidate.id, None)
    assert round_kind(session, boarded) is RoundKind.BOARD
    review = session.get_one(Review, asked.id, populate_existing=True)
    assert (review.decided_at, review.candidates[0]["account_id"]) == (None, candidate.id)
    assert session.scalars(select(AccountName).where(AccountName.is_learned)).all() == []
    [earlier] = list_bulk_links(viewer=cast.viewer("ines"))
    assert (earlier.leads, earlier.pattern, earlier.undone_at is not None) == (3, LABS, True)
    with pytest.raises(Refused):
        undo_bulk_link(change_id=done.change_id, actor=cast.viewer("carl"))


@pytest.mark.covers("P-16", "P-18")
def test_taken_back_their_domains_and_names_no_longer_mean_the_account(
    session: Session, cast: Cast, corp: Account
) -> None:
    mistaken = [
        named(session, cast, f"Acme Labs {town}", company_domain=domain, state=LeadState.NURTURING)
        for town, domain in (("Berlin", "labs.example"), ("Bonn", "labs.example"), ("Tokyo", "tokyo.example"))
    ]
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    assert done.change_id is not None
    profiles = [now(session, lead).profile_id for lead in mistaken]
    of_corp = select(CompanyProfile.id).where(CompanyProfile.account_id == corp.id)
    assert set(profiles) == {session.scalars(of_corp).one()}

    undo_bulk_link(change_id=done.change_id, actor=cast.viewer("ines"))
    berlin, bonn, tokyo = (now(session, lead).profile_id for lead in mistaken)
    assert (berlin == bonn, berlin == tokyo) == (True, False)
    assert session.scalars(of_corp).one() not in (berlin, tokyo)
    kept = select(CompanyProfileKey.key).where(CompanyProfileKey.profile_id.in_(of_corp))
    assert session.scalars(kept).all() == []


def test_a_question_about_something_else_stays_open(session: Session, cast: Cast, corp: Account) -> None:
    asked = ask_about(session, cast, reason=ReviewReason.CONSENT_PROBLEM, company="Acme Labs", company_key="acme labs")
    lead = session.get_one(Lead, asked.lead_id)
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    assert (done.linked, now(session, lead).account_id) == (1, corp.id)
    assert session.get_one(Review, asked.id, populate_existing=True).decided_at is None
    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.CONSENT_PROBLEM)

    assert done.change_id is not None
    assert undo_bulk_link(change_id=done.change_id, actor=cast.viewer("ines")).restored == 1
    assert (now(session, lead).account_id, lead.state) == (None, LeadState.IN_REVIEW)
    assert session.scalars(select(Review).where(Review.decided_at.is_(None))).one().id == asked.id


@pytest.mark.parametrize("since", ["released", "reviewed", "linked", "assigned"])
def test_what_a_person_has_done_since_stays(session: Session, cast: Cast, corp: Account, since: str) -> None:
    state = LeadState.IN_REVIEW if since == "reviewed" else LeadState.NURTURING
    reason = ReviewReason.MANUAL_REVIEW if since == "reviewed" else None
    asked = ask_about(session, cast, state=state, review_reason=reason, company="Acme Labs", company_key="acme labs")
    carl = cast.viewer("carl")
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    assert done.change_id is not None
    match since:
        case "released":
            release_lead(lead_id=asked.lead_id, actor=carl, reason="It is urgent")
        case "reviewed":
            decide_review(review_id=asked.id, decision=ReviewDecision.SENT_TO_PLAN, actor=carl)
        case "linked":
            unlink_lead(lead_id=asked.lead_id, actor=carl, reason="It is nobody's")
            link_lead(lead_id=asked.lead_id, account_id=corp.id, actor=carl, reason="It is theirs after all")
        case "assigned":
            lead = session.get_one(Lead, asked.lead_id)
            record_event(session, EventKind.LEAD_ASSIGNED, manufacturer_id=lead.manufacturer_id, lead_id=lead.id)
            session.commit()
    stands = session.get_one(Lead, asked.lead_id, populate_existing=True).state
    undone = undo_bulk_link(change_id=done.change_id, actor=cast.viewer("ines"))
    assert (undone.restored, undone.kept) == (0, 1)
    lead = session.get_one(Lead, asked.lead_id, populate_existing=True)
    assert (lead.account_id, lead.state) == (corp.id, stands)


def test_whoever_has_claimed_keeps_the_lead(session: Session, cast: Cast, corp: Account) -> None:
    boarded = put_on_board(session, cast, company="Acme Labs Berlin", company_key="acme labs berlin")
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    claim_offer(offer_id=offer_to(session, boarded, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    assert done.change_id is not None
    undone = undo_bulk_link(change_id=done.change_id, actor=cast.viewer("ines"))
    assert (undone.restored, undone.kept) == (0, 1)
    assert now(session, boarded).state is LeadState.ASSIGNED


@pytest.mark.parametrize(("name", "error"), [("gina", NotFound), ("vera", Forbidden), ("nora", Forbidden)])
def test_who_may_not(session: Session, cast: Cast, corp: Account, name: str, error: type[Exception]) -> None:
    named(session, cast, "Acme Labs", state=LeadState.NURTURING)
    done = link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer("ines"))
    assert done.change_id is not None
    with pytest.raises(error):
        link_in_bulk(pattern=LABS, account_id=corp.id, actor=cast.viewer(name))
    with pytest.raises(error):
        undo_bulk_link(change_id=done.change_id, actor=cast.viewer(name))
    assert session.get_one(AccountChange, done.change_id, populate_existing=True).undone_at is None
