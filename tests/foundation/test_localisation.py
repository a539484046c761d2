"""Moments and days as their reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.domain.phrases import Phrase
from app.localisation import date_text, datetime_text, phrase_text, time_text

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(hours=-2), "11:00 CET"),
        (timedelta(hours=2), "15:00 CET"),
        (timedelta(days=1), "Sun 13:00 CET"),
        (timedelta(days=6), "Fri 13:00 CET"),
        (timedelta(days=7), "28 Nov 2026, 13:00 CET"),
        (timedelta(days=-1), "20 Nov 2026, 13:00 CET"),
        (timedelta(days=-6), "15 Nov 2026, 13:00 CET"),
    ],
)
def test_a_weekday_stands_alone_only_for_the_days_to_come(away: timedelta, text: str) -> None:
    assert time_text(SATURDAY + away, SATURDAY, "en", "Europe/Berlin") == text


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_a_day_and_a_moment_keep_one_order(language: str) -> None:
    day = date_text(date(2026, 11, 21), language)
    assert date_text(None, language) == "–"
    first = {"en": "21 Nov 2026", "de": "21.11.2026", "ja": "2026/11/21"}[language]
    assert day == first
    assert datetime_text(SATURDAY, language, "UTC").startswith({"de": "21. Nov"}.get(language, first))


@pytest.mark.parametrize(
    ("name", "text"), [("Cole Inc.", "To Cole Inc."), ("Cole", "To Cole."), ("Cole...", "To Cole....")]
)
def test_a_name_that_ends_with_a_stop_ends_the_sentence(app: Flask, name: str, text: str) -> None:
    with app.test_request_context():
        assert phrase_text(Phrase("To %(name)s.", {"name": name}), "en", "UTC") == text
