"""The form that gives accounts to another owner."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.fields import OwnerField


class ReassignForm(FlaskForm):
    """Which accounts go to whom, and why."""

    accounts = SelectMultipleField(_l("Accounts"), coerce=int, choices=[], validate_choice=False)
    is_all = BooleanField(_l("All of them"))
    new_owner = OwnerField(_l("New owner"), [InputRequired(_l("Choose the new owner."))])
    reason = TextAreaField(
        _l("Why?"),
        [InputRequired(_l("Say why these accounts get another owner.")), Length(max=500)],
        description=_l("It stands in the audit trail."),
    )
