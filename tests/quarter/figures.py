"""The quarter in numbers: how leads ended, how soon partners answered, how evenly leads went to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import quantiles

from tests.quarter.clock import Agenda
from tests.quarter.world import World

_SHARES = {
    "leads": "SELECT count(*) FROM lead",
    "deadlines": "SELECT count(*) FROM deadline",
    "deadlines fired": "SELECT count(*) FROM deadline WHERE fired_at IS NOT NULL",
    "offers": "SELECT count(*) FROM offer",
    "assignments": "SELECT count(*) FROM assignment",
    "mails owed": "SELECT count(*) FROM outbox_message",
    "suspensions": "SELECT count(*) FROM claim_suspension",
    "territory reviews": "SELECT count(*) FROM territory_review",
}
_TOUCHED = {
    "escalated": "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.escalated'",
    "re-routed": "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.re_routed'",
    "returned": "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.returned'",
    "stalled": "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.stalled'",
}
_HOURS = {
    "from a lead to its first partner": """
        SELECT extract(epoch FROM first_assigned_at - received_at) FROM lead WHERE first_assigned_at IS NOT NULL""",
    "from a lead to its first call": """
        SELECT extract(epoch FROM first_contact_at - received_at) FROM lead WHERE first_contact_at IS NOT NULL""",
    "from an offer to one partner to its answer": """
        SELECT extract(epoch FROM answered_at - visible_from) FROM offer
        WHERE is_exclusive AND answer IN ('claimed', 'declined')""",
}
_LATE = """
    SELECT max(extract(epoch FROM fired_at - due_at)) FROM deadline
    WHERE lead_id NOT IN (SELECT lead_id FROM event WHERE kind = 'lead.return_undone')"""
_RECEIVED = """
    SELECT partnership_id, count(*) FROM assignment WHERE partnership_id IS NOT NULL GROUP BY partnership_id"""
_ENDS = "SELECT state, count(*) FROM lead GROUP BY state ORDER BY count(*) DESC"


def figures(agenda: Agenda, world: World) -> dict[str, object]:
    """Name and number, in the order in which they are printed."""
    found: dict[str, object] = {name: agenda.ask(statement)[0][0] for name, statement in _SHARES.items()}
    leads = agenda.ask(_SHARES["leads"])[0][0]
    found |= {f"leads {state}": count for state, count in agenda.ask(_ENDS)}
    for name, statement in _TOUCHED.items():
        found[f"share {name}"] = f"{agenda.ask(statement)[0][0] / leads:.1%}"
    for name, statement in _HOURS.items():
        p50, p95 = _percentiles([float(seconds) / 3_600 for (seconds,) in agenda.ask(statement)])
        found[f"hours {name}"] = f"{p50:.1f} p50, {p95:.1f} p95"
    found["latest deadline, seconds"] = f"{float(agenda.ask(_LATE)[0][0]):.2f}"
    found |= {f"refused: {code}": count for code, count in agenda.refusals.most_common()}
    return found | _evenness(agenda, world)


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    steps = quantiles(values, n=20)
    return steps[9], steps[18]


def _evenness(agenda: Agenda, world: World) -> dict[str, object]:
    """Leads per partner of each tier, and of each behaviour: 0 is all alike, 1 is one has everything."""
    received = dict(agenda.ask(_RECEIVED))
    groups: dict[str, list[int]] = defaultdict(list)
    for partner in world.partners.values():
        count = received.get(partner.partnership_id, 0)
        groups[f"tier {partner.tier}"].append(count)
        groups[f"who are {partner.behaviour.name}"].append(count)
        groups["all"].append(count)
    return {
        f"partners, {name}": f"{sum(counts) / len(counts):.1f} leads each, Gini {gini(counts):.2f}"
        for name, counts in sorted(groups.items())
    }


def gini(counts: Sequence[int]) -> float:
    """Half the mean difference between any two, over the mean."""
    total = sum(counts)
    apart = sum(abs(one - other) for one in counts for other in counts)
    return apart / (2 * len(counts) * total) if total else 0.0
