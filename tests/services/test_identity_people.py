"""Who may invite, change and disable whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import Audience, EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.identity import OrganisationKind, Role, Viewer
from app.domain.partners import PartnershipStatus
from app.models import ApiKey, Event, OutboxMessage, Partnership, User
from app.queries.identity import api_user, list_partners_to_open, list_people, partner_to_open, person, signed_in_user
from app.services import identity
from tests import factories
from tests.cast import Cast


def new_partnership(session: Session, cast: Cast, manufacturer: str = "acme") -> Partnership:
    """A partner nobody has joined for."""
    owner = cast.acme if manufacturer == "acme" else cast.globex
    partner = factories.organisation(
        session, "Ostwind", OrganisationKind.PARTNER, language="de", time_zone="Europe/Berlin"
    )
    tier = cast.tiers["gold"] if manufacturer == "acme" else factories.tiers(session, owner)["gold"]
    made = factories.partnership(session, owner, partner, tier)
    session.commit()
    return made


def test_an_invited_person_speaks_the_organisations_language(cast: Cast, session: Session) -> None:
    cast.nordwind.language, cast.nordwind.time_zone = "de", "Europe/Berlin"
    session.commit()
    user_id = identity.invite_user(
        email=" New@Nordwind.Example ", name="New", role=Role.PARTNER_SALES, actor=cast.viewer("nora")
    )
    user = session.get_one(User, user_id)
    assert (user.email, user.language, user.time_zone) == ("new@nordwind.example", "de", "Europe/Berlin")
    assert user.organisation_id == cast.nordwind.id
    assert user.joined_at is None


@pytest.mark.parametrize("name", ["carl", "arne", "ines", "vera", "nils"])
def test_only_admins_look_after_people(cast: Cast, name: str) -> None:
    actor, somebody = cast.viewer(name), cast.people["nils"].id
    with pytest.raises(Forbidden):
        identity.invite_user(email="a@b.example", name="A", role=Role.VIEWER, actor=actor)
    with pytest.raises(Forbidden):
        identity.change_role(user_id=somebody, role=Role.VIEWER, actor=actor)
    with pytest.raises(Forbidden):
        identity.disable_user(user_id=somebody, actor=actor)
    with pytest.raises(Forbidden):
        identity.enable_user(user_id=somebody, actor=actor)
    with pytest.raises(Forbidden):
        identity.resend_invitation(user_id=somebody, actor=actor)
    with pytest.raises(Forbidden):
        list_people(viewer=actor)


@pytest.mark.parametrize(("admin", "other"), [("ada", "gina"), ("ada", "nora"), ("nora", "kenji"), ("gina", "ada")])
def test_other_organisations_people_do_not_exist(cast: Cast, admin: str, other: str) -> None:
    actor, theirs = cast.viewer(admin), cast.people[other].id
    role = Role.VIEWER if actor.is_manufacturer else Role.PARTNER_SALES
    with pytest.raises(NotFound):
        identity.change_role(user_id=theirs, role=role, actor=actor)
    with pytest.raises(NotFound):
        identity.disable_user(user_id=theirs, actor=actor)
    with pytest.raises(NotFound):
        identity.enable_user(user_id=theirs, actor=actor)
    with pytest.raises(NotFound):
        identity.resend_invitation(user_id=theirs, actor=actor)
    with pytest.raises(NotFound):
        person(user_id=theirs, viewer=actor)
    assert theirs not in {row.id for row in list_people(viewer=actor)}


def test_roles_stay_on_their_side(cast: Cast) -> None:
    with pytest.raises(Invalid):
        identity.invite_user(email="a@b.example", name="A", role=Role.ADMIN, actor=cast.viewer("nora"))
    with pytest.raises(Invalid):
        identity.change_role(user_id=cast.people["vera"].id, role=Role.PARTNER_ADMIN, actor=cast.viewer("ada"))


@pytest.mark.parametrize(
    ("email", "name"), [("not an address", "A"), ("a@b.example", "  "), ("a@b.example", "x" * 121)]
)
def test_what_cannot_be_invited(cast: Cast, email: str, name: str) -> None:
    with pytest.raises(Invalid):
        identity.invite_user(email=email, name=name, role=Role.VIEWER, actor=cast.viewer("ada"))


def test_an_address_is_one_persons(cast: Cast, session: Session) -> None:
    with pytest.raises(Refused) as refused:
        identity.invite_user(email=cast.people["gina"].email, name="Gina", role=Role.VIEWER, actor=cast.viewer("ada"))
    assert "Globex" not in str(refused.value)
    assert session.scalars(select(OutboxMessage)).all() == []


def test_the_last_admin_stays(cast: Cast, session: Session) -> None:
    nora, nils, actor = cast.people["nora"], cast.people["nils"], cast.viewer("nora")
    with pytest.raises(Refused):
        identity.disable_user(user_id=nora.id, actor=actor)
    with pytest.raises(Refused):
        identity.change_role(user_id=nora.id, role=Role.PARTNER_SALES, actor=actor)
    identity.change_role(user_id=nils.id, role=Role.PARTNER_ADMIN, actor=actor)
    identity.disable_user(user_id=nora.id, actor=actor)
    assert nora.disabled_at is not None
    kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds == [EventKind.USER_ROLE_CHANGED, EventKind.USER_DISABLED]


def test_an_invited_admin_does_not_count_as_one(cast: Cast) -> None:
    actor = cast.viewer("nora")
    identity.invite_user(email="second@nordwind.example", name="Second", role=Role.PARTNER_ADMIN, actor=actor)
    with pytest.raises(Refused):
        identity.disable_user(user_id=cast.people["nora"].id, actor=actor)


def test_disabling_ends_sessions_and_keys(cast: Cast, session: Session) -> None:
    nils = cast.people["nils"]
    cookie = identity.start_session(nils.id)
    key = identity.create_api_key(name="CRM", scopes=["board"], actor=cast.viewer("nils"))
    identity.disable_user(user_id=nils.id, actor=cast.viewer("nora"))
    identity.enable_user(user_id=nils.id, actor=cast.viewer("nora"))
    assert nils.disabled_at is None
    assert signed_in_user(token=cookie) is None
    assert api_user(secret=key.secret) is None
    assert session.scalars(select(ApiKey.revoked_at)).one() is not None


def test_whoever_joined_gets_no_invitation(cast: Cast) -> None:
    with pytest.raises(Refused):
        identity.resend_invitation(user_id=cast.people["nils"].id, actor=cast.viewer("nora"))


def test_a_partners_events_are_the_partners(cast: Cast, session: Session) -> None:
    identity.disable_user(user_id=cast.people["nils"].id, actor=cast.viewer("nora"))
    event = session.scalars(select(Event)).one()
    assert (event.manufacturer_id, event.organisation_id) == (None, cast.nordwind.id)
    assert event.audience is Audience.PARTNER


def test_the_manufacturer_opens_a_partner_once(cast: Cast, session: Session) -> None:
    partnership, ada = new_partnership(session, cast), cast.viewer("ada")
    assert [row.name for row in list_partners_to_open(viewer=ada)] == ["Ostwind"]
    user_id = identity.invite_first_partner_admin(
        partnership_id=partnership.id, email="olga@ostwind.example", name="Olga", actor=ada
    )
    user = session.get_one(User, user_id)
    assert (user.organisation_id, user.role, user.language) == (partnership.partner_id, Role.PARTNER_ADMIN, "de")
    assert list_partners_to_open(viewer=ada)[0].invited_email == "olga@ostwind.example"
    again = identity.invite_first_partner_admin(
        partnership_id=partnership.id, email="olga@ostwind.example", name="Olga", actor=ada
    )
    assert again == user_id
    user.joined_at = cast.people["ada"].joined_at
    session.commit()
    with pytest.raises(Refused):
        identity.invite_first_partner_admin(
            partnership_id=partnership.id, email="otto@ostwind.example", name="Otto", actor=ada
        )
    assert list_partners_to_open(viewer=ada) == []


def test_other_manufacturers_partners_do_not_exist(cast: Cast, session: Session) -> None:
    partnership = new_partnership(session, cast, "acme")
    with pytest.raises(NotFound):
        identity.invite_first_partner_admin(
            partnership_id=partnership.id, email="x@y.example", name="X", actor=cast.viewer("gina")
        )
    with pytest.raises(NotFound):
        partner_to_open(partnership_id=partnership.id, viewer=cast.viewer("gina"))
    with pytest.raises(Forbidden):
        identity.invite_first_partner_admin(
            partnership_id=partnership.id, email="x@y.example", name="X", actor=cast.viewer("carl")
        )


def test_a_later_manufacturer_cannot_open_an_earlier_ones_partner(cast: Cast, session: Session) -> None:
    earlier = new_partnership(session, cast, "acme")
    tier = factories.tiers(session, factories.organisation(session, "Third", OrganisationKind.MANUFACTURER))["gold"]
    third = session.get_one(type(cast.acme), tier.manufacturer_id)
    partner = session.get_one(type(cast.acme), earlier.partner_id)
    later = factories.partnership(session, third, partner, tier)
    cast.people["theo"] = factories.user(session, third, Role.ADMIN, "theo")
    session.commit()
    with pytest.raises(Refused):
        identity.invite_first_partner_admin(
            partnership_id=later.id, email="x@y.example", name="X", actor=cast.viewer("theo")
        )
    assert list_partners_to_open(viewer=cast.viewer("theo")) == []


def test_an_ended_partnership_opens_nothing(cast: Cast, session: Session) -> None:
    partnership = new_partnership(session, cast)
    partnership.status = PartnershipStatus.ENDED
    session.commit()
    with pytest.raises(NotFound):
        identity.invite_first_partner_admin(
            partnership_id=partnership.id, email="x@y.example", name="X", actor=cast.viewer("ada")
        )


def test_two_admins_who_disable_each_other_leave_one(app: Flask, committed_cast: Cast, committed: Session) -> None:
    nora, nils = committed_cast.people["nora"], committed_cast.people["nils"]
    nils.role = Role.PARTNER_ADMIN
    committed.commit()
    pairs = [(nora.id, committed_cast.viewer("nils")), (nils.id, committed_cast.viewer("nora"))]
    committed.commit()

    def disable(pair: tuple[int, Viewer]) -> bool:
        user_id, actor = pair
        with app.app_context():
            try:
                identity.disable_user(user_id=user_id, actor=actor)
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(disable, pairs)) == [False, True]
