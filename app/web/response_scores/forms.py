"""The forms by which a person decides about a silent partner."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.fields import tidy


class LiftForm(FlaskForm):
    """Why a partner may claim again before its suspension is over."""

    reason = TextAreaField(
        _l("Why?"),
        [InputRequired(_l("Say why; the reason stays with the suspension.")), Length(max=500)],
        filters=[tidy],
        description=_l("The score stays as it is: the next silence can suspend the claims again."),
    )


class DecisionForm(FlaskForm):
    """What a person decided about a territory, and why."""

    territory = RadioField(
        _l("What becomes of the territory?"),
        [InputRequired(_l("Choose one."))],
        choices=[
            ("keeps", _l("The partner keeps it")),
            ("ends", _l("It is to end: you take its lines away on the next page")),
        ],
    )
    note = TextAreaField(
        _l("Why?"),
        [InputRequired(_l("Say why; the reason stays with the review.")), Length(max=1000)],
        filters=[tidy],
        description=_l("Your colleagues read it; the partner does not."),
    )
