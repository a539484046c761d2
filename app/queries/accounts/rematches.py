"""How far matching the open leads again has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.identity import Viewer
from app.models import Rematch
from app.queries.network.own import own_manufacturer


@dataclass(frozen=True, slots=True)
class RematchState:
    """The latest run, and whether another one waits behind it."""

    id: int
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    total: int
    done: int
    changed: int
    is_one_waiting: bool

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for."""
        return self.finished_at is None or self.is_one_waiting

    @property
    def version(self) -> str:
        """What a reader has seen of it."""
        return f"{self.id}-{self.done}-{self.finished_at is None}-{self.is_one_waiting}"


def rematch_state(*, viewer: Viewer) -> RematchState | None:
    """The run that is under way, else the latest; None when there has never been one."""
    runs = select(Rematch).where(Rematch.manufacturer_id == own_manufacturer(viewer)).order_by(Rematch.id.desc())
    latest = db.session.scalars(runs.limit(2)).all()
    if not latest:
        return None
    is_one_waiting = len(latest) > 1 and latest[0].started_at is None and latest[1].started_at is not None
    shown = latest[1] if is_one_waiting and latest[1].finished_at is None else latest[0]
    return RematchState(
        id=shown.id,
        requested_at=shown.requested_at,
        started_at=shown.started_at,
        finished_at=shown.finished_at,
        total=shown.total,
        done=shown.done,
        changed=shown.changed,
        is_one_waiting=shown is not latest[0],
    )
