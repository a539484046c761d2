"""Log-in and log-out."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RequestLimit
from flask_login import current_user

from app.extensions import limiter
from app.localisation import phrase_text
from app.services import identity
from app.web.access import EVERYBODY, allowed, current_viewer, public
from app.web.htmx import go_to
from app.web.identity.forms import LogInForm
from app.web.identity.session import keep_alive, own_path, sign_in, sign_out

PER_ADDRESS = "60 per minute; 600 per hour"
PER_ACCOUNT = "10 per minute; 40 per hour"

blueprint = Blueprint("identity", __name__)
blueprint.after_app_request(keep_alive)


def account_key() -> str:
    """The account an attempt is made on, as a hash: Redis holds no addresses."""
    return hashlib.sha256(
        request.form.get("email", "").strip().lower().encode()
    ).hexdigest()


def tell_throttled(_limit: RequestLimit) -> None:
    """Note attempts that were held off in the trail of the account's organisation."""
    identity.note_throttled(email=request.form.get("email", ""))


@blueprint.get("/log-in")
@public
def log_in() -> ResponseReturnValue:
    """The log-in page; whoever is signed in already goes on."""
    wanted = own_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted, code=303)
    return _log_in_page(LogInForm(data={"next": wanted}))


@blueprint.post("/log-in")
@public
@limiter.limit(PER_ADDRESS, on_breach=tell_throttled)
@limiter.limit(PER_ACCOUNT, key_func=account_key, on_breach=tell_throttled)
def open_session() -> ResponseReturnValue:
    """Check the password, and begin a new session in a new cookie."""
    form = LogInForm()
    if not form.validate():
        return _log_in_page(form), 422
    try:
        token = identity.log_in(
            email=form.email.data,
            password=form.password.data,
            user_agent=request.user_agent.string,
        )
    except identity.LogInRefused as refused:
        form.form_errors.append(phrase_text(refused.phrase))
        return _log_in_page(form), 422
    sign_in(token)
    return go_to(own_path(form.next.data))


@blueprint.post("/log-out")
@allowed(*EVERYBODY)
def log_out() -> ResponseReturnValue:
    """End the session in use, whatever copies of its cookie there are."""
    identity.log_out(session_id=current_user.session_id, actor=current_viewer())
    sign_out()
    flash(_("You are logged out."), "success")
    return go_to(url_for("identity.log_in"))


def _log_in_page(form: LogInForm) -> str:
    return render_template("identity/log_in.html", form=form)
