"""What mailed links open. Looking changes nothing, so that a mail scanner spends no link; the form's button does."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.identity import OneTimePurpose
from app.domain.sign_in import LinkDead
from app.queries.identity import LinkTarget, link_target
from app.services import identity
from app.web.access import public
from app.web.cookie import sign_in
from app.web.htmx import go_to
from app.web.identity.blueprint import blueprint
from app.web.identity.forms import EmailForm, JoinForm, NewPasswordForm
from app.web.identity.throttle import mails_per_account, per_address
from app.web.problems import show_problems


@blueprint.get("/join/<token>")
@public
def show_invitation(token: str) -> ResponseReturnValue:
    """The page of an invitation: one form."""
    target = _target(OneTimePurpose.INVITATION, token)
    return render_template("identity/join.html", form=JoinForm(data={"name": target.name}), target=target)


@blueprint.post("/join/<token>")
@public
@per_address
def join(token: str) -> ResponseReturnValue:
    """Join with a name and a password, and be signed in."""
    target = _target(OneTimePurpose.INVITATION, token)
    form = JoinForm()
    try:
        if not form.validate():
            return render_template("identity/join.html", form=form, target=target), 422
        opened = identity.accept_invitation(
            token=token,
            name=form.name.data or "",
            password=form.password.data or "",
            user_agent=request.user_agent.string,
        )
    except Invalid as error:
        show_problems(form, error)
        return render_template("identity/join.html", form=form, target=target), 422
    sign_in(opened)
    flash(_("Welcome to Pullboard, %(name)s.", name=form.name.data), "success")
    return go_to("/")


@blueprint.get("/forgotten-password")
@public
def forgotten_password() -> str:
    """Where to ask for a link to set a new password."""
    return render_template(
        "identity/forgotten_password.html", form=EmailForm(data={"email": request.args.get("email")})
    )


@blueprint.post("/forgotten-password")
@public
@per_address
@mails_per_account
def ask_password_reset() -> ResponseReturnValue:
    """Mail the link, if there is anybody to mail it to; the answer is the same."""
    form = EmailForm()
    if not form.validate():
        return render_template("identity/forgotten_password.html", form=form), 422
    identity.ask_password_reset(email=form.email.data or "")
    return redirect(url_for("identity.password_reset_asked"), code=303)


@blueprint.get("/forgotten-password/asked")
@public
def password_reset_asked() -> str:
    """What happens next, for known and unknown addresses alike."""
    return render_template("identity/password_reset_asked.html")


@blueprint.get("/reset-password/<token>")
@public
def show_reset(token: str) -> str:
    """The page of a reset link: one form."""
    target = _target(OneTimePurpose.PASSWORD_RESET, token)
    return render_template("identity/reset_password.html", form=NewPasswordForm(), target=target)


@blueprint.post("/reset-password/<token>")
@public
@per_address
def reset_password(token: str) -> ResponseReturnValue:
    """Set the new password and end all sessions; the person logs in with it."""
    target = _target(OneTimePurpose.PASSWORD_RESET, token)
    form = NewPasswordForm()
    try:
        if not form.validate():
            return render_template("identity/reset_password.html", form=form, target=target), 422
        identity.reset_password(token=token, password=form.password.data or "")
    except Invalid as error:
        show_problems(form, error)
        return render_template("identity/reset_password.html", form=form, target=target), 422
    flash(_("Your password is changed, and you are logged out everywhere. Log in with the new one."), "success")
    return go_to(url_for("identity.log_in"))


def _target(purpose: OneTimePurpose, token: str) -> LinkTarget:
    target = link_target(purpose=purpose, token=token)
    if target is None:
        raise LinkDead
    return target
