"""A new manufacturer, ready to work: settings, tiers, plan, consent wordings and score rules."""

from __future__ import annotations

import re
import secrets

from anyascii import anyascii
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import transaction
from app.domain.audit import EventKind
from app.domain.consent_wording import DEFAULT_WORDINGS
from app.domain.distribution import default_plan
from app.domain.identity import OrganisationKind, Viewer
from app.domain.intake.scoring import DEFAULT_SCORE_RULES
from app.domain.partners import DEFAULT_TIERS
from app.domain.people import check_language, check_time_zone, clean_name
from app.models import ConsentWording, DistributionPlan, ManufacturerSettings, Organisation, ScoreRule, Tier
from app.services.audit import record_event


def create_manufacturer(
    name: str,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    language: str = "en",
    time_zone: str = "UTC",
    domain: str | None = None,
    currency: str = "EUR",
    actor: Viewer | None = None,
) -> int:
    """The manufacturer called `name`, made with the defaults of domain.md when there is none; returns its id.

    A second call finds the first one's and changes nothing. Invalid for a name, language or zone that cannot be.
    """
    name = clean_name(name)
    check_language(language)
    check_time_zone(time_zone)
    values: dict[str, object] = {
        "kind": OrganisationKind.MANUFACTURER,
        "name": name,
        "slug": _slug(name),
        "country": country,
        "subdivision": subdivision,
        "language": language,
        "time_zone": time_zone,
        "domain": domain,
    }
    with transaction() as session:
        made_id = _added(session, values)
        if made_id is None:
            return _known(session, name)
        _add_defaults(session, made_id, currency)
        record_event(
            session, EventKind.MANUFACTURER_CREATED, actor=actor, manufacturer_id=made_id, organisation_id=made_id
        )
        return made_id


def _added(session: Session, values: dict[str, object]) -> int | None:
    added = insert(Organisation).values(values)
    fresh = added.on_conflict_do_nothing(index_elements=["name"], index_where=text("kind = 'manufacturer'"))
    return session.scalar(fresh.returning(Organisation.id))


def _known(session: Session, name: str) -> int:
    known = select(Organisation.id).where(Organisation.kind == OrganisationKind.MANUFACTURER, Organisation.name == name)
    return session.scalars(known).one()


def _slug(name: str) -> str:
    """A readable part of an address, with enough chance in it that two alike names never meet."""
    readable = re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:40]
    return f"{readable or 'manufacturer'}-{secrets.token_hex(3)}"


def _add_defaults(session: Session, manufacturer_id: int, currency: str) -> None:
    session.add(ManufacturerSettings(manufacturer_id=manufacturer_id, default_currency=currency))
    session.add_all(
        Tier(
            manufacturer_id=manufacturer_id,
            code=rule.key,
            name=rule.key.capitalize(),
            rank=rule.rank,
            head_start_minutes=int(rule.head_start.total_seconds() // 60),
        )
        for rule in DEFAULT_TIERS
    )
    session.add(DistributionPlan(manufacturer_id=manufacturer_id, version=1, rounds=default_plan().to_json()))
    session.add_all(
        ConsentWording(manufacturer_id=manufacturer_id, version=1, language=language, wording=wording)
        for language, wording in DEFAULT_WORDINGS.items()
    )
    session.add_all(
        ScoreRule(
            manufacturer_id=manufacturer_id,
            position=position,
            label=rule.label,
            field=rule.field,
            operator=rule.operator,
            value=str(rule.value),
            points=rule.points,
        )
        for position, rule in enumerate(DEFAULT_SCORE_RULES, 1)
    )
