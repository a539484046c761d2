"""Seeding the demo: whole or not at all, once, and the same whenever it happens."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import all_or_nothing, db
from app.domain.distribution import RoundKind
from app.domain.leads import LeadState
from app.models import Lead, Organisation, Round
from app.services.demo import world
from app.services.demo.history import History

SATURDAY_NIGHT = datetime(2027, 1, 2, 23, 10, tzinfo=UTC)
WEDNESDAY_MORNING = datetime(2027, 3, 10, 9, 40, tzinfo=UTC)


def test_a_seeding_that_breaks_off_leaves_nothing(committed: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_: History) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(History, "run", break_off)
    with pytest.raises(KeyboardInterrupt):
        world.seed_world()
    assert db.session().scalars(select(func.count()).select_from(Organisation)).one() == 0


def test_a_reset_makes_the_same_world_at_another_time_and_nothing_seeds_twice(
    committed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with all_or_nothing() as connection:
        world.tell(History(connection, SATURDAY_NIGHT))
    in_a_holiday_night = _leads_and_open_rounds()
    monkeypatch.setattr(world, "read_clock", lambda _: WEDNESDAY_MORNING)
    world.reset_world()
    at_work = _leads_and_open_rounds()
    assert at_work == in_a_holiday_night
    assert not world.seed_world()
    assert _leads_and_open_rounds() == at_work


def _leads_and_open_rounds() -> dict[str, tuple[LeadState, RoundKind | None]]:
    session = db.session()
    rows = session.execute(
        select(Lead.email, Lead.state, Round.kind).outerjoin(
            Round, (Round.lead_id == Lead.id) & Round.closed_at.is_(None)
        )
    ).all()
    session.rollback()
    return {email: (state, kind) for email, state, kind in rows}
