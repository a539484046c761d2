"""Who is asked alone, by each policy of the plan: through the real routing, on what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountStatus, OpportunityState
from app.domain.distribution import AssignmentEnd, DeclineReason
from app.domain.leads import LeadState, ReviewReason
from app.domain.overlap import OVERLAP_LABELS, OverlapPolicy
from app.domain.phrases import Phrase
from app.domain.ranking import RankingPart
from app.models import Assignment, Lead, Opportunity, PostalPlace, Review, Round, TerritoryRule
from app.queries.plans import current_plan
from app.services.claims import decline_offer
from app.services.deadlines import enforce_deadlines
from app.services.distribution.assigning import assign_lead
from app.services.plans import save_plan
from tests import factories
from tests.boards import put_on_board
from tests.browsing import Browse
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.pushes import another_partner, asked_about, decision_about, push_only, pushed, worked

COMPANY = {"company": "Zeisig Werke AG", "company_domain": "zeisig.example", "email": "a@zeisig.example"}


def zeisig(session: Session, cast: Cast) -> int:
    """A company that is known and nobody's."""
    status = AccountStatus.PROSPECT
    return factories.account(session, cast.acme, "Zeisig Werke AG", "zeisig.example", status=status).id


def first_deals(session: Session, cast: Cast) -> None:
    account_id = zeisig(session, cast)
    for name, years in (("nordwind", 1), ("kansai", 3)):
        deal = Opportunity(manufacturer_id=cast.acme.id, account_id=account_id, state=OpportunityState.WON)
        deal.owner_partnership_id = cast.partnerships[name].id
        deal.opened_at = datetime.now(UTC) - timedelta(days=365 * years)
        session.add(deal)


def earlier_leads(session: Session, cast: Cast) -> None:
    account_id = zeisig(session, cast)
    for name in ("nordwind", "kansai", "kansai"):
        worked(session, cast, cast.partnerships[name], account_id=account_id)
    for _ in range(3):
        given_back = worked(session, cast, cast.partnerships["nordwind"], account_id=account_id)
        given_back.end = AssignmentEnd.RETURNED


def last_leads(session: Session, cast: Cast) -> None:
    worked(session, cast, cast.partnerships["kansai"], days_ago=9)
    worked(session, cast, cast.partnerships["nordwind"], days_ago=2)


def room(session: Session, cast: Cast) -> None:
    cast.partnerships["nordwind"].unworked_claims = 3
    cast.partnerships["kansai"].unworked_claims = 1


def answers(session: Session, cast: Cast) -> None:
    cast.partnerships["nordwind"].response_score = 95
    cast.partnerships["kansai"].response_score = 111


def territories(session: Session, cast: Cast) -> None:
    kansai = cast.partnerships["kansai"].id
    session.add(TerritoryRule(partnership_id=kansai, manufacturer_id=cast.acme.id, country="DE", subdivision="DE-BY"))


def coordinates(session: Session, cast: Cast) -> None:
    places = (("80331", 48.137, 11.572), ("20095", 53.550, 10.001), ("86150", 48.366, 10.894))
    for code, latitude, longitude in places:
        session.add(PostalPlace(country="DE", postal_code=code, latitude=latitude, longitude=longitude))
    for organisation, code in ((cast.nordwind, "20095"), (cast.kansai, "86150")):
        organisation.country, organisation.postal_code = "DE", code


def nothing(session: Session, cast: Cast) -> None:
    """Nothing but what the cast is: Nordwind is of the higher level."""


