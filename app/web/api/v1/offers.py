"""Taking and declining an offer."""

from __future__ import annotations

import uuid

from flask import Response
from flask_openapi3 import Tag
from pydantic import BaseModel, Field

from app.domain.api_keys import ApiScope
from app.domain.distribution import DeclineReason, OfferAnswer
from app.domain.identity import PARTNER_ROLES
from app.services import claims
from app.web.access import allowed, current_viewer, scoped
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.problems import NOT_THERE, problem
from app.web.api.v1.repeats import idempotent
from app.web.api.v1.schemas import Input, Moment, Words, example_of

OFFERS = Tag(name="Offers", description="Exactly one partner wins a lead.")

REFUSED = problem(
    "A rule refuses it now: `code` names the rule, `number` its limit, `remedy` what would help.",
    "open_claim_cap",
    "You hold 5 leads without a contact attempt; the limit is 5.",
    status=409,
    number=5,
    remedy="Log a contact attempt for one of them, or ask your channel manager to give it to somebody else.",
)


class OfferPath(BaseModel):
    """Which offer."""

    offer_id: uuid.UUID = Field(description="The offer's `id` on the board.")


class Claim(BaseModel):
    """The lead is the partner's."""

    model_config = example_of(
        lead_id="4f8a21c0-7c39-4b8e-9a51-5b8e0c1f2d33",
        assignment_id=812,
        contact_due_at="2026-03-02T13:31:00.000Z",
        is_repeat=False,
        url="/api/v1/leads/4f8a21c0-7c39-4b8e-9a51-5b8e0c1f2d33",
    )

    lead_id: uuid.UUID
    assignment_id: int
    contact_due_at: Moment | None = Field(description="Until when to get in touch; null once somebody did.")
    is_repeat: bool = Field(description="Whether it was the partner's before this request.")
    url: str = Field(description="Where the contact data is.")


class Decline(Input):
    """Why the partner does not want it."""

    model_config = Input.model_config | example_of(reason="no_capacity", text="")

    reason: DeclineReason
    text: Words = Field("", description="In a few words; required when the reason is `other`.")


class Declined(BaseModel):
    """The offer is answered; it is not made to this partner again."""

    offer_id: uuid.UUID
    answer: OfferAnswer


@blueprint.post(
    "/offers/<uuid:offer_id>/claim",
    operation_id="claimOffer",
    summary="Take the lead",
    tags=[OFFERS],
    responses={200: Claim, 404: NOT_THERE, 409: REFUSED},
)
@allowed(*PARTNER_ROLES)
@scoped(ApiScope.CLAIM)
@idempotent
def claim_offer(path: OfferPath) -> Response:
    """The first one wins. Whoever won may ask again and gets the same assignment."""
    claimed = claims.claim_offer(offer_id=path.offer_id, actor=current_viewer())
    return answer(
        Claim.model_construct(
            lead_id=claimed.lead_id,
            assignment_id=claimed.assignment_id,
            contact_due_at=claimed.contact_due_at,
            is_repeat=claimed.is_repeat,
            url=f"{blueprint.url_prefix}/leads/{claimed.lead_id}",
        )
    )


@blueprint.post(
    "/offers/<uuid:offer_id>/decline",
    operation_id="declineOffer",
    summary="Say no, with a reason",
    tags=[OFFERS],
    responses={200: Declined, 404: NOT_THERE, 409: REFUSED},
)
@allowed(*PARTNER_ROLES)
@scoped(ApiScope.CLAIM)
@idempotent
def decline_offer(path: OfferPath, body: Decline) -> Response:
    """An exclusive offer goes on to the next partner at once. Declining twice changes nothing."""
    claims.decline_offer(offer_id=path.offer_id, actor=current_viewer(), reason=body.reason, note=body.text)
    return answer(Declined(offer_id=path.offer_id, answer=OfferAnswer.DECLINED))
