"""One lead as its page, its API answer and its mails show it, for one viewer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from app.database import clock_now, db
from app.domain.cockpit import ActivityKind, Duty
from app.domain.distribution import AssignmentEnd, AssignmentOrigin, RoundKind
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.lead_times import LeadTimes
from app.domain.leads import LeadState, LostReason, ReviewReason, SourceKind, Stage
from app.domain.money import Money
from app.domain.qualification import MEDDIC, ContactRole, QualificationField
from app.domain.visibility import GuardedField, visible_fields
from app.models import (
    Activity,
    Assignment,
    Lead,
    ManufacturerSettings,
    Organisation,
    Partnership,
    Reveal,
    User,
)
from app.queries.cockpit.duties import duty_of, duty_opened_at, with_duty
from app.queries.cockpit.index import expected_revenue
from app.queries.cockpit.prospects import (
    ConsentView,
    Prospect,
    Touch,
    consent_of,
    products_of,
    prospect_of,
    touches_of,
)
from app.queries.cockpit.scope import Work, held_by, with_work
from app.queries.cockpit.timeline import TimelineEntry, lead_timeline
from app.queries.escalation import ComingStep, coming_step
from app.queries.lead_accounts import LeadAccount, lead_account


@dataclass(frozen=True, slots=True)
class LeadWork:
    """Who works the lead, or worked it when it was closed; `partner` or `seller` is set."""

    assignment_id: int
    partnership_id: int | None
    partner_id: int | None
    partner: str | None
    user_id: int | None
    seller: str | None
    origin: AssignmentOrigin
    reason: str
    assigned_at: datetime
    first_attempt_at: datetime | None
    ended_at: datetime | None
    end: AssignmentEnd | None

    @property
    def name(self) -> str:
        """The partner's or the direct seller's name."""
        return self.partner or self.seller or ""


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Everything one viewer may see of one lead it owns or works."""

    id: uuid.UUID
    reference: str
    version: int
    now: datetime
    manufacturer_id: int
    manufacturer: str
    external_id: str | None
    state: LeadState
    review_reason: ReviewReason | None
    stage: Stage
    is_hot: bool
    prospect: Prospect
    contact_role: ContactRole | None
    qualification: Mapping[QualificationField, str]
    title: str
    message: str
    products: tuple[tuple[int, str], ...]
    source_kind: SourceKind
    source_name: str
    campaign: str
    score: int | None
    score_lines: tuple[dict[str, Any], ...]
    amount: Money | None
    asked_at: datetime
    received_at: datetime
    updated_at: datetime
    first_assigned_at: datetime | None
    first_contact_at: datetime | None
    times: LeadTimes
    attempts: int
    reached: int
    expected_revenue: Money | None
    close_on: date | None
    follow_up_at: datetime | None
    lost_reason: LostReason | None
    lost_to: str
    closing_note: str
    quality: int | None
    closed_at: datetime | None
    work: LeadWork | None
    duty: Duty
    duty_opened_at: datetime
    coming: ComingStep | None
    round_kind: RoundKind | None
    consent: ConsentView | None
    touches: tuple[Touch, ...]
    account: LeadAccount | None
    timeline: tuple[TimelineEntry, ...]
    is_reveal_logged: bool
    default_currency: str

    @property
    def currency(self) -> str:
        """The currency the forecast is asked for in: its own, the prospect's, else the manufacturer's."""
        known = self.expected_revenue or self.amount
        return known.currency if known else self.default_currency

    @property
    def may_be_released(self) -> bool:
        """Whether a person may let it go to partners: nobody has been asked for it yet."""
        return self.state in (LeadState.NURTURING, LeadState.IN_REVIEW)

    @property
    def knows_meddic(self) -> bool:
        """Whether more is known of the deal than what is asked first."""
        return any(one in self.qualification for one in MEDDIC)

    @property
    def needs_step(self) -> bool:
        """Whether it is worked and contacted, but no next step is set."""
        is_contacted = self.work is not None and self.work.first_attempt_at is not None
        return self.state is LeadState.ASSIGNED and is_contacted and self.follow_up_at is None


