"""The form of a saved view."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app.services.saved_views import MAX_NAME_LENGTH
from app.web.fields import tidy


class ViewForm(FlaskForm):
    """A name for the filters of an address."""

    query = HiddenField()
    name = StringField(
        _l("Name"), [DataRequired(_l("Give the view a name.")), Length(max=MAX_NAME_LENGTH)], filters=[tidy]
    )
    is_mailed = BooleanField(
        _l("Mail me when a new lead matches"), description=_l("One mail for all that came within a minute.")
    )
