"""Writing to the network: who may, what the trail keeps, whose offers must be looked at anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.network.changes import StaleEdit
from app.domain.network.drafts import PartnershipDraft, ProductLineDraft, TierDraft
from app.domain.partners import PartnershipStatus
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Event, Partnership
from app.queries.network.catalog import product_line_draft
from app.queries.network.partners import partner_overview
from app.queries.network.settings import manufacturer_settings, tier_draft
from app.services.network.authorisations import (
    authorise_partnership,
    certify_partnership,
    end_authorisation,
    end_certification,
)
from app.services.network.catalog import change_product_line, create_product_line, end_product_line
from app.services.network.partnerships import change_partnership, create_partnership, end_partnership
from app.services.network.settings import change_settings, change_tier
from app.services.network.territories import add_territory_rule, end_territory_rule
from app.services.network.writing import NetworkWriting
from tests import factories
from tests.cast import Cast

Write = Callable[[Cast, str], object]


def draft_of(cast: Cast, name: str) -> PartnershipDraft:
    return partner_overview(viewer=cast.viewer("ada"), partnership_id=cast.partnerships[name].id).draft


def change(cast: Cast, who: str = "ada", **values: Any) -> None:
    nordwind = cast.partnerships["nordwind"]
    draft = replace(draft_of(cast, "nordwind"), **values)
    change_partnership(actor=cast.viewer(who), partnership_id=nordwind.id, version=nordwind.version, draft=draft)


def last_event(session: Session, kind: EventKind) -> Event:
    return session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id.desc()).limit(1)).one()


WRITES: dict[str, Write] = {
    "product": lambda cast, who: change_product_line(
        actor=cast.viewer(who),
        product_line_id=cast.products["pump"].id,
        draft=ProductLineDraft(code="PUMP", name="Pumps", requires_certification=True),
    ),
    "partner": lambda cast, who: change(cast, who, name="Another"),
    "end": lambda cast, who: end_partnership(
        actor=cast.viewer(who), partnership_id=cast.partnerships["nordwind"].id, version=1
    ),
    "authorisation": lambda cast, who: end_authorisation(
        actor=cast.viewer(who),
        partnership_id=cast.partnerships["nordwind"].id,
        product_line_id=cast.products["pump"].id,
    ),
    "certification": lambda cast, who: certify_partnership(
        actor=cast.viewer(who),
        partnership_id=cast.partnerships["nordwind"].id,
        product_line_id=cast.products["pump"].id,
        valid_from=None,
        valid_until=date(2030, 1, 1),
    ),
    "territory": lambda cast, who: add_territory_rule(
        actor=cast.viewer(who),
        partnership_id=cast.partnerships["nordwind"].id,
        rule=TerritoryRule(TerritoryMode.EXCLUDE, "DE", "DE-BY"),
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_only_the_manufacturers_admin_and_channel_manager_write(cast: Cast, session: Session, name: str) -> None:
    for who in ("arne", "ines", "vera", "nora", "rita"):
        with pytest.raises(Forbidden):
            WRITES[name](cast, who)
    with pytest.raises(NotFound):
        WRITES[name](cast, "gina")
    WRITES[name](cast, "carl")


@pytest.mark.parametrize("name", WRITES)
def test_what_may_change_eligibility_raises_its_version_in_the_same_transaction(cast: Cast, name: str) -> None:
    nordwind, rival = cast.partnerships["nordwind"], cast.partnerships["rival"]
    WRITES[name](cast, "ada")
    assert (nordwind.eligibility_version, nordwind.checked_version) == (2, 1)
    assert (rival.eligibility_version, rival.checked_version) == (1, 1)


@pytest.mark.parametrize("name", WRITES)
def test_every_write_is_in_the_trail(cast: Cast, session: Session, name: str) -> None:
    WRITES[name](cast, "carl")
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.manufacturer_id, event.actor_user_id) == (cast.acme.id, cast.people["carl"].id)
    assert event.kind.feature == "network"


def test_the_trail_keeps_the_changed_fields_as_they_were_and_are(cast: Cast, session: Session) -> None:
    change(cast, tier_id=cast.tiers["gold"].id, time_zone="Europe/Berlin")
    event = last_event(session, EventKind.PARTNERSHIP_CHANGED)
    assert event.data["before"] == {"tier_id": cast.tiers["platinum"].id, "time_zone": "UTC"}
    assert event.data["after"] == {"tier_id": cast.tiers["gold"].id, "time_zone": "Europe/Berlin"}
    assert event.partnership_id == cast.partnerships["nordwind"].id


def test_what_does_not_concern_eligibility_leaves_offers_alone(cast: Cast) -> None:
    change(cast, time_zone="Europe/Berlin", max_open_claims=2)
    nordwind = cast.partnerships["nordwind"]
    assert (nordwind.version, nordwind.eligibility_version) == (2, 1)


def test_an_edit_that_changes_nothing_writes_nothing(cast: Cast, session: Session) -> None:
    change(cast)
    assert cast.partnerships["nordwind"].version == 1
    assert session.scalars(select(Event)).all() == []


def test_a_stale_edit_is_refused_with_both_versions(cast: Cast) -> None:
    nordwind = cast.partnerships["nordwind"]
    older = draft_of(cast, "nordwind")
    change(cast, name="Newer")
    with pytest.raises(StaleEdit) as refusal:
        change_partnership(
            actor=cast.viewer("carl"), partnership_id=nordwind.id, version=1, draft=replace(older, name="Mine")
        )
    assert refusal.value.differences.before == {"name": "Newer"}
    assert refusal.value.differences.after == {"name": "Mine"}
    assert refusal.value.version == nordwind.version == 2


def test_stale_settings_are_refused(cast: Cast) -> None:
    draft = manufacturer_settings(viewer=cast.viewer("ada")).draft
    change_settings(actor=cast.viewer("ada"), version=1, draft=replace(draft, release_score=70))
    with pytest.raises(StaleEdit):
        change_settings(actor=cast.viewer("carl"), version=1, draft=replace(draft, release_score=30))


def test_ending_keeps_everything_and_a_second_end_changes_nothing(cast: Cast, session: Session) -> None:
    nordwind = cast.partnerships["nordwind"]
    end_partnership(actor=cast.viewer("ada"), partnership_id=nordwind.id, version=1)
    ended_at = nordwind.ended_at
    assert nordwind.status is PartnershipStatus.ENDED and ended_at is not None
    end_partnership(actor=cast.viewer("ada"), partnership_id=nordwind.id, version=1)
    assert (nordwind.ended_at, nordwind.version) == (ended_at, 2)
    change(cast, status=PartnershipStatus.ACTIVE)
    assert nordwind.ended_at is None


def test_a_shared_partners_own_data_is_the_partners(cast: Cast, session: Session) -> None:
    factories.partnership(session, cast.globex, cast.nordwind, cast.partnerships["rival"].tier)
    session.commit()
    with pytest.raises(Refused):
        change(cast, working_hours="mon-sun 00:00-24:00")
    change(cast, name="Still allowed")


def test_people_of_others_cannot_be_chosen(cast: Cast) -> None:
    for field, name in (("channel_manager_id", "gina"), ("sales_manager_id", "kenji"), ("sales_manager_id", "nils")):
        with pytest.raises(Invalid):
            change(cast, **{field: cast.people[name].id})
    change(cast, channel_manager_id=cast.people["carl"].id, sales_manager_id=cast.people["nora"].id)


@pytest.mark.covers("W-07")
def test_a_backup_is_another_partner_of_the_same_manufacturer(cast: Cast) -> None:
    with pytest.raises(NotFound):
        change(cast, backup_partnership_id=cast.partnerships["rival"].id)
    with pytest.raises(Invalid):
        change(cast, backup_partnership_id=cast.partnerships["nordwind"].id)
    change(cast, backup_partnership_id=cast.partnerships["kansai"].id)
    page = partner_overview(viewer=cast.viewer("vera"), partnership_id=cast.partnerships["kansai"].id)
    assert page.backup_for == [(cast.partnerships["nordwind"].id, cast.partnerships["nordwind"].name)]


def test_a_new_partner_is_an_organisation_of_its_own(cast: Cast, session: Session) -> None:
    draft = PartnershipDraft(code="P-9", name="Nordwind", tier_id=cast.tiers["silver"].id, country="DE")
    made = session.get_one(Partnership, create_partnership(actor=cast.viewer("carl"), draft=draft))
    assert made.partner_id != cast.nordwind.id
    with pytest.raises(Invalid):
        create_partnership(actor=cast.viewer("carl"), draft=draft)


def test_what_the_constraint_refuses_is_said_like_a_rule(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NetworkWriting, "refuse_taken_code", lambda *_arguments, **_values: None)
    with pytest.raises(Refused) as refusal:
        create_product_line(actor=cast.viewer("ada"), draft=ProductLineDraft(code="PUMP", name="Twice"))
    assert refusal.value.code == "written_meanwhile"


def test_product_lines(cast: Cast, session: Session) -> None:
    ada = cast.viewer("ada")
    line = create_product_line(actor=ada, draft=ProductLineDraft(code="VALVE", name="Valves"))
    end_product_line(actor=ada, product_line_id=line)
    end_product_line(actor=ada, product_line_id=line)
    assert not product_line_draft(viewer=ada, product_line_id=line).is_active
    kinds = list(session.scalars(select(Event.kind).order_by(Event.id)))
    assert kinds == [EventKind.PRODUCT_LINE_CREATED, EventKind.PRODUCT_LINE_ENDED]
    with pytest.raises(NotFound):
        create_product_line(
            actor=ada,
            draft=ProductLineDraft(code="X", name="X", min_tier_id=cast.partnerships["rival"].tier_id),
        )


def test_a_new_rank_puts_every_partner_to_the_recheck(cast: Cast) -> None:
    draft = tier_draft(viewer=cast.viewer("ada"), tier_id=cast.tiers["platinum"].id)
    change_tier(actor=cast.viewer("ada"), tier_id=cast.tiers["platinum"].id, draft=replace(draft, max_open_claims=9))
    assert cast.partnerships["kansai"].eligibility_version == 1
    change_tier(actor=cast.viewer("ada"), tier_id=cast.tiers["platinum"].id, draft=replace(draft, rank=9))
    assert cast.partnerships["kansai"].eligibility_version == 2
    assert cast.partnerships["rival"].eligibility_version == 1
    with pytest.raises(Invalid):
        change_tier(
            actor=cast.viewer("ada"), tier_id=cast.tiers["gold"].id, draft=TierDraft(code="gold", name="Gold", rank=9)
        )


@pytest.mark.covers("T-02")
def test_authorising_twice_is_once(cast: Cast, session: Session) -> None:
    ada, nordwind, pump = cast.viewer("ada"), cast.partnerships["nordwind"].id, cast.products["pump"].id
    end_authorisation(actor=ada, partnership_id=nordwind, product_line_id=pump)
    for _ in range(2):
        authorise_partnership(actor=ada, partnership_id=nordwind, product_line_id=pump)
    kinds = list(session.scalars(select(Event.kind).order_by(Event.id)))
    assert kinds == [EventKind.AUTHORISATION_ENDED, EventKind.AUTHORISATION_CREATED]
    assert cast.partnerships["nordwind"].eligibility_version == 3


def test_certifications_have_an_end_and_belong_to_one_partner(cast: Cast) -> None:
    ada, nordwind, pump = cast.viewer("ada"), cast.partnerships["nordwind"].id, cast.products["pump"].id
    days: dict[str, Any] = {"actor": ada, "partnership_id": nordwind, "product_line_id": pump}
    with pytest.raises(Invalid):
        certify_partnership(**days, valid_from=None, valid_until=None)
    with pytest.raises(Invalid):
        certify_partnership(**days, valid_from=date(2030, 1, 1), valid_until=date(2029, 1, 1))
    made = certify_partnership(**days, valid_from=None, valid_until=date(2030, 1, 1))
    with pytest.raises(NotFound):
        end_certification(actor=ada, partnership_id=cast.partnerships["kansai"].id, certification_id=made)
    end_certification(actor=ada, partnership_id=nordwind, certification_id=made)
    with pytest.raises(NotFound):
        end_certification(actor=ada, partnership_id=nordwind, certification_id=made)


@pytest.mark.parametrize(
    "rule",
    [
        TerritoryRule(TerritoryMode.INCLUDE, "DE", "FR-75C"),
        TerritoryRule(TerritoryMode.INCLUDE, "DE", postal_from="90000", postal_to="80000"),
        TerritoryRule(TerritoryMode.INCLUDE, "DE", postal_from="80000"),
        TerritoryRule(TerritoryMode.INCLUDE, "DE", postal_prefix="8", postal_from="80000", postal_to="81000"),
        TerritoryRule(TerritoryMode.INCLUDE, "DE"),
        TerritoryRule(TerritoryMode.INCLUDE, ""),
    ],
)
def test_territory_lines_that_cannot_stand(cast: Cast, rule: TerritoryRule) -> None:
    with pytest.raises(Invalid):
        add_territory_rule(actor=cast.viewer("ada"), partnership_id=cast.partnerships["nordwind"].id, rule=rule)


def test_a_removed_line_is_kept_in_the_trail(cast: Cast, session: Session) -> None:
    ada, nordwind = cast.viewer("ada"), cast.partnerships["nordwind"].id
    rule = TerritoryRule(TerritoryMode.INCLUDE, "AT", postal_prefix="50")
    made = add_territory_rule(actor=ada, partnership_id=nordwind, rule=rule)
    end_territory_rule(actor=ada, partnership_id=nordwind, rule_id=made)
    event = last_event(session, EventKind.TERRITORY_ENDED)
    assert (event.data["before"]["country"], event.data["before"]["postal_prefix"]) == ("AT", "50")


@pytest.mark.covers("W-01")
def test_nobody_gives_a_partner_hours_on_the_days_it_has_closed_alone(cast: Cast, session: Session) -> None:
    monday = date(2098, 1, 6)
    cast.nordwind.closed_on = [str(monday + timedelta(days=7 * week)) for week in range(53)]
    session.commit()
    with pytest.raises(Invalid) as told:
        change(cast, working_hours="mon 8-17")
    assert list(told.value.fields) == ["working_hours"]
    change(cast, working_hours="mon-tue 8-17")
    assert cast.nordwind.working_hours == "mon-tue 08:00-17:00"
