"""Who is away now, of an organisation's people and of partners as a whole, by the database's clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.database import clock_now, db, read_clock
from app.domain.availability import Absence as AbsenceFacts
from app.domain.availability import AbsenceKind, Availability, BoardEffect, availability, returns_at
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.models import Absence, Offer, Partnership, User


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence that is or will be. `person` is empty for the whole partner; `said_by` is who said it for others."""

    id: int
    kind: AbsenceKind
    user_id: int | None
    person: str
    deputy: str
    starts_at: datetime
    ends_at: datetime | None
    is_in_force: bool
    hides_board: bool
    said_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the viewer, or the viewer's whole partner, is away now; `lines` are the absences that make it so.

    `is_nobody_there` when no lead is offered to the partner alone: as a whole, or each of its people, it is away.
    """

    whole: Availability
    own: Availability
    lines: tuple[AbsenceLine, ...]
    is_nobody_there: bool

    @property
    def is_board_hidden(self) -> bool:
        """Whether nothing but what is offered to the partner alone stands on the viewer's board."""
        return BoardEffect.HIDDEN in (self.whole.board, self.own.board)


@dataclass(frozen=True, slots=True)
class CompanyAtStake:
    """How many people a partner has, how many leads are offered to it alone, and when the first wants its answer."""

    people: int
    alone: int
    first_due_at: datetime | None


def in_force() -> ColumnElement[bool]:
    """The rule of `domain.availability` as SQL: begun, and not over."""
    now = select(clock_now()).scalar_subquery()
    return (Absence.starts_at <= now) & (Absence.ends_at.is_(None) | (Absence.ends_at > now))


def people_away(session: Session, organisation_id: int) -> Mapping[int, list[AbsenceFacts]]:
    """The absences in force of an organisation's people, by person."""
    rows = session.scalars(
        select(Absence).where(Absence.organisation_id == organisation_id, Absence.user_id.is_not(None), in_force())
    )
    away: dict[int, list[AbsenceFacts]] = defaultdict(list)
    for row in rows:
        away[row.user_id or 0].append(AbsenceFacts(row.kind, row.starts_at, row.ends_at, row.deputy_id))
    return away


def is_whole_away(session: Session, organisation_id: int) -> bool:
    """Whether somebody said that the whole organisation is away."""
    whole = exists().where(Absence.organisation_id == organisation_id, Absence.user_id.is_(None), in_force())
    return bool(session.scalar(select(whole)))


def partners_away(session: Session, partner_ids: Collection[int]) -> frozenset[int]:
    """Which of these partners are away: as a whole, or because each of their people is; push passes them by."""
    absent = select(Absence.organisation_id).where(Absence.organisation_id.in_(partner_ids), in_force())
    whole = set(session.scalars(absent.where(Absence.user_id.is_(None))))
    thinned = set(session.scalars(absent.where(Absence.user_id.is_not(None)))) - whole
    is_away = exists().where(Absence.user_id == User.id, in_force())
    there = select(User.organisation_id).where(
        User.organisation_id.in_(thinned), User.disabled_at.is_(None), User.joined_at.is_not(None), ~is_away
    )
    return frozenset(whole | (thinned - set(session.scalars(there))))


def returns_of_partners(session: Session, partner_ids: Collection[int]) -> Mapping[int, datetime | None]:
    """The partners among these that are away, and when each is there again; None where nobody knows."""
    away = partners_away(session, partner_ids)
    rows = session.scalars(select(Absence).where(Absence.organisation_id.in_(away), in_force())).all() if away else []
    now = read_clock(session)
    return {partner_id: _return([row for row in rows if row.organisation_id == partner_id], now) for partner_id in away}


def _return(absences: Sequence[Absence], now: datetime) -> datetime | None:
    """The end of the whole partner's absence, else the first return of one of its people."""
    by_person: dict[int | None, list[AbsenceFacts]] = defaultdict(list)
    for row in absences:
        by_person[row.user_id].append(AbsenceFacts(row.kind, row.starts_at, row.ends_at))
    if None in by_person:
        return returns_at(by_person[None], now)
    return min(filter(None, (returns_at(facts, now) for facts in by_person.values())), default=None)


