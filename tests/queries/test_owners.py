"""Who follows whom, and what an owner has."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.database import clock_now
from app.domain.owners import PartnershipStanding, PersonStanding, standing_owner, standing_partnership
from app.domain.partners import PartnershipStatus
from app.queries.owners import partnership_standing, people_standing
from tests.cast import Cast


@pytest.mark.covers("P-30")
def test_a_row_of_people_is_found_whole(session: Session, cast: Cast) -> None:
    ada, carl, ines, vera = (cast.people[name] for name in ("ada", "carl", "ines", "vera"))
    ines.disabled_at, ines.successor_id, ines.manager_id = clock_now(), vera.id, ada.id
    vera.disabled_at, vera.successor_id, vera.manager_id = clock_now(), ines.id, carl.id
    session.flush()
    found = people_standing(session, cast.acme.id, [ines.id])
    assert found == {
        ines.id: PersonStanding(False, vera.id, ada.id),
        vera.id: PersonStanding(False, ines.id, carl.id),
        ada.id: PersonStanding(True),
        carl.id: PersonStanding(True),
    }
    assert standing_owner(ines.id, found) == ada.id


def test_people_of_others_are_unknown(session: Session, cast: Cast) -> None:
    cast.people["ines"].manager_id = cast.people["gina"].id
    session.flush()
    asked = [cast.people["ines"].id, cast.people["nora"].id]
    assert list(people_standing(session, cast.acme.id, asked)) == [cast.people["ines"].id]
    assert people_standing(session, cast.acme.id, []) == {}


@pytest.mark.covers("P-30")
def test_a_row_of_partnerships_is_found_whole(session: Session, cast: Cast) -> None:
    nordwind, kansai = cast.partnerships["nordwind"], cast.partnerships["kansai"]
    nordwind.status, nordwind.successor_partnership_id = PartnershipStatus.ENDED, kansai.id
    kansai.successor_partnership_id = nordwind.id
    session.flush()
    found = partnership_standing(session, [nordwind.id])
    assert found == {
        nordwind.id: PartnershipStanding(False, kansai.id, PartnershipStatus.ENDED),
        kansai.id: PartnershipStanding(True, nordwind.id, PartnershipStatus.ACTIVE),
    }
    assert standing_partnership(nordwind.id, found) == kansai.id
    assert partnership_standing(session, []) == {}


@pytest.mark.parametrize("status", [status for status in PartnershipStatus if status is not PartnershipStatus.ACTIVE])
def test_only_an_active_partnership_stands(session: Session, cast: Cast, status: PartnershipStatus) -> None:
    cast.partnerships["kansai"].status = status
    session.flush()
    kansai_id = cast.partnerships["kansai"].id
    assert not partnership_standing(session, [kansai_id])[kansai_id].is_active
