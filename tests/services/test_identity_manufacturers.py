"""A manufacturer is made whole, and once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.distribution import DistributionPlan as Plan
from app.domain.distribution import default_plan
from app.domain.errors import Invalid, Refused
from app.domain.identity import OneTimePurpose
from app.models import (
    ConsentWording,
    DistributionPlan,
    ManufacturerSettings,
    OneTimeLink,
    Organisation,
    OutboxMessage,
    ScoreRule,
    Tier,
    User,
)
from app.queries.identity import link_target
from app.services import identity


def test_comes_with_everything_it_needs(session: Session) -> None:
    made = identity.create_manufacturer("Müller & Söhne", country="DE", language="de", time_zone="Europe/Berlin")
    assert session.get_one(ManufacturerSettings, made).release_score == 50
    assert session.scalars(select(Tier.code).order_by(Tier.rank)).all() == ["registered", "silver", "gold", "platinum"]
    plan = session.scalars(select(DistributionPlan)).one()
    assert (plan.is_current, Plan.from_json(plan.rounds)) == (True, default_plan())
    assert set(session.scalars(select(ConsentWording.language))) == {"en", "de", "ja"}
    assert session.scalar(select(func.count()).select_from(ScoreRule))
    assert session.get_one(Organisation, made).slug.startswith("muller-sohne-")


def test_a_second_call_finds_the_first(session: Session) -> None:
    made = identity.create_manufacturer("Acme")
    assert identity.create_manufacturer("  Acme ") == made
    assert session.scalar(select(func.count()).select_from(Tier)) == 4


def test_an_admin_with_a_password_may_log_in(session: Session) -> None:
    made = identity.create_manufacturer("Acme")
    created = identity.create_admin(
        manufacturer_id=made, email="Ada@Acme.example", name="Ada", password="four words in a row"
    )
    assert created.token is None
    assert identity.log_in(email="ada@acme.example", password="four words in a row")
    with pytest.raises(Refused):
        identity.create_admin(manufacturer_id=made, email="ada@acme.example", name="Ada")


def test_an_admin_without_a_password_gets_a_link_and_no_mail(session: Session) -> None:
    made = identity.create_manufacturer("Acme")
    first = identity.create_admin(manufacturer_id=made, email="ada@acme.example", name="Ada")
    second = identity.create_admin(manufacturer_id=made, email="ada@acme.example", name="Ada")
    assert first.user_id == second.user_id
    assert link_target(purpose=OneTimePurpose.INVITATION, token=first.token or "") is None
    assert link_target(purpose=OneTimePurpose.INVITATION, token=second.token or "")
    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_weak_password_makes_nobody(session: Session) -> None:
    made = identity.create_manufacturer("Acme")
    with pytest.raises(Invalid):
        identity.create_admin(manufacturer_id=made, email="ada@acme.example", name="Ada", password="password1234")
    assert session.scalars(select(User)).all() == []


def test_the_commands(app: Flask, session: Session) -> None:
    run = app.test_cli_runner().invoke
    invited = run(args=["users", "create-admin", "--manufacturer", "Acme", "--email", "ada@acme.example"])
    assert invited.exit_code == 0, invited.output
    token = invited.output.strip().rpartition("/join/")[2]
    assert link_target(purpose=OneTimePurpose.INVITATION, token=token)
    key = run(args=["api-keys", "create", "--email", "ada@acme.example"])
    assert key.output.startswith("pb_")
    wrong = run(args=["api-keys", "create", "--email", "ada@acme.example", "--scope", "claim"])
    assert (wrong.exit_code, "leads:read" in wrong.output) == (1, True)
    with_password = [
        "users",
        "create-admin",
        "--manufacturer",
        "Acme",
        "--email",
        "bo@acme.example",
        "--password-stdin",
    ]
    assert run(args=with_password, input="four words in a row\n").exit_code == 0
    assert identity.log_in(email="bo@acme.example", password="four words in a row")
    assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 1
