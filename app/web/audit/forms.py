"""The trail's filters, as they stand in the URL."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Length, Optional

from app.localisation import phrase_text
from app.queries.audit.sentences import features
from app.queries.audit.trail import OWN_FEATURES


class TrailForm(FlaskForm):
    """What to look for in the trail."""

    feature = SelectField(_l("About"))
    person = SelectField(_l("Person"))
    lead = SearchField(_l("Lead"), [Length(max=40)], description="L-4F3A2B")
    first_on = DateField(_l("From"), [Optional()])
    last_on = DateField(_l("Until"), [Optional()])

    def __init__(self, arguments: Any, people: list[tuple[int, str]], *, is_manufacturer: bool) -> None:
        super().__init__(arguments, meta={"csrf": False})
        told = {key: label for key, label in features().items() if is_manufacturer or key in OWN_FEATURES}
        self.feature.choices = [("", _l("Everything")), *((key, phrase_text(label)) for key, label in told.items())]
        self.person.choices = [("", _l("Everybody")), *((str(number), name) for number, name in people)]