_ALIKE = frozenset(
    "id reference version manufacturer_id external_id state stage is_hot contact_role title message source_kind "
    "source_name campaign score asked_at received_at updated_at first_assigned_at first_contact_at attempts reached "
    "close_on follow_up_at lost_reason lost_to closing_note closed_at".split()
)
"""What the page says as the lead's row says it."""


_QUOTED_AT = (
    select(func.min(Activity.happened_at))
    .where(Activity.lead_id == Lead.id, Activity.kind == ActivityKind.QUOTE)
    .scalar_subquery()
)


def lead_page(*, viewer: Viewer, lead_id: uuid.UUID) -> LeadPage:
    """One lead in full; raises `NotFound` for everybody but its manufacturer and the partner that holds it."""
    row = db.session.execute(_selected().where(Lead.id == lead_id)).one_or_none()
    if row is None:
        raise NotFound
    lead: Lead = row.Lead
    work: Assignment | None = row.work
    sight = visible_fields(viewer, manufacturer_id=lead.manufacturer_id, assigned_partner_id=held_by(work))
    if not sight.is_full:
        raise NotFound
    return LeadPage(
        **{name: getattr(lead, name) for name in _ALIKE},
        now=row.now,
        manufacturer=row.manufacturer,
        review_reason=lead.review_reason if sight.shows(GuardedField.ROUTING) else None,
        prospect=prospect_of(lead),
        times=LeadTimes(lead.asked_at, lead.received_at, lead.first_assigned_at, lead.first_contact_at, row.quoted_at),
        qualification=_qualification(lead),
        products=products_of(lead.id),
        score_lines=tuple(lead.score_lines) if sight.shows(GuardedField.ROUTING) else (),
        quality=lead.quality if lead.closed_at or sight.shows(GuardedField.ROUTING) else None,
        amount=_amount(lead),
        expected_revenue=expected_revenue(lead),
        work=_work(row),
        duty=duty_of(lead, work, row, row.now),
        duty_opened_at=duty_opened_at(lead, work, row),
        coming=coming_step(db.session(), lead.id, viewer.organisation_kind),
        round_kind=row.round_kind,
        consent=consent_of(lead.id, sight),
        touches=touches_of(lead.id),
        account=lead_account(lead, sight, work.origin if work else None),
        timeline=lead_timeline(viewer=viewer, lead_id=lead.id, partnership_id=work.partnership_id if work else None),
        is_reveal_logged=_is_reveal_logged(viewer, lead.id),
        default_currency=row.default_currency,
    )


def _amount(lead: Lead) -> Money | None:
    """What the prospect said it would spend."""
    return Money(lead.amount_cents, lead.currency) if lead.amount_cents is not None and lead.currency else None


def _qualification(lead: Lead) -> Mapping[QualificationField, str]:
    """What is known of the deal, in the order of the letters."""
    return {one: lead.qualification[one.value] for one in QualificationField if lead.qualification.get(one.value)}


def _selected() -> Any:
    columns = (
        Lead,
        Work,
        Organisation.name.label("manufacturer"),
        Partnership.name.label("partner"),
        User.name.label("seller"),
        ManufacturerSettings.default_currency,
        _QUOTED_AT.label("quoted_at"),
        clock_now().label("now"),
    )
    return (
        with_duty(with_work(select(*columns)))
        .join(Organisation, Organisation.id == Lead.manufacturer_id)
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Lead.manufacturer_id)
        .outerjoin(Partnership, Partnership.id == Work.partnership_id)
        .outerjoin(User, User.id == Work.user_id)
    )


def _work(row: Row[Any]) -> LeadWork | None:
    work: Assignment | None = row.work
    if work is None or (work.ended_at is not None and row.Lead.closed_at is None):
        return None
    return LeadWork(
        assignment_id=work.id,
        partnership_id=work.partnership_id,
        partner_id=work.partner_id,
        partner=row.partner,
        user_id=work.user_id,
        seller=row.seller,
        origin=work.origin,
        reason=work.reason,
        assigned_at=work.assigned_at,
        first_attempt_at=work.first_attempt_at,
        ended_at=work.ended_at,
        end=work.end,
    )


def _is_reveal_logged(viewer: Viewer, lead_id: uuid.UUID) -> bool:
    shown = select(Reveal.id).where(Reveal.lead_id == lead_id, Reveal.user_id == viewer.user_id).limit(1)
    return db.session.scalar(shown) is not None
