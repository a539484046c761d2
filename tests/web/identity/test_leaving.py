"""One of the manufacturer's people leaves: the same screen asks who takes over what they own."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Account, ManufacturerSettings, User
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast


@pytest.fixture
def account(session: Session, cast: Cast) -> Account:
    """An account of Ines's."""
    made = factories.account(session, cast.acme, "Hofmann", owner_user_id=cast.people["ines"].id)
    session.commit()
    return made


@pytest.fixture
def ines(cast: Cast) -> User:
    return cast.people["ines"]


@pytest.mark.covers("P-30")
def test_the_successor_takes_over(browse: Browse, session: Session, cast: Cast, account: Account, ines: User) -> None:
    session.get_one(ManufacturerSettings, cast.acme.id).reviewer_id = ines.id
    page = browse("ada").get(f"/people/{ines.id}").text
    for told in ('data-kind="accounts"', "Hofmann", 'data-kind="posts"', '<td data-label="Among them">Reviewer</td>'):
        assert told in page
    answer = browse("ada").post(f"/people/{ines.id}/disable", data={"successor": cast.people["carl"].id})
    assert (answer.status_code, answer.location) == (303, f"/people/{ines.id}")
    assert (account.owner_user_id, ines.successor_id) == (cast.people["carl"].id,) * 2
    assert ines.disabled_at is not None
    page = browse("ada").get(f"/people/{ines.id}").text
    assert "Carl has taken over." in page and "data-kind" not in page


@pytest.mark.covers("P-30")
def test_without_a_successor_the_screen_refuses(browse: Browse, account: Account, ines: User) -> None:
    answer = browse("ada").post(f"/people/{ines.id}/disable")
    assert answer.status_code == 422
    assert "Choose who takes over what Ines owns." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert (ines.disabled_at, account.owner_user_id) == (None, ines.id)


def test_one_kind_alone_may_be_named(browse: Browse, cast: Cast, account: Account, ines: User) -> None:
    browse("ada").post(f"/people/{ines.id}/disable", data={"accounts": cast.people["carl"].id})
    assert (account.owner_user_id, ines.successor_id) == (cast.people["carl"].id, None)
    assert ines.disabled_at is not None


@pytest.mark.parametrize("name", ["ines", "gina", "nora", "vera", "arne"])
def test_who_cannot_follow_is_no_choice(browse: Browse, cast: Cast, account: Account, ines: User, name: str) -> None:
    answer = browse("ada").post(f"/people/{ines.id}/disable", data={"successor": cast.people[name].id})
    assert (answer.status_code, "Not a valid choice" in answer.text) == (422, True)
    assert ines.disabled_at is None


def test_who_has_only_been_invited_is_no_choice(
    browse: Browse, session: Session, cast: Cast, account: Account, ines: User
) -> None:
    carl = cast.people["carl"]
    assert f'value="{carl.id}">Carl' in browse("ada").get(f"/people/{ines.id}").text.split("disable-person")[1]
    carl.joined_at = None
    session.commit()
    assert f'value="{carl.id}">Carl' not in browse("ada").get(f"/people/{ines.id}").text.split("disable-person")[1]


def test_anonymous_goes_to_the_log_in_page(browse: Browse, account: Account, ines: User) -> None:
    for action in ("disable", "manager"):
        assert browse(None).post(f"/people/{ines.id}/{action}").location == "/log-in"
    assert ines.disabled_at is None


def test_an_outsiders_person_does_not_exist(browse: Browse, account: Account, ines: User) -> None:
    for action in ("disable", "manager"):
        assert browse("gina").post(f"/people/{ines.id}/{action}").status_code == 404
    assert ines.disabled_at is None


def test_wrong_role(browse: Browse, account: Account, ines: User) -> None:
    for name in ("carl", "arne", "ines", "vera", "nils"):
        for action in ("disable", "manager"):
            assert browse(name).post(f"/people/{ines.id}/{action}").status_code == 403
    assert browse("nora").post(f"/people/{ines.id}/manager").status_code == 403
    assert ines.disabled_at is None


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_htmx_gets_the_fragment(
    browse: Browse, cast: Cast, account: Account, ines: User, headers: dict[str, str]
) -> None:
    refused = browse("ada").post(f"/people/{ines.id}/disable", headers=headers)
    assert ("<html" in refused.text) is (headers == {})
    answer = browse("ada").post(
        f"/people/{ines.id}/disable", data={"successor": cast.people["carl"].id}, headers=headers
    )
    assert answer.status_code == (200 if headers else 303)
    if headers:
        assert answer.text.lstrip().startswith('<div class="stack" id="person" data-state="disabled"')


@pytest.mark.covers("P-30")
def test_a_manager_is_named(browse: Browse, cast: Cast, ines: User) -> None:
    carl = cast.people["carl"]
    answer = browse("ada").post(f"/people/{ines.id}/manager", data={"manager": carl.id})
    assert (answer.status_code, ines.manager_id) == (303, carl.id)
    fragment = browse("ada").post(f"/people/{ines.id}/manager", data={"manager": ""}, headers=HTMX)
    assert (fragment.status_code, "<html" in fragment.text, ines.manager_id) == (200, False, None)
    for wrong in (ines.id, cast.people["gina"].id, "x"):
        answer = browse("ada").post(f"/people/{ines.id}/manager", data={"manager": wrong})
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)


def test_a_partners_people_go_without_a_successor(browse: Browse, cast: Cast) -> None:
    nils = cast.people["nils"]
    assert "Successor" not in browse("nora").get(f"/people/{nils.id}").text
    assert browse("nora").post(f"/people/{nils.id}/disable").status_code == 303
    assert nils.disabled_at is not None
