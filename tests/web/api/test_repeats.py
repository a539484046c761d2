"""Idempotency-Key: a request sent twice is carried out once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db
from app.domain.errors import Invalid, Refused
from app.jobs.integrations import forget_old_answers
from app.models import IdempotencyKey, Lead, LeadTouch, Submission
from app.services import idempotency
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.web.api.conftest import Programs, is_problem
from tests.web.api.test_create_lead import SENT


def test_a_repeat_gets_the_first_answer_and_changes_nothing(program: Programs, session: Session) -> None:
    ines = program("ines")
    first, again = (ines.post("/leads", SENT, Idempotency_Key="order-1") for _ in range(2))
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    assert (first.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert session.scalar(select(func.count(Submission.id))) == 1


def test_another_request_with_the_same_key_is_refused(program: Programs, session: Session) -> None:
    ines = program("ines")
    ines.post("/leads", SENT, Idempotency_Key="order-1")
    answer = ines.post("/leads", SENT | {"company": "Other"}, Idempotency_Key="order-1")
    assert is_problem(answer, 422, "idempotency_key_reused")
    assert session.scalar(select(func.count(Submission.id))) == 1


def test_keys_are_each_persons_own(program: Programs, session: Session) -> None:
    statuses = [program(name).post("/leads", SENT, Idempotency_Key="k").status_code for name in ("ines", "carl")]
    assert statuses == [201, 200]
    assert session.scalar(select(func.count(LeadTouch.id))) == 1


def test_a_refused_request_may_be_sent_again_with_its_key(program: Programs, session: Session) -> None:
    nora = program("nora")
    path = "/offers/6a7b1f5e-56a0-4d0c-9d6e-4c1f0a2b3c4d/claim"
    assert [nora.post(path, Idempotency_Key="k").status_code for _ in range(2)] == [404, 404]
    assert session.scalar(select(func.count(IdempotencyKey.id))) == 0


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "schlüssel"])
def test_keys_that_are_none(program: Programs, key: str) -> None:
    assert program("ines").post("/leads", SENT, Idempotency_Key=key).status_code == 422


def test_while_the_first_runs_the_second_waits_and_a_lost_one_is_taken_over(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    asked: dict[str, Any] = {"actor": cast.viewer("ines"), "key": "k", "request_hash": "h"}
    assert idempotency.begin_request(**asked) is None
    with pytest.raises(Refused) as refused:
        idempotency.begin_request(**asked)
    assert refused.value.code == "still_running"
    with pytest.raises(Invalid):
        idempotency.begin_request(**asked | {"request_hash": "other"})
    clock.pass_time(minutes=3)
    assert idempotency.begin_request(**asked) is None


def test_an_answer_is_kept_a_day(session: Session, cast: Cast, clock: TimeMachine) -> None:
    asked: dict[str, Any] = {"actor": cast.viewer("ines"), "key": "k", "request_hash": "h"}
    idempotency.begin_request(**asked)
    idempotency.keep_answer(actor=asked["actor"], key="k", status=201, body={"id": 1})
    clock.pass_time(hours=23)
    assert idempotency.begin_request(**asked) == idempotency.StoredAnswer(201, {"id": 1})
    forget_old_answers()
    assert session.scalar(select(func.count(IdempotencyKey.id))) == 1
    clock.pass_time(hours=2)
    assert idempotency.begin_request(**asked | {"request_hash": "new"}) is None
    clock.pass_time(hours=25)
    for _ in range(2):
        forget_old_answers()
    assert session.scalar(select(func.count(IdempotencyKey.id))) == 0


def test_eight_at_once_make_one_lead(app: Flask, program: Programs, committed: Session, committed_cast: Cast) -> None:
    senders = [program("ines") for _ in range(8)]
    gate, statuses = threading.Barrier(len(senders)), []

    def send(sender: Any) -> None:
        with app.app_context():
            gate.wait()
            statuses.append(sender.post("/leads", SENT, Idempotency_Key="one").status_code)
            db.session.remove()

    threads = [threading.Thread(target=send, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert committed.scalar(select(func.count(Submission.id))) == 1
    assert committed.scalar(select(func.count(Lead.id))) == 1
    assert senders[0].post("/leads", SENT, Idempotency_Key="one").status_code == 201


def test_a_fault_gives_the_key_back(app: Flask, program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    ines = program("ines")
    with monkeypatch.context() as broken:
        broken.setattr("app.services.intake.take_in_lead", _fail)
        broken.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        assert ines.post("/leads", SENT, Idempotency_Key="k").status_code == 500
    assert ines.post("/leads", SENT, Idempotency_Key="k").status_code == 201


def _fail(**_given: object) -> None:
    raise ZeroDivisionError
