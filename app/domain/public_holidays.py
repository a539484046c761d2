"""Public holidays of a country or one of its subdivisions, as dates a calendar is closed on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays


def holidays_of(
    country: str, subdivision: str | None, years: Iterable[int], *, language: str | None = None
) -> dict[date, str]:
    """The public holidays of `years` with their names; `subdivision` is ISO 3166-2 (DE-BY).

    The names are in `language` where the calendar has it, else in English or the country's own. A subdivision the
    calendar does not know gives the country's holidays, an unknown country none: an organisation then adds its own
    closing days.
    """
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        return {}
    local_part = (subdivision or "").removeprefix(f"{country}-")
    subdiv = local_part if local_part in supported[country] else None
    found = holidays.country_holidays(country, subdiv=subdiv, years=list(years), language=_known(country, language))
    return dict(sorted(found.items()))


def _known(country: str, language: str | None) -> str | None:
    """The calendar's own code for a language of ours, English where it has no other; None leaves it to the country."""
    if language is None:
        return None
    there = holidays.list_localized_countries().get(country, [])
    return next((one for one in (language, "en_US") if one in there), None)
