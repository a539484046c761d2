"""The person's own menu in the page header: who is signed in, its pages, language and zone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.domain.identity import PARTNER_ROLES, Role
from app.localisation import LANGUAGES

ROLE_NAMES = {
    Role.ADMIN: _l("administrator"),
    Role.CHANNEL_MANAGER: _l("channel manager"),
    Role.ARBITER: _l("arbiter"),
    Role.INSIDE_SALES: _l("inside sales"),
    Role.VIEWER: _l("viewer"),
    Role.PARTNER_ADMIN: _l("sales manager"),
    Role.PARTNER_SALES: _l("sales"),
}


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One page of the person's own."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as the header shows it."""

    name: str
    organisation: str
    role: str
    links: tuple[MenuLink, ...]
    log_out_url: str | None
    is_shortcuts_on: bool


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One language the page can be read in."""

    code: str
    label: str
    is_current: bool


def init_account_menu(app: Flask) -> None:
    """Give every template the person's menu, the languages, and the zone that times are shown in."""
    app.context_processor(account_context)


def account_context() -> dict[str, object]:
    """What `base.html` draws of the person."""
    is_signed_in = bool(current_user) and current_user.is_authenticated
    return {
        "account": _account() if is_signed_in else None,
        "zone_name": current_user.time_zone if is_signed_in else "UTC",
        "languages": _languages(),
        "language_url": _url("identity.choose_language"),
        "log_in_url": None if is_signed_in else _log_in_url(),
    }


def _log_in_url() -> str | None:
    """The way in, except on its own page."""
    url = _url("identity.log_in")
    return None if request.path == url else url


def _account() -> Account:
    pages = [
        ("identity.profile", _("My settings")),
        ("availability.index", _("Away")),
        ("calendar.index", _("Working time")),
        ("identity.sessions", _("Where I am signed in")),
        ("identity.api_keys", _("API keys")),
    ]
    if Role(current_user.role) in PARTNER_ROLES:
        pages.insert(0, ("response_scores.own", _("Response score")))
    return Account(
        name=current_user.name,
        organisation=current_user.organisation_name,
        role=str(ROLE_NAMES[Role(current_user.role)]),
        links=tuple(MenuLink(label, url) for endpoint, label in pages if (url := _url(endpoint))),
        log_out_url=_url("identity.log_out"),
        is_shortcuts_on=current_user.is_shortcuts_on,
    )


def _languages() -> tuple[LanguageChoice, ...]:
    current = str(get_locale() or "en")
    return tuple(LanguageChoice(code, label, code == current) for code, label in LANGUAGES.items())


def _url(endpoint: str) -> str | None:
    """The address of a page, when this installation has it."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None
