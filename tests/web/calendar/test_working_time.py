"""An organisation's own working time on its page, and the deadlines that follow it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.deadlines import DeadlineKind
from app.models import Deadline, Event, Organisation
from app.services.claims import claim_offer
from tests.boards import offer_to, put_on_board
from tests.browsing import Browse
from tests.cast import Cast

PATH = "/account/working-time"
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-16:00") | {"sat": "", "sun": ""}


def sent(session: Session, organisation: Organisation, **values: str) -> dict[str, str]:
    session.refresh(organisation)
    return {"time_zone": "Europe/Berlin", "country": "DE", "version": str(organisation.version), **WEEK, **values}


@pytest.mark.covers("W-02")
@pytest.mark.parametrize(("name", "organisation"), [("nora", "nordwind"), ("ada", "acme")])
def test_a_head_sets_hours_and_closing_days(
    browse: Browse, session: Session, cast: Cast, name: str, organisation: str
) -> None:
    own = getattr(cast, organisation)
    head = browse(name)
    answer = head.post(PATH, data=sent(session, own, fri="08:00-12:00, 13:00-15:00", subdivision="Bayern"))
    assert (answer.status_code, answer.location) == (303, PATH)
    session.refresh(own)
    assert (own.working_hours, own.subdivision) == (
        "mon-thu 08:00-16:00; fri 08:00-12:00, 13:00-15:00",
        "DE-BY",
    )
    head.post(f"{PATH}/closed", data={"first": "2098-12-24", "last": "2098-12-31"})
    head.post(f"{PATH}/closed", data={"first": "2098-12-31"})
    head.post(f"{PATH}/open", data={"first": "2098-12-24"})
    session.refresh(own)
    assert own.closed_on == [f"2098-12-{day}" for day in range(25, 32)]
    page = head.get(PATH).text
    assert ("08:00-12:00, 13:00-15:00" in page, "Epiphany" in page) == (True, True)
    told = session.scalars(select(Event).where(Event.kind == EventKind.CALENDAR_CHANGED).order_by(Event.id)).all()
    assert {one.manufacturer_id for one in told} == {cast.acme.id}
    assert [sorted(one.data) for one in told] == [["after", "before"], ["closed"], ["opened"]]
    assert "changed the working time" in browse("ada").get("/audit").text


@pytest.mark.covers("W-01")
def test_promises_follow_the_partners_own_closing_days(browse: Browse, session: Session, cast: Cast) -> None:
    lead = put_on_board(session, cast)
    today = datetime.now(UTC).date()
    browse("nora").post(
        f"{PATH}/closed", data={"first": str(today - timedelta(days=1)), "last": str(today + timedelta(days=20))}
    )
    claim_offer(offer_id=offer_to(session, lead, cast.partnerships["nordwind"]).id, actor=cast.viewer("nora"))
    contact = select(Deadline.due_at).where(Deadline.lead_id == lead.id, Deadline.kind == DeadlineKind.CONTACT_DUE)
    assert session.scalars(contact).one().date() > today + timedelta(days=20)


@pytest.mark.covers("W-02")
def test_hours_are_read_as_people_write_them(browse: Browse, session: Session, cast: Cast) -> None:
    head = browse("nora")
    written = {"mon": "8-17", "tue": "8–12, 13–17 Uhr", "wed": "8am-5pm", "thu": "0800-1700", "fri": "8.00-14.30"}
    assert head.post(PATH, data=sent(session, cast.nordwind) | written).status_code == 303
    session.refresh(cast.nordwind)
    kept = "mon 08:00-17:00; tue 08:00-12:00, 13:00-17:00; wed-thu 08:00-17:00; fri 08:00-14:30"
    assert (cast.nordwind.working_hours, cast.nordwind.version) == (kept, 2)
    again = head.post(PATH, data=sent(session, cast.nordwind) | written)
    session.refresh(cast.nordwind)
    assert (again.status_code, cast.nordwind.version) == (303, 2), "the same in other words changes nothing"


@pytest.mark.covers("W-01")
def test_the_manufacturer_reads_when_its_partner_works_and_is_closed(
    browse: Browse, session: Session, cast: Cast
) -> None:
    page = f"/partners/{cast.partnerships['nordwind'].id}"
    assert "no days of its own ahead" in browse("vera").get(page).text
    nora = browse("nora")
    nora.post(PATH, data=sent(session, cast.nordwind, fri="8-12"))
    nora.post(f"{PATH}/closed", data={"first": "2098-12-24", "last": "2098-12-31"})
    card = browse("vera").get(page).text.partition('id="working-time"')[2].partition("</section>")[0]
    for told in (
        "Mon – Thu",
        "08:00-16:00",
        "08:00-12:00",
        "24 Dec 2098 – 31 Dec 2098",
        "Good Friday",
        "Europe/Berlin",
    ):
        assert told in card
    assert browse("gina").get(page).status_code == 404


def test_two_heads_do_not_overwrite_each_other(browse: Browse, session: Session, cast: Cast) -> None:
    stale = sent(session, cast.nordwind, mon="07:00-11:00")
    browse("nora").post(PATH, data=sent(session, cast.nordwind, mon="10:00-12:00"))
    answer = browse("nora").post(PATH, data=stale)
    assert answer.status_code == 409
    assert ("10:00-12:00" in answer.text, "07:00-11:00" in answer.text) == (True, True)
    again = browse("nora").post(PATH, data=sent(session, cast.nordwind, mon="07:00-11:00"))
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("", {"mon": "nine to five"}, "“nine to five” is not a working time. Write 08:00-17:00"),
        ("", {"fri": "08:00–25:00"}, "“25:00” is not a time of day"),
        ("", {"time_zone": "Mars"}, "Not a valid choice"),
        ("/closed", {"first": "2098-12-24", "last": "2098-12-20"}, "must not end before it begins"),
        ("/closed", {"first": "soon"}, "Not a valid date"),
        ("/closed", {"first": "9999-12-31"}, "lies too far away"),
        ("/closed", {"first": "0001-01-01"}, "lies too far away"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    browse: Browse, session: Session, cast: Cast, path: str, data: dict[str, str], said: str
) -> None:
    answer = browse("nora").post(f"{PATH}{path}", data=sent(session, cast.nordwind) | data)
    assert (answer.status_code, said in answer.text) == (422, True)
    session.refresh(cast.nordwind)
    assert cast.nordwind.version == 1


@pytest.mark.parametrize("name", ["nils", "carl", "vera"])
def test_others_of_the_company_only_look(browse: Browse, session: Session, cast: Cast, name: str) -> None:
    page = browse(name).get(PATH)
    assert (page.status_code, "calendar-save" in page.text) == (200, False)
    for path in ("", "/closed", "/open"):
        assert browse(name).post(f"{PATH}{path}", data=sent(session, cast.nordwind)).status_code == 403


def test_nobody_closes_for_a_year_piece_by_piece(browse: Browse, session: Session, cast: Cast) -> None:
    head = browse("nora")
    firsts = [date(2098, 1, 6) + timedelta(days=100 * number) for number in range(3)]
    pages = [
        head.post(f"{PATH}/closed", data={"first": str(first), "last": str(first + timedelta(days=99))})
        for first in firsts
    ]
    assert [page.status_code for page in pages] == [303, 303, 422]
    assert "More than 300 days would pass without work." in pages[-1].text
    own = session.get_one(Organisation, cast.nordwind.id, populate_existing=True)
    assert len(own.closed_on) == 200
