"""Choosing in turn: two who choose a partner for one manufacturer at once see each other's choice.

What a choice looks at (how many open offers a partner has, when it was last asked, how long newer partners have been
passed by) is changed by the choice before. Two workers that pushed two leads at one moment would both see the state
before either, and would ask the same partner beyond its room, or pass a newer one by once too often. The network's lock
does not help: all who route share it. So each choice takes the row of `push_turn` and keeps it until its transaction
has ended; the next one waits, and then reads what was committed meanwhile.

The turn comes last of all locks. Whoever holds it takes no further partnership, or it would wait for a place that
somebody holds who waits for the turn: a batch of deadlines ends with its first choice (`has_turn`).
"""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import PushTurn

_TAKEN_IN = "push_turn_taken_in"


def take_turn(session: Session, manufacturer_id: int) -> int:
    """Wait for one's turn to choose, and hold it until the transaction ends.

    Returns how many offers in a row a newer partner could have had and did not. A second call in the same transaction
    reads it again.
    """
    first = insert(PushTurn).values(manufacturer_id=manufacturer_id, since_newcomer=0)
    mine = first.on_conflict_do_update(
        index_elements=[PushTurn.manufacturer_id], set_={"since_newcomer": PushTurn.since_newcomer}
    )
    since: int = session.execute(mine.returning(PushTurn.since_newcomer)).scalar_one()
    session.info[_TAKEN_IN] = session.get_transaction()
    return since


def has_turn(session: Session) -> bool:
    """Whether the present transaction has chosen somebody."""
    taken_in = session.info.get(_TAKEN_IN)
    return taken_in is not None and taken_in is session.get_transaction()


def note_choice(session: Session, manufacturer_id: int, *, is_newcomer: bool) -> None:
    """Write down whom an offer went to for which a newer partner was there, while one holds the turn."""
    since = 0 if is_newcomer else PushTurn.since_newcomer + 1
    session.execute(
        update(PushTurn)
        .where(PushTurn.manufacturer_id == manufacturer_id)
        .values(since_newcomer=since)
        .execution_options(synchronize_session=False)
    )
