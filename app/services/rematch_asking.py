"""Asking for a manufacturer's open leads to be matched again, in the transaction that gave the reason."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters.job_names import RUN_REMATCHES
from app.adapters.job_queue import current_queue
from app.database import after_commit
from app.domain.accounts import RematchCause
from app.models import Rematch


def owe_rematch(
    session: Session,
    manufacturer_id: int,
    cause: RematchCause = RematchCause.ACCOUNTS_CHANGED,
    *,
    requested_by_id: int | None = None,
) -> None:
    """Owe one run over the manufacturer's open leads; one that waits already is enough for all who ask.

    Belongs at the end of the caller's transaction: it keeps the waiting run's row locked until the commit, so that the
    run cannot begin before this change is there for it to see.
    """
    asked = insert(Rematch).values(manufacturer_id=manufacturer_id, cause=cause, requested_by_id=requested_by_id)
    waiting = Rematch.started_at.is_(None)
    session.execute(
        asked.on_conflict_do_update(
            index_elements=[Rematch.manufacturer_id], index_where=waiting, set_={"cause": Rematch.cause}
        )
    )
    after_commit(session, ring_for_rematches)


def ring_for_rematches() -> None:
    """Ask for the run now, once for all who ask; when Redis is away the clock asks within seconds."""
    current_queue().ring(RUN_REMATCHES)
