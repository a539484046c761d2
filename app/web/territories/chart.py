"""A country's subdivisions as a chart of tiles, each as dark as it has partners; drawn on the server."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.territories import CountryCoverage, SubdivisionCoverage

COLUMNS = 12
TILE_WIDTH = 92
TILE_HEIGHT = 52
LIGHTEST, DARKEST = 0.06, 0.42


@dataclass(frozen=True, slots=True)
class Tile:
    """One subdivision: where it is drawn, how dark, and what it says."""

    code: str
    x: int
    y: int
    shade: float
    partners: int
    is_partial: bool

    @property
    def is_gap(self) -> bool:
        """Whether nobody covers it."""
        return self.partners == 0


@dataclass(frozen=True, slots=True)
class TileChart:
    """The whole chart in user units."""

    width: int
    height: int
    tiles: list[Tile]


def tiles_of(coverage: CountryCoverage) -> TileChart:
    """The tiles in the order of their codes, row by row."""
    most = max(map(_partners, coverage.subdivisions), default=0)
    tiles = [_tile(number, one, most) for number, one in enumerate(coverage.subdivisions)]
    columns = min(COLUMNS, max(1, len(tiles)))
    rows = -(-len(tiles) // COLUMNS)
    return TileChart(columns * TILE_WIDTH, rows * TILE_HEIGHT, tiles)


def _partners(one: SubdivisionCoverage) -> int:
    return len(one.covered_by) + len(one.partly_covered_by)


def _tile(number: int, one: SubdivisionCoverage, most: int) -> Tile:
    row, column = divmod(number, COLUMNS)
    partners = _partners(one)
    return Tile(
        code=one.subdivision,
        x=column * TILE_WIDTH,
        y=row * TILE_HEIGHT,
        shade=round(LIGHTEST + (DARKEST - LIGHTEST) * partners / most, 2) if partners else 0.0,
        partners=partners,
        is_partial=not one.covered_by and bool(one.partly_covered_by),
    )
