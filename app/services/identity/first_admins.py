"""An organisation's first admin, whom nobody inside can invite yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.identity import OneTimePurpose, Role, Viewer
from app.domain.partners import PartnershipStatus
from app.domain.passwords import password_problem
from app.domain.people import ADMIN_ROLES, clean_email
from app.domain.phrases import N_, Phrase
from app.models import Organisation, Partnership, User
from app.services.identity.links import draw_token, make_link
from app.services.identity.passwords import hash_password
from app.services.identity.people import add_user, invite
from app.services.identity.trail import record_about


@dataclass(frozen=True, slots=True)
class CreatedAdmin:
    """A new admin; `token` opens the invitation when no password was given, and is shown this once."""

    user_id: int
    token: str | None


def invite_first_partner_admin(*, partnership_id: int, email: str, name: str, actor: Viewer) -> int:
    """Invite the first admin of a partner of the manufacturer's own; returns the person's id.

    Only while nobody of that partner has joined, and only by the manufacturer whose partnership with it is the oldest:
    a later one could otherwise put its own person in front of an earlier one's leads. Refused else. A second call
    with the same address mails a new link, with another address it invites that one as well.
    """
    if not actor.has_role(Role.ADMIN):
        raise Forbidden
    with transaction() as session:
        partner = _partner_to_open(session, partnership_id, actor)
        invited = select(User).where(User.organisation_id == partner.id, User.email == clean_email(email))
        user = session.scalar(invited)
        if user is None:
            user = add_user(session, partner.id, email=email, name=name, role=ADMIN_ROLES[partner.kind])
        invite(session, user, actor=actor)
        return user.id


def create_admin(*, manufacturer_id: int, email: str, name: str, password: str | None = None) -> CreatedAdmin:
    """An admin of a manufacturer, made by whoever runs the installation: joined with a password, else by a link.

    For somebody invited already it makes a new link, or sets the password. Invalid for a password, address or name
    that cannot be; Refused when the person has joined, or the address is somebody else's.
    """
    hashed = _checked_hash(password, email, name) if password is not None else None
    with transaction() as session:
        user = _admin_to_be(session, manufacturer_id, email, name)
        if hashed is None:
            user.invited_at = read_clock(session)
            token = draw_token(session, make_link(session, user, OneTimePurpose.INVITATION))
            return CreatedAdmin(user.id, token)
        user.password_hash, user.joined_at = hashed, read_clock(session)
        record_about(session, EventKind.USER_JOINED, user, actor=None)
        return CreatedAdmin(user.id, None)


def _partner_to_open(session: Session, partnership_id: int, actor: Viewer) -> Organisation:
    own = select(Partnership).where(
        Partnership.id == partnership_id,
        Partnership.manufacturer_id == actor.organisation_id,
        Partnership.status != PartnershipStatus.ENDED,
    )
    partnership = session.scalar(own)
    if partnership is None:
        raise NotFound
    lock = select(Organisation).where(Organisation.id == partnership.partner_id).with_for_update(key_share=True)
    partner = session.scalars(lock).one()
    joined = select(User.id).where(User.organisation_id == partner.id, User.joined_at.is_not(None))
    if session.scalar(joined.limit(1)) is not None:
        raise Refused(
            Phrase(N_("Somebody of %(partner)s has joined already."), {"partner": partner.name}),
            code="partner_has_joined",
            remedy=Phrase(N_("From now on the partner's own administrators invite their colleagues.")),
        )
    oldest = select(Partnership.id).where(Partnership.partner_id == partner.id).order_by(Partnership.id).limit(1)
    if session.scalar(oldest) != partnership.id:
        raise Refused(
            Phrase(N_("The first person of %(partner)s cannot be invited from here."), {"partner": partner.name}),
            code="not_yours_to_open",
            remedy=Phrase(N_("Ask whoever runs this installation.")),
        )
    return partner


def _admin_to_be(session: Session, manufacturer_id: int, email: str, name: str) -> User:
    known = session.scalar(
        select(User).where(User.email == clean_email(email), User.organisation_id == manufacturer_id)
    )
    if known is None:
        user = add_user(session, manufacturer_id, email=email, name=name, role=Role.ADMIN)
        record_about(session, EventKind.USER_CREATED, user, actor=None, role=user.role)
        return user
    if known.joined_at is not None or known.role is not Role.ADMIN:
        raise Refused(Phrase(N_("%(name)s is in this organisation already."), {"name": known.name}), code="known")
    return known


def _checked_hash(password: str, email: str, name: str) -> str:
    problem = password_problem(password, email=email, name=name)
    if problem is not None:
        raise Invalid(problem, fields={"password": problem})
    return hash_password(password)
