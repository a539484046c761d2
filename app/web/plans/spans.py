"""Spans of time in the plan's form: how they are written, and by which clock they are counted."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain.deadlines import Clock, Span
from app.domain.errors import Invalid
from app.domain.span_text import parse_span
from app.localisation import phrase_text
from app.web.fields import tidy

CLOCKS = [(Clock.WORKING.value, _l("of working time")), (Clock.WALL.value, _l("around the clock"))]


def span_field(label: Any, *validators: Any, **values: Any) -> StringField:
    """A span as people write it; the field keeps what was written."""
    return StringField(label, [*(validators or [Optional()]), _is_span], filters=[tidy], **values)


def clock_field(label: Any, *more: tuple[str, Any], **values: Any) -> SelectField:
    """By which clock the span beside it is counted; `more` are further choices."""
    return SelectField(label, [InputRequired()], choices=[*CLOCKS, *more], **values)


def read_span(text: str, clock: Clock) -> Span:
    """The span that was written, on its clock. `Invalid` where it is none."""
    span = parse_span(text)
    return Span(span.days, span.minutes, clock)


def span_text(span: Span) -> str:
    """A span as `parse_span` reads it; "" for the rest of a day."""
    hours, minutes = divmod(span.minutes, 60)
    parts = ((span.days, "d"), (hours, "h"), (minutes, "m"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count)


def _is_span(_form: FlaskForm, field: Field) -> None:
    try:
        parse_span(field.data)
    except Invalid as error:
        raise ValidationError(phrase_text(error.phrase)) from error
