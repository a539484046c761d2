"""An owner's time in one voice: by when to answer, and when the lead goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.deadlines import Clock, Span
from app.domain.distribution import RoundKind, RoundPlan, default_plan
from app.domain.escalation import EscalationAction, EscalationLadder, LadderStep, default_ladder
from app.domain.identity import OrganisationKind
from app.domain.reservations import answer_asked, reservation_rule, reservation_rules

(OWNER,) = (line for line in default_plan().rounds if line.kind is RoundKind.OWNER)
FOUR = "The partner is asked to answer within 4 working hours; if nobody does, it goes on "


def ends_after(span: Span) -> EscalationLadder:
    """A ladder that only takes the lead away."""
    return EscalationLadder((LadderStep(EscalationAction.RE_ROUTE, span, span),))


@pytest.mark.covers("W-02", "W-08")
def test_the_default_plan_gives_four_hours_and_then_twenty_four_and_hot_leads_minutes() -> None:
    assert [str(one) for one in reservation_rules(OWNER, default_ladder())] == [
        FOUR + "after 24 working hours.",
        "Hot leads: asked to answer within 5 working minutes; if nobody does, it goes on after 1 working hour.",
    ]


@pytest.mark.parametrize(
    ("line", "plans", "told"),
    [
        (OWNER, EscalationLadder(()), "then."),
        (OWNER, ends_after(Span(minutes=60)), "then."),
        (OWNER, ends_after(Span(minutes=240)), "then."),
        (OWNER, ends_after(Span(days=1)), "after 1 working day."),
        (OWNER, ends_after(Span(minutes=60, clock=Clock.WALL)), "after 1:00:00 around the clock."),
        (replace(OWNER, ladder=ends_after(Span(minutes=300))), default_ladder(), "after 5 working hours."),
        (replace(OWNER, ladder=EscalationLadder(())), default_ladder(), "then."),
    ],
)
def test_the_lead_goes_on_with_the_ladder_and_never_before_the_window(
    line: RoundPlan, plans: EscalationLadder, told: str
) -> None:
    assert str(reservation_rule(line, plans)) == FOUR + told


def test_a_hot_lead_with_the_same_times_is_not_told_twice() -> None:
    same = replace(OWNER, hot_window=None)
    assert len(list(reservation_rules(same, ends_after(Span(days=1))))) == 1


@pytest.mark.parametrize("reader", OrganisationKind)
def test_both_moments_are_told_in_their_order(reader: OrganisationKind) -> None:
    first = datetime(2026, 3, 2, 14, tzinfo=UTC)
    later = first + timedelta(hours=20)
    told = answer_asked(first, later, reader)
    assert (told.values["answer_by"], told.values["goes_on_at"]) == (first, later)
    assert told.template.index("answer_by") < told.template.index("goes_on_at")
    for answer_by in (None, later):
        at_once = answer_asked(answer_by, later, reader)
        assert at_once.values == {"answer_by": later} and "goes on then" in at_once.template
