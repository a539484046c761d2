"""How partners answer, in figures: what a person looks at before deciding about one (W-14, R-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, extract, func, select
from sqlalchemy.orm import Session

from app.domain.cockpit import ActivityKind
from app.domain.distribution import AssignmentEnd, OfferAnswer
from app.domain.response_score import ResponseKind
from app.models import Activity, Assignment, Lead, Offer, Partnership, ResponseEntry


@dataclass(frozen=True, slots=True)
class ResponseFigures:
    """One partnership's answers since a day; `taken` counts also the leads that a person gave it.

    `asked` are offers to it alone that have ended; times are medians by the clock on the wall: from such an offer to
    its answer, from getting a lead to the first contact attempt, from its receipt to the partner's first quotation.
    """

    asked: int = 0
    answered: int = 0
    silent: int = 0
    answer_seconds: int | None = None
    taken: int = 0
    contact_seconds: int | None = None
    quote_seconds: int | None = None
    re_routed: int = 0
    closed: int = 0
    won: int = 0

    @property
    def response_rate(self) -> float | None:
        """Answers of the offers to it alone, 0 to 1; None where it was asked nothing."""
        return self.answered / self.asked if self.asked else None

    @property
    def conversion(self) -> float | None:
        """Leads won of those closed, 0 to 1; None where none was closed."""
        return self.won / self.closed if self.closed else None

    @property
    def answer_time(self) -> timedelta | None:
        """How long an answer takes."""
        return None if self.answer_seconds is None else timedelta(seconds=self.answer_seconds)

    @property
    def contact_time(self) -> timedelta | None:
        """How long a prospect waits for the first contact attempt."""
        return None if self.contact_seconds is None else timedelta(seconds=self.contact_seconds)

    @property
    def quote_time(self) -> timedelta | None:
        """How long a prospect waits for a quotation (W-18)."""
        return None if self.quote_seconds is None else timedelta(seconds=self.quote_seconds)

    def to_json(self) -> dict[str, int | None]:
        """A form that JSON can keep."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ResponseFigures:
        """Read what `to_json` wrote; other keys are left aside."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})


def figures_of(
    session: Session, manufacturer_id: int, since: datetime, *, partnership_id: int | None = None
) -> dict[int, ResponseFigures]:
    """The figures of each of a manufacturer's partnerships since a moment, or of one, in four statements."""
    partnerships = select(Partnership.id).where(Partnership.manufacturer_id == manufacturer_id)
    if partnership_id is not None:
        partnerships = partnerships.where(Partnership.id == partnership_id)
    values: dict[int, dict[str, Any]] = {one: {} for one in session.scalars(partnerships)}
    for statement in (_offers(since), _work(since), _entries(since)):
        table = statement.selected_columns[0]
        for row in session.execute(statement.where(table.in_(partnerships)).group_by(table)).mappings():
            values[row["partnership_id"]].update(_rounded(row))
    return {one: ResponseFigures(**found) for one, found in values.items()}


def _offers(since: datetime) -> Select[Any]:
    answers = Offer.answer.in_([OfferAnswer.CLAIMED, OfferAnswer.DECLINED])
    return select(
        Offer.partnership_id,
        func.count().filter(answers | (Offer.answer == OfferAnswer.EXPIRED)).label("asked"),
        func.count().filter(answers).label("answered"),
        _median_seconds(Offer.answered_at - Offer.created_at, answers).label("answer_seconds"),
    ).where(Offer.is_exclusive, Offer.created_at >= since)


def _work(since: datetime) -> Select[Any]:
    won, lost = Assignment.end == AssignmentEnd.WON, Assignment.end == AssignmentEnd.LOST
    waited = Assignment.first_attempt_at - Assignment.assigned_at
    quote = (
        select(Activity.assignment_id, func.min(Activity.happened_at).label("sent_at"))
        .where(Activity.kind == ActivityKind.QUOTE, Activity.happened_at >= since)
        .group_by(Activity.assignment_id)
        .subquery()
    )
    figures = select(
        Assignment.partnership_id,
        func.count().label("taken"),
        _median_seconds(waited, Assignment.first_attempt_at.is_not(None)).label("contact_seconds"),
        func.count().filter(won | lost).label("closed"),
        func.count().filter(won).label("won"),
        _median_seconds(quote.c.sent_at - Lead.received_at, quote.c.sent_at.is_not(None)).label("quote_seconds"),
    )
    worked = figures.join(Lead, Lead.id == Assignment.lead_id).outerjoin(quote, quote.c.assignment_id == Assignment.id)
    return worked.where(Assignment.assigned_at >= since)


def _entries(since: datetime) -> Select[Any]:
    counted: tuple[Any, ...] = (
        func.count().filter(ResponseEntry.kind == ResponseKind.SILENT).label("silent"),
        func.count().filter(ResponseEntry.kind == ResponseKind.RE_ROUTED).label("re_routed"),
    )
    lost = ResponseEntry.points < 0
    return select(ResponseEntry.partnership_id, *counted).where(ResponseEntry.happened_at >= since, lost)


def _median_seconds(span: ColumnElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.percentile_cont(0.5).within_group(extract("epoch", span)).filter(where)


def _rounded(row: RowMapping) -> dict[str, int | None]:
    figures = {str(name): value for name, value in row.items() if name != "partnership_id"}
    return {name: None if value is None else round(value) for name, value in figures.items()}
