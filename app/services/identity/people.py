"""The people of an organisation: invite, change the role, disable, enable. All of it counts from the next request."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.identity import OneTimePurpose, Role, Viewer
from app.domain.owners import Handover
from app.domain.people import ADMIN_ROLES, check_admin_stays, check_administers, check_role, clean_email, clean_name
from app.domain.phrases import N_, Phrase
from app.models import ApiKey, Organisation, Partnership, User
from app.services.identity.links import mail_link, retire_links
from app.services.identity.sessions import revoke_sessions
from app.services.identity.trail import record_about
from app.services.owners.handing_on import hand_on_person, hand_on_sales_manager
from app.services.owners.holding import lock_belongings_of_person, lock_looked_after

_TO_NOBODY = Handover()


def invite_user(*, email: str, name: str, role: Role, actor: Viewer) -> int:
    """Invite a person into the admin's own organisation by a mailed link; returns the person's id.

    Invalid for an address, name or role that cannot be; Refused when the address is taken. A second call is refused.
    """
    check_administers(actor)
    check_role(role, actor.organisation_kind)
    with transaction() as session:
        user = add_user(session, actor.organisation_id, email=email, name=name, role=role)
        invite(session, user, actor=actor)
        return user.id


def resend_invitation(*, user_id: int, actor: Viewer) -> None:
    """Mail a new link to somebody who has not joined yet; earlier links stop working. Refused once they have."""
    check_administers(actor)
    with transaction() as session:
        user = _own_person(session, user_id, actor)
        if user.joined_at is not None:
            raise Refused(Phrase(N_("%(name)s has joined already."), {"name": user.name}), code="joined")
        invite(session, user, actor=actor)


def change_role(*, user_id: int, role: Role, actor: Viewer) -> None:
    """Give a person another role. Refused for the last admin; the same role again changes nothing."""
    check_administers(actor)
    check_role(role, actor.organisation_kind)
    with transaction() as session:
        user = _own_person(session, user_id, actor)
        if user.role is role:
            return
        _check_admin_stays(session, user)
        record_about(session, EventKind.USER_ROLE_CHANGED, user, actor=actor, before=user.role, after=role)
        user.role = role


def change_manager(*, user_id: int, manager_id: int | None, actor: Viewer) -> None:
    """Say who answers for a person's accounts when the person has left without a successor; None for nobody.

    Invalid for the person itself and for anybody of another organisation; the same again changes nothing.
    """
    check_administers(actor)
    with transaction() as session:
        user = _own_person(session, user_id, actor)
        if user.manager_id == manager_id:
            return
        manager = session.get(User, manager_id) if manager_id is not None else None
        is_own = manager is not None and manager.organisation_id == user.organisation_id
        if manager_id is not None and (manager_id == user.id or not is_own):
            reason = Phrase(N_("Choose one of the people listed."))
            raise Invalid(reason, fields={"manager": reason})
        before = session.get(User, user.manager_id) if user.manager_id is not None else None
        user.manager_id = manager_id
        changed = {"before": {"manager": before and before.name}, "after": {"manager": manager and manager.name}}
        record_about(session, EventKind.USER_CHANGED, user, actor=actor, **changed)


def disable_user(*, user_id: int, actor: Viewer, handover: Handover = _TO_NOBODY) -> None:
    """Shut a person out: sessions, keys and links end now; what they own passes to whom the handover names.

    A partner's person is followed as sales manager by who shuts it out; the leads stay the partner's. Invalid when one
    of the manufacturer's people would leave something to nobody; Refused for the last admin, and when something was
    given to the person at this moment. Twice changes nothing.
    """
    check_administers(actor)
    with transaction() as session:
        held = lock_belongings_of_person(session, actor.organisation_id, user_id)
        led_ids = lock_looked_after(session, Partnership.sales_manager_id, user_id) if actor.is_partner else ()
        user = _own_person(session, user_id, actor)
        if user.disabled_at is not None:
            return
        _check_admin_stays(session, user)
        if actor.is_manufacturer:
            hand_on_person(session, user, held, handover, actor=actor)
        else:
            hand_on_sales_manager(session, user, led_ids, actor=actor)
        user.disabled_at = read_clock(session)
        revoke_sessions(session, user.id)
        retire_links(session, user.id)
        keys = update(ApiKey).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
        session.execute(keys.values(revoked_at=clock_now()))
        record_about(session, EventKind.USER_DISABLED, user, actor=actor)


def enable_user(*, user_id: int, actor: Viewer) -> None:
    """Let a disabled person in again, with password and role as they were; keys and sessions stay ended.

    What was handed on stays with the successor, who follows no longer.
    """
    check_administers(actor)
    with transaction() as session:
        user = _own_person(session, user_id, actor)
        if user.disabled_at is not None:
            user.disabled_at = user.successor_id = None
            record_about(session, EventKind.USER_ENABLED, user, actor=actor)


def add_user(session: Session, organisation_id: int, *, email: str, name: str, role: Role) -> User:
    """A person who has not joined yet, with the organisation's language and zone. Refused when the address is taken."""
    organisation = session.get_one(Organisation, organisation_id)
    values = {
        "organisation_id": organisation_id,
        "email": clean_email(email),
        "name": clean_name(name),
        "role": role,
        "language": organisation.language,
        "time_zone": organisation.time_zone,
    }
    added = insert(User).values(values).on_conflict_do_nothing(index_elements=["email"]).returning(User.id)
    user_id = session.scalar(added)
    if user_id is None:
        raise Refused(
            Phrase(N_("This address belongs to somebody already. Each person has one address and one organisation.")),
            code="address_taken",
        )
    return session.get_one(User, user_id)


def invite(session: Session, user: User, *, actor: Viewer | None) -> None:
    """Owe the invitation's mail, with its line in the trail."""
    user.invited_at = read_clock(session)
    mail_link(session, user, OneTimePurpose.INVITATION)
    record_about(session, EventKind.USER_INVITED, user, actor=actor, role=user.role)


def _own_person(session: Session, user_id: int, actor: Viewer) -> User:
    """The person, with the organisation's row locked: two admins who demote each other come one after the other."""
    lock = select(Organisation.id).where(Organisation.id == actor.organisation_id).with_for_update(key_share=True)
    session.execute(lock)
    own = select(User).where(User.id == user_id, User.organisation_id == actor.organisation_id)
    user = session.scalar(own.with_for_update(of=User, key_share=True))
    if user is None:
        raise NotFound
    return user


def _check_admin_stays(session: Session, user: User) -> None:
    admin = ADMIN_ROLES[user.organisation.kind]
    others = session.scalars(
        select(func.count()).where(
            User.organisation_id == user.organisation_id,
            User.id != user.id,
            User.role == admin,
            User.joined_at.is_not(None),
            User.disabled_at.is_(None),
        )
    ).one()
    is_admin = user.role is admin and user.joined_at is not None and user.disabled_at is None
    check_admin_stays(is_admin=is_admin, other_admins=others)
