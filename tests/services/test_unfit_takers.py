"""Leads that go by hand to a partner the manufacturer's own rules speak against: said before, meant, and kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.availability import AbsenceKind
from app.domain.consent import ConsentScope
from app.domain.distribution import DeclineReason
from app.domain.lead_routing.trace import RuleName
from app.domain.reassigning import Taker
from app.models import Absence, Consent, Lead, RoutingDecision, TerritoryRule
from app.queries.distribution import assignment_choice
from app.queries.eligibility import eligibilities
from app.queries.manufacturers import manufacturer_rules
from app.queries.reassigning import MovePreview, preview_reassign, reassigned, taker_choice
from app.queries.routing_traces import lead_trace
from app.services.claims import decline_offer
from app.services.distribution.assigning import assign_lead
from app.services.distribution.deciding import consider_partnerships
from tests import factories
from tests.boards import offer_to, put_on_board
from tests.cast import Cast
from tests.queries.test_accounts import statements
from tests.services.test_reassigning import move, nobodys, seen_by, working
from tests.silences import claimed


def kansai(cast: Cast) -> Taker:
    return Taker(partnership_id=cast.partnerships["kansai"].id)


def shown(cast: Cast, *leads: Lead) -> MovePreview:
    return preview_reassign(viewer=cast.viewer("carl"), lead_ids=[lead.id for lead in leads], taker=kansai(cast))


def robots(session: Session, cast: Cast) -> Lead:
    """A lead for robot cells, for which Kansai's tier is too low and a certification is needed."""
    lead = factories.lead(session, cast.acme, [cast.products["robot"]])
    session.commit()
    return lead


def declined(session: Session, cast: Cast) -> Lead:
    lead = put_on_board(session, cast)
    decline_offer(
        offer_id=offer_to(session, lead, cast.partnerships["kansai"]).id,
        actor=cast.viewer("kenji"),
        reason=DeclineReason.NO_CAPACITY,
    )
    return lead


@pytest.mark.covers("W-08", "A-03", "A-04")
def test_the_preview_says_of_each_lead_which_rules_speak_against_the_partner(session: Session, cast: Cast) -> None:
    fits, abroad, robot, refused = (
        put_on_board(session, cast),
        nobodys(session, cast),
        robots(session, cast),
        declined(session, cast),
    )
    preview = shown(cast, fits, abroad, robot, refused)
    against = {lead.id: [str(one) for one in lead.against] for lead in preview.leads}
    assert against[fits.id] == []
    assert against[abroad.id] == ["No territory covers FR 80331."]
    assert any("below the minimum gold" in one for one in against[robot.id])
    assert against[refused.id] == ["The partner declined this lead."]
    counts = {one.rule: one.count for one in preview.objections}
    assert counts == dict.fromkeys((RuleName.GEOGRAPHY, RuleName.TIER, RuleName.HISTORY), 1)
    assert (preview.movable, preview.unfit, preview.needs_word, preview.partner) == (4, 3, True, "Kansai")
    assert not shown(cast, fits).needs_word
    choice = taker_choice(viewer=cast.viewer("carl"), lead_ids=[fits.id, abroad.id, robot.id, refused.id])
    assert {one.name: one.eligible_for for one in choice.partners} == {"Kansai": 1, "Nordwind": 3}


@pytest.mark.covers("W-08")
def test_the_page_of_one_lead_says_the_same(session: Session, cast: Cast) -> None:
    for lead in (put_on_board(session, cast), nobodys(session, cast), robots(session, cast), declined(session, cast)):
        (line,) = shown(cast, lead).leads
        partners = assignment_choice(viewer=cast.viewer("carl"), lead_id=lead.id).partners
        (one,) = (partner for partner in partners if partner.name == "Kansai")
        assert (one.is_eligible, one.obstacle) == (not line.against, next(iter(line.against), None))


@pytest.mark.covers("W-08", "A-01")
def test_what_rules_speak_against_is_moved_only_when_it_is_meant_and_the_trace_keeps_it(
    session: Session, cast: Cast
) -> None:
    fits, abroad = put_on_board(session, cast), nobodys(session, cast)
    seen, viewer = seen_by(cast, fits, abroad), cast.viewer("carl")
    made = reassigned(viewer=viewer, event_id=move(cast, seen, kansai(cast)))
    assert [one.id for one in made.done] == [fits.id]
    assert [str(one.why_not) for one in made.refused] == [
        "Kansai would not get it by your rules: No territory covers FR 80331."
    ]
    assert working(session, abroad) is None
    move(cast, {abroad.id: seen[abroad.id]}, kansai(cast), is_confirmed=True)
    assert working(session, abroad) is not None
    trace = lead_trace(viewer=viewer, lead_id=abroad.id)
    assert (trace.decisions[-1].cause, trace.decisions[-1].outcome) == ("by_hand", "assigned")
    assert [str(one) for one in trace.decisions[-1].reasons] == [
        "Carl gave it to Kansai: Nordwind is snowed under.",
        "Although: No territory covers FR 80331.",
    ]
    looked_at = lead_trace(viewer=viewer, lead_id=abroad.id, decision_id=trace.decisions[-1].id).considered
    assert looked_at is not None and [one.name for one in looked_at.partners] == ["Kansai"]
    assert trace.considered is not None and trace.considered.decision.id == trace.decisions[-2].id
    told = lead_trace(viewer=viewer, lead_id=fits.id).decisions[-1].reasons
    assert [str(one) for one in told] == ["Carl gave it to Kansai: Nordwind is snowed under."]


