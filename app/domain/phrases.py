"""A sentence for a person, kept apart from its language: the English template and the values that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.money import Money


def N_(message: str) -> str:  # noqa: N802 - the gettext marker's customary name
    """Mark `message` for translation without translating it here."""
    return message


@dataclass(frozen=True, slots=True)
class Phrase:
    """An English template with `%(name)s` places and the values for them.

    Values may be str, int, float, bool, None, datetime (aware), date, timedelta, `Money`, or another Phrase;
    the presentation formats each in the reader's language and zone.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % {name: str(value) for name, value in self.values.items()}

    def to_json(self) -> dict[str, Any]:
        """The phrase as JSON, to be stored with the decision it explains."""
        return {"text": self.template, "values": {name: _encoded(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Phrase:
        """The phrase that `to_json` stored."""
        values = stored.get("values", {})
        return cls(stored["text"], {name: _decoded(value) for name, value in values.items()})


def _encoded(value: object) -> object:
    if isinstance(value, Phrase):
        return {"$phrase": value.to_json()}
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$seconds": value.total_seconds()}
    if isinstance(value, Money):
        return {"$money": [value.cents, value.currency]}
    return value


def _decoded(value: object) -> object:
    match value:
        case {"$phrase": dict(stored)}:
            return Phrase.from_json(stored)
        case {"$at": str(text)}:
            return datetime.fromisoformat(text)
        case {"$on": str(text)}:
            return date.fromisoformat(text)
        case {"$seconds": int(seconds) | float(seconds)}:
            return timedelta(seconds=seconds)
        case {"$money": [int(cents), str(currency)]}:
            return Money(cents, currency)
    return value
