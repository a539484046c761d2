"""What a manufacturer sells, as far as the rules ask: product lines and what they demand of a partner."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.partners import TierRule


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One product line: the lowest tier that may sell it, and whether a valid certification is needed."""

    code: str
    min_tier: TierRule | None = None
    requires_certification: bool = False
    is_available: bool = True
    """False while the manufacturer keeps availability and has none of it to deliver."""


def highest_min_tier(lines: tuple[ProductLine, ...]) -> TierRule | None:
    """The tier a partner needs for all of `lines`; `None` when none of them asks for one."""
    return max((line.min_tier for line in lines if line.min_tier), key=lambda tier: tier.rank, default=None)
