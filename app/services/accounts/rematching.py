"""Matching open leads again after what is known of companies has changed (I-06)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.database import DATABASE_BROKEN, clock_now, transaction
from app.domain.accounts import RematchCause
from app.domain.audit import EventKind
from app.domain.errors import Forbidden
from app.domain.identity import Viewer
from app.domain.leads import LeadState
from app.models import Account, Lead, Rematch
from app.services.accounts.rerouting import match_again
from app.services.audit import record_event
from app.services.faults import is_its_own
from app.services.network.writing import WRITERS
from app.services.rematch_asking import owe_rematch

OPEN_STATES = (LeadState.NURTURING, LeadState.IN_REVIEW, LeadState.DISTRIBUTING)
"""Leads that are still to find their owner; received ones are matched when they are routed."""

LONGEST_RUN_SECONDS = 60
_READ_AT_ONCE = 200
_LONGEST_CHAIN = 5

log = structlog.get_logger(__name__)


def ask_for_rematch(*, actor: Viewer) -> None:
    """Let a person ask for the open leads to be matched again; a run that waits already is enough."""
    if not actor.is_manufacturer or not actor.has_role(*WRITERS):
        raise Forbidden
    with transaction() as session:
        owe_rematch(session, actor.organisation_id, RematchCause.ASKED_FOR, requested_by_id=actor.user_id)


def run_rematches(*, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Go on with the runs that are owed, lead by lead, until none is left or the time is up; returns leads looked at.

    Each lead is a transaction of its own that also moves the run's mark, so a killed process loses at most one lead,
    and a run that another process is at is left to it. A lead that fails is logged and stops no other.
    """
    began, looked_at = time.monotonic(), 0
    for rematch_id in _begin_runs():
        for lead_id in _leads_ahead(rematch_id):
            if time.monotonic() - began > seconds:
                return looked_at
            is_looked_at = _match_one(rematch_id, lead_id)
            if is_looked_at is None:
                break
            looked_at += is_looked_at
        else:
            _finish(rematch_id)
    return looked_at


def _begin_runs() -> list[int]:
    """The runs under way, and those that may begin: one at a time for each manufacturer."""
    with transaction() as session:
        other = aliased(Rematch)
        is_running = exists().where(
            other.manufacturer_id == Rematch.manufacturer_id,
            other.started_at.is_not(None),
            other.finished_at.is_(None),
        )
        waiting = select(Rematch).where(Rematch.started_at.is_(None), ~is_running).order_by(Rematch.id)
        for run in session.scalars(waiting.with_for_update(skip_locked=True)):
            _follow_merged(session, run.manufacturer_id)
            total = select(func.count()).select_from(Lead).where(_is_looked_at(run))
            run.total, run.started_at = session.scalar(total) or 0, clock_now()
        session.flush()
        running = select(Rematch.id).where(Rematch.started_at.is_not(None), Rematch.finished_at.is_(None))
        return list(session.scalars(running.order_by(Rematch.id)))


def _follow_merged(session: Session, manufacturer_id: int) -> None:
    """Leads that were linked to an account at the very moment it was merged go where it went."""
    for _ in range(_LONGEST_CHAIN):
        left = (
            select(Lead.id)
            .join(Account, Account.id == Lead.account_id)
            .where(Account.manufacturer_id == manufacturer_id, Account.merged_into_id.is_not(None))
        )
        ids = session.scalars(left.with_for_update(of=Lead, skip_locked=True)).all()
        if not ids:
            return
        session.execute(
            update(Lead)
            .where(Lead.id.in_(ids), Account.id == Lead.account_id)
            .values(account_id=Account.merged_into_id)
            .execution_options(synchronize_session=False)
        )


def _is_looked_at(run: Rematch) -> ColumnElement[bool]:
    """Open leads; of those linked by hand the ones that have an account, for its owner may be another one now."""
    is_moved_by_accounts = or_(Lead.is_linked_by_hand.is_(False), Lead.account_id.is_not(None))
    return and_(Lead.manufacturer_id == run.manufacturer_id, Lead.state.in_(OPEN_STATES), is_moved_by_accounts)


def _leads_ahead(rematch_id: int) -> Iterator[uuid.UUID]:
    while ids := _next_leads(rematch_id):
        yield from ids


def _next_leads(rematch_id: int) -> Sequence[uuid.UUID]:
    with transaction() as session:
        run = session.get_one(Rematch, rematch_id)
        if run.finished_at is not None:
            return ()
        ahead = select(Lead.id).where(_is_looked_at(run))
        if run.after_lead_id is not None:
            ahead = ahead.where(Lead.id > run.after_lead_id)
        return session.scalars(ahead.order_by(Lead.id).limit(_READ_AT_ONCE)).all()


def _free_run(session: Session, rematch_id: int) -> Rematch | None:
    """The run, locked; None while another process is at it."""
    wanted = select(Rematch).where(Rematch.id == rematch_id).with_for_update(skip_locked=True)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _match_one(rematch_id: int, lead_id: uuid.UUID) -> bool | None:
    """Match one lead again and move the mark past it.

    False when another process has done so, None while one is at the run.
    """
    with transaction() as session:
        run = _free_run(session, rematch_id)
        if run is None:
            return None
        if run.finished_at is not None or (run.after_lead_id is not None and run.after_lead_id >= lead_id):
            return False
        lead = session.scalars(
            select(Lead).where(Lead.id == lead_id, _is_looked_at(run)).with_for_update(of=Lead)
        ).one_or_none()
        if lead is not None:
            run.changed += _try(session, lead)
        run.done += 1
        run.total = max(run.total, run.done)
        run.after_lead_id = lead_id
        return True


def _try(session: Session, lead: Lead) -> bool:
    """Match a lead again; twice where it meets a deadlock or a time-out, and then no lead behind it waits any more."""
    for is_last in (False, True):
        try:
            with session.begin_nested():
                return match_again(session, lead)
        except Exception as error:
            if not is_its_own(error):
                raise
            if is_last or not isinstance(error, DATABASE_BROKEN):
                log.error("lead_not_matched_again", lead_id=str(lead.id), exc_info=error)
                break
    return False


def _finish(rematch_id: int) -> None:
    with transaction() as session:
        run = _free_run(session, rematch_id)
        if run is None or run.finished_at is not None:
            return
        run.finished_at, run.total = clock_now(), run.done
        if run.changed:
            record_event(
                session,
                EventKind.LEADS_REMATCHED,
                manufacturer_id=run.manufacturer_id,
                data={"rows": run.done, "changed": run.changed, "cause": run.cause.value},
            )
