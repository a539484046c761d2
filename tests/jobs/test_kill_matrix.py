"""The count of the kill matrix of `bench/faults.py` finds what it is there to find."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.database import clock_now
from app.services.deadlines import enforce_deadlines
from bench.kill_matrix.claiming import Answers
from bench.kill_matrix.counting import Count, Figures
from bench.kill_matrix.promises import World, build_world, let_fall_due

KINDS_THAT_PASS = {
    *("board_closes", "push_expires", "owner_expires", "direct_due", "contact_due", "escalation_due"),
    *("follow_up_due", "activity_due", "nurture_due", "review_due"),
}
TAMPERED = {
    ("twice", "effects"): "INSERT INTO event (kind, audience, manufacturer_id, lead_id, data)"
    " SELECT kind, audience, manufacturer_id, lead_id, data FROM event WHERE kind = 'lead.stalled'",
    ("twice", "mails owed"): "INSERT INTO outbox_message (kind, user_id, payload, last_error)"
    " SELECT kind, user_id, payload, '' FROM outbox_message, generate_series(1, 2)",
    (
        "twice",
        "fired and cancelled",
    ): "UPDATE deadline SET cancelled_at = now(),"
    " fired_at = due_at - interval '1 second' WHERE id = (SELECT min(id) FROM deadline WHERE fired_at IS NOT NULL)",
    ("twice", "places taken"): "UPDATE partnership SET unworked_claims = unworked_claims + 1",
    ("lost", "forgotten"): "UPDATE deadline SET fired_at = NULL WHERE id = (SELECT max(id) FROM deadline"
    " WHERE fired_at IS NOT NULL AND cancelled_at IS NULL)",
    ("lost", "without effect"): "UPDATE deadline SET lead_id = (SELECT id FROM lead WHERE state = 'in_review' LIMIT 1)"
    " WHERE kind = 'follow_up_due' AND fired_at IS NOT NULL",
    ("lost", "no reason"): "UPDATE deadline SET fired_at = NULL, cancelled_at = now() WHERE kind = 'direct_due'",
}
"""What makes the count find something, one after the other."""


@pytest.fixture
def overdue(app: Flask, committed: Session) -> World:
    """A small world whose every promise has fallen due, and has been kept."""
    world = build_world(deadlines=25, to_claim=1)
    committed.commit()
    let_fall_due(committed.connection(), -5)
    committed.commit()
    enforce_deadlines()
    return world


def counted(app: Flask, session: Session) -> Figures:
    now: datetime = session.scalar(select(clock_now()))
    session.commit()
    return Count(app.extensions["config"].database_url).deadlines(now)


@pytest.mark.covers("W-06")
def test_every_kind_of_promise_passes_once_and_what_does_not_is_found(
    app: Flask, committed: Session, overdue: World
) -> None:
    kinds = set(committed.scalars(text("SELECT DISTINCT kind FROM deadline WHERE fired_at IS NOT NULL")))
    figures = counted(app, committed)
    assert kinds == KINDS_THAT_PASS
    assert figures["fired"] + figures["cancelled"] == figures["deadlines"] >= 25
    assert (sum(figures["lost"].values()), sum(figures["twice"].values()), figures["early"]) == (0, 0, 0)
    for (verdict, name), statement in TAMPERED.items():
        assert counted(app, committed)[verdict][name] == 0
        committed.execute(text(statement))
        committed.commit()
        assert counted(app, committed)[verdict][name] > 0, name
    assert counted(app, committed)["early"] == 1


def test_a_claim_that_does_not_stand_and_a_mail_that_did_not_arrive_are_found(
    app: Flask, committed: Session, overdue: World
) -> None:
    count, (first, second, *_) = Count(app.extensions["config"].database_url), overdue.offers[0]
    told = Answers()
    told.won[0] = {first: 999_999, second: 999_999}
    assert count.claims(overdue, told, is_complete=True) == {"claims": 1, "claims_lost": 2, "double_claims": 1}
    assert count.claims(overdue, Answers(), is_complete=True)["claims_lost"] == 1
    sent = committed.scalars(text("UPDATE outbox_message SET sent_at = now() RETURNING id")).all()
    committed.commit()
    figures = count.mails(Counter({sent[0]: 3}))
    assert figures == {"mails": len(sent), "mails_lost": len(sent) - 1, "mails_repeated": 2}
