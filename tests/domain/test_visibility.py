"""What of a lead a viewer may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from app.domain.identity import OrganisationKind, Role, Viewer
from app.domain.visibility import (
    ALWAYS_SHOWN,
    CHOOSABLE,
    MANUFACTURER_ONLY,
    NOTHING,
    GuardedField,
    VisibilityLevel,
    blinded_fields,
    visible_fields,
)

ACME, GLOBEX, NORDWIND, KANSAI, RIVAL = 1, 2, 11, 12, 13
CONTACT_DATA = {
    GuardedField.PERSON_NAME,
    GuardedField.EMAIL,
    GuardedField.PHONE,
    GuardedField.COMPANY_NAME,
    GuardedField.WEBSITE,
    GuardedField.STREET,
    GuardedField.POSTAL_CODE,
    GuardedField.CITY,
    GuardedField.IP_ADDRESS,
}


def manufacturer(organisation_id: int) -> Viewer:
    return Viewer(100, organisation_id, OrganisationKind.MANUFACTURER, Role.CHANNEL_MANAGER)


def partner(organisation_id: int) -> Viewer:
    return Viewer(200, organisation_id, OrganisationKind.PARTNER, Role.PARTNER_SALES)


@pytest.mark.covers("B-04", "B-06")
@pytest.mark.parametrize(
    ("viewer", "assigned", "offered", "level"),
    [
        (manufacturer(ACME), None, (), VisibilityLevel.FULL),
        (manufacturer(ACME), NORDWIND, (), VisibilityLevel.FULL),
        (manufacturer(GLOBEX), None, (), VisibilityLevel.NONE),
        (manufacturer(NORDWIND), NORDWIND, (NORDWIND,), VisibilityLevel.NONE),
        (partner(ACME), None, (), VisibilityLevel.NONE),
        (partner(NORDWIND), None, (NORDWIND, KANSAI), VisibilityLevel.BLINDED),
        (partner(NORDWIND), NORDWIND, (), VisibilityLevel.FULL),
        (partner(NORDWIND), NORDWIND, (NORDWIND,), VisibilityLevel.FULL),
        (partner(KANSAI), NORDWIND, (), VisibilityLevel.NONE),
        (partner(KANSAI), NORDWIND, (KANSAI,), VisibilityLevel.BLINDED),
        (partner(RIVAL), None, (NORDWIND, KANSAI), VisibilityLevel.NONE),
        (partner(RIVAL), None, (), VisibilityLevel.NONE),
        (None, None, (), VisibilityLevel.NONE),
        (None, None, (None,), VisibilityLevel.NONE),
    ],
)
def test_levels(viewer: Viewer | None, assigned: int | None, offered: tuple[int, ...], level: VisibilityLevel) -> None:
    seen = visible_fields(viewer, manufacturer_id=ACME, assigned_partner_id=assigned, offered_partner_ids=offered)
    assert seen.level is level


@pytest.mark.parametrize("viewer", [manufacturer(ACME), partner(NORDWIND)])
def test_two_unknowns_are_never_the_same(viewer: Viewer) -> None:
    nameless = replace(viewer, organisation_id=None)  # type: ignore[arg-type]
    for someone in (nameless, viewer, None):
        seen = visible_fields(someone, manufacturer_id=None, assigned_partner_id=None, offered_partner_ids=(None,))
        assert seen == NOTHING
        assert not seen.is_visible


@pytest.mark.covers("B-04")
@pytest.mark.parametrize("setting", [frozenset(GuardedField), CHOOSABLE, {"email", "phone", "industry"}, ()])
@pytest.mark.parametrize("is_text_cleared", [True, False])
def test_no_setting_shows_contact_data_before_a_claim(setting: Collection[str], is_text_cleared: bool) -> None:
    seen = visible_fields(
        partner(NORDWIND),
        manufacturer_id=ACME,
        assigned_partner_id=None,
        offered_partner_ids=(NORDWIND,),
        chosen=setting,
        is_text_cleared=is_text_cleared,
    )
    assert seen.level is VisibilityLevel.BLINDED
    assert seen.fields <= ALWAYS_SHOWN | CHOOSABLE
    assert seen.fields.isdisjoint(CONTACT_DATA)


@pytest.mark.covers("B-02", "B-07")
def test_the_manufacturer_chooses_what_shows_beside_the_rest() -> None:
    assert blinded_fields(()) == ALWAYS_SHOWN
    assert blinded_fields(["industry", "value_band", "person_name", "unheard of"]) == ALWAYS_SHOWN | {
        GuardedField.INDUSTRY,
        GuardedField.VALUE_BAND,
    }


@pytest.mark.parametrize(
    ("chosen", "is_text_cleared", "is_shown"),
    [(["message"], True, True), (["message"], False, False), ([], True, False), ([], False, False)],
)
def test_the_prospects_words_need_choosing_and_clearing(
    chosen: list[str], is_text_cleared: bool, is_shown: bool
) -> None:
    assert (GuardedField.MESSAGE in blinded_fields(chosen, is_text_cleared=is_text_cleared)) is is_shown


def test_after_the_claim_all_but_the_manufacturers_own() -> None:
    seen = visible_fields(partner(NORDWIND), manufacturer_id=ACME, assigned_partner_id=NORDWIND)
    assert seen.is_full
    assert seen.fields == frozenset(GuardedField) - MANUFACTURER_ONLY
    assert seen.shows(GuardedField.EMAIL)
    assert not seen.shows(GuardedField.IP_ADDRESS)
