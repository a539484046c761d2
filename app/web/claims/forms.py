"""The form of a decline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.distribution import DeclineReason
from app.domain.labels import label_of
from app.localisation import phrase_text


class DeclineForm(FlaskForm):
    """Why not; the words are asked for only with "another reason"."""

    reason = RadioField(_l("Why do you decline?"), [InputRequired(_l("Choose a reason."))])
    text = TextAreaField(_l("In a few words"), [Length(max=500)])

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = [(reason.value, phrase_text(label_of(reason))) for reason in DeclineReason]
