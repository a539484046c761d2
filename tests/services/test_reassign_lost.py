"""A process that dies while it moves leads by hand: the trail says so, and the same submit moves the rest."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Refused
from app.domain.reassigning import Taker
from app.models import Assignment, Event
from app.queries.reassigning import preview_reassign, reassigned
from app.services import reassigning
from app.services.cockpit import withdraw_lead
from tests.boards import put_on_board
from tests.cast import Cast
from tests.conftest import TimeMachine

STEPS = {"amid the leads": "_move_one", "before the line of all": "_record", "before the answer": "keep_answer"}
"""What a dying process does not come to do, and the call that would."""


class Killed(BaseException):
    """No code of ours may run after it."""


def dies_at(monkeypatch: pytest.MonkeyPatch, name: str, *, call: int) -> None:
    """Let the process die at the n-th call of a function."""
    real, calls = getattr(reassigning, name), iter(range(1, 100))

    def dying(*args: Any, **values: Any) -> Any:
        if next(calls) == call:
            raise Killed
        return real(*args, **values)

    monkeypatch.setattr(reassigning, name, dying)


def lines(session: Session) -> Counter[EventKind]:
    """The trail's lines about moves of several leads."""
    of_moves = (EventKind.LEADS_REASSIGN_BEGUN, EventKind.LEADS_REASSIGNED)
    return Counter(session.scalars(select(Event.kind).where(Event.kind.in_(of_moves))))


@pytest.mark.covers("W-08", "A-03")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("to", ["partner", "person", "plan"])
def test_the_same_submit_carries_on_what_was_lost(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch, step: str, to: str
) -> None:
    leads = sorted([put_on_board(session, cast) for _ in range(4)], key=lambda lead: lead.id)
    closed, ids = leads[0], [lead.id for lead in leads]
    seen = {
        one.id: one.standing.to_text()
        for one in preview_reassign(viewer=cast.viewer("carl"), lead_ids=ids, taker=None).leads
    }
    withdraw_lead(lead_id=closed.id, actor=cast.viewer("ada"), reason="Sent twice")
    takers = {
        "partner": Taker(partnership_id=cast.partnerships["kansai"].id),
        "person": Taker(user_id=cast.people["ines"].id),
        "plan": Taker(),
    }
    submit = partial(
        reassigning.reassign_leads,
        leads=seen,
        taker=takers[to],
        actor=cast.viewer("carl"),
        reason=" They know them. ",
        token="once",
    )
    with monkeypatch.context() as dying:
        dies_at(dying, STEPS[step], call={"_move_one": 3, "_record": 2}.get(STEPS[step], 1))
        with pytest.raises(Killed):
            submit()
    told = {EventKind.LEADS_REASSIGN_BEGUN: 1, EventKind.LEADS_REASSIGNED: int(step == "before the answer")}
    assert lines(session) == Counter(told), "what was begun is told, and what became of it once that is known"
    with pytest.raises(Refused) as refused:
        submit()
    assert refused.value.code == "still_running", "nobody knows yet that it died"

    clock.pass_time(minutes=3)
    event_id = submit()
    made = reassigned(viewer=cast.viewer("carl"), event_id=event_id)
    assert [one.id for one in made.done] == ids[1:]
    assert [one.id for one in made.refused] == [closed.id]
    assert "closed" in str(made.refused[0].why_not)
    assert lines(session) == {EventKind.LEADS_REASSIGN_BEGUN: 1, EventKind.LEADS_REASSIGNED: 1}
    assert submit() == event_id
    given = select(func.count()).where(Assignment.lead_id.in_(ids))
    assert session.scalar(given) == (0 if to == "plan" else 3)
    resumed = select(Event.lead_id).where(Event.kind == EventKind.LEAD_PLAN_RESUMED)
    assert sorted(filter(None, session.scalars(resumed))) == (ids[1:] if to == "plan" else []), "each once"


@pytest.mark.covers("W-08")
def test_what_somebody_else_moved_meanwhile_is_not_told_as_done(
    session: Session, cast: Cast, clock: TimeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sorted([put_on_board(session, cast) for _ in range(2)], key=lambda lead: lead.id)
    kansai = Taker(partnership_id=cast.partnerships["kansai"].id)
    shown = preview_reassign(viewer=cast.viewer("carl"), lead_ids=[first.id, second.id], taker=kansai)
    seen = {one.id: one.standing.to_text() for one in shown.leads}
    move = partial(reassigning.reassign_leads, taker=kansai, reason="Know them")
    carls = partial(move, leads=seen, token="once", actor=cast.viewer("carl"))
    with monkeypatch.context() as dying:
        dies_at(dying, "_move_one", call=2)
        with pytest.raises(Killed):
            carls()
    move(leads={second.id: seen[second.id]}, token="hers", actor=cast.viewer("ada"))
    clock.pass_time(minutes=3)
    made = reassigned(viewer=cast.viewer("carl"), event_id=carls())
    assert ([one.id for one in made.done], [one.id for one in made.refused]) == ([first.id], [second.id])
