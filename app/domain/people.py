"""The people of an organisation: which roles they may have, who administers them, what an address must look like."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from app.domain.errors import Forbidden, Invalid, Refused
from app.domain.identity import OrganisationKind, Role, Viewer, roles_of
from app.domain.phrases import N_, Phrase

LANGUAGE_CODES = ("en", "de", "ja")
LONGEST_NAME = 120

TIME_ZONES = frozenset(available_timezones())
"""The zones there are. Asking for them reads some hundred files, so it is asked once."""

ADMIN_ROLES = {OrganisationKind.MANUFACTURER: Role.ADMIN, OrganisationKind.PARTNER: Role.PARTNER_ADMIN}
"""Who looks after an organisation's people. Each organisation keeps at least one, once it has one."""


def may_administer(viewer: Viewer) -> bool:
    """Whether the viewer looks after the people of its organisation."""
    return viewer.has_role(ADMIN_ROLES[viewer.organisation_kind])


def check_administers(viewer: Viewer) -> None:
    """Forbidden unless the viewer looks after the people of its organisation."""
    if not may_administer(viewer):
        raise Forbidden


def check_role(role: Role, kind: OrganisationKind) -> None:
    """Invalid unless people of such an organisation may hold the role."""
    if role not in roles_of(kind):
        raise _wrong("role", Phrase(N_("People of this organisation cannot have this role.")))


def check_admin_stays(*, is_admin: bool, other_admins: int) -> None:
    """Refused when an organisation would lose its last admin who has joined and is not disabled."""
    if is_admin and other_admins == 0:
        raise Refused(
            Phrase(N_("This is the last administrator of the organisation.")),
            code="last_admin",
            remedy=Phrase(N_("Make somebody else an administrator first.")),
        )


def clean_email(text: str) -> str:
    """An address as it is kept: lower case. Invalid when mail cannot reach it."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise _wrong("email", Phrase(N_("This is not an e-mail address."))) from None


def clean_name(text: str) -> str:
    """A person's name as it is kept. Invalid when there is none, or it is longer than a name can be."""
    name = " ".join(text.split())
    if not name:
        raise _wrong("name", Phrase(N_("Type the name.")))
    if len(name) > LONGEST_NAME:
        raise _wrong("name", Phrase(N_("Use at most %(count)s characters."), {"count": LONGEST_NAME}))
    return name


def check_language(language: str, known: Collection[str] = LANGUAGE_CODES) -> None:
    """Invalid unless Pullboard speaks the language."""
    if language not in known:
        raise _wrong("language", Phrase(N_("Pullboard does not speak this language.")))


def check_time_zone(time_zone: str) -> None:
    """Invalid unless there is such a time zone."""
    if time_zone not in TIME_ZONES:
        raise _wrong("time_zone", Phrase(N_("There is no such time zone.")))


def _wrong(field: str, phrase: Phrase) -> Invalid:
    return Invalid(phrase, fields={field: phrase})
