"""Arrivals and files at one moment: each makes what it makes once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db
from app.domain.audit import EventKind
from app.domain.intake.arrival import Arrival
from app.domain.leads import SourceKind
from app.domain.submissions import Channel, SubmissionState
from app.models import Event, LeadTouch
from app.queries.intake.imports import import_counts
from app.services import intake
from tests.cast import Cast
from tests.services.intake.arrivals import KATRIN, count, store
from tests.services.intake.lists import rows, sums


@pytest.mark.parametrize("external_id", ["", "X-1"])
def test_identical_requests_at_once_make_one_lead(
    app: Flask, committed: Session, committed_cast: Cast, external_id: str
) -> None:
    manufacturer_id = committed_cast.acme.id
    clients = 6
    barrier = Barrier(clients)

    def ask(_: int) -> SubmissionState:
        with app.app_context():
            submission_id = intake.receive_submission(
                manufacturer_id=manufacturer_id,
                channel=Channel.FORM,
                raw=KATRIN | {"external_id": external_id},
                arrival=Arrival(source_kind=SourceKind.WEB_FORM),
            )
            barrier.wait()
            outcome = intake.settle_submission(submission_id)
            db.session.remove()
            return outcome.state

    with ThreadPoolExecutor(clients) as pool:
        states = sorted(pool.map(ask, range(clients)))
    assert states == [SubmissionState.CREATED] + [SubmissionState.MERGED] * (clients - 1)
    assert (count(committed), count(committed, LeadTouch)) == (1, clients - 1)


def test_one_submission_settled_by_many_at_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    submission_id = store(committed_cast.acme)
    barrier = Barrier(4)

    def settle(_: int) -> bool:
        with app.app_context():
            barrier.wait()
            unchanged = intake.settle_submission(submission_id).is_unchanged
            db.session.remove()
            return unchanged

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(settle, range(4))) == [False, True, True, True]
    received = select(func.count()).where(Event.kind == EventKind.LEAD_RECEIVED)
    assert (count(committed), committed.scalar(received)) == (1, 1)


def test_two_workers_on_one_import(app: Flask, committed: Session, committed_cast: Cast) -> None:
    ines = committed_cast.viewer("ines")
    import_id = intake.upload_import(actor=ines, filename="list.csv", data=rows(1, 60))
    intake.start_import(actor=ines, import_id=import_id, is_dry_run=False)

    def advance(_: int) -> None:
        with app.app_context():
            intake.advance_import(import_id, batch_rows=7)
            db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(advance, range(3)))
    assert sums(import_counts(import_id)) == (60, 0, 0, 0, 0)
    assert count(committed) == 60


def test_the_same_file_twice_at_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    manufacturer_id = committed_cast.acme.id

    def bring(_: int) -> tuple[int, int]:
        with app.app_context():
            import_id = intake.import_file(manufacturer_id=manufacturer_id, filename="a.csv", data=rows(1, 50))
            counts = import_counts(import_id)
            db.session.remove()
            return counts.created, counts.unchanged

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(bring, range(2)))
    assert sorted(results) == [(0, 50), (50, 0)]
    assert (count(committed), count(committed, LeadTouch)) == (50, 0)
