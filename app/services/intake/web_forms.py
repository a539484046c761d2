"""The hosted forms of a manufacturer, and the versions of the text prospects agree to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.consent import ConsentScope
from app.domain.consent_wording import DEFAULT_WORDINGS, check_wordings
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.phrases import N_, Phrase
from app.models import ConsentWording, Partnership, ProductLine, WebForm
from app.services.audit import record_event
from app.services.intake.access import OWNERS, require

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58}[a-z0-9])")
_LOCAL_HOSTS = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class FormValues:
    """What a manufacturer sets about one form. No product lines means: all of the catalogue."""

    title: str
    intro: str = ""
    language: str = "en"
    campaign: str = ""
    product_line_ids: tuple[int, ...] = ()
    consent_scope: ConsentScope = ConsentScope.ANY_ELIGIBLE
    named_partnership_ids: tuple[int, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    is_active: bool = True


def create_form(*, actor: Viewer, slug: str, values: FormValues) -> int:
    """Open a form at `/f/<slug>`; returns its id. `Invalid` when the slug is taken or a value cannot be used.

    The first form of a manufacturer also writes version 1 of the consent wording.
    """
    manufacturer_id = require(actor, *OWNERS)
    if not _SLUG.fullmatch(slug):
        raise _invalid("slug", Phrase(N_("Use 3 to 60 lower case letters, digits and hyphens.")))
    with transaction() as session:
        made = WebForm(manufacturer_id=manufacturer_id, slug=slug, **_checked(session, manufacturer_id, values))
        session.add(made)
        try:
            session.flush()
        except IntegrityError as error:
            raise _invalid("slug", Phrase(N_("This address is taken. Choose another."))) from error
        if _latest_version(session, manufacturer_id) == 0:
            _write_version(session, manufacturer_id, DEFAULT_WORDINGS)
        _record(session, actor, {"form_id": made.id, "slug": slug, "is_new": True})
        return made.id


def change_form(*, actor: Viewer, form_id: int, values: FormValues) -> None:
    """Change a form; its address stays. What was sent through it keeps the wording and scope it was sent with."""
    manufacturer_id = require(actor, *OWNERS)
    with transaction() as session:
        form = session.get(WebForm, form_id, with_for_update=True)
        if form is None or form.manufacturer_id != manufacturer_id:
            raise NotFound
        changed = {
            name: value
            for name, value in _checked(session, manufacturer_id, values).items()
            if getattr(form, name) != value
        }
        for name, value in changed.items():
            setattr(form, name, value)
        if changed:
            _record(session, actor, {"form_id": form.id, "slug": form.slug, "changed": sorted(changed)})


def write_consent_wording(*, actor: Viewer, wordings: Mapping[str, str]) -> int:
    """Publish a new version of the text prospects agree to; returns its number.

    Earlier versions stay as they are: a consent points at the very words it was given to. The same texts again make no
    new version. `Invalid` names the languages whose text cannot be used.
    """
    manufacturer_id = require(actor, *OWNERS)
    given = check_wordings(wordings)
    with transaction() as session:
        version = _latest_version(session, manufacturer_id)
        if version and given == _wordings(session, manufacturer_id, version):
            return version
        version = _write_version(session, manufacturer_id, given)
        _record(session, actor, {"wording_version": version, "languages": sorted(given)})
        return version


def _checked(session: Session, manufacturer_id: int, values: FormValues) -> dict[str, object]:
    if not values.title.strip():
        raise _invalid("title", Phrase(N_("Give the form a title; the prospect reads it.")))
    if values.consent_scope is ConsentScope.NAMED_PARTNERS and not values.named_partnership_ids:
        raise _invalid("named_partnership_ids", Phrase(N_("Choose the partners the prospect agrees to.")))
    _refuse_foreign(session, ProductLine, manufacturer_id, values.product_line_ids)
    _refuse_foreign(session, Partnership, manufacturer_id, values.named_partnership_ids)
    checked = asdict(values)
    checked["title"] = values.title.strip()
    checked["allowed_origins"] = [_origin(text) for text in values.allowed_origins if text.strip()]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in checked.items()}


def _refuse_foreign(
    session: Session, model: type[ProductLine] | type[Partnership], manufacturer_id: int, ids: Sequence[int]
) -> None:
    known = select(func.count()).where(model.id.in_(ids), model.manufacturer_id == manufacturer_id)
    if ids and session.scalar(known) != len(set(ids)):
        raise NotFound


def _origin(text: str) -> str:
    """`https://www.acme.example` alone, as a browser compares it: a path or a wildcard would not do what it seems."""
    try:
        parts = urlsplit(text.strip().rstrip("/"))
    except ValueError:
        parts = urlsplit("")
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS)
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if not (is_secure and is_bare and re.fullmatch(r"[A-Za-z0-9.-]+(?::\d{1,5})?", parts.netloc)):
        raise _invalid(
            "allowed_origins", Phrase(N_("“%(text)s” is not an address like https://www.example.com."), {"text": text})
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _latest_version(session: Session, manufacturer_id: int) -> int:
    version = session.scalar(
        select(func.max(ConsentWording.version)).where(ConsentWording.manufacturer_id == manufacturer_id)
    )
    return version or 0


def _wordings(session: Session, manufacturer_id: int, version: int) -> dict[str, str]:
    rows = session.execute(
        select(ConsentWording.language, ConsentWording.wording).where(
            ConsentWording.manufacturer_id == manufacturer_id, ConsentWording.version == version
        )
    )
    return {row.language: row.wording for row in rows}


def _write_version(session: Session, manufacturer_id: int, wordings: Mapping[str, str]) -> int:
    version = _latest_version(session, manufacturer_id) + 1
    session.add_all(
        ConsentWording(manufacturer_id=manufacturer_id, version=version, language=language, wording=wording)
        for language, wording in wordings.items()
    )
    session.flush()
    return version


def _record(session: Session, actor: Viewer, data: dict[str, object]) -> None:
    record_event(session, EventKind.FORM_CHANGED, actor=actor, manufacturer_id=actor.organisation_id, data=data)


def _invalid(field: str, phrase: Phrase) -> Invalid:
    return Invalid(phrase, fields={field: phrase})
