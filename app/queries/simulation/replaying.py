"""A past time of one manufacturer, replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.database import db, read_clock
from app.domain.identity import Viewer
from app.domain.newcomers import ExperienceLimits
from app.domain.overlap import OverlapPolicy
from app.domain.simulation import ChoiceRules, Past, PastLead, Period
from app.domain.simulation_figures import Simulation, simulate
from app.queries.network.own import own_manufacturer
from app.queries.simulation.leads import OpenedLead, first_takers, opened_leads, product_codes
from app.queries.simulation.nearness import Certificates, Distances, Territories
from app.queries.simulation.partners import KnownPartner, companies_before, past_partners

_ABOUT_COMPANIES = frozenset({OverlapPolicy.FIRST_REGISTERED, OverlapPolicy.ACCOUNT_HISTORY})
_ABOUT_NEARNESS = frozenset({OverlapPolicy.NEAREST, OverlapPolicy.WEIGHTED})


@dataclass(frozen=True, slots=True)
class SimulatedTime:
    """What came of a replay, of the leads received from `since` until before `until`.

    `is_cut`: there were more, and the older ones are left out. `with_distance` of the leads have a partner whose
    distance is known, where the policy looks at it; else it is None.
    """

    since: datetime
    until: datetime
    simulation: Simulation
    partners: dict[int, KnownPartner]
    is_cut: bool
    with_distance: int | None


def simulate_choice(
    rules: ChoiceRules, experience: ExperienceLimits, period: Period, *, viewer: Viewer
) -> SimulatedTime:
    """Replay the leads the viewer's manufacturer received in a time under other rules.

    Leads that never came to the board nor were pushed are not part of it: nobody had to be chosen for them.
    """
    session, manufacturer_id = db.session(), own_manufacturer(viewer)
    since, until = period.bounds(read_clock(session), ZoneInfo(viewer.time_zone))
    leads, is_cut = opened_leads(session, manufacturer_id, since, until)
    begins_at = leads[0].at if leads else since
    takers = first_takers(session, [lead.id for lead in leads])
    ids = {one for lead in leads for one in lead.eligible_ids} | set(takers.values())
    partners, known = past_partners(session, manufacturer_id, ids, begins_at)
    past_leads = [
        _past_lead(lead, takers.get(lead.id), experience, seen)
        for lead, seen in zip(leads, _seen(session, leads, known, rules.policy), strict=True)
    ]
    companies = {lead.company for lead in leads if lead.company is not None}
    asks_companies = rules.policy in _ABOUT_COMPANIES and companies
    history = companies_before(session, manufacturer_id, companies, begins_at) if asks_companies else {}
    located = sum(bool(lead.distances_km) for lead in past_leads)
    return SimulatedTime(
        since=begins_at if is_cut else since,
        until=until,
        simulation=simulate(Past(past_leads, partners, history), rules),
        partners=known,
        is_cut=is_cut,
        with_distance=located if rules.policy in _ABOUT_NEARNESS else None,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a policy sees of the partners eligible for one lead."""

    distances_km: dict[int, float]
    closeness: dict[int, float]
    certification: dict[int, float]


def _seen(
    session: Session, leads: Sequence[OpenedLead], partners: dict[int, KnownPartner], policy: OverlapPolicy
) -> list[_Seen]:
    """For each lead what the policy compares; nothing is looked up that it does not."""
    if policy not in _ABOUT_NEARNESS:
        return [_Seen({}, {}, {}) for _ in leads]
    distances, territories = Distances(session, leads, partners), Territories(session, partners)
    weighs = policy is OverlapPolicy.WEIGHTED
    certificates = Certificates(session, partners)
    products = product_codes(session, [lead.id for lead in leads]) if weighs else {}
    seen = []
    for lead in leads:
        near = distances.of(lead)
        # Closeness stands in where a distance is not known.
        close = territories.of(lead) if len(near) < len(lead.eligible_ids) else {}
        held = certificates.of(lead, products.get(lead.id, ())) if weighs else {}
        seen.append(_Seen(near, close, held))
    return seen


def _past_lead(lead: OpenedLead, taken_by_id: int | None, experience: ExperienceLimits, seen: _Seen) -> PastLead:
    return PastLead(
        at=lead.at,
        eligible_ids=lead.eligible_ids,
        taken_by_id=taken_by_id,
        region=lead.place.region,
        company=lead.company,
        asks_for_experience=experience.asks_for_experience(score=lead.score, value=lead.value),
        distances_km=seen.distances_km,
        closeness=seen.closeness,
        certification=seen.certification,
    )
