"""Absences as people say them, and how they end; what they do is computed from their times, no job ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock_now, read_clock, transaction
from app.domain.audit import EventKind
from app.domain.availability import Absence as AbsenceFacts
from app.domain.availability import AbsenceKind, not_this_week
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import HEADS, Role, Viewer
from app.domain.phrases import N_, Phrase
from app.models import Absence, Organisation, User
from app.queries.manufacturers import calendar_of
from app.services.audit import record_for_manufacturers
from app.services.identity.trail import record_about

LONGEST_NOTE = 200


def set_absence(
    *,
    actor: Viewer,
    kind: AbsenceKind,
    user_id: int | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    deputy_id: int | None = None,
    note: str = "",
    hides_board: bool = False,
) -> int:
    """Say that a person, or with `user_id` None the whole partner, takes no new leads for a time; returns its id.

    Everybody says it for themselves, heads for their people, a sales manager for the whole partner. It begins now
    unless `starts_at` is later; a vacation has an end, “not this week” finds its own. The board is muted meanwhile,
    with `hides_board` hidden too. Raises `Forbidden`, `NotFound`, `Invalid`. The same again while it is in force
    changes nothing.
    """
    with transaction() as session:
        organisation = session.get_one(Organisation, actor.organisation_id, with_for_update={"key_share": True})
        user = _whose(session, actor, user_id)
        now = read_clock(session)
        wanted = replace(_checked(organisation, kind, starts_at, ends_at, deputy_id, now), hides_board=hides_board)
        if deputy_id is not None:
            _refuse_deputy(session, actor, user, deputy_id)
        same = _same_in_force(session, actor, user_id, wanted)
        if same is not None:
            return same
        absence = _written(session, actor, user_id, wanted, note)
        _record(session, absence, user, actor, is_over=False)
        return absence.id


def _written(session: Session, actor: Viewer, user_id: int | None, wanted: AbsenceFacts, note: str) -> Absence:
    absence = Absence(
        organisation_id=actor.organisation_id,
        user_id=user_id,
        kind=wanted.kind,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        deputy_id=wanted.deputy_id,
        note=note.strip()[:LONGEST_NOTE],
        hides_board=wanted.hides_board,
        created_by_id=actor.user_id,
    )
    session.add(absence)
    session.flush()
    return absence


def end_absence(*, absence_id: int, actor: Viewer) -> None:
    """Say that somebody is back, or will not be away after all; who may say the one may say the other.

    Raises `NotFound` for another organisation's, `Forbidden`. A second call changes nothing.
    """
    with transaction() as session:
        absence = session.get(Absence, absence_id, with_for_update=True, populate_existing=True)
        if absence is None or absence.organisation_id != actor.organisation_id:
            raise NotFound
        user = _whose(session, actor, absence.user_id)
        now = read_clock(session)
        if absence.ends_at is not None and absence.ends_at <= now:
            return
        _record(session, absence, user, actor, is_over=True)
        if absence.starts_at < now:
            absence.ends_at = session.scalar(select(clock_now()))
        else:
            session.delete(absence)


def _whose(session: Session, actor: Viewer, user_id: int | None) -> User | None:
    """The person an absence is of; None for the whole partner."""
    if user_id is None:
        if actor.role is not Role.PARTNER_ADMIN:
            raise Forbidden
        return None
    user = session.get(User, user_id)
    if user is None or user.organisation_id != actor.organisation_id:
        raise NotFound
    if user.id != actor.user_id and not actor.has_role(*HEADS):
        raise Forbidden
    return user


def _checked(
    organisation: Organisation,
    kind: AbsenceKind,
    starts_at: datetime | None,
    ends_at: datetime | None,
    deputy_id: int | None,
    now: datetime,
) -> AbsenceFacts:
    if kind is AbsenceKind.NOT_THIS_WEEK:
        return not_this_week(calendar_of(organisation), now)
    if kind is AbsenceKind.VACATION and ends_at is None:
        raise _invalid("ends_at", Phrase(N_("Say until when.")))
    if ends_at is not None and ends_at <= now:
        raise _invalid("ends_at", Phrase(N_("The end must lie in the future.")))
    return AbsenceFacts(kind, max(starts_at or now, now), ends_at, deputy_id)


def _refuse_deputy(session: Session, actor: Viewer, user: User | None, deputy_id: int) -> None:
    deputy = session.get(User, deputy_id)
    is_colleague = deputy is not None and deputy.organisation_id == actor.organisation_id
    if deputy is None or not is_colleague or deputy.disabled_at is not None or deputy.joined_at is None:
        raise _invalid("deputy_id", Phrase(N_("Choose a colleague.")))
    if user is None or deputy.id == user.id:
        raise _invalid("deputy_id", Phrase(N_("One person stands in for another.")))


def _invalid(field: str, problem: Phrase) -> Invalid:
    return Invalid(problem, fields={field: problem})


def _same_in_force(session: Session, actor: Viewer, user_id: int | None, wanted: AbsenceFacts) -> int | None:
    """The absence that says the same already: it was tapped twice."""
    known = select(Absence.id).where(
        Absence.organisation_id == actor.organisation_id,
        Absence.user_id.is_not_distinct_from(user_id),
        Absence.kind == wanted.kind,
        Absence.starts_at <= wanted.starts_at,
        Absence.ends_at.is_not_distinct_from(wanted.ends_at),
        Absence.deputy_id.is_not_distinct_from(wanted.deputy_id),
        Absence.hides_board == wanted.hides_board,
    )
    return session.scalar(known.limit(1))


def _record(session: Session, absence: Absence, user: User | None, actor: Viewer, *, is_over: bool) -> None:
    """A person's own organisation reads it; of a whole partner each of its manufacturers does too."""
    data: dict[str, object] = {
        "absence": absence.kind.value,
        "starts_at": absence.starts_at.isoformat(),
        "ends_at": absence.ends_at.isoformat() if absence.ends_at else None,
        "is_over": is_over,
    }
    if user is not None:
        record_about(session, EventKind.ABSENCE_CHANGED, user, actor=actor, **data)
    else:
        record_for_manufacturers(session, EventKind.ABSENCE_CHANGED, actor=actor, data=data)
