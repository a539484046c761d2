"""The forms of signing in and of people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from app.domain.passwords import LONGEST_PASSWORD

LONGEST_EMAIL = 254


class LogInForm(FlaskForm):
    """E-mail and password, and where to go afterwards."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Type your e-mail address.")), Length(max=LONGEST_EMAIL)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Type your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