def absences_of_partner(*, viewer: Viewer, partnership_id: int) -> tuple[AbsenceLine, ...]:
    """The present and coming absences of one of the manufacturer's partners and of its people.

    None once the partnership has ended: who works there, and who stands in, is no longer the manufacturer's business.
    """
    own = select(Partnership.partner_id, Partnership.status).where(
        Partnership.id == partnership_id, Partnership.manufacturer_id == viewer.organisation_id
    )
    partnership = db.session.execute(own).one_or_none()
    if partnership is None:
        raise NotFound
    if partnership.status is PartnershipStatus.ENDED:
        return ()
    return _lines(Absence.organisation_id == partnership.partner_id)


def has_hidden_board(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer, or its whole organisation, is away and does not want to see the board."""
    concerned = Absence.user_id.is_(None) | (Absence.user_id == viewer.user_id)
    return exists().where(Absence.organisation_id == viewer.organisation_id, concerned, Absence.hides_board, in_force())


def list_absences(*, viewer: Viewer) -> tuple[AbsenceLine, ...]:
    """The present and coming absences of the viewer's organisation, the first to begin on top."""
    return _lines(Absence.organisation_id == viewer.organisation_id)


def absence_standing(*, viewer: Viewer) -> Standing:
    """What the viewer's absences and those of its whole organisation mean for it now."""
    concerned = Absence.user_id.is_(None) | (Absence.user_id == viewer.user_id)
    lines = _lines((Absence.organisation_id == viewer.organisation_id) & concerned & in_force())
    now = read_clock(db.session())

    def effect(*, is_whole: bool) -> Availability:
        chosen = [line for line in lines if (line.user_id is None) is is_whole]
        facts = [AbsenceFacts(line.kind, line.starts_at, line.ends_at, hides_board=line.hides_board) for line in chosen]
        return availability(facts, now)

    nobody = bool(lines) and bool(partners_away(db.session(), [viewer.organisation_id]))
    return Standing(effect(is_whole=True), effect(is_whole=False), lines, nobody)


def company_at_stake(*, viewer: Viewer) -> CompanyAtStake:
    """What it would mean that the viewer's whole partner is away: for how many people, and what it is asked by now."""
    people = select(func.count()).where(
        User.organisation_id == viewer.organisation_id, User.disabled_at.is_(None), User.joined_at.is_not(None)
    )
    asked = select(func.count(), func.min(Offer.expires_at)).where(
        Offer.partner_id == viewer.organisation_id,
        Offer.is_exclusive,
        Offer.answer.is_(None),
        Offer.expires_at > select(clock_now()).scalar_subquery(),
    )
    alone, first_due_at = db.session.execute(asked).one()
    return CompanyAtStake(db.session.scalar(people) or 0, alone, first_due_at)


def deputy_choices(*, viewer: Viewer) -> list[tuple[int, str]]:
    """The viewer's people who can stand in for somebody."""
    rows = select(User.id, User.name).where(
        User.organisation_id == viewer.organisation_id, User.disabled_at.is_(None), User.joined_at.is_not(None)
    )
    return [(row.id, row.name) for row in db.session.execute(rows.order_by(User.name, User.id))]


def _lines(concerned: ColumnElement[bool]) -> tuple[AbsenceLine, ...]:
    session = db.session()
    now = read_clock(session)
    rows = session.scalars(
        select(Absence)
        .where(concerned, Absence.ends_at.is_(None) | (Absence.ends_at > now))
        .order_by(Absence.starts_at, Absence.id)
    ).all()
    ids = {one for row in rows for one in (row.user_id, row.deputy_id, row.created_by_id) if one is not None}
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    return tuple(
        AbsenceLine(
            id=row.id,
            kind=row.kind,
            user_id=row.user_id,
            person=names.get(row.user_id or 0, ""),
            deputy=names.get(row.deputy_id or 0, ""),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            is_in_force=row.starts_at <= now,
            hides_board=row.hides_board,
            said_by=names.get(row.created_by_id or 0, "") if row.created_by_id != row.user_id else "",
        )
        for row in rows
    )
