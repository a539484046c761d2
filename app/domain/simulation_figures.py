"""Two ways of giving out the same leads beside each other: how they spread, and what answers to expect (T-27)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.fairness import Spread, share_of_top, spread
from app.domain.ranking import score_share
from app.domain.simulation import ChoiceRules, Given, Past, PastLead, PastPartner, replay

TOP_SHARE = 0.2
"""The best-served fifth of the partners, whose part of the leads is shown."""


@dataclass(frozen=True, slots=True)
class ExpectedResponse:
    """What to expect of the partners that have the leads; `None` where nothing is known of them.

    `rate` is the share of all leads that is answered, 0 to 1; a lead that no partner has is not. Times are means over
    the leads of their partners' medians.
    """

    rate: float | None
    answer_time: timedelta | None
    contact_time: timedelta | None


@dataclass(frozen=True, slots=True)
class Side:
    """One way of giving out the leads. `counts` has an entry for every partner; `top_share` is 0 to 1."""

    counts: Mapping[int, int]
    spread: Spread
    top_share: float
    for_person: int
    for_nobody: int
    expected: ExpectedResponse


@dataclass(frozen=True, slots=True)
class RegionVolume:
    """How many leads came from a region, and how many partners could have had at least one of them."""

    region: str
    leads: int
    partners: int

    @property
    def per_partner(self) -> float:
        """How many leads there are for each of them."""
        return self.leads / self.partners if self.partners else 0.0


@dataclass(frozen=True, slots=True)
class Simulation:
    """The leads that partners had, as they went and as they would have gone; `moved` to another partner.

    `opened` counts all leads that were opened to partners in that time, `regions` where these came from.
    """

    opened: int
    leads: int
    moved: int
    before: Side
    after: Side
    regions: tuple[RegionVolume, ...]

    @property
    def partner_ids(self) -> list[int]:
        """All partners, those with most leads under the other rules first, then those that had most."""
        return sorted(self.after.counts, key=lambda one: (-self.after.counts[one], -self.before.counts[one], one))


def simulate(past: Past, rules: ChoiceRules) -> Simulation:
    """Replay the leads that a partner had under other rules, and put the outcome beside what happened.

    A lead that nobody took is left out: the replay, in which nobody declines, would give it to somebody, and so count
    in favour of any rules.
    """
    taken = [lead for lead in past.leads if lead.taken_by_id in past.partners]
    was = [Given(lead.taken_by_id) for lead in taken]
    would_be = replay(replace(past, leads=taken), rules)
    moved = sum(one.partnership_id != other.partnership_id for one, other in zip(was, would_be, strict=True))
    return Simulation(
        opened=len(past.leads),
        leads=len(taken),
        moved=moved,
        before=_side(was, past.partners),
        after=_side(would_be, past.partners),
        regions=_regions(past.leads),
    )


def _side(given: Sequence[Given], partners: Mapping[int, PastPartner]) -> Side:
    found = Counter(one.partnership_id for one in given if one.partnership_id is not None)
    counts = {one: found[one] for one in partners}
    for_person = sum(one.asks_person for one in given)
    return Side(
        counts=counts,
        spread=spread(counts.values()),
        top_share=share_of_top(counts.values(), TOP_SHARE),
        for_person=for_person,
        for_nobody=len(given) - sum(counts.values()) - for_person,
        expected=_expected(counts, partners, len(given)),
    )


def _expected(counts: Mapping[int, int], partners: Mapping[int, PastPartner], leads: int) -> ExpectedResponse:
    """Who was asked too seldom to judge by answers as the partners do on the whole."""
    overall = score_share(sum(one.answered for one in partners.values()), sum(one.asked for one in partners.values()))
    rates = {
        one: overall if partner.response_rate is None else partner.response_rate for one, partner in partners.items()
    }
    is_known = overall is not None and leads > 0
    return ExpectedResponse(
        rate=sum(count * (rates[one] or 0) for one, count in counts.items()) / leads if is_known else None,
        answer_time=_mean((partners[one].answer_time, count) for one, count in counts.items()),
        contact_time=_mean((partners[one].contact_time, count) for one, count in counts.items()),
    )


def _mean(times: Iterable[tuple[timedelta | None, int]]) -> timedelta | None:
    known = [(time, count) for time, count in times if time is not None and count]
    total = sum(count for _, count in known)
    return sum((time * count for time, count in known), timedelta()) / total if total else None


def _regions(leads: Iterable[PastLead]) -> tuple[RegionVolume, ...]:
    """The regions with most leads for each of their partners first: there another partner is missed most."""
    volume: Counter[str] = Counter()
    partners: dict[str, set[int]] = {}
    for lead in leads:
        volume[lead.region] += 1
        partners.setdefault(lead.region, set()).update(lead.eligible_ids)
    found = [RegionVolume(region, count, len(partners[region])) for region, count in volume.items()]
    return tuple(sorted(found, key=lambda one: (-one.per_partner, -one.leads, one.region)))
