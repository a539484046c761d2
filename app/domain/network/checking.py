"""What is wrong with a draft, field by field, gathered before anything is written."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase

Faults = dict[str, Phrase]

MISSING = Phrase(N_("This must not be empty."))


def missing(draft: object, *names: str) -> Faults:
    """The fields of `names` that are blank."""
    return {name: MISSING for name in names if not str(getattr(draft, name)).strip()}


def out_of_range(draft: object, **ranges: tuple[int, int]) -> Faults:
    """The fields whose number lies outside its range, both ends included; None is never outside."""
    faults: Faults = {}
    for name, (low, high) in ranges.items():
        value = getattr(draft, name)
        if value is not None and not low <= value <= high:
            faults[name] = Phrase(
                N_("Choose a number from %(low)s to %(high)s."),
                {"low": low, "high": high},
            )
    return faults


def unreadable(name: str, read: Callable[[str], object], text: str) -> Faults:
    """The reason why a field's text cannot be read, if it cannot."""
    try:
        read(text)
    except Invalid as error:
        return {name: error.phrase}
    return {}


def refuse(faults: Faults) -> None:
    """Raise `Invalid` with every fault; nothing when there is none."""
    if faults:
        raise Invalid(
            Phrase(N_("Some of what you entered cannot be used as it is.")),
            fields=faults,
        )