@pytest.mark.covers("C-01", "C-02", "T-05", "T-08", "T-09", "T-24", "T-26", "W-11", "A-01")
@pytest.mark.parametrize(
    ("policy", "given", "chosen", "said"),
    [
        (OverlapPolicy.FIRST_REGISTERED, first_deals, "kansai", "Was with the company first, on"),
        (OverlapPolicy.ACCOUNT_HISTORY, earlier_leads, "kansai", "Knows the company best; leads with it: 2."),
        (OverlapPolicy.ROUND_ROBIN, last_leads, "kansai", "Has waited longest: had its last lead on"),
        (OverlapPolicy.CAPACITY, room, "kansai", "Has the most room: 80% free."),
        (OverlapPolicy.BEST_RESPONSE, answers, "kansai", "Answers best: response score 111."),
        (OverlapPolicy.NEAREST, territories, "kansai", "Its territory names the place most closely."),
        (OverlapPolicy.NEAREST, coordinates, "kansai", "Is nearest: 56 km away."),
        (OverlapPolicy.WEIGHTED, nothing, "nordwind", "Ranks highest: "),
        (OverlapPolicy.WEIGHTED, room, "kansai", "Ranks highest: "),
    ],
)
def test_each_policy_asks_its_best(
    session: Session,
    cast: Cast,
    policy: OverlapPolicy,
    given: Callable[[Session, Cast], object],
    chosen: str,
    said: str,
) -> None:
    weights = {RankingPart.TIER.value: 10, RankingPart.FREE_CAPACITY.value: 30}
    push_only(session, cast, overlap=policy, weights=weights)
    given(session, cast)
    lead = pushed(session, cast, **COMPANY)

    offer, decision = asked_about(session, lead), decision_about(session, lead)
    assert offer.partnership_id == cast.partnerships[chosen].id
    told = [str(Phrase.from_json(one)) for one in decision.reasons]
    label = OVERLAP_LABELS[policy]
    why = told[told.index(f"{chosen.capitalize()} is asked, by the plan's policy: {label}.") + 1 :]
    assert why[0].startswith(said)
    assert offer.ranking["policy"] == policy
    assert [str(Phrase.from_json(one)) for one in offer.ranking["reasons"]] == why
    assert offer.ranking["ranked"][0]["partnership_id"] == offer.ranking["chosen_id"] == offer.partnership_id
    assert {part["part"]: part["weight"] for part in offer.ranking["ranked"][0]["parts"]} == weights
    assert len(offer.ranking["ranked"]) == 2


@pytest.mark.covers("C-01", "C-07")
def test_where_a_person_chooses_the_lead_waits_with_its_candidates_until_it_is_assigned(
    session: Session, cast: Cast, browse: Browse
) -> None:
    push_only(session, cast, overlap=OverlapPolicy.MANUAL_REVIEW)
    lead = pushed(session, cast)

    assert (lead.state, lead.review_reason) == (LeadState.IN_REVIEW, ReviewReason.MANUAL_REVIEW)
    decision = decision_about(session, lead)
    assert str(Phrase.from_json(decision.reasons[0])) == "Several partners qualify: a person decides."
    ranked = [one["partnership_id"] for one in decision.facts["ranking"]["ranked"]]
    assert sorted(ranked) == sorted(cast.partnerships[name].id for name in ("nordwind", "kansai"))
    review = session.scalars(select(Review).where(Review.lead_id == lead.id)).one()
    page = browse("carl").get(f"/reviews/{review.id}").text
    assert "Several partners qualify: a person decides." in page
    for one in ranked:
        assert f"/leads/{lead.id}/assign?partner={one}" in page
    kansai = cast.partnerships["kansai"]
    form = browse("carl").get(f"/leads/{lead.id}/assign?partner={kansai.id}").text
    assert re.search(rf'<input checked[^>]* value="partner-{kansai.id}"', form)

    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="They asked for it", partnership_id=kansai.id)
    session.refresh(review)
    assert (lead.state, review.decision) == (LeadState.ASSIGNED, "assigned")


