"""The page of an organisation's people: list, invite, change the role, disable, enable, invite a partner."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.identity import OrganisationKind, Role
from app.models import OutboxMessage, Partnership, User
from tests import factories
from tests.browsing import HTMX, Browse
from tests.cast import Cast

ACTIONS = ("role", "disable", "enable", "resend")


def test_lists_the_organisations_people_only(browse: Browse, cast: Cast) -> None:
    page = browse("nora").get("/people").text
    assert f'data-person="{cast.people["nils"].id}"' in page
    assert f'data-person="{cast.people["kenji"].id}"' not in page
    assert "Kenji" not in page


def test_anonymous_goes_to_the_log_in_page(browse: Browse, cast: Cast) -> None:
    nils = cast.people["nils"].id
    for address in ("/people", "/people/invite", f"/people/{nils}"):
        assert browse(None).get(address).location == f"/log-in?next={address}"
    for action in ACTIONS:
        assert browse(None).post(f"/people/{nils}/{action}").location == "/log-in"


def test_wrong_role(browse: Browse, cast: Cast) -> None:
    for name in ("nils", "carl", "vera"):
        browser, own = browse(name), cast.people[name].id
        assert browser.get("/people").status_code == 403
        assert browser.get(f"/people/{own}").status_code == 403
        assert browser.post("/people/invite", data={}).status_code == 403
        assert [browser.post(f"/people/{own}/{action}").status_code for action in ACTIONS] == [403] * 4


def test_an_outsiders_person_does_not_exist(browse: Browse, cast: Cast) -> None:
    kenji = cast.people["kenji"].id
    for name in ("nora", "ada", "gina"):
        browser = browse(name)
        assert browser.get(f"/people/{kenji}").status_code == 404
        assert [browser.post(f"/people/{kenji}/{action}").status_code for action in ACTIONS] == [404] * 4


def test_invite(browse: Browse, session: Session) -> None:
    answer = browse("nora").post(
        "/people/invite", data={"name": "Nele", "email": "nele@nordwind.example", "role": "partner_sales"}
    )
    assert (answer.status_code, answer.location) == (303, "/people")
    invited = session.scalars(select(User).where(User.email == "nele@nordwind.example")).one()
    assert session.scalars(select(OutboxMessage.user_id)).all() == [invited.id]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "", "email": "a@b.example", "role": "partner_sales"}, "Type the name."),
        ({"name": "A", "email": "nonsense", "role": "partner_sales"}, "This is not an e-mail address."),
        ({"name": "A", "email": "a@b.example", "role": "admin"}, "Not a valid choice."),
    ],
)
def test_an_invitation_that_cannot_be(browse: Browse, data: dict[str, str], said: str) -> None:
    answer = browse("nora").post("/people/invite", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'name="email"' in answer.text


def test_an_address_that_is_taken(browse: Browse, cast: Cast) -> None:
    data = {"name": "A", "email": cast.people["rita"].email, "role": "partner_sales"}
    answer = browse("nora").post("/people/invite", data=data)
    assert answer.status_code == 409
    assert "belongs to somebody already" in answer.text


def test_change_role(browse: Browse, cast: Cast) -> None:
    nils = cast.people["nils"]
    address = f"/people/{nils.id}"
    answer = browse("nora").post(f"{address}/role", data={"role": "partner_admin"})
    assert (answer.status_code, answer.location) == (303, address)
    assert nils.role is Role.PARTNER_ADMIN
    answer = browse("nora").post(f"{address}/role", data={"role": "partner_sales"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="stack" id="person"')
    assert 'data-role="partner_sales"' in answer.text
    assert browse("nora").post(f"{address}/role", data={"role": "viewer"}).status_code == 422


def test_disable_and_enable(browse: Browse, cast: Cast) -> None:
    browser, nils = browse("nora"), cast.people["nils"]
    answer = browser.post(f"/people/{nils.id}/disable", headers=HTMX)
    assert 'data-state="disabled"' in answer.text
    assert browser.post(f"/people/{nils.id}/enable").location == f"/people/{nils.id}"
    assert nils.disabled_at is None


def test_the_last_admin_stays_and_the_page_says_why(browse: Browse, cast: Cast) -> None:
    nora = cast.people["nora"].id
    for headers in ({}, HTMX):
        answer = browse("nora").post(f"/people/{nora}/disable", headers=headers)
        assert answer.status_code == 409
        assert "This is the last administrator of the organisation." in answer.text
        assert "Make somebody else an administrator first." in answer.text
        assert 'id="person"' in answer.text


def test_resend(browse: Browse, cast: Cast, session: Session) -> None:
    nils = cast.people["nils"]
    assert browse("nora").post(f"/people/{nils.id}/resend", headers=HTMX).status_code == 409
    nils.joined_at = None
    assert browse("nora").post(f"/people/{nils.id}/resend").status_code == 303
    assert session.scalars(select(OutboxMessage.user_id)).all() == [nils.id]


@pytest.fixture
def ostwind(cast: Cast, session: Session) -> Partnership:
    """A partner of Acme's for which nobody has joined."""
    partner = factories.organisation(session, "Ostwind", OrganisationKind.PARTNER)
    made = factories.partnership(session, cast.acme, partner, cast.tiers["gold"])
    session.commit()
    return made


def test_invite_a_partners_first_admin(browse: Browse, session: Session, ostwind: Partnership) -> None:
    address = f"/people/partners/{ostwind.id}/invite"
    browser = browse("ada")
    assert address in browser.get("/people").text
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={"name": "", "email": "x"}).status_code == 422
    answer = browser.post(address, data={"name": "Olga", "email": "olga@ostwind.example"})
    assert (answer.status_code, answer.location) == (303, "/people")
    invited = session.scalars(select(User).where(User.email == "olga@ostwind.example")).one()
    assert (invited.organisation_id, invited.role) == (ostwind.partner_id, Role.PARTNER_ADMIN)
    assert "olga@ostwind.example" in browser.get("/people").text


def test_a_partners_first_admin_is_its_manufacturers_matter(browse: Browse, cast: Cast, ostwind: Partnership) -> None:
    address = f"/people/partners/{ostwind.id}/invite"
    data = {"name": "Olga", "email": "olga@ostwind.example"}
    assert browse(None).get(address).location == f"/log-in?next={address}"
    for name, status in (("gina", 404), ("carl", 403), ("nora", 403)):
        assert browse(name).get(address).status_code == status
        assert browse(name).post(address, data=data).status_code == status
    joined = f"/people/partners/{cast.partnerships['nordwind'].id}/invite"
    assert browse("ada").get(joined).status_code == 404
