"""Leads, accounts, the network, partnerships, people: whoever waits for one of them holds nothing that comes later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.account_routing.facts import Owner
from app.domain.deadlines import DeadlineKind
from app.domain.escalation import EscalationAction
from app.models import Assignment, Deadline, Partnership, User
from app.services.deadlines import enforce_deadlines
from app.services.departures.moving import move_departing_leads
from app.services.lead_routing import route_lead
from tests import factories
from tests.cast import Cast
from tests.departures import end, works
from tests.races import network_of, one_after_the_other


def locking(table: type[Partnership | User], row_id: int, *, nowait: bool = False) -> Callable[[Session], object]:
    """Lock a row; with `nowait` an error tells that somebody else holds it."""
    return lambda session: session.get(
        table, row_id, with_for_update={"key_share": True, "nowait": nowait, "of": table}
    )


@pytest.mark.covers("W-17")
def test_a_departing_partner_is_locked_before_the_person_who_takes_over(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    works(committed, cast, 1)
    nordwind_id, ines_id = cast.partnerships["nordwind"].id, cast.people["ines"].id
    end(cast, Owner(user_id=ines_id))
    committed.rollback()
    is_ines_free = locking(User, ines_id, nowait=True)
    held = locking(Partnership, nordwind_id)
    assert one_after_the_other(app, held, move_departing_leads, meanwhile=is_ines_free) == [1]


@pytest.mark.covers("W-05")
def test_a_batch_of_deadlines_waits_for_no_partner_while_it_has_changed_another(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    for partnership in (kansai, nordwind):
        lead = factories.lead(committed, cast.acme, [cast.products["pump"]])
        committed.add(taken_away_now(factories.assignment(committed, lead, partnership=partnership)))
        committed.flush()
    nordwind_id, kansai_id = nordwind.id, kansai.id
    committed.commit()
    is_kansai_free = locking(Partnership, kansai_id, nowait=True)
    held = locking(Partnership, nordwind_id)
    assert one_after_the_other(app, held, enforce_deadlines, meanwhile=is_kansai_free) == [2]


def taken_away_now(work: Assignment) -> Deadline:
    return Deadline(
        manufacturer_id=work.manufacturer_id,
        lead_id=work.lead_id,
        assignment_id=work.id,
        kind=DeadlineKind.ESCALATION_DUE,
        step=EscalationAction.RE_ROUTE,
        due_at=clock_now(),
    )


def test_the_network_is_held_before_the_seller_who_owns_the_company(
    app: Flask, committed: Session, committed_cast: Cast
) -> None:
    cast = committed_cast
    factories.account(committed, cast.acme, "Zeisig AG", "zeisig.example", owner_user_id=cast.people["ines"].id)
    values: dict[str, Any] = {"company": "Zeisig AG", "company_domain": "zeisig.example", "email": "a@zeisig.example"}
    lead = factories.lead(committed, cast.acme, [cast.products["pump"]], **values)
    committed.commit()
    ines_id, call = cast.people["ines"].id, partial(route_lead, lead_id=lead.id)
    network = network_of(cast.acme.id)
    committed.rollback()
    assert one_after_the_other(app, network, call, meanwhile=locking(User, ines_id, nowait=True)) == [True]
    committed.rollback()
    assert committed.query(Assignment.user_id).filter(Assignment.lead_id == lead.id).scalar() == ines_id
