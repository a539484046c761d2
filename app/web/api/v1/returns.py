"""Handing a lead back, and taking that back."""

from __future__ import annotations

import uuid

from flask import Response
from pydantic import BaseModel, Field

from app.domain.api_keys import ApiScope
from app.domain.identity import PARTNER_ROLES
from app.domain.returns import ReturnReason, ReturnTo
from app.queries.returns import returned_lead
from app.services.returning import return_lead, undo_return
from app.web.access import allowed, current_viewer, scoped
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.leads import LEADS, LeadPath
from app.web.api.v1.problems import NOT_THERE, problem
from app.web.api.v1.repeats import idempotent
from app.web.api.v1.schemas import Input, Moment, Words, example_of

REFUSED = problem(
    "A rule refuses it now: `code` names the rule, `remedy` what would help.",
    "too_few_attempts",
    "A prospect counts as not reachable after 3 logged attempts; logged so far: 1.",
    status=409,
    remedy="Try another time of day or another way, and log each attempt.",
)
NOT_UNDONE = problem(
    "The return stands: `code` says why.",
    "taken",
    "Somebody else has this lead already, or a person has decided about it.",
    status=409,
    remedy="Ask your channel manager if it must come back to you.",
)


class Return(Input):
    """What is wrong with the lead."""

    model_config = Input.model_config | example_of(reason="wrong_product", text="They need a compressor.", quality=2)

    reason: ReturnReason
    text: Words = Field("", description="In a few words, for the manufacturer; required when the reason is `other`.")
    quality: int | None = Field(None, ge=1, le=5, description="How good the lead was; 5 is best.")


class Returned(BaseModel):
    """The lead is no longer the partner's."""

    lead_id: uuid.UUID
    goes_to: ReturnTo = Field(description="Who has it next: the next partner, or a person at the manufacturer.")
    undo_until: Moment | None = Field(description="Until when it can be taken back, as long as nobody else has it.")


class TakenBack(BaseModel):
    """The lead is the partner's again, with its promises."""

    lead_id: uuid.UUID


@blueprint.post(
    "/leads/<uuid:lead_id>/return",
    operation_id="returnLead",
    summary="Hand the lead back",
    tags=[LEADS],
    responses={200: Returned, 404: NOT_THERE, 409: REFUSED},
)
@allowed(*PARTNER_ROLES)
@scoped(ApiScope.CLAIM)
@idempotent
def hand_back(path: LeadPath, body: Return) -> Response:
    """For a defect. Its contact data is hidden at once."""
    viewer = current_viewer()
    returned = return_lead(lead_id=path.lead_id, actor=viewer, reason=body.reason, note=body.text, quality=body.quality)
    undo_until = returned_lead(viewer=viewer, lead_id=path.lead_id).undo_until
    return answer(Returned(lead_id=path.lead_id, goes_to=returned.goes_to, undo_until=undo_until))


@blueprint.post(
    "/leads/<uuid:lead_id>/return/undo",
    operation_id="undoReturn",
    summary="Take the return back",
    tags=[LEADS],
    responses={200: TakenBack, 404: NOT_THERE, 409: NOT_UNDONE},
)
@allowed(*PARTNER_ROLES)
@scoped(ApiScope.CLAIM)
@idempotent
def take_back(path: LeadPath) -> Response:
    """Within 10 minutes, and as long as nobody else has it."""
    undo_return(lead_id=path.lead_id, actor=current_viewer())
    return answer(TakenBack(lead_id=path.lead_id))
