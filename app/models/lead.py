"""One prospect's demand, its consent, and every time the prospect asked again."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.domain.accounts import AccountLevel
from app.domain.consent import ConsentScope
from app.domain.leads import LeadState, LostReason, ReviewReason, SourceKind, Stage
from app.domain.qualification import ContactRole
from app.models.catalog import ProductLine


class Lead(Base):
    """One prospect's demand for product lines, at one place, from one source.

    `version` counts the edits people make, so that a stale edit is refused instead of overwriting.
    """

    __tablename__ = "lead"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    external_id: Mapped[str | None]
    state: Mapped[LeadState] = mapped_column(default=LeadState.RECEIVED)
    review_reason: Mapped[ReviewReason | None]

    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    phone_as_given: Mapped[str] = mapped_column(default="")
    company: Mapped[str] = mapped_column(default="")
    company_key: Mapped[str] = mapped_column(default="")
    company_domain: Mapped[str | None]
    website: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str | None]
    subdivision: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str] = mapped_column(default="")
    employees: Mapped[int | None]
    language: Mapped[str] = mapped_column(default="en")
    title: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    is_message_cleared: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    ip_address: Mapped[str | None]
    corporate_number: Mapped[str | None]
    department: Mapped[str] = mapped_column(default="", server_default="")

    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    account_level: Mapped[AccountLevel | None]
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("company_profile.id", ondelete="SET NULL"))
    match_score: Mapped[int | None]
    match_signals: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    is_linked_by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    source_kind: Mapped[SourceKind]
    source_name: Mapped[str] = mapped_column(default="")
    campaign: Mapped[str] = mapped_column(default="")
    score: Mapped[int | None]
    score_lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    is_hot: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    amount_cents: Mapped[int | None]
    currency: Mapped[str | None]

    asked_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    distributed_at: Mapped[datetime | None]
    first_assigned_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("distribution_plan.id"))

    contact_role: Mapped[ContactRole | None]
    qualification: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    stage: Mapped[Stage] = mapped_column(default=Stage.NEW)
    expected_revenue_cents: Mapped[int | None]
    expected_revenue_currency: Mapped[str | None]
    close_on: Mapped[date | None]
    follow_up_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    reached: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    lost_reason: Mapped[LostReason | None]
    lost_to: Mapped[str] = mapped_column(default="")
    closing_note: Mapped[str] = mapped_column(default="")
    quality: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    product_lines: Mapped[list[ProductLine]] = relationship(secondary="lead_product_line", order_by=ProductLine.name)
    consent: Mapped[Consent] = relationship(back_populates="lead", uselist=False)

    @property
    def reference(self) -> str:
        """The short name people use for the lead in talk and mail; says nothing about the prospect."""
        return f"L-{self.id.hex[:6].upper()}"

    __table_args__ = (
        Index("uq_lead_external_id", "manufacturer_id", "external_id", unique=True),
        Index("ix_lead_state", "manufacturer_id", "state", "received_at"),
        Index("ix_lead_received", "manufacturer_id", "received_at", "id"),
        Index("ix_lead_email", "manufacturer_id", "email"),
        Index("ix_lead_phone", "manufacturer_id", "phone"),
        Index("ix_lead_company_key", "manufacturer_id", "company_key"),
        Index("ix_lead_company_domain", "manufacturer_id", "company_domain"),
        Index("ix_lead_account", "account_id", "received_at"),
        Index("ix_lead_profile", "profile_id", "received_at"),
        Index(
            "ix_lead_follow_up",
            "manufacturer_id",
            "follow_up_at",
            postgresql_where="follow_up_at IS NOT NULL AND closed_at IS NULL",
        ),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_range"),
        CheckConstraint("quality BETWEEN 1 AND 5", name="quality_range"),
        CheckConstraint("stage <> 'lost' OR lost_reason IS NOT NULL", name="lost_has_a_reason"),
    )


class LeadProductLine(Base):
    """Which product lines a lead asks for."""

    __tablename__ = "lead_product_line"

    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True)
    product_line_id: Mapped[int] = mapped_column(ForeignKey("product_line.id"), primary_key=True, index=True)


class Consent(Base):
    """What the prospect agreed to: its scope, the wording it saw, when, in which language, from which source."""

    __tablename__ = "consent"

    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True)
    scope: Mapped[ConsentScope]
    partnership_ids: Mapped[list[int]] = mapped_column(default=list, server_default=text("'{}'"))
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("consent_wording.id"))
    language: Mapped[str] = mapped_column(default="en")
    source: Mapped[str] = mapped_column(default="")
    proof: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    lead: Mapped[Lead] = relationship(back_populates="consent")


class LeadTouch(Base):
    """The same person asking for the same again: kept on the lead it belongs to."""

    __tablename__ = "lead_touch"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="SET NULL"))
    external_id: Mapped[str | None]
    source_kind: Mapped[SourceKind]
    source_name: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]

    __table_args__ = (Index("ix_lead_touch_external_id", "external_id"),)
