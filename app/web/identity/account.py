"""What a person sets for itself: settings, password, and the browsers it is signed in with."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app.domain.errors import Invalid
from app.extensions import limiter
from app.queries.identity import own_account
from app.services import identity
from app.web.access import EVERYBODY, allowed, current_viewer
from app.web.htmx import go_to, redrawn_or_redirect
from app.web.identity.blueprint import blueprint
from app.web.identity.browsers import browser_name
from app.web.identity.forms import PasswordChangeForm, ProfileForm
from app.web.identity.tabs import own_tabs
from app.web.problems import show_problems


def person_key() -> str:
    """Who tries, whatever address they come from."""
    return str(current_user.get_id())


@blueprint.get("/account/settings")
@allowed(*EVERYBODY)
def profile() -> str:
    """The person's settings and password."""
    own = own_account(viewer=current_viewer())
    return _profile_page(ProfileForm(obj=own), PasswordChangeForm())


@blueprint.post("/account/settings")
@allowed(*EVERYBODY)
def change_profile() -> ResponseReturnValue:
    """Keep the person's settings; the next page is in the new language and zone."""
    form = ProfileForm()
    try:
        if not form.validate():
            return _profile_page(form, PasswordChangeForm(formdata=None)), 422
        identity.change_profile(
            name=form.name.data or "",
            language=form.language.data,
            time_zone=form.time_zone.data,
            is_shortcuts_on=form.is_shortcuts_on.data,
            actor=current_viewer(),
        )
    except Invalid as error:
        show_problems(form, error)
        return _profile_page(form, PasswordChangeForm(formdata=None)), 422
    refresh()
    flash(_("Your settings are saved."), "success")
    return go_to(url_for("identity.profile"))


@blueprint.post("/account/password")
@allowed(*EVERYBODY)
@limiter.limit("10 per minute; 30 per hour", key_func=person_key)
def change_password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out."""
    form = PasswordChangeForm()
    try:
        if not form.validate():
            return _profile_page(_settings_form(), form), 422
        identity.change_password(
            current=form.current.data or "",
            new=form.password.data or "",
            session_id=current_user.session_id,
            actor=current_viewer(),
        )
    except Invalid as error:
        show_problems(form, error)
        return _profile_page(_settings_form(), form), 422
    flash(_("Your password is changed. Other browsers are logged out."), "success")
    return go_to(url_for("identity.profile"))


@blueprint.get("/account/sessions")
@allowed(*EVERYBODY)
def sessions() -> str:
    """Where the person is signed in."""
    return render_template("identity/sessions.html", tabs=own_tabs("sessions"), **_sessions())


@blueprint.post("/account/sessions/<int:session_id>/end")
@allowed(*EVERYBODY)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of the person's browsers out."""
    identity.end_session(session_id=session_id, actor=current_viewer())
    return redrawn_or_redirect(_drawn_sessions, url_for("identity.sessions"))


@blueprint.post("/account/sessions/end-others")
@allowed(*EVERYBODY)
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other browser out."""
    identity.end_other_sessions(but_session_id=current_user.session_id, actor=current_viewer())
    return redrawn_or_redirect(_drawn_sessions, url_for("identity.sessions"))


def _settings_form() -> ProfileForm:
    return ProfileForm(formdata=None, obj=own_account(viewer=current_viewer()))


def _profile_page(form: ProfileForm, password_form: PasswordChangeForm) -> str:
    own = own_account(viewer=current_viewer())
    return render_template(
        "identity/profile.html", form=form, password_form=password_form, email=own.email, tabs=own_tabs("profile")
    )


def _sessions() -> dict[str, object]:
    return {
        "sessions": own_account(viewer=current_viewer()).sessions,
        "current_id": current_user.session_id,
        "browser_name": browser_name,
    }


def _drawn_sessions() -> str:
    return render_template("identity/_sessions.html", **_sessions())
