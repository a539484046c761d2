"""Working a lead: contacts, forecast, follow-up, stage, qualification, closing; each function one transaction."""

from app.services.cockpit.activities import log_activity
from app.services.cockpit.closing import close_lost, close_won, disqualify_lead, withdraw_lead
from app.services.cockpit.editing import LeadEdit, edit_lead
from app.services.cockpit.qualifying import record_qualification
from app.services.cockpit.seeing import record_export, record_reveal
from app.services.cockpit.working import MANUFACTURERS_WORKERS, WORKING_ROLES

__all__ = [
    "MANUFACTURERS_WORKERS",
    "WORKING_ROLES",
    "LeadEdit",
    "close_lost",
    "close_won",
    "disqualify_lead",
    "edit_lead",
    "log_activity",
    "record_export",
    "record_qualification",
    "record_reveal",
    "withdraw_lead",
]
