"""Giving accounts to another owner by hand."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import Owner
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.models import Account, Event, Rematch
from app.services.network.reassigning import reassign_accounts
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


@pytest.fixture(autouse=True)
def estate(session: Session, cast: Cast) -> None:
    """Two accounts of Ines's, one of Nordwind's."""
    for name in ("Hofmann", "Krüger"):
        factories.account(session, cast.acme, name, owner_user_id=cast.people["ines"].id)
    factories.account(session, cast.acme, "Vogel", owner_partnership_id=cast.partnerships["nordwind"].id)
    session.commit()


def named(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.name == name)).one()


@pytest.mark.covers("P-30")
class TestGiveFromPerson(NetworkAction, OnOneRow, WithForm):
    bad = {"reason": ""}
    form_id = "reassign"

    @pytest.fixture(autouse=True)
    def chosen(self, session: Session, estate: None) -> None:
        self.accounts = [named(session, "Hofmann").id]

    def url(self, cast: Cast) -> str:
        return f"/owners/people/{cast.people['ines'].id}"

    def sent(self, cast: Cast) -> dict[str, Any]:
        to = f"partner-{cast.partnerships['kansai'].id}"
        return {"accounts": self.accounts, "new_owner": to, "reason": "Nearer to them."}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.expire_all()
        given, kept = named(session, "Hofmann"), named(session, "Krüger")
        owners = (given.owner_partnership_id, given.owner_user_id, kept.owner_user_id)
        return owners == (cast.partnerships["kansai"].id, None, cast.people["ines"].id)


@pytest.mark.covers("P-30")
class TestGiveFromPartner(NetworkAction, OnOneRow, WithForm):
    bad = {"new_owner": ""}
    form_id = "reassign"

    def url(self, cast: Cast) -> str:
        return f"/owners/partners/{cast.partnerships['nordwind'].id}"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return {"is_all": "y", "new_owner": f"person-{cast.people['ines'].id}", "reason": "House account."}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        session.expire_all()
        row = named(session, "Vogel")
        return (row.owner_partnership_id, row.owner_user_id) == (None, cast.people["ines"].id)


def test_all_of_them_change_hands_with_a_reason_in_the_trail(browse: Browse, session: Session, cast: Cast) -> None:
    form = {"is_all": "y", "new_owner": f"person-{cast.people['carl'].id}", "reason": "Ines moves to Osaka."}
    browse("ada").post(f"/owners/people/{cast.people['ines'].id}", data=form)
    told = session.scalars(select(Event.data).where(Event.kind == EventKind.ACCOUNTS_REASSIGNED)).one()
    assert (told["from"], told["to"], told["accounts"], told["reason"]) == ("Ines", "Carl", 2, "Ines moves to Osaka.")
    assert told["account_ids"] == sorted(named(session, name).id for name in ("Hofmann", "Krüger"))
    trail = browse("ada").get("/audit").text
    for words in ("gave accounts another owner", "Ines → Carl", "Ines moves to Osaka."):
        assert words in trail


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"accounts": []}, "Choose the accounts"),
        ({"new_owner": "partner-0"}, "Not a valid choice"),
        ({"new_owner": "viewer"}, "Not a valid choice"),
        ({"new_owner": "person-x"}, "Invalid Choice"),
        ({"new_owner": "everybody"}, "Invalid Choice"),
        ({"new_owner": "own"}, "the owner already"),
    ],
)
def test_what_cannot_be_given(browse: Browse, session: Session, cast: Cast, form: dict[str, Any], told: str) -> None:
    ines_id, account_id = cast.people["ines"].id, named(session, "Hofmann").id
    sent = {"accounts": [account_id], "new_owner": f"person-{cast.people['carl'].id}", "reason": "Because."} | form
    if sent["new_owner"] == "own":
        sent["new_owner"] = f"person-{ines_id}"
    if sent["new_owner"] == "viewer":
        sent["new_owner"] = f"person-{cast.people['vera'].id}"
    answer = browse("ada").post(f"/owners/people/{ines_id}", data=sent)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert named(session, "Hofmann").owner_user_id == ines_id


@pytest.mark.covers("P-30")
def test_who_works_no_leads_is_given_no_accounts(session: Session, cast: Cast) -> None:
    ines, vera = Owner(user_id=cast.people["ines"].id), Owner(user_id=cast.people["vera"].id)
    with pytest.raises(Invalid) as refused:
        reassign_accounts(actor=cast.viewer("ada"), owner=ines, new_owner=vera, reason="Because.")
    assert refused.value.fields.keys() == {"new_owner"}
    session.expire_all()
    assert named(session, "Hofmann").owner_user_id == ines.user_id


def test_anothers_account_is_not_given_along(browse: Browse, session: Session, cast: Cast) -> None:
    stranger = factories.account(session, cast.globex, "Fremd", owner_user_id=cast.people["gina"].id)
    form = {
        "accounts": [stranger.id, named(session, "Vogel").id, named(session, "Hofmann").id],
        "new_owner": f"person-{cast.people['carl'].id}",
        "reason": "Because.",
    }
    browse("ada").post(f"/owners/people/{cast.people['ines'].id}", data=form)
    session.expire_all()
    assert named(session, "Hofmann").owner_user_id == cast.people["carl"].id
    assert named(session, "Vogel").owner_partnership_id == cast.partnerships["nordwind"].id
    assert stranger.owner_user_id == cast.people["gina"].id


def test_the_page_lists_what_is_theirs(browse: Browse, cast: Cast) -> None:
    page = browse("carl").get(f"/owners/people/{cast.people['ines'].id}").text
    assert ("Hofmann" in page, "Krüger" in page, "Vogel" in page) == (True, True, False)
    assert "All of them: 2 accounts" in page
    assert "No account is theirs" in browse("carl").get(f"/owners/people/{cast.people['vera'].id}").text
    for address in (f"/owners/people/{cast.people['gina'].id}", f"/owners/partners/{cast.partnerships['rival'].id}"):
        assert browse("carl").get(address).status_code == 404


def test_a_partners_accounts_are_not_overwritten(session: Session, cast: Cast) -> None:
    """Who gives a seller's accounts to a partner does not take those away that another partner has as well."""
    shared, ines = named(session, "Krüger"), Owner(user_id=cast.people["ines"].id)
    shared.owner_partnership_id = cast.partnerships["nordwind"].id
    session.commit()
    kansai = Owner(partnership_id=cast.partnerships["kansai"].id)
    with pytest.raises(Invalid, match=f"{shared.code} Krüger"):
        reassign_accounts(actor=cast.viewer("ada"), owner=ines, new_owner=kansai, reason="Nearer.")
    session.expire_all()
    assert (shared.owner_partnership_id, shared.owner_user_id) == (cast.partnerships["nordwind"].id, ines.user_id)
    assert named(session, "Hofmann").owner_user_id == ines.user_id
    nordwind = Owner(partnership_id=cast.partnerships["nordwind"].id)
    assert reassign_accounts(actor=cast.viewer("ada"), owner=ines, new_owner=nordwind, reason="Nearer.") == 2


def test_open_leads_are_matched_again(session: Session, cast: Cast) -> None:
    ines, carl = Owner(user_id=cast.people["ines"].id), Owner(user_id=cast.people["carl"].id)
    reassign_accounts(actor=cast.viewer("ada"), owner=ines, new_owner=carl, reason="Because.")
    assert session.scalars(select(Rematch.requested_by_id)).all() == [cast.people["ada"].id]
