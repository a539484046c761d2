"""Log-in and log-out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.localisation import phrase_text
from app.services import identity
from app.web.access import EVERYBODY, allowed, current_viewer, public
from app.web.cookie import sign_in, sign_out
from app.web.htmx import go_to
from app.web.identity.blueprint import blueprint
from app.web.identity.forms import LogInForm
from app.web.identity.session import own_path
from app.web.identity.throttle import attempts_per_account, per_address


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
@per_address
@attempts_per_account
def open_session() -> ResponseReturnValue:
    """Check the password, and begin a new session in a new cookie."""
    form = LogInForm()
    if not form.validate():
        return _log_in_page(form), 422
    try:
        token = identity.log_in(
            email=form.email.data or "", password=form.password.data or "", user_agent=request.user_agent.string
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
