"""The form of an absence, in the reader's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain.availability import AbsenceKind
from app.domain.identity import HEADS, Role, Viewer
from app.domain.labels import label_of
from app.localisation import phrase_text

WHOLE = "whole"
COUNTABLE_YEARS = range(2000, 2200)
"""Far from these there is no midnight in every zone, and no next day."""


def _is_countable(_form: FlaskForm, field: DateField) -> None:
    if field.data is not None and field.data.year not in COUNTABLE_YEARS:
        raise ValidationError(_l("This day lies too far away."))


class AbsenceForm(FlaskForm):
    """Who is away, how, from when until when, and who stands in."""

    whose = SelectField(_l("Who"), [InputRequired()])
    kind = RadioField(_l("Kind of absence"), [InputRequired(_l("Choose one of them."))])
    starts_at = DateField(_l("From"), [Optional(), _is_countable], description=_l("Empty means now."))
    ends_at = DateField(
        _l("Until"),
        [Optional(), _is_countable],
        description=_l("The last day away. A pause without it lasts until you are back."),
    )
    deputy_id = SelectField(
        _l("Who stands in"), default="", description=_l("Without a deputy the mails go to colleagues who are there.")
    )

    hides_board = BooleanField(
        _l("Hide the board meanwhile"),
        description=_l(
            "Without it you can still look, but are told of nothing. What is offered to you alone always shows."
        ),
    )

    def __init__(self, viewer: Viewer, people: list[tuple[int, str]], **keywords: Any) -> None:
        super().__init__(**keywords)
        colleagues = [(str(user_id), name) for user_id, name in people if user_id != viewer.user_id]
        whose = [(str(viewer.user_id), _l("Myself"))]
        if viewer.role is Role.PARTNER_ADMIN:
            whose.append((WHOLE, _l("The whole company")))
        self.whose.choices = [*whose, *(colleagues if viewer.has_role(*HEADS) else [])]
        self.kind.choices = [(kind.value, phrase_text(label_of(kind))) for kind in AbsenceKind]
        if not viewer.is_partner:
            del self.hides_board
        self.deputy_id.choices = [("", _l("Nobody in particular")), *((str(key), name) for key, name in people)]

    @property
    def speaks_for_all(self) -> bool:
        """Whether it is about the whole company."""
        return bool(self.whose.data == WHOLE)

    def said(self, viewer: Viewer) -> dict[str, Any]:
        """What the form says; a day begins and ends in the reader's zone."""
        return {
            "kind": AbsenceKind(self.kind.data),
            "user_id": None if self.speaks_for_all else int(self.whose.data),
            "starts_at": _midnight(self.starts_at.data, viewer),
            "ends_at": _midnight(self.ends_at.data + timedelta(days=1), viewer) if self.ends_at.data else None,
            "deputy_id": int(self.deputy_id.data) if self.deputy_id.data else None,
            "hides_board": bool(self.hides_board and self.hides_board.data),
        }


def _midnight(day: date | None, viewer: Viewer) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(viewer.time_zone)).astimezone(UTC) if day else None
