"""Leads coming in: one way for the web form, manual entry, files and the API; the forms; quarantine.

Everything is stored raw first and settled afterwards; every submission ends as a new lead, a touch on one, a rejection
with its reason, or waits in quarantine for a person.
"""

from app.services.intake.forgetting import forget_ip_addresses
from app.services.intake.form_entry import Sender, send_form
from app.services.intake.import_preview import LeftOut, LeftOutRow, Preview, export_left_out, preview_import
from app.services.intake.import_run import advance_import, import_file, resume_imports
from app.services.intake.imports import cancel_import, map_import, read_import_as, start_import, upload_import
from app.services.intake.settling import Outcome
from app.services.intake.submissions import (
    correct_submission,
    findings_of,
    receive_submission,
    refuse_unreadable,
    reject_submission,
    settle_submission,
    settle_waiting_submissions,
    take_in_lead,
)
from app.services.intake.web_forms import FormValues, change_form, create_form, write_consent_wording

__all__ = [
    "FormValues",
    "LeftOut",
    "LeftOutRow",
    "Outcome",
    "Preview",
    "Sender",
    "advance_import",
    "cancel_import",
    "change_form",
    "correct_submission",
    "create_form",
    "export_left_out",
    "findings_of",
    "forget_ip_addresses",
    "import_file",
    "map_import",
    "preview_import",
    "read_import_as",
    "receive_submission",
    "refuse_unreadable",
    "reject_submission",
    "resume_imports",
    "send_form",
    "settle_submission",
    "settle_waiting_submissions",
    "start_import",
    "take_in_lead",
    "upload_import",
    "write_consent_wording",
]
