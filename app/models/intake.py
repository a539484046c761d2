"""The door: everything that arrived, as it arrived, and the ways in that a manufacturer has set up."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.database import Base
from app.domain.consent import ConsentScope
from app.domain.submissions import Channel, ImportState, SubmissionState


class Submission(Base):
    """One thing that arrived: stored raw before anything else happens to it, then created, merged, rejected or kept.

    `fingerprint` is the hash of its content within its channel, so that the same row read twice is one submission.
    """

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    channel: Mapped[Channel]
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.RECEIVED)
    raw: Mapped[dict[str, Any]]
    defaults: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    fingerprint: Mapped[str | None]
    external_id: Mapped[str | None]
    lead_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lead.id", ondelete="SET NULL"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("lead_import.id"), index=True)
    line_no: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    web_form_id: Mapped[int | None] = mapped_column(ForeignKey("web_form.id"))
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_submission_state", "manufacturer_id", "state", "received_at"),
        Index("ix_submission_fingerprint", "manufacturer_id", "fingerprint"),
        Index(
            "ix_submission_in_quarantine", "manufacturer_id", "external_id", postgresql_where="state = 'quarantined'"
        ),
        Index("ix_submission_waiting", "received_at", postgresql_where="state = 'received'"),
    )


class LeadImport(Base):
    """One file brought in on screen or by command: its bytes, its mapping, how far it has come.

    Rows read = created + merged + rejected + quarantined; `rows_unchanged` are those of the merged that were already in
    and left no touch. `next_line` is the first line not yet brought in, `advanced_at` the last sign of progress.
    """

    __tablename__ = "lead_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    filename: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary()))
    content_hash: Mapped[str]
    shape: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    defaults: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    is_dry_run: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    rows_total: Mapped[int | None]
    rows_created: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rows_merged: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rows_rejected: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rows_quarantined: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    rows_unchanged: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    next_line: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
    started_at: Mapped[datetime | None]
    advanced_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_lead_import_unfinished", "advanced_at", postgresql_where="state IN ('queued', 'running')"),
    )


class ImportProblem(Base):
    """One row of an import that did not become a lead: which line, what became of it, and why; also of a dry run."""

    __tablename__ = "import_problem"

    import_id: Mapped[int] = mapped_column(ForeignKey("lead_import.id", ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[SubmissionState]
    problems: Mapped[list[dict[str, Any]]]


class ImportMapping(Base):
    """The mapping a manufacturer confirmed for a file's headers, remembered for the next file of the same shape."""

    __tablename__ = "import_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    headers_hash: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (UniqueConstraint("manufacturer_id", "headers_hash"),)


class ConsentWording(Base):
    """One version of the text a prospect agrees to, in one language; never edited once used."""

    __tablename__ = "consent_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    language: Mapped[str]
    wording: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())

    __table_args__ = (UniqueConstraint("manufacturer_id", "version", "language"),)


class WebForm(Base):
    """A hosted, embeddable form of one manufacturer."""

    __tablename__ = "web_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    manufacturer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    intro: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    campaign: Mapped[str] = mapped_column(default="")
    product_line_ids: Mapped[list[int]] = mapped_column(default=list, server_default=text("'{}'"))
    consent_scope: Mapped[ConsentScope] = mapped_column(default=ConsentScope.ANY_ELIGIBLE)
    named_partnership_ids: Mapped[list[int]] = mapped_column(default=list, server_default=text("'{}'"))
    allowed_origins: Mapped[list[str]] = mapped_column(default=list, server_default=text("'{}'"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_now())
