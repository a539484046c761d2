"""A lead as it stands on a partner's board: blinded before the claim, its own after it, gone when another was first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from app.database import clock_now, db
from app.domain.bands import (
    SCORE_BAND_PHRASES,
    SIZE_BAND_PHRASES,
    ScoreBand,
    SizeBand,
    ValueBand,
    score_band,
    size_band,
    value_band,
    value_band_phrase,
)
from app.domain.identity import OrganisationKind, Viewer
from app.domain.intake.postcodes import blind_postal
from app.domain.leads import SourceKind
from app.domain.money import Money
from app.domain.phrases import Phrase
from app.domain.reservations import answer_asked
from app.domain.visibility import GuardedField, Visibility, visible_fields
from app.models import Lead, LeadProductLine, ManufacturerSettings, Offer, Organisation, ProductLine, Round

_UNKNOWN = "unknown"
RIVALS_CAP = 50
"""How many partners are counted per lead at most: more is "more than 50"."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product line a lead asks for."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LeadCard:
    """All that a partner may know of an offered lead before it claims (domain.md §4). Nothing else is in here.

    Bands, industry, source and message are `None` where they are unknown or the manufacturer does not show them.
    `partners` counts who may claim it now, one more than `RIVALS_CAP` being more than that; `opens_at` is when this
    partner first could, `answer_by` when its answer is due where the lead is reserved to it for longer.
    """

    offer_id: uuid.UUID
    reference: str
    manufacturer_id: int
    manufacturer: str
    products: tuple[Product, ...]
    country: str | None
    subdivision: str | None
    postal_area: str
    is_hot: bool
    is_exclusive: bool
    asked_at: datetime
    opens_at: datetime
    expires_at: datetime
    reasons: tuple[Phrase, ...]
    partners: int
    is_seen: bool
    answer_by: datetime | None = None
    industry: str | None = None
    size_band: SizeBand | None = None
    value_band: ValueBand | None = None
    currency: str | None = None
    source_kind: SourceKind | None = None
    score_band: ScoreBand | None = None
    message: str | None = None

    @property
    def title(self) -> str:
        """The product lines' names, the headline."""
        return ", ".join(product.name for product in self.products)

    @property
    def asked(self) -> Phrase | None:
        """By when the owner is asked to answer, and when the lead goes on; None where it is nobody's already."""
        return answer_asked(self.answer_by, self.expires_at, OrganisationKind.PARTNER) if self.answer_by else None

    def presses_at(self, now: datetime) -> datetime:
        """The next moment that counts: when the answer is due, then when the offer ends."""
        return self.answer_by if self.answer_by and self.answer_by > now else self.expires_at

    @property
    def region(self) -> str:
        """The ISO code of the subdivision, else of the country."""
        return self.subdivision or self.country or ""

    @property
    def size(self) -> Phrase | None:
        """The size band in words."""
        return SIZE_BAND_PHRASES[self.size_band] if self.size_band else None

    @property
    def value(self) -> Phrase | None:
        """The value band in words, in the lead's currency."""
        return value_band_phrase(self.value_band, self.currency or "EUR") if self.value_band else None

    @property
    def score(self) -> Phrase | None:
        """The score band in words."""
        return SCORE_BAND_PHRASES[self.score_band] if self.score_band else None


CARD_COLUMNS = (
    Offer.id.label("offer_id"),
    Offer.lead_id,
    Offer.partner_id,
    Offer.round_id,
    Offer.manufacturer_id,
    Offer.is_exclusive,
    Offer.visible_from,
    Offer.expires_at,
    Offer.created_at,
    Offer.seen_at,
    Offer.reasons,
    Lead.country,
    Lead.subdivision,
    Lead.postal_code,
    Lead.industry,
    Lead.employees,
    Lead.amount_cents,
    Lead.currency,
    Lead.source_kind,
    Lead.score,
    Lead.is_hot,
    Lead.asked_at,
    Lead.message,
    Lead.is_message_cleared,
)


def cards_of(rows: Collection[Row[Any]], viewer: Viewer) -> tuple[LeadCard, ...]:
    """The cards of open offers, whatever their number in three statements."""
    lead_ids = {row.lead_id for row in rows}
    products = products_of(lead_ids)
    rounds = _rounds({row.round_id for row in rows})
    shown = _manufacturers({row.manufacturer_id for row in rows})
    cards = (
        _card(row, viewer, products, rounds.get(row.round_id, _ALONE), *shown[row.manufacturer_id]) for row in rows
    )
    return tuple(card for card in cards if card is not None)


