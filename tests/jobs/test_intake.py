"""The jobs of the door: run twice, the same."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.jobs.intake import advance_import, tend_intake
from app.services import intake
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.intake.arrivals import CSV_EN, count, store


def test_an_import_advanced_twice_is_in_once(session: Session, cast: Cast) -> None:
    ines = cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="en.csv", data=CSV_EN)
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)
    advance_import(import_id)
    advance_import(import_id)
    assert count(session) == 1


def test_tending_twice_settles_once(session: Session, cast: Cast, clock: TimeMachine) -> None:
    store(cast.acme)
    clock.pass_time(minutes=1)
    tend_intake()
    tend_intake()
    assert count(session) == 1
