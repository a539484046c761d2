"""The forms of a manufacturer: for its own people, and as a prospect meets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain.consent import ConsentScope
from app.domain.consent_wording import worded
from app.domain.errors import NotFound
from app.domain.identity import Viewer
from app.domain.partners import PartnershipStatus
from app.domain.submissions import SubmissionState
from app.models import ConsentWording, Organisation, Partnership, ProductLine, Submission, WebForm


@dataclass(frozen=True, slots=True)
class Choice:
    """A product line or partnership to choose."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FormSummary:
    """One form on the list, with what came through it."""

    id: int
    slug: str
    title: str
    language: str
    consent_scope: ConsentScope
    is_active: bool
    submissions: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class FormDetail:
    """One form as its manufacturer edits it."""

    id: int
    slug: str
    title: str
    intro: str
    language: str
    campaign: str
    product_line_ids: tuple[int, ...]
    consent_scope: ConsentScope
    named_partnership_ids: tuple[int, ...]
    allowed_origins: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class PublicForm:
    """A form as a prospect meets it. `partners` are those the consent names, when it names some."""

    id: int
    manufacturer_id: int
    manufacturer_name: str
    slug: str
    title: str
    intro: str
    language: str
    campaign: str
    products: tuple[Choice, ...]
    consent_scope: ConsentScope
    partners: tuple[Choice, ...]
    allowed_origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of the consent text in one language, as the prospect reads it."""

    id: int
    version: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class WordingVersion:
    """One version in all its languages, as it was written."""

    version: int
    created_at: datetime
    texts: dict[str, str]


def list_forms(*, viewer: Viewer) -> list[FormSummary]:
    """The viewer's forms by title."""
    sent = (
        select(
            Submission.web_form_id, func.count().label("submissions"), func.max(Submission.received_at).label("last")
        )
        .where(Submission.manufacturer_id == _own(viewer), Submission.state != SubmissionState.REJECTED)
        .group_by(Submission.web_form_id)
        .subquery()
    )
    rows = db.session.execute(
        select(WebForm, sent.c.submissions, sent.c.last)
        .outerjoin(sent, sent.c.web_form_id == WebForm.id)
        .where(WebForm.manufacturer_id == _own(viewer))
        .order_by(WebForm.title, WebForm.id)
    )
    return [
        FormSummary(
            id=form.id,
            slug=form.slug,
            title=form.title,
            language=form.language,
            consent_scope=form.consent_scope,
            is_active=form.is_active,
            submissions=count or 0,
            last_at=last,
        )
        for form, count, last in rows
    ]


def form_detail(*, viewer: Viewer, form_id: int) -> FormDetail:
    """One form; `NotFound` when it is not the viewer's."""
    form = db.session.scalar(select(WebForm).where(WebForm.id == form_id, WebForm.manufacturer_id == _own(viewer)))
    if form is None:
        raise NotFound
    return FormDetail(
        id=form.id,
        slug=form.slug,
        title=form.title,
        intro=form.intro,
        language=form.language,
        campaign=form.campaign,
        product_line_ids=tuple(form.product_line_ids),
        consent_scope=form.consent_scope,
        named_partnership_ids=tuple(form.named_partnership_ids),
        allowed_origins=tuple(form.allowed_origins),
        is_active=form.is_active,
    )


def list_product_choices(*, viewer: Viewer) -> list[Choice]:
    """The product lines that can be asked for."""
    return list(_products(_own(viewer), ()))


def list_partner_choices(*, viewer: Viewer) -> list[Choice]:
    """The partners a consent may name."""
    return list(_partners(_own(viewer), None))


def list_wordings(*, viewer: Viewer) -> list[WordingVersion]:
    """Every version of the consent text, the latest first."""
    rows = db.session.scalars(
        select(ConsentWording)
        .where(ConsentWording.manufacturer_id == _own(viewer))
        .order_by(ConsentWording.version.desc(), ConsentWording.language)
    )
    versions: dict[int, WordingVersion] = {}
    for row in rows:
        version = versions.setdefault(row.version, WordingVersion(row.version, row.created_at, {}))
        version.texts[row.language] = row.wording
    return list(versions.values())


def public_form(slug: str) -> PublicForm:
    """The form at `/f/<slug>`, for anybody; `NotFound` when there is none or it is switched off."""
    row = db.session.execute(
        select(WebForm, Organisation.name)
        .join(Organisation, Organisation.id == WebForm.manufacturer_id)
        .where(WebForm.slug == slug, WebForm.is_active)
    ).one_or_none()
    if row is None:
        raise NotFound
    form, manufacturer_name = row
    is_named = form.consent_scope is ConsentScope.NAMED_PARTNERS
    return PublicForm(
        id=form.id,
        manufacturer_id=form.manufacturer_id,
        manufacturer_name=manufacturer_name,
        slug=form.slug,
        title=form.title,
        intro=form.intro,
        language=form.language,
        campaign=form.campaign,
        products=_products(form.manufacturer_id, form.product_line_ids),
        consent_scope=form.consent_scope,
        partners=_partners(form.manufacturer_id, form.named_partnership_ids) if is_named else (),
        allowed_origins=tuple(form.allowed_origins),
    )


def consent_wording(form: PublicForm, language: str) -> Wording | None:
    """The latest text in `language`, else in the form's, else in whichever there is; None when none was written."""
    latest = select(func.max(ConsentWording.version)).where(ConsentWording.manufacturer_id == form.manufacturer_id)
    rows = db.session.scalars(
        select(ConsentWording)
        .where(
            ConsentWording.manufacturer_id == form.manufacturer_id, ConsentWording.version == latest.scalar_subquery()
        )
        .order_by(ConsentWording.language)
    ).all()
    wished = (language, form.language, "en")
    row = min(rows, key=lambda row: wished.index(row.language) if row.language in wished else len(wished), default=None)
    if row is None:
        return None
    return Wording(row.id, row.version, row.language, worded(row.wording, form.manufacturer_name))


def list_public_partners(form: PublicForm) -> tuple[Choice, ...]:
    """The partners that may call whoever agrees on this form, for anybody to read."""
    return form.partners or _partners(form.manufacturer_id, None)


def _own(viewer: Viewer) -> int:
    if not viewer.is_manufacturer:
        raise NotFound
    return viewer.organisation_id


def _products(manufacturer_id: int, ids: Sequence[int]) -> tuple[Choice, ...]:
    wanted = select(ProductLine.id, ProductLine.code, ProductLine.name).where(
        ProductLine.manufacturer_id == manufacturer_id, ProductLine.is_active
    )
    if ids:
        wanted = wanted.where(ProductLine.id.in_(ids))
    return tuple(Choice(*row) for row in db.session.execute(wanted.order_by(ProductLine.name)))


def _partners(manufacturer_id: int, ids: Sequence[int] | None) -> tuple[Choice, ...]:
    wanted = select(Partnership.id, Partnership.code, Partnership.name).where(
        Partnership.manufacturer_id == manufacturer_id, Partnership.status == PartnershipStatus.ACTIVE
    )
    if ids is not None:
        wanted = wanted.where(Partnership.id.in_(ids))
    return tuple(Choice(*row) for row in db.session.execute(wanted.order_by(Partnership.name)))