@pytest.mark.covers("C-01")
@pytest.mark.parametrize(
    ("names", "state"), [(["Sudring"], LeadState.DISTRIBUTING), (["Sudring", "Ostsee"], LeadState.IN_REVIEW)]
)
def test_a_person_is_not_asked_about_the_only_one(
    session: Session, cast: Cast, names: list[str], state: LeadState
) -> None:
    push_only(session, cast, overlap=OverlapPolicy.MANUAL_REVIEW)
    lead = pushed(session, cast, country="JP", subdivision="JP-27", postal_code="530-0001")
    offer = asked_about(session, lead)
    assert offer.partnership_id == cast.partnerships["kansai"].id

    for name in names:
        made = another_partner(session, cast, name)
        session.add(TerritoryRule(partnership_id=made.id, manufacturer_id=cast.acme.id, country="JP"))
    session.commit()
    decline_offer(offer_id=offer.id, actor=cast.viewer("kenji"), reason=DeclineReason.TOO_SMALL)
    session.refresh(lead)
    assert lead.state is state
    rounds = session.scalars(select(Round).where(Round.lead_id == lead.id)).all()
    assert [one.closed_at is None for one in rounds] == [state is LeadState.DISTRIBUTING]
    assert (decision_about(session, lead).facts["ranking"]["chosen_id"] is None) is (state is LeadState.IN_REVIEW)


@pytest.mark.covers("T-08", "T-23")
def test_in_turn_means_that_everybody_is_asked_equally_often(session: Session, cast: Cast) -> None:
    push_only(session, cast, overlap=OverlapPolicy.ROUND_ROBIN)
    third = another_partner(session, cast, "Sudring", max_open_claims=9)
    cast.partnerships["nordwind"].max_open_claims = cast.partnerships["kansai"].max_open_claims = 9
    order = [asked_about(session, pushed(session, cast)).partnership_id for _ in range(9)]
    ids = [cast.partnerships["nordwind"].id, cast.partnerships["kansai"].id, third.id]
    assert order == sorted(ids) * 3


@pytest.mark.covers("W-10", "C-01")
def test_a_lead_keeps_the_policy_it_started_with(session: Session, cast: Cast, clock: TimeMachine) -> None:
    cast.partnerships["nordwind"].unworked_claims = 2
    lead = put_on_board(session, cast)
    carl = cast.viewer("carl")
    plan = current_plan(viewer=carl)
    changed: dict[str, Any] = {"overlap": OverlapPolicy.CAPACITY, "weights": {RankingPart.FREE_CAPACITY: 1}}
    save_plan(actor=carl, version=plan.version, draft=replace(plan.draft, **changed))
    clock.pass_time(hours=3)
    enforce_deadlines()
    first = asked_about(session, lead)
    assert (first.ranking["policy"], len(first.ranking["ranked"][0]["parts"])) == (OverlapPolicy.WEIGHTED, 8)

    newer = put_on_board(session, cast)
    clock.pass_time(hours=3)
    enforce_deadlines()
    offer = asked_about(session, newer)
    assert (offer.ranking["policy"], offer.partnership_id) == (OverlapPolicy.CAPACITY, cast.partnerships["kansai"].id)


@pytest.mark.covers("T-18", "T-26")
def test_what_came_of_similar_leads_counts_before_what_came_of_others(session: Session, cast: Cast) -> None:
    push_only(session, cast, weights={RankingPart.CONVERSION.value: 1})
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    won, lost = AssignmentEnd.WON, AssignmentEnd.LOST
    for partnership, alike_end, other_end in ((nordwind, lost, won), (kansai, won, lost)):
        for _ in range(5):
            worked(session, cast, partnership).end = alike_end
            for _ in range(2):
                other = worked(session, cast, partnership)
                other.end = other_end
                session.get_one(Lead, other.lead_id).product_lines = [cast.products["robot"]]
    lead = pushed(session, cast)
    offer = asked_about(session, lead)
    assert offer.partnership_id == kansai.id
    values = [one["parts"][0]["value"] for one in offer.ranking["ranked"]]
    assert values == [1.0, 0.0]


def test_what_a_partner_reads_names_nobody_else_and_no_number_of_others(
    session: Session, cast: Cast, browse: Browse
) -> None:
    push_only(session, cast, overlap=OverlapPolicy.CAPACITY)
    room(session, cast)
    lead = pushed(session, cast)
    assert asked_about(session, lead).partnership_id == cast.partnerships["kansai"].id
    page = browse("kenji").get("/board").text
    assert "Industrial pumps" in page
    for hidden in ("Nordwind", "most room", "80%", "40%", "ranked", "policy"):
        assert hidden not in page
    assert session.scalar(select(Assignment.id).limit(1)) is None
