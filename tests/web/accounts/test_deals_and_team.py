"""An account's deals and team."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.domain.accounts import OpportunityState, TeamRole
from app.models import AccountTeamMember, ManufacturerSettings, Opportunity
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.team import Place, add_team_member
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.accounts.companies import company
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


def _deal(cast: Cast) -> Opportunity:
    """One open deal of Nordwind's, written down once per test."""
    session = object_session(cast.acme)
    assert session is not None
    found = session.scalars(select(Opportunity)).one_or_none()
    if found is None:
        draft = OpportunityDraft(name="Line 4", owner_partnership_id=cast.partnerships["nordwind"].id)
        account_id = company(cast, "A-1", "Siemens AG")
        create_opportunity(actor=cast.viewer("ada"), account_id=account_id, draft=draft)
        found = session.scalars(select(Opportunity)).one()
    return found


class TestAddDeal(NetworkAction, OnOneRow, WithForm):
    bad = {"amount": "a lot"}
    form_id = "opportunity-form"

    def url(self, cast: Cast) -> str:
        return f"/accounts/{company(cast, 'A-1', 'Siemens AG')}/opportunities/new"

    def sent(self, cast: Cast) -> dict[str, Any]:
        owner = str(cast.partnerships["nordwind"].id)
        return {"name": "Line 4", "owner_partnership_id": owner, "amount": "80,000", "currency": "EUR"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        deals = session.scalars(select(Opportunity)).all()
        return [(deal.name, deal.amount_cents, deal.state) for deal in deals] == [
            ("Line 4", 8_000_000, OpportunityState.OPEN)
        ]


def test_a_deal_is_in_the_manufacturers_currency_and_somebodys(browse: Browse, cast: Cast, session: Session) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).default_currency = "JPY"
    session.commit()
    url = f"/accounts/{company(cast, 'A-1', 'Siemens AG')}/opportunities/new"
    page = browse("ada").get(url).text
    assert '<option selected value="JPY">' in page
    assert "Exactly one is needed" in page
    for name in ("owner_partnership_id", "owner_user_id"):
        label = page.split(f'<label for="{name}">')[1].split("</label>")[0]
        box = page.split(f'id="{name}"')[1].split(">")[0]
        assert ("optional" in label, "required" in box) == (False, False), name
    answer = browse("ada").post(url, data={"name": "Line 4", "currency": "JPY"})
    assert answer.status_code == 422 and "one of the two" in answer.text


class TestChangeDeal(NetworkAction, OnOneRow, WithForm):
    form_id = "opportunity-form"

    def url(self, cast: Cast) -> str:
        return f"/accounts/opportunities/{_deal(cast).id}"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return {"name": "Line 5", "owner_user_id": str(cast.people["ines"].id), "currency": "EUR"}

    def wrong(self, cast: Cast) -> dict[str, Any]:
        return self.sent(cast) | {"owner_partnership_id": str(cast.partnerships["nordwind"].id)}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        deal = _deal(cast)
        return (deal.name, deal.owner_user_id, deal.owner_partnership_id) == ("Line 5", cast.people["ines"].id, None)

    def test_bad_input_comes_back_with_the_form(self, browse: Browse, cast: Cast, session: Session) -> None:
        answer = browse("ada").post(self.url(cast), data=self.wrong(cast))
        assert answer.status_code == 422 and "one of the two" in answer.text
        assert not self.has_worked(cast, session)


class TestCloseDeal(NetworkAction, OnOneRow):
    form = {"state": "won"}

    def url(self, cast: Cast) -> str:
        return f"/accounts/opportunities/{_deal(cast).id}/close"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _deal(cast).state is OpportunityState.WON and _deal(cast).closed_at is not None

    def test_bad_input_is_refused_and_so_is_a_second_time(self, browse: Browse, cast: Cast) -> None:
        assert browse("ada").post(self.url(cast), data={"state": "open"}).status_code == 422
        assert browse("ada").post(self.url(cast), data=self.form).status_code == 303
        assert browse("ada").post(self.url(cast), data=self.form).status_code == 409


class TestAddMember(NetworkAction, OnOneRow, WithForm):
    bad = {"role": "specialist"}
    form_id = "team-form"

    def url(self, cast: Cast) -> str:
        return f"/accounts/{company(cast, 'A-1', 'Siemens AG')}/team"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return {"user_id": str(cast.people["ines"].id), "role": "customer_success"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        rows = session.scalars(select(AccountTeamMember)).all()
        return [(row.user_id, row.role) for row in rows] == [(cast.people["ines"].id, TeamRole.CUSTOMER_SUCCESS)]


class TestRemoveMember(NetworkAction, OnOneRow):
    _member_id = 0

    def url(self, cast: Cast) -> str:
        if not self._member_id:
            place = Place(user_id=cast.people["ines"].id, role=TeamRole.SPECIALIST, department="Purchasing")
            account_id = company(cast, "A-1", "Siemens AG")
            self._member_id = add_team_member(actor=cast.viewer("ada"), account_id=account_id, place=place)
        return f"/accounts/team/{self._member_id}/remove"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return session.scalars(select(AccountTeamMember)).first() is None


@pytest.mark.covers("P-23", "P-27", "P-29")
def test_the_page_shows_team_and_deals_with_their_owners(browse: Browse, cast: Cast) -> None:
    account_id = _deal(cast).account_id
    place = Place(user_id=cast.people["ines"].id, role=TeamRole.SPECIALIST, department="Purchasing")
    add_team_member(actor=cast.viewer("ada"), account_id=account_id, place=place)
    page = browse("vera").get(f"/accounts/{account_id}").text
    assert all(text in page for text in ("Line 4", "Nordwind", "Ines", "Specialist", "Purchasing"))
    assert "/team/" not in page and "opportunities/new" not in page
