"""The pages of partners, to be read by everybody of the manufacturer and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.domain.partners import PartnershipStatus
from tests import factories
from tests.browsing import Browse
from tests.cast import Cast

OF_ONE = ("/partners/{id}", "/partners/{id}/products", "/partners/{id}/people", "/territories/partners/{id}")
FORMS = ("/partners/new", "/partners/{id}/edit", "/partners/{id}/end")


@pytest.mark.parametrize("name", ["ada", "carl", "arne", "ines", "vera"])
def test_everybody_of_the_manufacturer_reads(browse: Browse, cast: Cast, name: str) -> None:
    for address in ("/partners", *OF_ONE):
        assert browse(name).get(address.format(id=cast.partnerships["nordwind"].id)).status_code == 200


@pytest.mark.parametrize("address", [*OF_ONE, *FORMS[1:]])
def test_another_manufacturer_finds_nothing(browse: Browse, cast: Cast, address: str) -> None:
    assert browse("gina").get(address.format(id=cast.partnerships["nordwind"].id)).status_code == 404


@pytest.mark.parametrize("address", ["/partners", *OF_ONE, *FORMS])
def test_partners_are_refused(browse: Browse, cast: Cast, address: str) -> None:
    for name in ("nora", "rita"):
        assert browse(name).get(address.format(id=cast.partnerships["nordwind"].id)).status_code == 403


@pytest.mark.parametrize("address", FORMS)
def test_forms_are_for_those_who_may_write(browse: Browse, cast: Cast, address: str) -> None:
    filled = address.format(id=cast.partnerships["nordwind"].id)
    assert browse("carl").get(filled).status_code == 200
    assert browse("ines").get(filled).status_code == 403


def test_the_list_shows_only_its_own_and_is_narrowed(browse: Browse, cast: Cast) -> None:
    page = browse("vera").get("/partners").text
    assert "Nordwind" in page and "Kansai" in page and "Rival" not in page
    silver = browse("vera").get(f"/partners?tier={cast.tiers['silver'].id}").text
    assert "Kansai" in silver and "Nordwind" not in silver
    found = browse("vera").get("/partners?q=NORD").text
    assert "Nordwind" in found and "Kansai" not in found
    assert "No partner fits these filters" in browse("vera").get("/partners?q=%25").text


def test_who_works_at_a_partner_that_has_ended_is_not_shown(browse: Browse, cast: Cast) -> None:
    address = f"/partners/{cast.partnerships['nordwind'].id}/people"
    assert "nora@" in browse("vera").get(address).text
    cast.partnerships["nordwind"].status = PartnershipStatus.ENDED
    page = browse("vera").get(address).text
    assert "nora@" not in page and "The partnership has ended" in page


def test_the_list_is_paged(browse: Browse, cast: Cast, session: Session) -> None:
    for number in range(60):
        partner = factories.organisation(session, f"Dealer {number:02}", cast.nordwind.kind)
        factories.partnership(session, cast.acme, partner, cast.tiers["silver"])
    first = browse("vera").get("/partners").text
    assert "1 to 50 of 62" in first and 'href="/partners?page=2"' in first
    second = browse("vera").get("/partners?page=2").text
    assert "51 to 62 of 62" in second and "Nordwind" in second
