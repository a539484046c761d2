"""Partners lose nobody who looks after them: channel and sales managers are followed when they leave (W-03)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.owners import Belonging, Handover
from app.models import Assignment, Event, Partnership, User
from app.queries.belongings import manufacturers_led_by, what_person_owns
from app.queries.escalation import channel_managers_of, sales_managers_of, workers_of
from app.services import identity
from app.services.network.partnerships import change_partnership
from tests.cast import Cast
from tests.departures import look_after, standing
from tests.races import at_once
from tests.silences import claimed


@pytest.mark.covers("P-30", "W-04")
def test_a_channel_managers_partners_are_somebody_elses_at_once(session: Session, cast: Cast) -> None:
    carl, ada, nordwind = cast.people["carl"], cast.people["ada"], cast.partnerships["nordwind"]
    look_after(session, cast, "carl", "nordwind", "kansai")
    [owned] = what_person_owns(viewer=cast.viewer("ada"), user_id=carl.id)
    assert (owned.kind, owned.count, owned.names) == (Belonging.PARTNERS, 2, ("Kansai", "Nordwind"))
    with pytest.raises(Invalid) as refused:
        identity.disable_user(user_id=carl.id, actor=cast.viewer("ada"))
    assert "successor" in refused.value.fields

    identity.disable_user(user_id=carl.id, actor=cast.viewer("ada"), handover=Handover(ada.id))
    session.expire_all()
    assert {cast.partnerships[name].channel_manager_id for name in ("nordwind", "kansai")} == {ada.id}
    assert nordwind.version == 2, "who had the form open sees it"
    assert channel_managers_of(session, cast.acme.id, nordwind) == [ada.id]
    changed = select(Event).where(Event.kind == EventKind.PARTNERSHIP_CHANGED, Event.partnership_id == nordwind.id)
    told = session.scalars(changed).one()
    assert (told.data["before"], told.data["after"]) == ({"channel_manager": "Carl"}, {"channel_manager": "Ada"})


@pytest.mark.covers("P-30")
def test_who_may_not_look_after_partners_takes_the_rest_only(session: Session, cast: Cast) -> None:
    carl, ines, ada = (cast.people[name] for name in ("carl", "ines", "ada"))
    look_after(session, cast, "carl", "nordwind")
    with pytest.raises(Invalid) as refused:
        identity.disable_user(user_id=carl.id, actor=cast.viewer("ada"), handover=Handover(ines.id))
    assert refused.value.fields.keys() == {"partners"}
    handover = Handover(ines.id, {Belonging.PARTNERS: ada.id})
    identity.disable_user(user_id=carl.id, actor=cast.viewer("ada"), handover=handover)
    session.expire_all()
    assert (carl.successor_id, cast.partnerships["nordwind"].channel_manager_id) == (ines.id, ada.id)


@pytest.mark.covers("W-03")
@pytest.mark.parametrize(("by", "follower"), [("nora", "nora"), ("nils", None)])
def test_a_sales_manager_is_followed_by_who_shuts_it_out(
    session: Session, cast: Cast, by: str, follower: str | None
) -> None:
    nils, nordwind = cast.people["nils"], cast.partnerships["nordwind"]
    nils.role = cast.people["nora"].role
    nordwind.sales_manager_id = nils.id
    session.commit()
    assert manufacturers_led_by(viewer=cast.viewer("nora"), user_id=nils.id) == ("Acme",)
    identity.disable_user(user_id=nils.id, actor=cast.viewer(by))
    session.expire_all()
    assert nordwind.sales_manager_id == (cast.people[follower].id if follower else None)
    assert sales_managers_of(session, nordwind) == [cast.people["nora"].id]
    changed = select(Event.manufacturer_id).where(Event.kind == EventKind.PARTNERSHIP_CHANGED)
    assert session.scalars(changed).all() == [cast.acme.id]


@pytest.mark.covers("W-17")
def test_the_leads_of_who_leaves_a_partner_stay_with_its_colleagues(session: Session, cast: Cast) -> None:
    lead = claimed(session, cast)
    work = session.scalars(select(Assignment).where(Assignment.lead_id == lead.id)).one()
    assert workers_of(session, work) == [cast.people["nils"].id]
    identity.disable_user(user_id=cast.people["nils"].id, actor=cast.viewer("nora"))
    session.expire_all()
    assert work.ended_at is None
    assert workers_of(session, work) == [cast.people["nora"].id]


@pytest.mark.covers("P-30")
@pytest.mark.parametrize("turn", range(4))
def test_a_partner_given_to_who_leaves_is_never_left_with_nobody(
    app: Flask, committed: Session, committed_cast: Cast, turn: int
) -> None:
    cast = committed_cast
    ada, carl_id, nordwind_id = cast.viewer("ada"), cast.people["carl"].id, cast.partnerships["nordwind"].id
    draft = replace(standing(committed, cast), channel_manager_id=carl_id)
    version = cast.partnerships["nordwind"].version
    committed.rollback()

    def give() -> None:
        change_partnership(actor=ada, partnership_id=nordwind_id, version=version, draft=draft)

    def leave() -> None:
        identity.disable_user(user_id=carl_id, actor=ada)

    at_once(app, *((give, leave) if turn % 2 else (leave, give)))
    committed.expire_all()
    has_left = committed.get_one(User, carl_id).disabled_at is not None
    named = committed.get_one(Partnership, nordwind_id).channel_manager_id
    assert not (has_left and named == carl_id)
    assert has_left or named == carl_id, "one of the two went through"