def _card(
    row: Row[Any],
    viewer: Viewer,
    products: Mapping[uuid.UUID, tuple[Product, ...]],
    its_round: _OpenRound,
    manufacturer: str,
    chosen: Collection[str],
) -> LeadCard | None:
    sight = visible_fields(
        viewer,
        manufacturer_id=row.manufacturer_id,
        assigned_partner_id=None,
        offered_partner_ids=(row.partner_id,),
        chosen=chosen,
        is_text_cleared=row.is_message_cleared,
    )
    if not sight.is_visible:
        return None
    asked = products.get(row.lead_id, ())
    return LeadCard(
        offer_id=row.offer_id,
        reference=reference_of(row.lead_id),
        manufacturer_id=row.manufacturer_id,
        manufacturer=manufacturer,
        products=asked,
        country=row.country,
        subdivision=row.subdivision,
        postal_area=blind_postal(row.postal_code or ""),
        is_hot=row.is_hot,
        is_exclusive=row.is_exclusive,
        asked_at=row.asked_at,
        opens_at=max(row.visible_from, row.created_at),
        expires_at=row.expires_at,
        reasons=named_reasons(row.reasons, asked),
        partners=its_round.rivals,
        is_seen=row.seen_at is not None,
        answer_by=its_round.answer_by,
        **_chosen_values(row, sight),
    )


def _chosen_values(row: Row[Any], sight: Visibility) -> dict[str, Any]:
    """What the manufacturer chose to show beside what every card shows."""
    amount = Money(row.amount_cents, row.currency) if row.amount_cents is not None and row.currency else None
    values = {
        GuardedField.INDUSTRY: row.industry,
        GuardedField.SIZE_BAND: size_band(row.employees),
        GuardedField.VALUE_BAND: value_band(amount),
        GuardedField.SOURCE_KIND: row.source_kind,
        GuardedField.SCORE_BAND: score_band(row.score),
        GuardedField.MESSAGE: row.message,
    }
    shown: dict[str, Any] = {
        field.value: value for field, value in values.items() if sight.shows(field) and value not in ("", _UNKNOWN)
    }
    if sight.shows(GuardedField.VALUE_BAND):
        shown["currency"] = row.currency
    return shown


def named_reasons(stored: Iterable[Mapping[str, Any]], products: Iterable[Product]) -> tuple[Phrase, ...]:
    """Why the partner was offered it, with the product lines by their names."""
    names = {product.code: product.name for product in products}
    told = (Phrase.from_json(one) for one in stored)
    return tuple(
        Phrase(one.template, {**one.values, "products": _named(str(one.values["products"]), names)})
        if "products" in one.values
        else one
        for one in told
    )


def _named(codes: str, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in codes.split(", "))


def products_of(lead_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Product, ...]]:
    """The product lines each lead asks for."""
    found: dict[uuid.UUID, tuple[Product, ...]] = {}
    asked = (
        select(LeadProductLine.lead_id, ProductLine.id, ProductLine.code, ProductLine.name)
        .join(ProductLine, ProductLine.id == LeadProductLine.product_line_id)
        .where(LeadProductLine.lead_id.in_(lead_ids))
        .order_by(ProductLine.name)
    )
    for lead_id, line_id, code, name in db.session.execute(asked):
        found[lead_id] = (*found.get(lead_id, ()), Product(line_id, code, name))
    return found


class _OpenRound(NamedTuple):
    """A round on the board: how many may claim in it now, and when an answer is due."""

    rivals: int
    answer_by: datetime | None


_ALONE = _OpenRound(1, None)


def _rounds(round_ids: Collection[int]) -> dict[int, _OpenRound]:
    now = select(clock_now()).scalar_subquery()
    may_claim = (
        select(Offer.id)
        .where(Offer.round_id == Round.id, Offer.answer.is_(None), Offer.visible_from <= now, Offer.expires_at > now)
        .limit(RIVALS_CAP + 1)
        .correlate(Round)
        .lateral()
    )
    counted = select(func.count()).select_from(may_claim).correlate(Round).scalar_subquery()
    found = db.session.execute(select(Round.id, counted, Round.answer_by).where(Round.id.in_(round_ids)))
    return {row[0]: _OpenRound(row[1], row[2]) for row in found}


def _manufacturers(ids: Collection[int]) -> dict[int, tuple[str, frozenset[str]]]:
    """Each manufacturer's name, and the fields it shows before a claim."""
    settings = (
        select(Organisation.id, Organisation.name, ManufacturerSettings.shown_fields)
        .join(ManufacturerSettings, ManufacturerSettings.manufacturer_id == Organisation.id)
        .where(Organisation.id.in_(ids))
    )
    return {row[0]: (row[1], frozenset(row[2])) for row in db.session.execute(settings)}


def reference_of(lead_id: uuid.UUID) -> str:
    """The short name of a lead in talk; says nothing about the prospect."""
    return f"L-{lead_id.hex[:6].upper()}"
