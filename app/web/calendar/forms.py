"""The forms of an organisation's working time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.calendars import CalendarDraft
from app.domain.working_week_text import DAY_NAMES
from app.localisation import TIME_ZONES
from app.web.fields import SubdivisionField, VersionField, tidy

_NEEDED = InputRequired(_l("This must not be empty."))


def _hours(label: object) -> StringField:
    return StringField(label, [Length(max=100)], filters=[tidy])  # type: ignore[arg-type]


class CalendarForm(FlaskForm):
    """Where the organisation works, and in which hours."""

    country = SelectField(_l("Country"), [Optional()])
    subdivision = SubdivisionField(
        _l("Subdivision"), description=_l("ISO 3166-2, such as DE-BY. Its public holidays count.")
    )
    time_zone = SelectField(_l("Time zone"), [_NEEDED], choices=[(zone, zone) for zone in TIME_ZONES])
    mon = _hours(_l("Monday"))
    tue = _hours(_l("Tuesday"))
    wed = _hours(_l("Wednesday"))
    thu = _hours(_l("Thursday"))
    fri = _hours(_l("Friday"))
    sat = _hours(_l("Saturday"))
    sun = _hours(_l("Sunday"))
    version = VersionField()

    def show(self, draft: CalendarDraft) -> None:
        """Fill the fields with what there is."""
        self.country.data, self.subdivision.data = draft.country or "", draft.subdivision or ""
        self.time_zone.data = draft.time_zone
        for name, text in zip(DAY_NAMES, draft.hours, strict=True):
            self[name].data = text

    def draft(self) -> CalendarDraft:
        """What the form says."""
        return CalendarDraft(
            country=self.country.data or None,
            subdivision=self.subdivision.data or None,
            time_zone=self.time_zone.data,
            hours=tuple(self[name].data for name in DAY_NAMES),
        )


class ClosingForm(FlaskForm):
    """Days on which the organisation does not work."""

    first = DateField(_l("From"), [_NEEDED])
    last = DateField(_l("Until"), [Optional()], description=_l("Empty means one day."))