@pytest.mark.covers("A-01")
def test_a_lead_assigned_to_a_person_has_its_trace_too(session: Session, cast: Cast) -> None:
    lead, ines = put_on_board(session, cast), cast.people["ines"]
    assign_lead(lead_id=lead.id, actor=cast.viewer("carl"), reason="Ours", user_id=ines.id)
    kept = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id).order_by(RoutingDecision.id.desc())
    decision = session.scalars(kept.limit(1)).one()
    assert (decision.cause, decision.has_considered, decision.considered) == ("by_hand", False, [])
    (told,) = lead_trace(viewer=cast.viewer("vera"), lead_id=lead.id).decisions[-1].reasons
    assert str(told) == "Carl gave it to Ines: Ours"


@pytest.mark.covers("G-01", "W-08")
def test_no_word_moves_a_lead_beyond_the_prospects_consent(session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    session.get_one(Consent, lead.id).scope = ConsentScope.MANUFACTURER_ONLY
    session.commit()
    (line,) = shown(cast, lead).leads
    assert not line.is_movable and line.against == () and not shown(cast, lead).needs_word
    event_id = move(cast, seen_by(cast, lead), kansai(cast), is_confirmed=True)
    assert len(reassigned(viewer=cast.viewer("carl"), event_id=event_id).refused) == 1
    assert working(session, lead) is None


@pytest.mark.covers("W-08", "W-17")
def test_a_partner_that_is_full_away_or_suspended_is_said_to_be(session: Session, cast: Cast) -> None:
    partnership, leads = cast.partnerships["kansai"], [put_on_board(session, cast) for _ in range(3)]
    assert shown(cast, *leads).about_partner == ()
    partnership.max_open_claims, partnership.unworked_claims = 4, 2
    session.commit()
    assert [str(one) for one in shown(cast, *leads).about_partner] == [
        "Kansai would have 5 leads that it has not called yet; its limit is 4."
    ]
    assert shown(cast, *leads[:2]).about_partner == ()
    partnership.claims_suspended_until = read_clock(session).replace(year=2099)
    session.add(Absence(organisation_id=cast.kansai.id, kind=AbsenceKind.PAUSE, starts_at=read_clock(session)))
    session.commit()
    told = [str(one) for one in shown(cast, leads[0]).about_partner]
    assert told[0] == "Kansai is away at present." and told[1].startswith("The claims of Kansai are suspended until")
    event_id = move(cast, seen_by(cast, leads[0]), kansai(cast))
    assert len(reassigned(viewer=cast.viewer("carl"), event_id=event_id).refused) == 1


@pytest.mark.covers("W-08")
def test_more_leads_take_no_more_statements(session: Session, cast: Cast) -> None:
    leads = [claimed(session, cast), nobodys(session, cast), *(put_on_board(session, cast) for _ in range(8))]
    ids, carl, taker = [lead.id for lead in leads], cast.viewer("carl"), kansai(cast)

    def sent(count: int) -> int:
        return statements(lambda: preview_reassign(viewer=carl, lead_ids=ids[:count], taker=taker))

    assert sent(len(ids)) == sent(2)


@pytest.mark.covers("T-04", "A-01")
def test_many_leads_are_judged_as_each_is_by_itself(session: Session, cast: Cast) -> None:
    places = [("DE", "DE-BY", "80331"), ("JP", "JP-27", None), (None, None, None), ("FR", None, "75001")]
    leads = [
        factories.lead(session, cast.acme, [cast.products["pump"]], country=country, subdivision=part, postal_code=code)
        for country, part, code in places
    ]
    ids = [cast.partnerships[name].id for name in ("nordwind", "kansai")]
    for values in (
        {"country": "DE", "postal_from": "80000", "postal_to": "80999", "is_exclude": True},
        {"country": "JP", "postal_prefix": "53"},
        {"country": "FR", "subdivision": "FR-75"},
    ):
        session.add(TerritoryRule(manufacturer_id=cast.acme.id, partnership_id=ids[0], **values))
    session.commit()
    together = eligibilities(session, cast.acme.id, leads, ids)
    apart = {lead.id: eligibilities(session, cast.acme.id, [lead], ids)[lead.id] for lead in leads}
    rules = manufacturer_rules(session, cast.acme.id)
    for lead in leads:
        alone = consider_partnerships(session, lead, rules, read_clock(session), only=ids).all
        assert {one.partnership_id: one for one in alone} == together[lead.id] == apart[lead.id]
    assert sum(one.is_eligible for found in together.values() for one in found.values()) == 2
    session.rollback()
