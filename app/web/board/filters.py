"""The board's filters as links: each choice is an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.bands import SIZE_BAND_PHRASES, SizeBand, ValueBand, value_band_phrase
from app.domain.board import BoardFilters, BoardSort
from app.localisation import phrase_text
from app.queries.board import BoardChoices
from app.web.places import place_name


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One choice: what it is called, and the board with it chosen, or without it when it is active."""

    label: str
    url: str
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class FilterMenu:
    """One thing to narrow by: its choices."""

    id: str
    label: str
    links: tuple[FilterLink, ...]


def board_url(filters: BoardFilters, endpoint: str = "board.index", **more: str) -> str:
    """The address of the board, or of another page about it, with these filters."""
    values: dict[str, Any] = {**filters.to_query(), **more}
    return url_for(endpoint, **values)


def active_filters(filters: BoardFilters, choices: BoardChoices) -> list[FilterLink]:
    """What is chosen; each link takes it off."""
    names: dict[str, str] = {
        "manufacturer": dict(choices.manufacturers).get(filters.manufacturer or 0, _("Manufacturer")),
        "product": next((one.name for one in choices.products if one.id == filters.product), _("Product")),
        "region": place_name(filters.region),
        "size": phrase_text(SIZE_BAND_PHRASES[filters.size or SizeBand.UNKNOWN]),
        "value": value_name(filters.value or ValueBand.UNKNOWN),
        "hot": _("Hot"),
        "closing": _("Closing soon"),
        "exclusive": _("To you alone"),
    }
    given, blank = filters.to_query(), BoardFilters()
    return [
        FilterLink(names[name], board_url(chosen(filters, name, getattr(blank, name))), True)
        for name in names
        if name in given
    ]


def filter_menus(filters: BoardFilters, choices: BoardChoices) -> list[FilterMenu]:
    """What can still be chosen, as menus; those with nothing to choose from are left out."""
    offered: list[tuple[str, str, list[tuple[Any, str]]]] = [
        ("product", _("Product"), [(one.id, one.name) for one in choices.products]),
        ("region", _("Region"), sorted([(one, place_name(one)) for one in choices.regions], key=lambda one: one[1])),
        ("size", _("Size"), [(one, phrase_text(SIZE_BAND_PHRASES[one])) for one in _known(SizeBand)]),
        ("value", _("Value"), [(one, value_name(one)) for one in _known(ValueBand)]),
        ("manufacturer", _("Manufacturer"), list(choices.manufacturers)),
    ]
    return [
        FilterMenu(
            name,
            label,
            tuple(FilterLink(text, board_url(chosen(filters, name, value))) for value, text in options),
        )
        for name, label, options in offered
        if getattr(filters, name) is None and len(options) > 1
    ]


def switches(filters: BoardFilters) -> list[FilterLink]:
    """What is on or off, as far as it is off."""
    offered = {"hot": _("Hot"), "closing": _("Closing soon"), "exclusive": _("To you alone")}
    return [
        FilterLink(label, board_url(chosen(filters, name, True)))
        for name, label in offered.items()
        if not getattr(filters, name)
    ]


def sort_menu(filters: BoardFilters) -> FilterMenu:
    """The orders; the menu is called by the present one."""
    names = {
        BoardSort.CLOSING: _("Closing first"),
        BoardSort.NEWEST: _("Newest first"),
        BoardSort.VALUE: _("Highest value first"),
    }
    links = (
        FilterLink(label, board_url(chosen(filters, "sort", sort)), sort is filters.sort)
        for sort, label in names.items()
    )
    return FilterMenu("sort", names[filters.sort], tuple(links))


def chosen(filters: BoardFilters, name: str, value: Any) -> BoardFilters:
    """The filters with one of them set."""
    changes: dict[str, Any] = {name: value}
    return replace(filters, **changes)


def value_name(band: ValueBand) -> str:
    """A band of values in words, in euros: each card then says it in its own currency."""
    return phrase_text(value_band_phrase(band, "EUR"))


def _known(bands: type[SizeBand] | type[ValueBand]) -> list[Any]:
    return [band for band in bands if band.value != "unknown"]
