"""Writing to one manufacturer's network: who may, what is noted, whose offers must be looked at anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.adapters.job_names import RECHECK_ELIGIBILITY
from app.adapters.job_queue import enqueue
from app.database import Base, after_commit, transaction
from app.domain.audit import EventKind
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.identity import Role, Viewer
from app.domain.network.changes import Changes
from app.domain.phrases import N_, Phrase
from app.models import Partnership
from app.services.audit import record_event
from app.services.network_order import take_network
from app.services.rematch_asking import owe_rematch

WRITERS = (Role.ADMIN, Role.CHANNEL_MANAGER)
"""The roles that may change the network."""

Row = TypeVar("Row", bound=Base)


@dataclass(slots=True)
class NetworkWriting:
    """What is being written. `actor` is None when the installation's own command line writes."""

    session: Session
    manufacturer_id: int
    actor: Viewer | None
    _doubtful_ids: set[int] = field(default_factory=set)
    _doubts_matches: bool = False

    def find(self, table: type[Row], row_id: int, *, locked: bool = False) -> Row:
        """A row of this manufacturer; NotFound when there is none, whoever else may have it.

        Locked so that rows which refer to it may still come. The network is taken before a partnership: whoever routes
        leads holds it before it frees a partner's place.
        """
        if locked and table is Partnership:
            take_network(self.session, self.manufacturer_id)
        found = select(table).where(table.id == row_id, table.manufacturer_id == self.manufacturer_id)  # type: ignore[attr-defined]
        row = self.session.scalars(found.with_for_update(of=table, key_share=True) if locked else found).one_or_none()
        if row is None:
            raise NotFound
        return row

    def refuse_taken_code(self, table: type[Row], code: str, *, but_id: int | None = None) -> None:
        """Raise `Invalid` when another row of this manufacturer has the code; the constraint keeps the promise."""
        taken = select(table.id).where(  # type: ignore[attr-defined]
            table.manufacturer_id == self.manufacturer_id,  # type: ignore[attr-defined]
            table.code == code,  # type: ignore[attr-defined]
            table.id.is_distinct_from(but_id),  # type: ignore[attr-defined]
        )
        if self.session.scalar(taken.limit(1)) is not None:
            reason = Phrase(N_("The code %(code)s is taken."), {"code": code})
            raise Invalid(reason, fields={"code": reason})

    def record(
        self, kind: EventKind, changes: Changes | None = None, *, partnership_id: int | None = None, **data: object
    ) -> None:
        """Note what happened, with the changed fields as they were and as they are."""
        told = {name: plain_json(value) for name, value in data.items()}
        if changes is not None:
            told |= {"before": plain_json(dict(changes.before)), "after": plain_json(dict(changes.after))}
        record_event(
            self.session,
            kind,
            actor=self.actor,
            manufacturer_id=self.manufacturer_id,
            partnership_id=partnership_id,
            data=told,
        )

    def doubt_eligibility(self, partnership_ids: Iterable[int]) -> None:
        """What these partnerships may see can have changed: their offers rest until the recheck has looked."""
        self._doubtful_ids.update(partnership_ids)

    def doubt_matches(self) -> None:
        """Which leads are whose account's can have changed: open ones are matched again once this is committed."""
        self._doubts_matches = True

    def finish(self) -> bool:
        """Raise the version of every partnership in doubt, and owe what else is to be looked at again.

        Partnerships are locked behind the network, by id. Returns whether one was in doubt. Belongs before the commit.
        """
        self.session.flush()
        if self._doubtful_ids:
            doubtful = Partnership.id.in_(self._doubtful_ids)
            in_order = select(Partnership.id).where(doubtful).order_by(Partnership.id)
            take_network(self.session, self.manufacturer_id)
            self.session.execute(in_order.with_for_update(key_share=True))
            self.session.execute(
                update(Partnership).where(doubtful).values(eligibility_version=Partnership.eligibility_version + 1)
            )
        if self._doubts_matches:
            owe_rematch(self.session, self.manufacturer_id, requested_by_id=self.actor.user_id if self.actor else None)
        return bool(self._doubtful_ids)


@contextmanager
def network_writing(actor: Viewer) -> Iterator[NetworkWriting]:
    """One transaction on the actor's own network. Forbidden unless it is a manufacturer's admin or channel manager.

    Versions are raised in the same transaction, so no offer made under the old network can be seen or claimed once it
    commits; ringing for the recheck afterwards only makes it come sooner.
    """
    if not actor.is_manufacturer or not actor.has_role(*WRITERS):
        raise Forbidden
    with collisions_refused(), transaction() as session:
        writing = NetworkWriting(session, actor.organisation_id, actor)
        yield writing
        if writing.finish():
            after_commit(session, ring_for_recheck)


@contextmanager
def collisions_refused() -> Iterator[None]:
    """Turn what a constraint refused, because somebody wrote the same at this moment, into a refusal for a person."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(
            Phrase(N_("Somebody wrote the same at this moment, so nothing of yours was saved.")),
            code="written_meanwhile",
            remedy=Phrase(N_("Look at what there is now, then try again.")),
        ) from error


def ring_for_recheck() -> None:
    """Ask for the recheck now; when Redis is away the clock asks within the minute."""
    enqueue(RECHECK_ELIGIBILITY)


def plain_json(value: Any) -> Any:
    """A value as the trail keeps it: dates as text, dataclasses and tuples as JSON knows them."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain_json(asdict(value))
    if isinstance(value, dict):
        return {name: plain_json(item) for name, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
