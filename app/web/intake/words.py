"""What the door calls its fields, channels and states for people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.intake.fields import LeadField
from app.domain.submissions import Channel, ImportState, SubmissionState

_FIELDS = {
    LeadField.EXTERNAL_ID: _l("Number at the source"),
    LeadField.GIVEN_NAME: _l("First name"),
    LeadField.FAMILY_NAME: _l("Last name"),
    LeadField.FULL_NAME: _l("Full name"),
    LeadField.JOB_TITLE: _l("Position"),
    LeadField.DEPARTMENT: _l("Department"),
    LeadField.COMPANY: _l("Company"),
    LeadField.CORPORATE_NUMBER: _l("Company number"),
    LeadField.EMAIL: _l("E-mail"),
    LeadField.PHONE: _l("Telephone"),
    LeadField.WEBSITE: _l("Website"),
    LeadField.STREET: _l("Street"),
    LeadField.CITY: _l("City"),
    LeadField.REGION: _l("Region"),
    LeadField.POSTAL_CODE: _l("Postal code"),
    LeadField.COUNTRY: _l("Country"),
    LeadField.PRODUCTS: _l("Products"),
    LeadField.AMOUNT: _l("Amount"),
    LeadField.CURRENCY: _l("Currency"),
    LeadField.SCORE: _l("Score"),
    LeadField.CONSENT: _l("Consent"),
    LeadField.SOURCE: _l("Source"),
    LeadField.CAMPAIGN: _l("Campaign"),
    LeadField.MESSAGE: _l("Message"),
    LeadField.CREATED_AT: _l("Asked at"),
    LeadField.INDUSTRY: _l("Industry"),
    LeadField.EMPLOYEES: _l("Employees"),
    LeadField.LANGUAGE: _l("Language"),
    LeadField.URGENCY: _l("Urgency"),
}
_CHANNELS = {
    Channel.FORM: _l("Web form"),
    Channel.MANUAL: _l("By hand"),
    Channel.FILE: _l("File"),
    Channel.API: _l("API"),
}
_STATES = {
    SubmissionState.RECEIVED: (_l("Being read"), ""),
    SubmissionState.CREATED: (_l("New lead"), "won"),
    SubmissionState.MERGED: (_l("Asked again"), "accent"),
    SubmissionState.REJECTED: (_l("Rejected"), ""),
    SubmissionState.QUARANTINED: (_l("In quarantine"), "wait"),
}
_IMPORT_STATES = {
    ImportState.UPLOADED: _l("Not started"),
    ImportState.QUEUED: _l("Waiting"),
    ImportState.RUNNING: _l("Running"),
    ImportState.DONE: _l("Done"),
    ImportState.CANCELLED: _l("Cancelled"),
    ImportState.FAILED: _l("Failed"),
}


def field_label(field: str) -> str:
    """The name of a lead's column; empty for the whole of it."""
    return str(_FIELDS[LeadField(field)]) if field else ""


def field_choices() -> list[tuple[str, str]]:
    """Every column a header may be read as, in the order of a lead."""
    return [(field.value, str(label)) for field, label in _FIELDS.items()]


def channel_label(channel: Channel) -> str:
    """The way in."""
    return str(_CHANNELS[channel])


def state_label(state: SubmissionState) -> str:
    """What became of an arrival."""
    return str(_STATES[state][0])


def state_kind(state: SubmissionState) -> str:
    """The badge's kind."""
    return _STATES[state][1]


def import_state_label(state: ImportState) -> str:
    """How far a file has come."""
    return str(_IMPORT_STATES[state])
