"""Who signs in: sessions, passwords, mailed links, people, API keys, and the manufacturers they belong to."""

from app.services.identity.api_keys import CreatedKey, create_api_key, revoke_api_key, see_api_key
from app.services.identity.first_admins import CreatedAdmin, create_admin, invite_first_partner_admin
from app.services.identity.joining import accept_invitation, ask_password_reset, change_password, reset_password
from app.services.identity.links import draw_link
from app.services.identity.log_in import LogInRefused, log_in, note_throttled
from app.services.identity.manufacturers import create_manufacturer
from app.services.identity.people import (
    change_manager,
    change_role,
    disable_user,
    enable_user,
    invite_user,
    resend_invitation,
)
from app.services.identity.profile import change_language, change_profile
from app.services.identity.sessions import end_other_sessions, end_session, log_out, see_session, start_session

__all__ = [
    "CreatedAdmin",
    "CreatedKey",
    "LogInRefused",
    "accept_invitation",
    "ask_password_reset",
    "change_language",
    "change_manager",
    "change_password",
    "change_profile",
    "change_role",
    "create_admin",
    "create_api_key",
    "create_manufacturer",
    "disable_user",
    "draw_link",
    "enable_user",
    "end_other_sessions",
    "end_session",
    "invite_first_partner_admin",
    "invite_user",
    "log_in",
    "log_out",
    "note_throttled",
    "resend_invitation",
    "reset_password",
    "revoke_api_key",
    "see_api_key",
    "see_session",
    "start_session",
]
