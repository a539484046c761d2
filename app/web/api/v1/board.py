"""The board of the key's person: what its partner may claim now, blinded like the page."""

from __future__ import annotations

import uuid

from flask import Response, request
from flask_openapi3 import Tag
from pydantic import BaseModel, Field

from app.domain.api_keys import ApiScope
from app.domain.bands import ScoreBand, SizeBand, ValueBand
from app.domain.board import BoardFilters, BoardSort
from app.domain.identity import PARTNER_ROLES
from app.domain.leads import SourceKind
from app.localisation import phrase_text
from app.queries.board import LeadCard, board_page
from app.web.access import allowed, current_viewer, scoped
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.schemas import Cursor, Moment, Named, Shown, example_of

BOARD = Tag(name="Board", description="Open offers of all the manufacturers a partner works with.")


class BoardQuery(Cursor):
    """What the board is narrowed to and sorted by; everything that is set must hold."""

    limit: int = Field(50, ge=1, le=80, description="Offers on a page; exclusive ones come on top of the first.")
    manufacturer: int | None = Field(None, description="Only this manufacturer's, by id.")
    product: int | None = Field(None, description="Only leads that ask for this product line, by id.")
    region: str | None = Field(
        None, pattern=r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$", description="ISO 3166: `DE-BY`, `DE`."
    )
    size: SizeBand | None = Field(None, description="Only companies of this size, where the manufacturer shows it.")
    value: ValueBand | None = Field(None, description="Only leads of this value, where the manufacturer shows it.")
    hot: bool = Field(False, description="Only leads that want an answer within minutes.")
    closing: bool = Field(False, description="Only offers that end within four hours.")
    exclusive: bool = Field(False, description="Only offers made to this partner alone.")
    sort: BoardSort = Field(BoardSort.CLOSING, description="Soonest to close, newest, or highest value first.")

    def to_filters(self) -> BoardFilters:
        """The filters as the page takes them."""
        wanted = self.model_dump(exclude={"cursor", "limit"})
        return BoardFilters(**{**wanted, "region": self.region.upper() if self.region else None})


class OfferedProduct(Named):
    """A product line the lead asks for."""

    code: str


class Offer(BaseModel):
    """One offer before the claim. A field that is hidden, or not known, is absent."""

    id: uuid.UUID = Field(description="What to claim or decline.")
    reference: str
    manufacturer: Named
    products: list[OfferedProduct]
    country: str | None
    subdivision: str | None
    postal_area: str = Field(description="The first characters of the postal code.")
    is_hot: bool
    is_exclusive: bool = Field(description="Offered to this partner alone.")
    asked_at: Moment
    opens_at: Moment = Field(description="When this partner first could claim it.")
    answer_by: Shown[Moment] = Field(
        None, description="When this partner is asked to answer by, where the lead is reserved to it for longer."
    )
    expires_at: Moment
    reasons: list[str] = Field(description="Why this partner sees it.")
    partners: int = Field(description="How many partners may claim it now; 51 means more than 50.")
    is_seen: bool = Field(description="Whether somebody of the partner has looked at it on the board.")
    industry: Shown[str] = None
    size_band: Shown[SizeBand] = None
    value_band: Shown[ValueBand] = None
    currency: Shown[str] = None
    source_kind: Shown[SourceKind] = None
    score_band: Shown[ScoreBand] = None
    message: Shown[str] = None

    @classmethod
    def of(cls, card: LeadCard) -> Offer:
        """The offer of a card."""
        return cls(
            id=card.offer_id,
            reference=card.reference,
            manufacturer=Named(id=card.manufacturer_id, name=card.manufacturer),
            products=[OfferedProduct(id=one.id, name=one.name, code=one.code) for one in card.products],
            country=card.country,
            subdivision=card.subdivision,
            postal_area=card.postal_area,
            is_hot=card.is_hot,
            is_exclusive=card.is_exclusive,
            asked_at=card.asked_at,
            opens_at=card.opens_at,
            answer_by=card.answer_by,
            expires_at=card.expires_at,
            reasons=[phrase_text(reason) for reason in card.reasons],
            partners=card.partners,
            is_seen=card.is_seen,
            industry=card.industry,
            size_band=card.size_band,
            value_band=card.value_band,
            currency=card.currency,
            source_kind=card.source_kind,
            score_band=card.score_band,
            message=card.message,
        )


class Board(BaseModel):
    """One page of the board."""

    model_config = example_of(
        offers=[
            {
                "id": "0b9f2f0e-6f0a-4f0a-9b7c-3f0d3c0b5a11",
                "reference": "L-4F8A21",
                "manufacturer": {"id": 1, "name": "Acme"},
                "products": [{"id": 7, "name": "Industrial pumps", "code": "PUMP"}],
                "country": "DE",
                "subdivision": "DE-BY",
                "postal_area": "80…",
                "is_hot": False,
                "is_exclusive": False,
                "asked_at": "2026-03-02T09:30:00.000Z",
                "opens_at": "2026-03-02T09:31:00.000Z",
                "expires_at": "2026-03-03T09:31:00.000Z",
                "reasons": ["Your territory covers DE-BY."],
                "partners": 4,
                "is_seen": False,
                "industry": "Machinery",
                "size_band": "medium",
                "value_band": "medium",
                "currency": "EUR",
                "source_kind": "web_form",
                "score_band": "high",
            }
        ],
        total=1,
        next_cursor=None,
    )

    offers: list[Offer] = Field(description="Exclusive offers first, then the others in the order asked for.")
    total: int = Field(description="Offers that match; 201 means more than 200.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last.")


@blueprint.get(
    "/board",
    operation_id="listOffers",
    summary="The offers that may be claimed now",
    tags=[BOARD],
    responses={200: Board},
)
@allowed(*PARTNER_ROLES)
@scoped(ApiScope.BOARD)
def list_offers(query: BoardQuery) -> Response:
    """Poll it with `If-None-Match`: while nothing changed the answer is 304 and empty."""
    page = board_page(
        viewer=current_viewer(), filters=query.to_filters(), after=query.cursor or None, limit=query.limit
    )
    cards = [*page.exclusive, *page.cards]
    response = answer(Board(offers=[Offer.of(card) for card in cards], total=page.found, next_cursor=page.next_after))
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
