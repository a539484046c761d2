"""The form of a release."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


class ReleaseForm(FlaskForm):
    """Why a waiting lead may go to partners now."""

    reason = TextAreaField(
        _l("Why may it go to partners now?"),
        [DataRequired(_l("Say why.")), Length(max=500)],
        description=_l("Kept in the lead's history."),
    )
