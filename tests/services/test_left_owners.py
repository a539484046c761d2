"""After people of the manufacturer have left: nothing is given to them, and their leads find whoever follows (P-30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.network.account_draft import AccountDraft
from app.models import Account, Assignment, User
from app.queries.network.drafts import draft_of_account
from app.services import identity
from app.services.distribution.assigning import assign_lead
from app.services.lead_routing import route_lead
from app.services.network.accounts import change_account, create_account
from tests.cast import Cast
from tests.factories import account
from tests.factories import lead as make_lead
from tests.races import at_once


@pytest.mark.covers("P-30")
def test_nothing_is_given_to_who_has_left(session: Session, cast: Cast) -> None:
    vera, gone = cast.viewer("ada"), cast.people["vera"]
    legacy = account(session, cast.acme, "Alt", owner_user_id=gone.id)
    gone.disabled_at = datetime.now(UTC)
    session.commit()
    with pytest.raises(Invalid) as refused:
        create_account(actor=vera, draft=AccountDraft(code="A1", name="Neu", owner_user_id=gone.id))
    assert "owner_user_id" in refused.value.fields
    stands = draft_of_account(legacy)
    change_account(actor=vera, account_id=legacy.id, version=legacy.version, draft=replace(stands, city="Kiel"))
    assert legacy.city == "Kiel", "what names somebody who is gone can still be edited"


@pytest.mark.covers("P-30")
def test_a_lead_of_a_left_owner_goes_to_the_successor_else_to_the_manager(session: Session, cast: Cast) -> None:
    ines, carl, vera = (cast.people[name] for name in ("ines", "carl", "vera"))
    own = account(session, cast.acme, "Hofmann", "hofmann.example", owner_user_id=ines.id)
    ines.disabled_at, ines.successor_id, ines.manager_id = datetime.now(UTC), vera.id, carl.id
    session.commit()

    def worker() -> int | None:
        asked = make_lead(session, cast.acme, [cast.products["pump"]], company_domain="hofmann.example")
        session.commit()
        route_lead(lead_id=asked.id)
        assert asked.account_id == own.id
        return session.scalar(select(Assignment.user_id).where(Assignment.lead_id == asked.id))

    assert worker() == vera.id
    vera.disabled_at = datetime.now(UTC)
    assert worker() == carl.id
    carl.disabled_at = datetime.now(UTC)
    assert worker() is None, "the plan goes on"


@pytest.mark.covers("P-30")
@pytest.mark.parametrize("leaves_first", [True, False])
@pytest.mark.parametrize("gift", ["account", "lead"])
def test_what_is_given_to_somebody_who_leaves_is_never_left_without(
    app: Flask, committed: Session, committed_cast: Cast, gift: str, leaves_first: bool
) -> None:
    cast = committed_cast
    ada, ines_id = cast.viewer("ada"), cast.people["ines"].id
    worked = make_lead(committed, cast.acme, [cast.products["pump"]])
    committed.commit()
    lead_id = worked.id
    committed.rollback()

    def give() -> int:
        if gift == "lead":
            return assign_lead(lead_id=lead_id, actor=ada, reason="Knows them.", user_id=ines_id)
        return create_account(actor=ada, draft=AccountDraft(code="A1", name="Hofmann", owner_user_id=ines_id))

    def leave() -> None:
        identity.disable_user(user_id=ines_id, actor=ada)

    at_once(app, *((leave, give) if leaves_first else (give, leave)))
    committed.expire_all()
    has_left = committed.get_one(User, ines_id).disabled_at is not None
    owners = [*committed.scalars(select(Account.owner_user_id)), *committed.scalars(select(Assignment.user_id))]
    assert owners == ([] if has_left else [ines_id])
