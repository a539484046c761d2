"""The list of accounts: search that forgives, filters, export; and matching the open leads again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import AccountFlag, AccountStatus, RematchCause
from app.domain.audit import EventKind
from app.domain.leads import LeadState
from app.models import Event, Rematch
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.rematching import ask_for_rematch, run_rematches
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast
from tests.web.accounts.companies import company
from tests.web.network_actions import NetworkAction


@pytest.fixture
def four(cast: Cast) -> dict[str, int]:
    """Four companies that are told apart by everything the list can be narrowed to."""
    siemens = company(
        cast,
        "A-1",
        "Siemens AG",
        country="DE",
        status=AccountStatus.CUSTOMER,
        owner_partnership_id=cast.partnerships["nordwind"].id,
        corporate_number="HRB6684",
    )
    mueller = company(cast, "A-2", "Müller & Söhne KG", country="AT", owner_user_id=cast.people["ines"].id)
    acme = company(
        cast,
        "A-3",
        "株式会社アクメ",
        country="JP",
        kana=("アクメ",),
        english=("Acme Corporation",),
        flags=(AccountFlag.STRATEGIC,),
        domains=("acme.co.jp",),
    )
    return {"siemens": siemens, "mueller": mueller, "acme": acme, "none": company(cast, "B-1", "Quarz Optik")}


def shown(browse: Browse, **query: Any) -> str:
    return browse("vera").get("/accounts", query_string=query).text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Simens", "siemens"),
        ("mueller", "mueller"),
        ("MÜLER", "mueller"),
        ("アクメ", "acme"),
        ("㈱アクメ", "acme"),
        ("Acme Corp", "acme"),
        ("acme.co.jp", "acme"),
        ("info@acme.co.jp", "acme"),
        ("a-1", "siemens"),
        ("hrb 6684", "siemens"),
        ("quartz", "none"),
    ],
)
def test_a_company_is_found_however_it_is_typed(browse: Browse, four: dict[str, int], typed: str, name: str) -> None:
    page = shown(browse, q=typed)
    assert [other for other, number in four.items() if f'href="/accounts/{number}"' in page] == [name]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "customer"}, ["siemens"]),
        ({"flag": "strategic"}, ["acme"]),
        ({"country": "AT"}, ["mueller"]),
        ({"owner": "none"}, ["acme", "none"]),
        ({"owner": "u"}, ["siemens", "mueller", "acme", "none"]),
        ({"deal": "1"}, ["none"]),
        ({"active": "1"}, ["mueller"]),
        ({"q": "e", "country": "JP"}, []),
    ],
)
def test_the_list_is_narrowed(
    browse: Browse, cast: Cast, session: Session, four: dict[str, int], query: dict[str, str], names: list[str]
) -> None:
    deal = OpportunityDraft(owner_user_id=cast.people["ines"].id)
    create_opportunity(actor=cast.viewer("ada"), account_id=four["none"], draft=deal)
    for _ in range(3):
        factories.lead(
            session, cast.acme, [cast.products["pump"]], account_id=four["mueller"], state=LeadState.NURTURING
        )
    page = shown(browse, **query)
    assert [name for name, number in four.items() if f'href="/accounts/{number}"' in page] == names


def test_the_list_is_narrowed_to_one_s_own_people_and_partners(
    browse: Browse, cast: Cast, four: dict[str, int]
) -> None:
    partner, person = cast.partnerships["nordwind"].id, cast.people["ines"].id
    assert f"/accounts/{four['siemens']}" in shown(browse, owner=str(partner))
    assert f"/accounts/{four['mueller']}" in shown(browse, owner=f"u{person}")
    assert f"/accounts/{four['siemens']}" not in shown(browse, owner=f"u{person}")


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_narrowed_list_is_taken_out_as_a_file(
    browse: Browse, session: Session, four: dict[str, int], file_format: str
) -> None:
    answer = browse("vera").post("/accounts/export?country=AT", data={"format": file_format})
    assert answer.status_code == 200 and f"accounts.{file_format}" in answer.headers["Content-Disposition"]
    if file_format == "csv":
        assert "Müller" in answer.text and "Siemens" not in answer.text and "Ines" in answer.text
    event = session.scalars(select(Event).where(Event.kind == EventKind.DATA_EXPORTED)).one()
    assert event.data == {"name": "accounts", "format": file_format, "count": 1}


def test_nobody_else_takes_the_list_out(browse: Browse, four: dict[str, int]) -> None:
    assert browse(None).post("/accounts/export").location == "/log-in"
    assert browse("nora").post("/accounts/export").status_code == 403
    assert "Siemens" not in browse("gina").post("/accounts/export").text


class TestRematch(NetworkAction):
    fragment = "rematch"

    def url(self, cast: Cast) -> str:
        return "/accounts/rematch"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return session.scalars(select(Rematch.cause)).all() == [RematchCause.ASKED_FOR]


def test_the_progress_is_polled_until_the_run_is_over(browse: Browse, cast: Cast, session: Session) -> None:
    factories.lead(session, cast.acme, [cast.products["pump"]], state=LeadState.NURTURING)
    session.commit()
    vera = browse("vera")
    assert "data-poll" not in vera.get("/accounts/rematch-progress").text
    ask_for_rematch(actor=cast.viewer("carl"))
    assert "data-poll" in vera.get("/accounts").text
    run_rematches(seconds=-1)
    first = vera.get("/accounts/rematch-progress", headers=HTMX)
    assert '<progress class="progress" max="1" value="0"' in first.text
    again = vera.get("/accounts/rematch-progress", headers=HTMX | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    run_rematches()
    done = vera.get("/accounts/rematch-progress", headers=HTMX | {"If-None-Match": first.headers["ETag"]})
    assert done.status_code == 200 and "data-poll" not in done.text
    assert (
        "Match open leads again" not in done.text and "Match open leads again" in browse("carl").get("/accounts").text
    )


def test_asking_for_a_rematch_says_what_the_list_says(browse: Browse, cast: Cast) -> None:
    ada, said = browse("ada"), "The open leads are about to be matched again."
    assert ada.post("/accounts/rematch").status_code == 303
    assert ada.get("/accounts").text.count(said) == 2, "the message and the box"
