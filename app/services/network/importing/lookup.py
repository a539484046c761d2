"""Codes in files, looked up among the manufacturer's rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase
from app.models import Partnership, ProductLine, Tier, User
from app.services.network.writing import NetworkWriting

Found = TypeVar("Found")


def partnership_ids(writing: NetworkWriting) -> dict[str, int]:
    """The manufacturer's partnerships by code."""
    rows = select(Partnership.code, Partnership.id).where(Partnership.manufacturer_id == writing.manufacturer_id)
    return {row.code: row.id for row in writing.session.execute(rows)}


def product_lines(writing: NetworkWriting) -> dict[str, ProductLine]:
    """The manufacturer's product lines by code."""
    rows = select(ProductLine).where(ProductLine.manufacturer_id == writing.manufacturer_id)
    return {line.code: line for line in writing.session.scalars(rows)}


def people_by_email(writing: NetworkWriting) -> dict[str, int]:
    """The manufacturer's own people who can sign in, by their address in lower case."""
    rows = select(User.email, User.id).where(
        User.organisation_id == writing.manufacturer_id, User.disabled_at.is_(None)
    )
    return {row.email.lower(): row.id for row in writing.session.execute(rows)}


def tier_ids(writing: NetworkWriting) -> dict[str, int]:
    """The manufacturer's levels by code, lowest first."""
    rows = select(Tier.code, Tier.id).where(Tier.manufacturer_id == writing.manufacturer_id).order_by(Tier.rank)
    return {row.code: row.id for row in writing.session.execute(rows)}


def partner_coded(known: Mapping[str, Found], code: str) -> Found:
    """The partnership of a code, or the reason why there is none."""
    return _found(known, code, Phrase(N_("There is no partner %(code)s."), {"code": code}))


def person_at(known: Mapping[str, Found], email: str) -> Found:
    """The person of an address, or the reason why there is none."""
    return _found(known, email.lower(), Phrase(N_("None of your people has the address %(email)s."), {"email": email}))


def product_coded(known: Mapping[str, Found], code: str) -> Found:
    """The product line of a code, or the reason why there is none."""
    return _found(known, code, Phrase(N_("There is no product line %(code)s."), {"code": code}))


def tier_coded(known: Mapping[str, Found], code: str) -> Found:
    """The level of a code, or the reason why there is none."""
    levels = {"code": code, "known": ", ".join(known)}
    return _found(known, code, Phrase(N_("There is no tier %(code)s. The tiers are %(known)s."), levels))


def _found(known: Mapping[str, Found], code: str, refusal: Phrase) -> Found:
    if code not in known:
        raise Invalid(refusal)
    return known[code]
