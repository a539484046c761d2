"""Spans of time as people write them, and as they are told them."""

from __future__ import annotations

import pytest

from app.domain.deadlines import Clock, Span
from app.domain.errors import Invalid
from app.domain.span_text import parse_span, span_phrase


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1d 10h", Span(days=1, minutes=600)),
        ("90m", Span(minutes=90)),
        ("1d", Span(days=1)),
        ("2D 1H 30M", Span(days=2, minutes=90)),
        (" 1h30m ", Span(minutes=90)),
        ("0h", Span()),
    ],
)
def test_spans_are_read(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["", "soon", "10", "1h 1d", "1h 2h", "-1h", "1.5h", "1d,10h", "36526d", "99999999h", "9" * 5000 + "m"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_span(text)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (Span(minutes=60), "1 working hour"),
        (Span(minutes=24 * 60), "24 working hours"),
        (Span(minutes=90), "90 working minutes"),
        (Span(days=1), "1 working day"),
        (Span(days=2, minutes=120), "2 working days and 2 working hours"),
        (Span(minutes=24 * 60, clock=Clock.WALL), "1 day, 0:00:00 around the clock"),
        (Span(is_same_day=True), "the rest of the working day"),
    ],
)
def test_a_span_says_its_clock(span: Span, told: str) -> None:
    assert str(span_phrase(span)) == told
