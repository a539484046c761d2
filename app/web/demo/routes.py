"""Sign in as anybody of the demo's world with one click, and read the mails it sends."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.mailbox import KeptMail, list_mails, read_mail
from app.config import Config
from app.domain.errors import NotFound
from app.localisation import LANGUAGES
from app.queries.demo import list_personas, persona_of
from app.services import identity
from app.web.access import public
from app.web.account_menu import ROLE_NAMES
from app.web.cookie import sign_in
from app.web.htmx import go_to
from app.web.security import show_own_frames

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail's own HTML runs nothing, loads nothing and sends nothing; its links open a new tab."""

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.app_context_processor
def strip() -> dict[str, bool]:
    """Have every page say that it belongs to a demo."""
    return {"is_demo": True}


@blueprint.get("")
@public
def personas() -> str:
    """Everybody a visitor can sign in as."""
    cards = list_personas()
    sides = [
        (_("At a partner"), [card for card in cards if card.is_partner]),
        (_("At a manufacturer"), [card for card in cards if not card.is_partner]),
    ]
    return render_template("demo/personas.html", sides=sides, role_names=ROLE_NAMES, language_names=LANGUAGES)


@blueprint.post("/sign-in")
@public
def become() -> ResponseReturnValue:
    """Sign in as a persona, without a password: nobody else can be become."""
    persona = persona_of(request.form.get("email", ""))
    if persona is None:
        raise NotFound
    sign_in(identity.start_session(persona.user_id, user_agent=request.user_agent.string))
    flash(_("You are %(name)s of %(organisation)s now.", name=persona.name, organisation=persona.organisation))
    return go_to("/")


@blueprint.get("/mailbox")
@public
def mailbox() -> str:
    """The mails the demo has sent, newest first; nothing leaves this machine."""
    to = request.args.get("to", "").strip()
    return render_template("demo/mailbox.html", mails=list_mails(_directory(), to=to), to=to)


@blueprint.get("/mailbox/<name>")
@public
def mail(name: str) -> Response:
    """One mail: as it was sent, in a frame that can do nothing, and as text."""
    return show_own_frames(make_response(render_template("demo/mail.html", mail=_mail(name))))


@blueprint.get("/mailbox/<name>/as-sent")
@public
def mail_as_sent(name: str) -> Response:
    """The HTML of one mail for the frame."""
    html = _mail(name).html.replace("<head>", '<head><base target="_blank">', 1)
    response = make_response(html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _mail(name: str) -> KeptMail:
    found = read_mail(_directory(), name)
    if found is None:
        raise NotFound
    return found


def _directory() -> Path:
    config: Config = current_app.extensions["config"]
    return config.var / "mailbox"
