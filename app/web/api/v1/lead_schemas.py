"""A lead as the API writes it: a line of the list, and in full."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from app.domain.cockpit import ContactOutcome, Duty, DutyOf
from app.domain.consent import ConsentScope
from app.domain.distribution import AssignmentEnd, AssignmentOrigin
from app.domain.leads import LeadState, LostReason, SourceKind, Stage
from app.domain.qualification import ContactRole, QualificationField
from app.localisation import phrase_text
from app.queries.cockpit import LeadPage, LeadRow
from app.web.api.v1.schemas import Amount, Cursor, Line, Moment, Named

LeadSort = Literal["received", "priority", "due", "follow_up", "close", "revenue", "company", "attempts"]


class LeadsQuery(Cursor):
    """What the list is narrowed to and sorted by; everything that is set must hold."""

    limit: int = Field(50, ge=1, le=200, description="Leads on a page.")
    q: Line = Field("", description="Words in company, person, e-mail or city, or a reference like `L-4F8A21`.")
    state: LeadState | None = Field(None, description="Only leads in this state.")
    stage: Stage | None = Field(None, description="Only leads in this stage.")
    partnership: int | None = Field(None, description="Only leads this partnership works, by id.")
    product: int | None = Field(None, description="Only leads that ask for this product line, by id.")
    manufacturer: int | None = Field(None, description="Only this manufacturer's, by id.")
    overdue: bool = Field(False, description="Only leads whose next step is overdue.")
    hot: bool = Field(False, description="Only leads that want an answer within minutes.")
    open: bool = Field(False, description="Without those that are closed.")
    sort: LeadSort = Field("received", description="What the list is sorted by.")


class NextStep(BaseModel):
    """Who must act next, and until when."""

    who: DutyOf
    what: str
    due_at: Moment | None
    is_overdue: bool

    @classmethod
    def of(cls, duty: Duty) -> NextStep:
        """The step of a duty."""
        return cls(who=duty.who, what=phrase_text(duty.what), due_at=duty.due_at, is_overdue=duty.is_overdue)


class LeadSummary(BaseModel):
    """One lead in the list."""

    id: uuid.UUID
    reference: str
    manufacturer: Named
    company: str
    person: str
    products: list[str]
    country: str | None
    state: LeadState
    stage: Stage
    is_hot: bool
    contact_role: ContactRole | None = Field(description="The part the contact plays in the decision.")
    worked_by: str | None = Field(description="The partner, or the manufacturer's own person.")
    attempts: int = Field(description="Contact attempts.")
    reached: int = Field(description="Those that reached somebody.")
    expected_revenue: Amount | None
    close_on: date | None
    follow_up_at: Moment | None
    received_at: Moment
    updated_at: Moment
    next_step: NextStep

    @classmethod
    def of(cls, row: LeadRow) -> LeadSummary:
        """The line of a row."""
        return cls(
            id=row.id,
            reference=row.reference,
            manufacturer=Named(id=row.manufacturer_id, name=row.manufacturer),
            company=row.company,
            person=row.person,
            products=list(row.products),
            country=row.country,
            state=row.state,
            stage=row.stage,
            is_hot=row.is_hot,
            contact_role=row.contact_role,
            worked_by=row.worker,
            attempts=row.attempts,
            reached=row.reached,
            expected_revenue=Amount.of(row.expected_revenue),
            close_on=row.close_on,
            follow_up_at=row.follow_up_at,
            received_at=row.received_at,
            updated_at=row.updated_at,
            next_step=NextStep.of(row.duty),
        )


class Leads(BaseModel):
    """One page of the list."""

    leads: list[LeadSummary]
    total: int = Field(description="Leads that match; 1001 means more than 1000.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last.")


class Prospect(BaseModel):
    """Who asked, and how to reach them."""

    person: str
    job_title: str
    department: str
    email: str | None
    phone: str | None
    company: str
    website: str
    street: str
    postal_code: str | None
    city: str
    subdivision: str | None
    country: str | None
    industry: str
    employees: int | None
    language: str


class Source(BaseModel):
    """How the lead came in."""

    kind: SourceKind
    name: str
    campaign: str


class Work(BaseModel):
    """Who works the lead, or worked it when it was closed."""

    name: str
    assignment_id: int
    origin: AssignmentOrigin
    assigned_at: Moment
    first_attempt_at: Moment | None
    ended_at: Moment | None
    end: AssignmentEnd | None


class Consent(BaseModel):
    """What the prospect agreed to."""

    scope: ConsentScope
    language: str
    source: str
    given_at: Moment
    withdrawn_at: Moment | None


class Happening(BaseModel):
    """One line of what happened, newest first."""

    at: Moment
    kind: str
    text: str
    note: str
    outcome: ContactOutcome | None


class Lead(BaseModel):
    """Everything the key's person may see of one lead."""

    id: uuid.UUID
    reference: str
    external_id: str | None = Field(description="The manufacturer's own id.")
    version: int = Field(description="Counts the edits people make.")
    manufacturer: Named
    state: LeadState
    stage: Stage
    is_hot: bool
    title: str
    products: list[Named]
    prospect: Prospect
    contact_role: ContactRole | None = Field(description="The part the contact plays in the decision.")
    qualification: dict[QualificationField, str] = Field(description="What is known of the deal (BANT and MEDDIC).")
    message: str
    source: Source
    score: int | None
    amount: Amount | None = Field(description="What the prospect or the source named.")
    asked_at: Moment
    received_at: Moment
    updated_at: Moment
    first_assigned_at: Moment | None
    first_contact_at: Moment | None
    closed_at: Moment | None
    attempts: int
    reached: int
    expected_revenue: Amount | None = Field(description="What whoever works it expects.")
    close_on: date | None
    follow_up_at: Moment | None
    lost_reason: LostReason | None
    lost_to: str
    closing_note: str
    quality: int | None = Field(description="From 1 to 5, as rated by whoever worked it.")
    worked_by: Work | None
    next_step: NextStep
    consent: Consent | None
    timeline: list[Happening]

    @classmethod
    def of(cls, page: LeadPage) -> Lead:
        """The lead of a page; what has the same name and form in both is taken over."""
        alike = {name: getattr(page, name) for name in _ALIKE}
        return cls(
            **alike,
            manufacturer=Named(id=page.manufacturer_id, name=page.manufacturer),
            products=[Named(id=line_id, name=name) for line_id, name in page.products],
            prospect=Prospect.model_validate(page.prospect, from_attributes=True),
            qualification=dict(page.qualification),
            source=Source(kind=page.source_kind, name=page.source_name, campaign=page.campaign),
            amount=Amount.of(page.amount),
            expected_revenue=Amount.of(page.expected_revenue),
            worked_by=Work.model_validate(page.work, from_attributes=True) if page.work else None,
            next_step=NextStep.of(page.duty),
            consent=Consent.model_validate(page.consent, from_attributes=True) if page.consent else None,
            timeline=[
                Happening(at=one.at, kind=one.kind, text=phrase_text(one.text), note=one.note, outcome=one.outcome)
                for one in page.timeline
            ],
        )


_ALIKE = frozenset(
    "id reference external_id version state stage is_hot title message score asked_at received_at updated_at "
    "first_assigned_at first_contact_at closed_at attempts reached close_on follow_up_at lost_reason lost_to "
    "closing_note quality contact_role".split()
)
