"""What the rules a lead meets say together of who may have it, so that two states of the rules can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.routing_rules import RoutingRule


@dataclass(frozen=True, slots=True)
class PartnerLimits:
    """Who is left out: all but `only_ids` (None: nobody), `excluded_ids`, and who is below one of `min_tiers`."""

    only_ids: frozenset[int] | None = None
    excluded_ids: frozenset[int] = frozenset()
    min_tiers: frozenset[str] = frozenset()

    @property
    def leaves_out(self) -> bool:
        """Whether there is anybody who may not have the lead by them."""
        return self != PartnerLimits()

    def may_open_beside(self, before: PartnerLimits) -> bool:
        """Whether somebody may have the lead by these who was left out before."""
        is_narrower = before.only_ids is None or (self.only_ids is not None and self.only_ids <= before.only_ids)
        return not (is_narrower and self.excluded_ids >= before.excluded_ids and self.min_tiers >= before.min_tiers)


def limits_of(met: Iterable[RoutingRule]) -> PartnerLimits:
    """What the rules a lead meets say together: who is left out by one of them is left out."""
    only: frozenset[int] | None = None
    excluded: frozenset[int] = frozenset()
    tiers: frozenset[str] = frozenset()
    for actions in (rule.actions for rule in met):
        if actions.only_ids:
            only = actions.only_ids if only is None else only & actions.only_ids
        excluded |= actions.excluded_ids
        tiers |= {actions.min_tier} if actions.min_tier else frozenset()
    return PartnerLimits(only, excluded, tiers)
