"""A sentence for a person, kept apart from its language: the English template and the values that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
