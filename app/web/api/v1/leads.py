"""The leads a key's person works or owns: the list, and one in full."""

from __future__ import annotations

import uuid

from flask import Response
from flask_openapi3 import Tag
from pydantic import BaseModel, Field

from app.domain.api_keys import ApiScope
from app.queries.cockpit import LeadFilters, lead_page, list_leads
from app.services import cockpit
from app.web.access import EVERYBODY, allowed, current_viewer, scoped
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.lead_schemas import Lead, Leads, LeadsQuery, LeadSummary
from app.web.api.v1.problems import NOT_THERE

LEADS = Tag(name="Leads", description="The leads a partner holds, or a manufacturer owns.")


class LeadPath(BaseModel):
    """Which lead."""

    lead_id: uuid.UUID = Field(description="The lead's `id`.")


@blueprint.get("/leads", operation_id="listLeads", summary="The leads of this side", tags=[LEADS],
               responses={200: Leads})  # fmt: skip
@allowed(*EVERYBODY)
@scoped(ApiScope.LEADS, ApiScope.LEADS_READ)
def list_own_leads(query: LeadsQuery) -> Response:
    """A partner's key lists the leads it holds, a manufacturer's all of its own."""
    filters = LeadFilters(
        text=query.q,
        state=query.state,
        stage=query.stage,
        partnership_id=query.partnership,
        product_line_id=query.product,
        manufacturer_id=query.manufacturer,
        is_overdue=query.overdue,
        is_hot=query.hot,
        is_open=query.open,
    )
    found = list_leads(viewer=current_viewer(), filters=filters, sort=query.sort, place=query.cursor, limit=query.limit)
    leads = [LeadSummary.of(row) for row in found.rows]
    return answer(Leads(leads=leads, total=found.total, next_cursor=found.next_place))


@blueprint.get("/leads/<uuid:lead_id>", operation_id="readLead", summary="One lead in full", tags=[LEADS],
               responses={200: Lead, 404: NOT_THERE})  # fmt: skip
@allowed(*EVERYBODY)
@scoped(ApiScope.LEADS, ApiScope.LEADS_READ)
def read_lead(path: LeadPath) -> Response:
    """With the contact data: that its person was shown it is kept, as it is on the page."""
    viewer = current_viewer()
    page = lead_page(viewer=viewer, lead_id=path.lead_id)
    if viewer.is_partner and not page.is_reveal_logged:
        cockpit.record_reveal(lead_id=path.lead_id, actor=viewer)
    return answer(Lead.of(page))
