"""Mailed links: nothing secret at rest, single use, expiring, one winner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import OneTimePurpose, Role
from app.domain.sign_in import LinkDead
from app.models import AuthSession, Event, OneTimeLink, OutboxMessage, User
from app.queries.identity import api_user, link_target, secret_hash, signed_in_user
from app.services import identity
from app.services.identity.passwords import is_password
from tests.cast import Cast
from tests.conftest import TimeMachine

PASSWORD = "four words in a row"


def invited(session: Session, cast: Cast) -> tuple[int, str]:
    """A colleague of Nora's who was invited, and the token of the mail."""
    user_id = identity.invite_user(
        email="new@nordwind.example", name="New Colleague", role=Role.PARTNER_SALES, actor=cast.viewer("nora")
    )
    return user_id, drawn(session, user_id)


def drawn(session: Session, user_id: int) -> str:
    """The token of the person's newest link, as the mail job draws it."""
    newest = select(OneTimeLink.id).where(OneTimeLink.user_id == user_id).order_by(OneTimeLink.id.desc()).limit(1)
    token = identity.draw_link(session.scalars(newest).one())
    assert token is not None
    return token


def test_an_invitation_is_owed_as_a_mail_that_holds_no_secret(cast: Cast, session: Session) -> None:
    user_id, token = invited(session, cast)
    mail = session.scalars(select(OutboxMessage)).one()
    link = session.scalars(select(OneTimeLink)).one()
    assert (mail.kind, mail.user_id, mail.payload) == ("invitation_to_user", user_id, {"link_id": link.id})
    assert link.token_hash == secret_hash(token)


def test_joining_signs_in_and_spends_the_link(cast: Cast, session: Session) -> None:
    user_id, token = invited(session, cast)
    cookie = identity.accept_invitation(token=token, name="  Nele   Neumann ", password=PASSWORD)
    user = session.get_one(User, user_id)
    assert (user.name, user.joined_at is not None) == ("Nele Neumann", True)
    assert is_password(PASSWORD, user.password_hash)
    person = signed_in_user(token=cookie)
    assert person
    assert person.id == user_id
    assert {EventKind.USER_INVITED, EventKind.USER_JOINED} <= set(session.scalars(select(Event.kind)).all())
    with pytest.raises(LinkDead):
        identity.accept_invitation(token=token, name="Somebody Else", password=PASSWORD)


def test_looking_does_not_spend(cast: Cast, session: Session) -> None:
    _, token = invited(session, cast)
    for _ in range(3):
        target = link_target(purpose=OneTimePurpose.INVITATION, token=token)
        assert target
        assert target.organisation_name == "Nordwind"


def test_a_weak_password_leaves_the_link(cast: Cast, session: Session) -> None:
    _, token = invited(session, cast)
    with pytest.raises(Invalid):
        identity.accept_invitation(token=token, name="Nele", password="short")
    assert link_target(purpose=OneTimePurpose.INVITATION, token=token)


def test_an_invitation_expires_after_seven_days(cast: Cast, session: Session, clock: TimeMachine) -> None:
    _, token = invited(session, cast)
    clock.pass_time(days=7, seconds=1)
    with pytest.raises(LinkDead):
        identity.accept_invitation(token=token, name="Nele", password=PASSWORD)


def test_a_new_invitation_replaces_the_earlier_one(cast: Cast, session: Session) -> None:
    user_id, token = invited(session, cast)
    identity.resend_invitation(user_id=user_id, actor=cast.viewer("nora"))
    with pytest.raises(LinkDead):
        identity.accept_invitation(token=token, name="Nele", password=PASSWORD)
    assert identity.accept_invitation(token=drawn(session, user_id), name="Nele", password=PASSWORD)


def test_a_repeated_delivery_draws_another_token(cast: Cast, session: Session) -> None:
    user_id, first = invited(session, cast)
    second = drawn(session, user_id)
    assert first != second
    assert link_target(purpose=OneTimePurpose.INVITATION, token=first) is None
    assert link_target(purpose=OneTimePurpose.INVITATION, token=second)


def test_a_spent_link_is_not_drawn_again(cast: Cast, session: Session) -> None:
    _, token = invited(session, cast)
    link_id = session.scalars(select(OneTimeLink.id)).one()
    identity.accept_invitation(token=token, name="Nele", password=PASSWORD)
    assert identity.draw_link(link_id) is None


def test_a_disabled_persons_link_is_dead(cast: Cast, session: Session) -> None:
    user_id, token = invited(session, cast)
    identity.disable_user(user_id=user_id, actor=cast.viewer("nora"))
    with pytest.raises(LinkDead):
        identity.accept_invitation(token=token, name="Nele", password=PASSWORD)


def test_of_two_uses_at_the_same_time_one_wins(app: Flask, committed_cast: Cast, committed: Session) -> None:
    user_id, token = invited(committed, committed_cast)
    committed.commit()

    def join(name: str) -> bool:
        with app.app_context():
            try:
                identity.accept_invitation(token=token, name=name, password=PASSWORD)
            except LinkDead:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(join, ["Anna", "Berta", "Clara", "Dora"]))
    assert sorted(outcomes) == [False, False, False, True]
    sessions = committed.scalars(select(AuthSession.id).where(AuthSession.user_id == user_id)).all()
    assert len(sessions) == 1


def test_a_reset_ends_every_session_key_and_link(cast: Cast, session: Session) -> None:
    nora = cast.people["nora"]
    cookies = [identity.start_session(nora.id) for _ in range(2)]
    identity.ask_password_reset(email=nora.email.upper())
    key = identity.create_api_key(name="Old", scopes=["board"], actor=cast.viewer("nora"))
    identity.reset_password(token=drawn(session, nora.id), password=PASSWORD)
    assert api_user(secret=key.secret) is None
    assert is_password(PASSWORD, nora.password_hash)
    assert all(signed_in_user(token=cookie) is None for cookie in cookies)
    assert EventKind.PASSWORD_CHANGED in session.scalars(select(Event.kind)).all()


def test_a_reset_link_holds_for_one_hour(cast: Cast, session: Session, clock: TimeMachine) -> None:
    nora = cast.people["nora"]
    identity.ask_password_reset(email=nora.email)
    token = drawn(session, nora.id)
    clock.pass_time(hours=1, seconds=1)
    with pytest.raises(LinkDead):
        identity.reset_password(token=token, password=PASSWORD)


def test_a_link_serves_its_purpose_only(cast: Cast, session: Session) -> None:
    _, token = invited(session, cast)
    with pytest.raises(LinkDead):
        identity.reset_password(token=token, password=PASSWORD)


@pytest.mark.parametrize("who", ["unknown", "invited", "disabled"])
def test_nobody_to_mail_a_reset_to(cast: Cast, session: Session, who: str) -> None:
    nora = cast.people["nora"]
    if who == "invited":
        nora.joined_at = None
    if who == "disabled":
        nora.disabled_at = nora.joined_at
    session.commit()
    identity.ask_password_reset(email="nobody@nowhere.example" if who == "unknown" else nora.email)
    assert session.scalars(select(OutboxMessage)).all() == []
    event = session.scalars(select(Event)).one()
    assert (event.kind, event.organisation_id, event.data) == (EventKind.PASSWORD_RESET_ASKED, None, {})
