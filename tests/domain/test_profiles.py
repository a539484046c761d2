"""What a company profile recognises a lead's company by."""

from __future__ import annotations

import pytest

from app.domain.intake.companies import company_key
from app.domain.profiles import KnownProfile, ProfileKeys, profile_keys, profiles_of_company

OWN = ProfileKeys(domain="domain:acme.com", name="name:DE:acmepumpen")
NAMED = ProfileKeys(name="name:DE:acmepumpen")


def keys(domain: str | None, company: str, country: str | None = "DE") -> ProfileKeys:
    return profile_keys(domain=domain, company=company, company_key=company_key(company), country=country)


@pytest.mark.covers("P-18", "P-12")
@pytest.mark.parametrize(
    ("domain", "company", "expected"),
    [
        ("acme.com", "Acme Pumpen GmbH", ("domain:acme.com", "name:DE:acmepumpen")),
        ("gmail.com", "Acme Pumpen GmbH", ("name:DE:acmepumpen",)),
        ("mailinator.com", "Acme Pumpen GmbH", ("name:DE:acmepumpen",)),
        ("facebook.com", "Acme Pumpen GmbH", ("name:DE:acmepumpen",)),
        (None, "Consulting Group", ()),
        (None, "㈱アクメ", ("name:DE:アクメ",)),
        (None, "", ()),
    ],
)
def test_a_lead_has_the_keys_that_speak_for_one_company(
    domain: str | None, company: str, expected: tuple[str, ...]
) -> None:
    assert keys(domain, company).present == expected


@pytest.mark.covers("P-18")
def test_a_name_without_a_country_is_no_key() -> None:
    assert keys(None, "Acme Pumpen GmbH", None).present == ()


def profile(number: int, *found_by: str, account: int | None = None, has_domain: bool = True) -> KnownProfile:
    return KnownProfile(number, account, frozenset(found_by), has_domain)


def chosen(*known: KnownProfile, by: ProfileKeys = OWN, account: int | None = None, by_hand: bool = False) -> list[int]:
    return [one.id for one in profiles_of_company(known, by, account_id=account, is_linked_by_hand=by_hand)]


@pytest.mark.covers("P-18")
def test_a_lead_between_two_profiles_shows_that_they_are_one() -> None:
    of_domain, of_account = profile(1, OWN.domain), profile(2, account=7)
    assert chosen(of_domain, of_account, account=7) == [1, 2]
    assert chosen(of_domain, profile(2, OWN.name, account=7), account=7) == [1, 2]


def test_profiles_of_two_accounts_are_never_one() -> None:
    of_domain, of_account = profile(1, OWN.domain, account=5), profile(2, account=7)
    assert chosen(of_domain, of_account, account=7) == [2]
    named = profile(3, OWN.name, account=9, has_domain=False)
    assert chosen(of_domain, named) == [1]


def test_a_company_with_a_domain_takes_its_name_only_from_a_profile_that_has_none() -> None:
    assert chosen(profile(1, OWN.name, has_domain=True)) == []
    assert chosen(profile(1, OWN.name, has_domain=False)) == [1]
    assert chosen(profile(1, NAMED.name, has_domain=True), by=NAMED) == [1]


def test_a_lead_that_a_person_has_unlinked_stays_away_from_the_account() -> None:
    assert chosen(profile(1, OWN.domain, account=7), by_hand=True) == []
    assert chosen(profile(1, OWN.domain), by_hand=True) == [1]
