"""What a change of the rules does to leads that are offered already: those it touches, and no others."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.lead_conditions import ConditionGroup, FieldCondition, LeadField, Operator
from app.domain.leads import LeadState
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.models import Lead, Offer, OwedRecheck, Partnership, RoutingDecision
from app.queries.board.scope import on_the_board
from app.queries.routing_rules import list_rules
from app.queries.routing_traces import lead_trace
from app.services.claims import claim_offer
from app.services.lead_routing import release_lead
from app.services.rechecking import recheck_eligibility
from app.services.routing_rules import change_rule, create_rule, move_rule, remove_rule
from tests.boards import offer_to
from tests.cast import Cast
from tests.pushes import another_partner, asked_about, push_only, pushed
from tests.ruling import ids, keep, offered_to, routed, told

MEDICAL = (LeadField.INDUSTRY, Operator.CONTAINS, "medical")


def rule(*conditions: tuple[LeadField, Operator, str], name: str = "Own rule", **actions: object) -> RoutingRule:
    group = ConditionGroup(parts=tuple(FieldCondition(*one) for one in conditions))
    return RoutingRule(name, group, RuleActions(**actions))  # type: ignore[arg-type]


def versions(session: Session) -> dict[str, int]:
    return {row.name: row.eligibility_version for row in session.scalars(select(Partnership))}


def owed(session: Session) -> set[object]:
    return set(session.scalars(select(OwedRecheck.lead_id)))


def seen_by(session: Session, cast: Cast, name: str) -> set[object]:
    return set(session.scalars(on_the_board(cast.viewer(name), Offer.lead_id)))


def decisions(session: Session, lead: Lead) -> list[RoutingDecision]:
    wanted = select(RoutingDecision).where(RoutingDecision.lead_id == lead.id).order_by(RoutingDecision.id)
    return list(session.scalars(wanted))


@pytest.mark.covers("T-14")
def test_only_the_leads_a_rule_touches_are_looked_at_and_only_who_loses_one_is_in_doubt(
    session: Session, cast: Cast
) -> None:
    medical, mining = (routed(session, cast, industry=one, is_hot=True) for one in ("Medical", "Mining"))
    before = versions(session)
    kept = create_rule(actor=cast.viewer("carl"), rule=rule(MEDICAL, name="Medical", only_ids=ids(cast, "kansai")))
    assert owed(session) == {medical.id}
    doubted = {name for name, version in versions(session).items() if version != before[name]}
    assert doubted == {"Nordwind"}
    assert seen_by(session, cast, "nora") == set(), "at once, before anybody has looked"
    assert seen_by(session, cast, "kenji") == {medical.id, mining.id}
    assert (kept.effects.looked_at, kept.effects.taken_ids) == (2, {medical.id})
    assert kept.effects.losing_ids == ids(cast, "nordwind")
    recheck_eligibility()
    assert owed(session) == set()
    assert offered_to(session, cast, medical) == {"kansai"}
    assert seen_by(session, cast, "nora") == {mining.id}


@pytest.mark.parametrize(
    "actions",
    [{"makes_hot": True}, {"preferred": ("kansai",)}, {"notified": ("ada",)}],
    ids=lambda one: next(iter(one)),
)
def test_a_rule_that_limits_nobody_doubts_nothing(session: Session, cast: Cast, actions: dict[str, object]) -> None:
    routed(session, cast)
    before = versions(session)
    named = {"preferred": ids(cast, "kansai"), "notified": frozenset({cast.people["ada"].id})}
    wanted = {f"{key}_ids" if key in named else key: named.get(key, value) for key, value in actions.items()}
    rule_id = keep(cast, **wanted)
    move_rule(actor=cast.viewer("carl"), rule_id=rule_id, up=True)
    remove_rule(actor=cast.viewer("carl"), rule_id=rule_id)
    assert versions(session) == before
    assert owed(session) == set()


def test_a_rule_that_sets_what_another_asks_about_touches_its_leads(session: Session, cast: Cast) -> None:
    keep(cast, (LeadField.SCORE, Operator.AT_LEAST, "90"), only_ids=ids(cast, "kansai"), name="High")
    lead = routed(session, cast, score=70)
    keep(cast, score=95, name="Raise")
    assert owed(session) == set(), "behind the one that asks it changes nothing"
    raising = list_rules(viewer=cast.viewer("carl"))[-1].id
    move_rule(actor=cast.viewer("carl"), rule_id=raising, up=True)
    assert owed(session) == {lead.id}
    recheck_eligibility()
    assert offered_to(session, cast, lead) == {"kansai"}


@pytest.mark.covers("A-01")
def test_the_decision_says_which_rule_was_changed_and_the_rule_counts_it(session: Session, cast: Cast) -> None:
    lead = routed(session, cast)
    rule_id = keep(cast, min_tier="gold", name="Large only")
    recheck_eligibility()
    last = decisions(session, lead)[-1]
    assert (last.cause, last.outcome) == ("rules_changed", "board")
    assert last.eligible_ids == sorted(ids(cast, "nordwind"))
    trace = lead_trace(viewer=cast.viewer("carl"), lead_id=lead.id).decisions[-1]
    assert str(trace.cause_phrase) == "A routing rule was changed"
    assert str(trace.reasons[0]) == "The routing rule “Large only” was added."
    (line,) = list_rules(viewer=cast.viewer("carl"))
    assert (line.id, line.applied) == (rule_id, 1)
    remove_rule(actor=cast.viewer("carl"), rule_id=rule_id)
    recheck_eligibility()
    assert offered_to(session, cast, lead) == {"nordwind", "kansai"}
    assert "rule “%(rule)s” was removed" in str(decisions(session, lead)[-1].reasons)
    recheck_eligibility()
    assert len(decisions(session, lead)) == 3, "looked at once"


def test_a_lead_that_nobody_is_left_for_goes_to_a_person_and_back(session: Session, cast: Cast) -> None:
    lead = routed(session, cast)
    kept = create_rule(actor=cast.viewer("carl"), rule=rule(excluded_ids=ids(cast, "nordwind", "kansai")))
    assert len(kept.effects.losing_ids) == 2
    recheck_eligibility()
    assert lead.state is LeadState.IN_REVIEW
    assert decisions(session, lead)[-1].cause == "rules_changed"
    kept = change_rule(
        actor=cast.viewer("carl"), rule_id=kept.id, version=1, rule=rule(excluded_ids=ids(cast, "kansai"))
    )
    assert (kept.effects.opened_ids, kept.effects.taken_ids) == ({lead.id}, set())
    recheck_eligibility()
    assert (lead.state, offered_to(session, cast, lead)) == (LeadState.DISTRIBUTING, {"nordwind"})
    assert decisions(session, lead)[-1].cause == "rules_changed"


def test_an_offer_to_one_alone_goes_on_and_says_why(session: Session, cast: Cast) -> None:
    push_only(session, cast)
    another_partner(session, cast, "Sudring")
    lead = pushed(session, cast)
    asked = asked_about(session, lead).partnership_id
    keep(cast, excluded_ids=frozenset({asked}), name="Not these")
    recheck_eligibility()
    assert asked_about(session, lead).partnership_id != asked
    last = decisions(session, lead)[-1]
    assert (last.cause, last.outcome) == ("rules_changed", "push")
    assert "Not these" in str(last.reasons[0])


def test_what_is_worked_owned_or_held_is_not_looked_at(session: Session, cast: Cast) -> None:
    """Nor counted: no rule touches it."""
    worked = routed(session, cast)
    claim_offer(offer_id=offer_to(session, worked, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    held = routed(session, cast, score=5)
    kept = create_rule(actor=cast.viewer("carl"), rule=rule(excluded_ids=ids(cast, "nordwind")))
    assert kept.effects.looked_at == 0
    assert owed(session) == set()
    release_lead(lead_id=held.id, actor=cast.viewer("carl"), reason="Called in person")
    assert offered_to(session, cast, held) == {"kansai"}


def test_a_colleague_hears_of_a_lead_that_a_rule_limited_before_it_was_followed(session: Session, cast: Cast) -> None:
    """The count of a rule that limits an open lead is no mail."""
    lead = routed(session, cast)
    keep(cast, excluded_ids=ids(cast, "kansai"), notified_ids=frozenset({cast.people["ada"].id}))
    recheck_eligibility()
    assert told(session, cast) == []
    assert list_rules(viewer=cast.viewer("carl"))[0].applied == 1
    assert session.scalar(select(func.count()).select_from(OwedRecheck)) == 0
    assert offered_to(session, cast, lead) == {"nordwind"}


def test_partners_below_the_tier_a_rule_asks_for_cannot_be_its_only_ones(session: Session, cast: Cast) -> None:
    actor, silver_only = cast.viewer("carl"), rule(only_ids=ids(cast, "kansai"), min_tier="gold")
    with pytest.raises(Invalid) as refused:
        create_rule(actor=actor, rule=silver_only)
    assert set(refused.value.fields) == {"min_tier"}
    create_rule(actor=actor, rule=rule(only_ids=ids(cast, "kansai", "nordwind"), min_tier="gold"))
