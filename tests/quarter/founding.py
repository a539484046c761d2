"""How the quarter begins: Acme with its products and people, sixty partners, and the companies it knows."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts import AccountFlag, AccountStatus
from app.domain.identity import OrganisationKind, Role, Viewer
from app.models import Organisation, Partnership, TerritoryRule, User
from app.queries.manufacturers import calendar_of
from tests import factories
from tests.quarter.behaviours import CAST, GREEDY, Behaviour
from tests.quarter.world import LANDS, KnownCompany, Partner, World

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
HOUSE = {
    "ada": Role.ADMIN, "carl": Role.CHANNEL_MANAGER, "cleo": Role.CHANNEL_MANAGER,
    "ines": Role.INSIDE_SALES, "ivan": Role.INSIDE_SALES, "iris": Role.INSIDE_SALES,
}  # fmt: skip
WANTED = ("PUMP", "PUMP", "PUMP", "VALVE", "VALVE", "DRIVE", "ROBOT", "PUMP, VALVE")
"""What prospects ask for, as often as it stands here; robots are for certified partners of the upper tiers only."""
_LINES = {"PUMP": "Industrial pumps", "VALVE": "Valves", "DRIVE": "Servo drives"}
_HOME_OF = ("DE",) * 24 + ("US",) * 20 + ("JP",) * 16
_TIER_OF = ("platinum", "gold", "gold", "silver", "silver", "silver", "registered", "registered")
_CLOSED_DAYS = ("2027-01-14", "2027-02-08", "2027-03-29")
_KINDS = ("owned",) * 40 + ("seller's",) * 5 + ("strategic",) * 3 + ("competitor",) * 2
_SYLLABLES = (
    "ba be bo bu da de do fa fe ga go ha ki ko la le lo ma mi mo na ne no pa pe ra re ro sa se so ta te to va vo"
)
_FORMS = ("GmbH", "AG", "Inc.", "LLC", "Co., Ltd.", "KG")


def make_world(session: Session, random: Random) -> World:
    """Acme with all it has, committed."""
    return _Founding(session, random).world


class _Founding:
    """Acme, founded step by step."""

    def __init__(self, session: Session, random: Random) -> None:
        self.session, self.random = session, random
        self.acme = factories.organisation(
            session, "Acme", OrganisationKind.MANUFACTURER, country="DE", subdivision="DE-BY",
            time_zone="Europe/Berlin", working_hours="mon-thu 08:00-17:00; fri 08:00-15:00",
        )  # fmt: skip
        self.people = {name: self._hire(self.acme, role, name, "Europe/Berlin") for name, role in HOUSE.items()}
        self.tiers = factories.tiers(session, self.acme)
        self.lines = [factories.product_line(session, self.acme, code, name) for code, name in _LINES.items()]
        self.robots = factories.product_line(
            session, self.acme, "ROBOT", "Robot cells", min_tier=self.tiers["gold"], requires_certification=True
        )
        session.commit()
        house = {name: viewer_of(person) for name, person in self.people.items()}
        self.world = World(self.acme.id, house, calendar_of(self.acme), products=WANTED)
        behaviours = random.sample(CAST, len(CAST))
        for number, (country, behaviour) in enumerate(zip(_HOME_OF, behaviours, strict=True)):
            self._engage(number, country, behaviour)
        self._name_backups()
        for number, kind in enumerate(_KINDS):
            self._know_company(number, kind)
        session.commit()

    def _engage(self, number: int, country: str, behaviour: Behaviour) -> None:
        """One more partner, with three people and three places."""
        land = LANDS[country]
        home = land.places[number % len(land.places)]
        partner = factories.organisation(
            self.session, f"Partner {number:02}", OrganisationKind.PARTNER, country=country,
            subdivision=home.subdivision, time_zone=land.zone, working_hours=land.hours[number % len(land.hours)],
            closed_on=[_CLOSED_DAYS[number % 3]] if number % 4 == 0 else [],
        )  # fmt: skip
        roles = {"head": Role.PARTNER_ADMIN, "first": Role.PARTNER_SALES, "second": Role.PARTNER_SALES}
        people = [self._hire(partner, role, f"{word}{number}", land.zone) for word, role in roles.items()]
        tier = _TIER_OF[number % len(_TIER_OF)]
        sold = [*self.lines, self.robots] if tier in ("platinum", "gold") else self.lines
        partnership = factories.partnership(
            self.session, self.acme, partner, self.tiers[tier], products=sold, code=f"P{number:02}",
            max_claims_per_day=3 if behaviour is GREEDY else None,
            sales_manager_id=people[0].id, channel_manager_id=self.people["carl"].id,
        )  # fmt: skip
        for place in dict.fromkeys((home, *self.random.sample(land.places, 2))):
            self._give_territory(partnership, place.country, place.subdivision)
        self.session.commit()
        viewers = tuple(map(viewer_of, people))
        calendar = calendar_of(partner)
        self.world.add(Partner(partnership.id, partner.id, viewers, calendar, behaviour, tier, country))

    def _hire(self, organisation: Organisation, role: Role, name: str, zone: str) -> User:
        return factories.user(self.session, organisation, role, name, time_zone=zone, joined_at=LONG_AGO)

    def _give_territory(self, partnership: Partnership, country: str, subdivision: str) -> None:
        values = {"manufacturer_id": self.acme.id, "country": country, "subdivision": subdivision}
        self.session.add(TerritoryRule(partnership_id=partnership.id, **values))

    def _name_backups(self) -> None:
        """Two of three partners have a backup in their country."""
        partners = list(self.world.partners.values())
        for number, partner in enumerate(partners):
            neighbours = [one for one in partners if one.country == partner.country and one is not partner]
            if number % 3:
                row = self.session.get_one(Partnership, partner.partnership_id)
                row.backup_partnership_id = neighbours[number % len(neighbours)].partnership_id

    def _know_company(self, number: int, kind: str) -> None:
        """One of forty that belong to partners, five to a seller; three are strategic, two are competitors."""
        partners = list(self.world.partners.values())
        owner = partners[number % len(partners)]
        place = self.random.choice(LANDS[owner.country].places)
        company = KnownCompany(made_up_name(self.random), f"known{number}.example", place)
        marks: dict[str, dict[str, Any]] = {
            "owned": {"owner_partnership_id": owner.partnership_id},
            "seller's": {"owner_user_id": self.people["ivan"].id},
            "strategic": {"flags": [AccountFlag.STRATEGIC.value], "status": AccountStatus.PROSPECT},
            "competitor": {"status": AccountStatus.COMPETITOR},
        }
        factories.account(self.session, self.acme, company.name, company.domain, country=place.country, **marks[kind])
        self.world.companies.setdefault(kind, []).append(company)


def made_up_name(random: Random) -> str:
    """A company nobody has heard of, and that sounds like no other."""
    return "".join(random.choices(_SYLLABLES.split(), k=5)).capitalize() + f" {random.choice(_FORMS)}"


def viewer_of(user: User) -> Viewer:
    """A person as the services take it."""
    organisation = user.organisation
    return Viewer(
        user_id=user.id,
        organisation_id=organisation.id,
        organisation_kind=organisation.kind,
        role=user.role,
        name=user.name,
        language=user.language,
        time_zone=user.time_zone,
    )
