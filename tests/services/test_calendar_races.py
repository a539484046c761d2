"""Two people who change the same hours at one moment, one on each side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.network.changes import StaleEdit
from app.models import Organisation, Partnership
from app.queries.calendars import draft_of_calendar
from app.queries.network.drafts import draft_of_partnership
from app.services.calendars import change_calendar
from app.services.network.partnerships import change_partnership
from tests.cast import Cast
from tests.races import one_after_the_other


@pytest.mark.covers("W-02")
@pytest.mark.parametrize("manufacturer_first", [True, False])
def test_one_of_them_meets_the_others_version(
    app: Flask, committed: Session, committed_cast: Cast, manufacturer_first: bool
) -> None:
    cast = committed_cast
    partner_id, carl, nora = cast.nordwind.id, cast.viewer("carl"), cast.viewer("nora")
    nordwind = committed.get_one(Partnership, cast.partnerships["nordwind"].id)
    wanted = replace(draft_of_partnership(nordwind, cast.nordwind), working_hours="mon 08:00-12:00")
    own, nordwind_id = draft_of_calendar(cast.nordwind), nordwind.id
    committed.rollback()

    def change() -> object:
        return change_partnership(actor=carl, partnership_id=nordwind_id, version=1, draft=wanted)

    def change_own() -> object:
        return change_calendar(actor=nora, version=1, draft=replace(own, hours=("13:00-17:00", *[""] * 6)))

    def hold(session: Session) -> object:
        return session.get_one(Organisation, partner_id, with_for_update={"key_share": True})

    calls = (change, change_own) if manufacturer_first else (change_own, change)
    saved, refused = one_after_the_other(app, hold, *calls)
    assert saved is None
    assert isinstance(refused, StaleEdit)
    hours = committed.get_one(Organisation, partner_id, populate_existing=True).working_hours
    assert hours == ("mon 08:00-12:00" if manufacturer_first else "mon 13:00-17:00")
