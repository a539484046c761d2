"""The pages about how partners answer: one partner's score as both sides see it, and a territory review."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db, read_clock
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.phrases import Phrase
from app.domain.response_score import (
    RESPONSE_LABELS,
    ResponseRules,
    ResponseScore,
    ScoreLine,
    how_to_mend,
    published_formula,
)
from app.models import ClaimSuspension, Lead, ManufacturerSettings, Organisation, Partnership, TerritoryReview, User
from app.queries.network.own import own_manufacturer
from app.queries.response_figures import ResponseFigures, figures_of
from app.queries.response_scores import present_score, rules_of

PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry: what was done or left undone, about which lead, and what it counts."""

    what: Phrase
    line: ScoreLine
    lead_id: uuid.UUID | None
    reference: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time without claims, and who ended it early and why."""

    starts_at: datetime
    ends_at: datetime
    score: int
    lifted_at: datetime | None
    lifted_by: str | None
    lifted_because: str


@dataclass(frozen=True, slots=True)
class ResponseStanding:
    """How one partnership answers: its score, what it is made of, how to mend it, and the figures of the quarter."""

    partnership_id: int
    partner: str
    manufacturer: str
    is_scored: bool
    score: int
    rules: ResponseRules
    mend: Phrase
    formula: tuple[Phrase, ...]
    suspended_until: datetime | None
    figures: ResponseFigures
    entries: list[EntryLine]
    total: int
    page: int
    suspensions: list[Suspension]
    open_review_id: int | None

    @property
    def is_low(self) -> bool:
        """Whether the score is below the warning."""
        return self.is_scored and self.score < self.rules.warn_below

    @property
    def last_page(self) -> int:
        """The number of the last page of entries."""
        return max(1, -(-self.total // PAGE_SIZE))


def own_partnerships(*, viewer: Viewer) -> list[tuple[int, str]]:
    """The viewer's running partnerships as a partner, with the manufacturers' names."""
    rows = (
        select(Partnership.id, Organisation.name)
        .join(Organisation, Organisation.id == Partnership.manufacturer_id)
        .where(Partnership.partner_id == viewer.organisation_id, Partnership.ended_at.is_(None))
    )
    return [(row.id, row.name) for row in db.session.execute(rows.order_by(Organisation.name))]


def response_standing(*, viewer: Viewer, partnership_id: int, page: int = 1) -> ResponseStanding:
    """How a partnership answers, for its own partner or its manufacturer; `NotFound` for everybody else."""
    partnership = db.session.get(Partnership, partnership_id)
    if partnership is None or viewer.organisation_id not in (partnership.partner_id, partnership.manufacturer_id):
        raise NotFound
    settings = db.session.get_one(ManufacturerSettings, partnership.manufacturer_id)
    rules, now = rules_of(settings), read_clock(db.session())
    score = present_score(db.session(), partnership.id, rules, now)
    page = max(1, min(page, -(-len(score.lines) // PAGE_SIZE)))
    until = partnership.claims_suspended_until
    since = now - timedelta(days=rules.quarter_days)
    figures = figures_of(db.session(), partnership.manufacturer_id, since, partnership_id=partnership.id)
    return ResponseStanding(
        partnership_id=partnership.id,
        partner=partnership.name,
        manufacturer=db.session.get_one(Organisation, partnership.manufacturer_id).name,
        is_scored=settings.is_response_scored,
        score=score.value,
        rules=rules,
        mend=how_to_mend(score, rules),
        formula=published_formula(rules),
        suspended_until=until if until is not None and until > now else None,
        figures=figures[partnership.id],
        entries=_entries(score, page),
        total=len(score.lines),
        page=page,
        suspensions=_suspensions(partnership.id),
        open_review_id=_open_review_id(partnership.id) if viewer.is_manufacturer else None,
    )


def _entries(score: ResponseScore, page: int) -> list[EntryLine]:
    """One page of entries, the latest first, with what may be said of their leads before a claim too."""
    first = (page - 1) * PAGE_SIZE
    lines: Sequence[ScoreLine] = score.lines[::-1][first : first + PAGE_SIZE]
    ids = {line.lead_id for line in lines} - {None}
    leads = {lead.id: lead for lead in db.session.scalars(select(Lead).where(Lead.id.in_(ids)))}
    entries = []
    for line in lines:
        lead = leads.get(line.lead_id) if line.lead_id else None
        about = (lead.id, lead.reference, lead.title) if lead else (None, None, None)
        entries.append(EntryLine(Phrase(RESPONSE_LABELS[line.kind]), line, *about))
    return entries


def _suspensions(partnership_id: int) -> list[Suspension]:
    rows = db.session.execute(
        select(
            ClaimSuspension.starts_at,
            ClaimSuspension.ends_at,
            ClaimSuspension.score,
            ClaimSuspension.lifted_at,
            User.name,
            ClaimSuspension.lifted_because,
        )
        .outerjoin(User, User.id == ClaimSuspension.lifted_by_id)
        .where(ClaimSuspension.partnership_id == partnership_id)
        .order_by(ClaimSuspension.starts_at.desc(), ClaimSuspension.id.desc())
        .limit(10)
    )
    return [Suspension(*row) for row in rows]


def _open_review_id(partnership_id: int) -> int | None:
    return db.session.scalar(
        select(TerritoryReview.id).where(
            TerritoryReview.partnership_id == partnership_id, TerritoryReview.decided_at.is_(None)
        )
    )


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A territory review: the figures of the moment it was opened, and what a person decided."""

    id: int
    partnership_id: int
    partner: str
    score: int
    days: int
    figures: ResponseFigures
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    keeps_territory: bool | None
    note: str
    suspensions: list[Suspension]


def territory_review(*, viewer: Viewer, review_id: int) -> ReviewPage:
    """One territory review of the viewer's manufacturer."""
    row = db.session.execute(
        select(TerritoryReview, Partnership.name, User.name)
        .join(Partnership, Partnership.id == TerritoryReview.partnership_id)
        .outerjoin(User, User.id == TerritoryReview.decided_by_id)
        .where(TerritoryReview.id == review_id, TerritoryReview.manufacturer_id == own_manufacturer(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound
    review, partner, decided_by = row
    return ReviewPage(
        id=review.id,
        partnership_id=review.partnership_id,
        partner=partner,
        score=review.figures["score"],
        days=review.figures["days"],
        figures=ResponseFigures.from_json(review.figures),
        opened_at=review.opened_at,
        decided_at=review.decided_at,
        decided_by=decided_by,
        keeps_territory=review.keeps_territory,
        note=review.note,
        suspensions=_suspensions(review.partnership_id),
    )
