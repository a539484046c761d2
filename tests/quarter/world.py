"""What there is in the quarter: three countries with their hours, Acme's people, its partners and known companies."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.identity import Viewer
from app.domain.working_time import WorkingCalendar
from tests.quarter.behaviours import Behaviour


@dataclass(frozen=True, slots=True)
class Place:
    """Where prospects sit."""

    country: str
    subdivision: str
    postal_code: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Land:
    """A country with its zone, how its partners work, and its places."""

    zone: str
    hours: tuple[str, ...]
    places: tuple[Place, ...]


LANDS = {
    "DE": Land(
        "Europe/Berlin",
        ("mon-thu 08:00-17:00; fri 08:00-14:00", "mon-fri 08:00-12:00, 13:00-17:00", "mon-fri 09:00-17:00"),
        tuple(
            Place("DE", f"DE-{code}", postal_code)
            for code, postal_code in {
                "BY": "80331", "BW": "70173", "NW": "50667", "HE": "60311", "NI": "30159", "BE": "10115",
                "SN": "01067", "HH": "20457",
            }.items()
        ),
    ),
    "US": Land(
        "America/New_York",
        ("mon-fri 09:00-18:00", "mon-sat 08:00-12:00, 12:30-16:30", "mon-fri 08:30-17:00"),
        tuple(
            Place("US", f"US-{code}", postal_code)
            for code, postal_code in {
                "NY": "10001", "PA": "19103", "TX": "77002", "FL": "33130", "WA": "98101", "CO": "80202",
            }.items()
        ),
    ),
    "JP": Land(
        "Asia/Tokyo",
        ("mon-fri 09:00-18:00", "mon-fri 09:30-12:00, 13:00-17:30"),
        tuple(
            Place("JP", code, postal_code)
            for code, postal_code in {
                "JP-13": "100-0005", "JP-14": "220-0011", "JP-27": "530-0001", "JP-28": "650-0021", "JP-26": "600-8216",
            }.items()
        ),
    ),
}  # fmt: skip
NOWHERE = (Place("AT", "AT-9", "1010", "Wien"), Place("CH", "CH-ZH", "8001", "Zürich"))
"""Where nobody may sell: a person decides about these leads."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One of the sixty; its sales manager is the first of its people."""

    partnership_id: int
    organisation_id: int
    people: tuple[Viewer, ...]
    calendar: WorkingCalendar
    behaviour: Behaviour
    tier: str
    country: str


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company Acme knows, with the domain its people write from."""

    name: str
    domain: str
    place: Place


@dataclass(slots=True)
class World:
    """Everybody, by their ids."""

    acme_id: int
    house: dict[str, Viewer]
    calendar: WorkingCalendar
    partners: dict[int, Partner] = field(default_factory=dict)
    companies: dict[str, list[KnownCompany]] = field(default_factory=dict)
    codes: dict[str, Partner] = field(default_factory=dict)
    products: tuple[str, ...] = ()

    def add(self, partner: Partner) -> None:
        """One more partner."""
        self.partners[partner.partnership_id] = partner
        self.codes[f"P{len(self.codes):02}"] = partner
