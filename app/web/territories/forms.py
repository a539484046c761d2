"""The form of one line of a territory."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from app.domain.network.values import read_postal_code
from app.domain.territories import TerritoryMode
from app.web.fields import SubdivisionField, reading


class TerritoryLineForm(FlaskForm):
    """Where a line applies, and whether it adds the place or leaves it out."""

    mode = RadioField(
        _l("This line"),
        [InputRequired(_l("Choose one."))],
        choices=[
            (TerritoryMode.INCLUDE.value, _l("adds the place")),
            (TerritoryMode.EXCLUDE.value, _l("leaves the place out")),
        ],
        default=TerritoryMode.INCLUDE.value,
    )
    country = SelectField(_l("Country"), [InputRequired(_l("Choose a country."))])
    subdivision = SubdivisionField(_l("Subdivision"), description=_l("Its name or ISO 3166-2 code, such as DE-BY."))
    postal_prefix = StringField(
        _l("Postal codes beginning with"),
        filters=[reading(read_postal_code)],
        description=_l("Such as 80 for 80000-80999."),
    )
    postal_from = StringField(_l("Or from postal code"), filters=[reading(read_postal_code)])
    postal_to = StringField(
        _l("to postal code"), filters=[reading(read_postal_code)], description=_l("Both are included.")
    )
