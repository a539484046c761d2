"""When a lead may be moved by hand, and what is said to come of it."""

from __future__ import annotations

import pytest

from app.domain.consent import ConsentScope
from app.domain.distribution import RoundKind
from app.domain.errors import Refused
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.reassigning import LeadStanding, ReassignFacts, Taker, decide_reassign, refuse_changed

PARTNER, PERSON, PLAN = Taker(partnership_id=7), Taker(user_id=3), Taker()


def facts(**values: object) -> ReassignFacts:
    filled: dict[str, object] = {"state": LeadState.ASSIGNED, "consent_scope": ConsentScope.ANY_ELIGIBLE}
    return ReassignFacts(**(filled | values))  # type: ignore[arg-type]


@pytest.mark.covers("W-08", "W-10")
@pytest.mark.parametrize("taker", [PARTNER, PERSON, PLAN])
@pytest.mark.parametrize("state", sorted(CLOSED_STATES))
def test_a_closed_lead_goes_to_nobody(state: LeadState, taker: Taker) -> None:
    with pytest.raises(Refused) as refused:
        decide_reassign(facts(state=state), taker)
    assert refused.value.code == "closed"


@pytest.mark.covers("W-08", "G-01")
@pytest.mark.parametrize(
    ("taker", "values", "code"),
    [
        (PARTNER, {"consent_scope": ConsentScope.MANUFACTURER_ONLY}, "consent"),
        (PARTNER, {"consent_scope": ConsentScope.NAMED_PARTNERS, "named_ids": (8,)}, "consent"),
        (PARTNER, {"is_partner_active": False}, "partnership_not_active"),
        (PARTNER, {"worker": PARTNER}, "already_theirs"),
        (PERSON, {"worker": PERSON}, "already_theirs"),
        (PLAN, {"consent_scope": ConsentScope.NONE}, "consent"),
        (PLAN, {"state": LeadState.RECEIVED}, "state"),
    ],
)
def test_each_refusal_has_its_reason(taker: Taker, values: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        decide_reassign(facts(**values), taker)
    assert refused.value.code == code


@pytest.mark.covers("W-08", "W-09")
@pytest.mark.parametrize(
    ("taker", "values"),
    [
        (PARTNER, {"consent_scope": ConsentScope.NAMED_PARTNERS, "named_ids": (7,)}),
        (PARTNER, {"worker": PERSON}),
        (PERSON, {"consent_scope": ConsentScope.NONE}),
        (PERSON, {"state": LeadState.RECEIVED}),
        (PLAN, {"consent_scope": ConsentScope.MANUFACTURER_ONLY}),
    ],
)
def test_what_nothing_stands_against_is_said_to_happen(taker: Taker, values: dict[str, object]) -> None:
    assert decide_reassign(facts(**values), taker).template


def test_what_happens_differs_by_where_the_lead_stands() -> None:
    places = [{"state": LeadState.ASSIGNED}, {"state": LeadState.IN_REVIEW}] + [
        {"state": LeadState.DISTRIBUTING, "round_kind": kind} for kind in (RoundKind.BOARD, RoundKind.DIRECT)
    ]
    for taker in (PARTNER, PLAN):
        assert len({decide_reassign(facts(**place), taker).template for place in places}) == len(places)


def test_a_lead_that_stands_elsewhere_by_now_is_refused() -> None:
    seen = LeadStanding(LeadState.DISTRIBUTING, None, 4)
    refuse_changed(seen.to_text(), LeadStanding(LeadState.DISTRIBUTING, None, 4))
    for now in (LeadStanding(LeadState.ASSIGNED, 9), LeadStanding(LeadState.DISTRIBUTING, None, 5)):
        with pytest.raises(Refused) as refused:
            refuse_changed(seen.to_text(), now)
        assert refused.value.code == "changed"


def test_a_lead_goes_to_a_partner_or_to_a_person() -> None:
    with pytest.raises(ValueError, match="to a partner or to a person"):
        Taker(1, 2)
