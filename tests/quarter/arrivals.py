"""Two thousand inquiries: who asks for what, where, when, and what they agree to."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.domain.intake.arrival import Arrival
from app.domain.leads import SourceKind
from app.domain.submissions import Channel
from app.services.intake.submissions import receive_submission, settle_submission
from app.services.lead_routing import route_received_leads
from tests.quarter.clock import Agenda, Story
from tests.quarter.founding import made_up_name
from tests.quarter.world import LANDS, NOWHERE, KnownCompany, Place, World

_COUNTRIES = ("DE",) * 5 + ("US",) * 4 + ("JP",) * 3
_CONSENTS = ("any",) * 88 + ("none",) * 4 + ("manufacturer only",) * 4 + ("named",) * 4
_HOURS = (*range(6, 21), 9, 10, 11, 14, 15, 16, 2, 23)
_WEEKEND, _KEPT_AT_WEEKENDS = 5, 0.3
_KINDS = (SourceKind.WEB_FORM, SourceKind.TRADE_FAIR, SourceKind.API, SourceKind.PHONE)


def plan_arrivals(agenda: Agenda, world: World, random: Random, count: int, days: int) -> None:
    """Put every inquiry on the agenda."""
    start = agenda.now
    for number in range(count):
        cells, zone = _inquiry(world, random, number)
        agenda.begin(_arrive(world, cells, random.choice(_KINDS)), _moment(start, days, zone, random))


def _arrive(world: World, cells: dict[str, str], kind: SourceKind) -> Story:
    """It is stored and settled; a worker looks at the door a moment later."""
    submission_id = receive_submission(
        manufacturer_id=world.acme_id,
        channel=Channel.API,
        raw=cells,
        arrival=Arrival(source_kind=kind, currency="EUR"),
    )
    outcome = settle_submission(submission_id)
    assert outcome.lead_id is not None, outcome.findings
    route_received_leads()
    yield from ()


def _moment(start: datetime, days: int, zone: str, random: Random) -> datetime:
    """Mostly by day, in the prospect's zone; fewer at weekends."""
    while True:
        day = start + timedelta(days=random.randrange(days))
        if day.weekday() < _WEEKEND or random.random() < _KEPT_AT_WEEKENDS:
            local = day.astimezone(ZoneInfo(zone)).replace(hour=random.choice(_HOURS), minute=random.randrange(60))
            if local > start:
                return local + timedelta(seconds=random.random() * 60)


def _inquiry(world: World, random: Random, number: int) -> tuple[dict[str, str], str]:
    country = random.choice(_COUNTRIES)
    place, company = random.choice(LANDS[country].places), _company(world, random)
    if company is not None:
        place = company.place
    elif random.random() < 0.02:
        place = random.choice(NOWHERE)
    name, domain = _sender(company, random, number)
    cells = _cells(place, name, f"person{number}@{domain}") | {
        "products": random.choice(world.products),
        "consent": _consent(world, random, place),
        "score": str(random.choice((35, 48, *range(50, 100)))),
        "job_title": "Managing Director" if random.random() < 0.06 else "Buyer",
    }
    return cells, LANDS[place.country].zone if place.country in LANDS else "Europe/Berlin"


def _sender(company: KnownCompany | None, random: Random, number: int) -> tuple[str, str]:
    """What it says of itself: one in five writes as a private person, one known company in ten misspells itself."""
    if company is None:
        is_private = random.random() < 0.2
        return ("", "gmail.com") if is_private else (made_up_name(random), f"company{number}.example")
    is_misspelt = random.random() < 0.1
    return (company.name[1:], f"company{number}.example") if is_misspelt else (company.name, company.domain)


def _company(world: World, random: Random) -> KnownCompany | None:
    """One in eight writes from a company that is known."""
    shares = (("owned", 0.09), ("seller's", 0.02), ("strategic", 0.01), ("competitor", 0.005))
    drawn = random.random()
    for kind, share in shares:
        if drawn < share:
            return random.choice(world.companies[kind])
        drawn -= share
    return None


def _consent(world: World, random: Random, place: Place) -> str:
    word = random.choice(_CONSENTS)
    if word != "named":
        return word
    neighbours = [code for code, partner in world.codes.items() if partner.country == place.country]
    return "named: " + "|".join(random.sample(neighbours, 2)) if neighbours else "any"


def _cells(place: Place, company: str, email: str) -> dict[str, str]:
    return {
        "full_name": "Kim Example",
        "company": company,
        "email": email,
        "postal_code": place.postal_code,
        "region": place.region,
        "country": place.country,
    }
