"""A lead sent by a program of the manufacturer: read, stored and settled like one that comes by any other way."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Annotated

from flask import Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.domain.api_keys import ApiScope
from app.domain.consent import ConsentScope
from app.domain.errors import Invalid
from app.domain.identity import Viewer
from app.domain.intake.arrival import Arrival
from app.domain.intake.fields import LeadField
from app.domain.leads import LeadState, SourceKind
from app.domain.phrases import N_, Phrase
from app.domain.submissions import Channel, Finding, SubmissionState
from app.localisation import phrase_text
from app.queries.cockpit import lead_page
from app.services import intake
from app.services.intake.access import DESK
from app.web.access import allowed, current_viewer, scoped
from app.web.api.v1.blueprint import answer, blueprint
from app.web.api.v1.leads import LEADS
from app.web.api.v1.repeats import idempotent
from app.web.api.v1.schemas import Amount, Input, Line, Words, example_of

DEFAULT_SOURCE = "API"
Code = Annotated[Line, StringConstraints(pattern=r"^[^\s,;|/、]{1,60}$")]


class ConsentGiven(Input):
    """Whom the prospect allowed to get in touch. No lead goes further than that."""

    scope: ConsentScope
    partners: list[Code] = Field([], max_length=200, description="Codes of the partners named, for `named_partners`.")
    proof: Line = Field("", description="Where it can be shown: the id of the form's record, of the mail.")

    @model_validator(mode="after")
    def _name_partners(self) -> ConsentGiven:
        if (self.scope is ConsentScope.NAMED_PARTNERS) != bool(self.partners):
            raise PydanticCustomError(
                "partners_mismatch", "Name the partners when the scope is `named_partners`, and only then."
            )
        return self

    def to_cell(self) -> str:
        """The consent as the door reads it in any list."""
        is_named = self.scope is ConsentScope.NAMED_PARTNERS
        return f"named:{'|'.join(self.partners)}" if is_named else self.scope.value


class NewLead(Input):
    """One prospect's demand. Country, a product and a way to get in touch are needed; the rest helps."""

    model_config = Input.model_config | example_of(
        external_id="web-4711",
        given_name="Katrin",
        family_name="Vogel",
        company="Hofmann Präzision GmbH",
        email="k.vogel@hofmann.example",
        phone="+49 89 1234567",
        postal_code="80331",
        city="München",
        country="DE",
        products=["PUMP"],
        amount={"amount": "38000.00", "currency": "EUR"},
        message="We need two pumps by May.",
        consent={"scope": "any_eligible", "proof": "form record 4711"},
    )

    external_id: Line = Field("", description="Your own id. The same again is a touch on the same lead.")
    given_name: Line = ""
    family_name: Line = ""
    full_name: Line = Field("", description="Instead of given and family name.")
    job_title: Line = ""
    department: Line = Field("", description="Of the person; a large customer may have a specialist for it.")
    company: Line = ""
    corporate_number: Line = Field(
        "", description="Of the trade or tax register, with the court where it is needed: it identifies the company."
    )
    email: Line = ""
    phone: Line = Field("", description="As written; international when the country is another.")
    website: Line = ""
    street: Line = ""
    city: Line = ""
    region: Line = Field("", description="Name or ISO 3166-2 code; read from the postal code when it is missing.")
    postal_code: Line = ""
    country: Line = Field("", description="ISO 3166-1 code or name.")
    products: list[Line] = Field([], max_length=50, description="Codes or names of product lines.")
    amount: Amount | None = Field(None, description="What the deal may be worth.")
    score: int | None = Field(None, ge=0, le=100, description="Your own score; else the manufacturer's rules decide.")
    consent: ConsentGiven
    source: Line = Field("", description="Where the prospect asked: web form, trade fair, …")
    campaign: Line = ""
    message: Words = ""
    created_at: AwareDatetime | None = Field(None, description="When the prospect asked; now when it is missing.")
    industry: Line = ""
    employees: int | None = Field(None, ge=0, le=10_000_000)
    language: Line = Field("", description="ISO 639-1.")
    urgency: Line = ""

    def to_cells(self) -> dict[str, str]:
        """The lead as cells of text, the form in which every arrival is kept as received."""
        plain = {name: str(value) for name, value in self if isinstance(value, str | int)}
        cells = {**plain, LeadField.PRODUCTS: "; ".join(self.products), LeadField.CONSENT: self.consent.to_cell()}
        if self.amount is not None:
            cells |= {LeadField.AMOUNT: self.amount.amount, LeadField.CURRENCY: self.amount.currency}
        if self.created_at is not None:
            cells[LeadField.CREATED_AT] = self.created_at.isoformat()
        return {str(name): cell for name, cell in cells.items() if cell}


