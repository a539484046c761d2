"""Answers that are noted and counted at one moment: each counts once, and each fall has its consequence once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, transaction
from app.domain.response_score import ResponseKind
from app.models import ClaimSuspension, OutboxMessage, Partnership, ResponseEntry
from app.services.response_noting import note_response
from app.services.response_scores import settle_responses
from tests.cast import Cast

WORKERS = 4


@pytest.mark.covers("W-15")
def test_workers_that_note_and_count_at_once_suspend_once(app: Flask, committed: Session, committed_cast: Cast) -> None:
    partnership_id = committed_cast.partnerships["nordwind"].id

    def work(worker: int) -> None:
        with app.app_context():
            for number in range(12):
                with transaction() as session:
                    # Every key is noted by two workers.
                    note_response(session, partnership_id, ResponseKind.SILENT, None, f"{worker % 2}:{number % 6}")
                settle_responses()
            db.session.remove()

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(work, range(WORKERS)))
    settle_responses()
    committed.expire_all()
    assert committed.get_one(Partnership, partnership_id).response_score == 40
    assert committed.scalar(select(func.count()).select_from(ResponseEntry)) == 12
    assert committed.scalar(select(func.count()).where(ResponseEntry.settled_at.is_(None))) == 0
    assert committed.scalar(select(func.count()).select_from(ClaimSuspension)) == 1
    assert sorted(committed.scalars(select(OutboxMessage.kind)).all()) == [
        "claims_suspended_to_partner",
        "response_warning_to_partner",
    ]
