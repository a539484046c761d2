"""The addresses that arrivals came from are forgotten in time."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import Audience, EventKind
from app.domain.intake.arrival import Arrival
from app.domain.submissions import Channel
from app.models import Event, Lead, ManufacturerSettings, Submission
from app.services import intake
from app.services.intake.forgetting import forget_ip_addresses
from tests.cast import Cast
from tests.conftest import TimeMachine
from tests.services.intake.arrivals import KATRIN


def lead_from_address(cast: Cast) -> tuple[int, uuid.UUID]:
    submission_id = intake.receive_submission(
        manufacturer_id=cast.acme.id, channel=Channel.FORM, raw=KATRIN, arrival=Arrival(ip_address="192.0.2.7")
    )
    lead_id = intake.settle_submission(submission_id).lead_id
    assert lead_id is not None
    return submission_id, lead_id


@pytest.mark.covers("P-14", "G-02")
def test_addresses_are_forgotten_after_30_days(session: Session, cast: Cast, clock: TimeMachine) -> None:
    submission_id, lead_id = lead_from_address(cast)
    clock.pass_time(days=29)
    assert forget_ip_addresses() == 0
    assert session.get_one(Lead, lead_id).ip_address == "192.0.2.7"
    session.commit()
    clock.pass_time(days=2)
    assert [forget_ip_addresses(), forget_ip_addresses()] == [2, 0]
    session.expire_all()
    assert session.get_one(Lead, lead_id).ip_address is None
    assert "ip_address" not in session.get_one(Submission, submission_id).defaults
    told = session.scalars(select(Event).where(Event.kind == EventKind.IP_ADDRESSES_FORGOTTEN)).one()
    assert (told.manufacturer_id, told.data, told.audience) == (cast.acme.id, {"count": 2}, Audience.MANUFACTURER)


@pytest.mark.covers("P-14", "G-02")
def test_how_long_an_address_is_kept_is_the_manufacturers_own_setting(
    session: Session, cast: Cast, clock: TimeMachine
) -> None:
    _, lead_id = lead_from_address(cast)
    session.get_one(ManufacturerSettings, cast.acme.id).ip_address_days = 3
    session.commit()
    clock.pass_time(days=4)
    assert forget_ip_addresses() == 2
    session.expire_all()
    assert session.get_one(Lead, lead_id).ip_address is None