class ArrivalResult(StrEnum):
    """What became of what was sent."""

    CREATED = "created"
    MERGED = "merged"
    QUARANTINED = "quarantined"


class ArrivalProblem(BaseModel):
    """What was found wrong with one field."""

    field: str
    detail: str
    keeps_back: bool = Field(description="Whether the lead waits in quarantine for this.")


class Arrived(BaseModel):
    """What became of it."""

    model_config = example_of(
        result="created",
        id="4f8a21c0-7c39-4b8e-9a51-5b8e0c1f2d33",
        reference="L-4F8A21",
        state="received",
        url="/api/v1/leads/4f8a21c0-7c39-4b8e-9a51-5b8e0c1f2d33",
        problems=[],
    )

    result: ArrivalResult
    id: uuid.UUID | None = Field(description="The lead; null in quarantine.")
    reference: str | None
    state: LeadState | None = Field(description="Where the lead is in its life at this moment.")
    url: str | None
    problems: list[ArrivalProblem]


STATUS_OF = {ArrivalResult.CREATED: 201, ArrivalResult.MERGED: 200, ArrivalResult.QUARANTINED: 202}


@blueprint.post(
    "/leads",
    operation_id="createLead",
    summary="Bring in a lead",
    tags=[LEADS],
    responses={
        200: Arrived,
        201: Arrived,
        202: Arrived,
    },
)
@allowed(*DESK)
@scoped(ApiScope.LEADS_WRITE)
@idempotent
def create_lead(body: NewLead) -> Response:
    """201: a new lead, routed within seconds. 200: the prospect asked again, kept as a touch on the lead it has.

    202: kept, but something cannot be read; it waits in quarantine for a person, `problems` says why.
    """
    viewer = current_viewer()
    arrival = Arrival(source_kind=SourceKind.API, source_name=DEFAULT_SOURCE, proof=body.consent.proof)
    outcome = intake.take_in_lead(actor=viewer, raw=body.to_cells(), channel=Channel.API, arrival=arrival)
    if outcome.state is SubmissionState.REJECTED:
        raise Invalid(Phrase(N_("The lead was rejected.")), fields=_reasons(outcome.findings))
    arrived = _arrived(ArrivalResult(outcome.state), outcome.lead_id, outcome.findings, viewer)
    return answer(arrived, STATUS_OF[arrived.result])


def _arrived(
    result: ArrivalResult, lead_id: uuid.UUID | None, findings: tuple[Finding, ...], viewer: Viewer
) -> Arrived:
    lead = lead_page(viewer=viewer, lead_id=lead_id) if lead_id is not None else None
    return Arrived(
        result=result,
        id=lead_id,
        reference=lead.reference if lead else None,
        state=lead.state if lead else None,
        url=f"{blueprint.url_prefix}/leads/{lead_id}" if lead_id else None,
        problems=[
            ArrivalProblem(field=found.field, detail=phrase_text(found.phrase), keeps_back=found.is_fatal)
            for found in findings
        ],
    )


def _reasons(findings: tuple[Finding, ...]) -> dict[str, Phrase]:
    return {found.field: found.phrase for found in findings}
