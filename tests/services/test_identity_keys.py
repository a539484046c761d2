"""Keys for the API."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.models import ApiKey
from app.queries.identity import api_user, secret_hash
from app.services import identity
from tests.cast import Cast
from tests.conftest import TimeMachine


def test_a_key_acts_as_its_person_within_its_scopes(cast: Cast, session: Session) -> None:
    created = identity.create_api_key(name="CRM", scopes=["claim", "board"], actor=cast.viewer("nils"))
    caller = api_user(secret=created.secret)
    assert caller is not None
    assert (caller.id, caller.scopes, caller.session_id) == (cast.people["nils"].id, {"board", "claim"}, None)
    row = session.get_one(ApiKey, created.id)
    assert row.key_hash == secret_hash(created.secret)
    assert created.secret.startswith(row.prefix)
    assert len(row.prefix) == 9
    assert created.secret not in str(vars(row))


@pytest.mark.parametrize(
    ("name", "scopes"), [("nils", ["leads:write"]), ("ada", ["claim"]), ("nils", []), ("ada", ["all"])]
)
def test_scopes_are_those_of_the_side(cast: Cast, name: str, scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        identity.create_api_key(name="CRM", scopes=scopes, actor=cast.viewer(name))


def test_a_revoked_key_is_dead(cast: Cast) -> None:
    created = identity.create_api_key(name="CRM", scopes=["board"], actor=cast.viewer("nils"))
    with pytest.raises(NotFound):
        identity.revoke_api_key(key_id=created.id, actor=cast.viewer("nora"))
    identity.revoke_api_key(key_id=created.id, actor=cast.viewer("nils"))
    identity.revoke_api_key(key_id=created.id, actor=cast.viewer("nils"))
    assert api_user(secret=created.secret) is None


def test_an_unknown_key_is_nobody(cast: Cast) -> None:
    assert api_user(secret="pb_guessed") is None


def test_last_used_is_written_at_most_once_a_minute(cast: Cast, session: Session, clock: TimeMachine) -> None:
    created = identity.create_api_key(name="CRM", scopes=["board"], actor=cast.viewer("nils"))
    identity.see_api_key(created.id)
    used = select(ApiKey.last_used_at)
    first = session.scalars(used).one()
    clock.pass_time(seconds=50)
    caller = api_user(secret=created.secret)
    assert caller
    assert not caller.is_seen_stale
    identity.see_api_key(created.id)
    assert session.scalars(used).one() == first
    clock.pass_time(seconds=20)
    caller = api_user(secret=created.secret)
    assert caller
    assert caller.is_seen_stale
    identity.see_api_key(created.id)
    assert session.scalars(used).one() != first
