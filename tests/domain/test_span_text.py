"""Spans of time as people write them."""

from __future__ import annotations

import pytest

from app.domain.deadlines import Span
from app.domain.errors import Invalid
from app.domain.span_text import parse_span


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
