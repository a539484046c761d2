"""Merging two accounts, splitting one, and taking either back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.accounts import AccountStatus
from app.models import Account, AccountChange
from app.services.accounts.merging import merge_accounts
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.accounts.companies import company, known
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


def _session(cast: Cast) -> Session:
    session = object_session(cast.acme)
    assert session is not None
    return session


class TestMerge(NetworkAction, OnOneRow):
    def url(self, cast: Cast) -> str:
        return f"/accounts/{company(cast, 'A-1', 'Simens AG')}/merge"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return {"into_id": company(cast, "A-2", "Siemens AG")}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return known(session, "A-1").merged_into_id == known(session, "A-2").id


def test_the_owner_must_be_chosen(browse: Browse, cast: Cast, session: Session) -> None:
    one = company(cast, "A-1", "Simens AG", owner_partnership_id=cast.partnerships["kansai"].id)
    other = company(cast, "A-2", "Siemens AG", owner_user_id=cast.people["ines"].id)
    page = browse("ada").get(f"/accounts/{one}/merge?into={other}").text
    assert "Kansai" in page and "Ines" in page
    refused = browse("ada").post(f"/accounts/{one}/merge", data={"into_id": other})
    assert refused.status_code == 422 and "say whose stays" in refused.text
    assert browse("ada").post(f"/accounts/{one}/merge", data={"into_id": other, "owner": "going"}).status_code == 303
    assert known(session, "A-2").owner_partnership_id == cast.partnerships["kansai"].id


@pytest.mark.parametrize("into", ["", "nothing", "self"])
def test_merging_into_nothing_is_refused(browse: Browse, cast: Cast, into: str) -> None:
    one = company(cast, "A-1", "Simens AG")
    answer = browse("ada").post(f"/accounts/{one}/merge", data={"into_id": one if into == "self" else into})
    assert answer.status_code == 422


def test_another_manufacturers_account_is_not_there(browse: Browse, cast: Cast) -> None:
    one = company(cast, "A-1", "Simens AG")
    theirs = company(cast, "G-1", "Siemens AG", person="gina")
    assert browse("ada").get(f"/accounts/{one}/merge?into={theirs}").status_code == 404
    assert browse("ada").post(f"/accounts/{one}/merge", data={"into_id": theirs}).status_code == 404


def test_the_likely_account_is_proposed(browse: Browse, cast: Cast) -> None:
    one = company(cast, "A-1", "Simens AG")
    other = company(cast, "A-2", "Siemens AG")
    page = browse("carl").get(f"/accounts/{one}/merge").text
    assert f"/accounts/{one}/merge?into={other}" in page
    assert "Siemens AG" in browse("carl").get(f"/accounts/{one}/merge?q=A-2").text


@pytest.mark.covers("P-18")
def test_two_of_one_name_are_told_apart_with_what_is_taken_over(browse: Browse, cast: Cast, session: Session) -> None:
    name, pump = "Sonnenhof Automation GmbH", cast.products["pump"]
    going = company(
        cast,
        "A030",
        name,
        city="Lübeck",
        status=AccountStatus.CUSTOMER,
        contract_cents=8_000_000,
        contract_currency="EUR",
        owner_partnership_id=cast.partnerships["kansai"].id,
        product_line_ids=(pump.id,),
        has_open_ticket=True,
    )
    staying = company(cast, "A044", name, city="Kiel")
    page = browse("ada").get(f"/accounts/{going}/merge?into={staying}").text
    for told in (f"{name} (A030, Lübeck)", f"{name} (A044, Kiel)", "Status: Customer", "Owner: Kansai", "€80,000"):
        assert told in page, told
    assert f"Product lines it has bought: {pump.name}" in page and "Has an open support ticket: yes" in page
    assert f'href="/accounts/{staying}/merge?into={going}"' in page, "the other way round"
    assert "part of" not in page
    choice = browse("ada").get(f"/accounts/{going}/merge").text
    assert f"the same company as {name} (A030, Lübeck)?" in choice and "A044 · Kiel" in choice
    ada = browse("ada")
    ada.post(f"/accounts/{going}/merge", data={"into_id": staying})
    assert f"{name} (A044, Kiel) is kept." in ada.get(f"/accounts/{staying}").text


class TestSplit(NetworkAction, OnOneRow, WithForm):
    bad = {"name": ""}
    form_id = "split-form"

    def url(self, cast: Cast) -> str:
        return f"/accounts/{company(cast, 'A-1', 'Siemens AG', aliases=('Siemens Healthineers',))}/split"

    def sent(self, cast: Cast) -> dict[str, Any]:
        company(cast, "A-1", "Siemens AG", aliases=("Siemens Healthineers",))
        [alias] = [row.id for row in known(_session(cast), "A-1").names if row.name == "Siemens Healthineers"]
        return {"name": "Siemens Healthineers AG", "code": "A-9", "names": str(alias)}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        made = session.scalars(select(Account).where(Account.code == "A-9")).one_or_none()
        return made is not None and {row.name for row in made.names} >= {"Siemens Healthineers"}


class TestUndo(NetworkAction, OnOneRow):
    def url(self, cast: Cast) -> str:
        change = _session(cast).scalars(select(AccountChange)).one_or_none()
        if change is None:
            one, other = company(cast, "A-1", "Simens AG"), company(cast, "A-2", "Siemens AG")
            change_id = merge_accounts(actor=cast.viewer("ada"), account_id=one, into_id=other)
        else:
            change_id = change.id
        return f"/accounts/changes/{change_id}/undo"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return known(session, "A-1").ended_at is None


def test_a_change_is_offered_for_taking_back(browse: Browse, cast: Cast) -> None:
    one, other = company(cast, "A-1", "Simens AG"), company(cast, "A-2", "Siemens AG")
    change_id = merge_accounts(actor=cast.viewer("ada"), account_id=one, into_id=other)
    url = f"/accounts/changes/{change_id}/undo"
    assert url in browse("carl").get(f"/accounts/{other}").text
    assert url not in browse("vera").get(f"/accounts/{other}").text
    assert f'href="/accounts/{other}"' in browse("vera").get(f"/accounts/{one}").text
