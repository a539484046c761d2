"""The form of a product line."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from app.web.fields import IdField, tidy

_NEEDED = InputRequired(_l("This must not be empty."))


class ProductLineForm(FlaskForm):
    """A product line, and what it demands of a partner."""

    name = StringField(_l("Name"), [_NEEDED, Length(max=200)], filters=[tidy])
    code = StringField(
        _l("Code"), [_NEEDED, Length(max=40)], filters=[tidy], description=_l("Leads and files name the line by it.")
    )
    min_tier_id = IdField(_l("Lowest tier that may sell it"))
    requires_certification = BooleanField(
        _l("Certified partners only"), description=_l("The certification must be valid on the day of the decision.")
    )
    is_active = BooleanField(_l("In use"), default=True, description=_l("Forms and imports offer only lines in use."))
