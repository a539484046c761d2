"""The fixed cast. Whoever reads a test knows them: each line says what that one may see.

acme      manufacturer; sees all of its own leads, partners and figures, nothing of Globex
nordwind  Acme's platinum partner in Germany; sees Acme's leads of its territory first, and Globex's as Globex allows
kansai    Acme's silver partner, Germany and Japan; sees the same leads four hours later
rival     a partner of Globex only; sees nothing of Acme's
globex    another manufacturer; sees nothing of Acme's
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from app.domain.identity import OrganisationKind, Role, Viewer
from app.models import Organisation, Partnership, ProductLine, Tier, User
from tests import factories


@dataclass(slots=True)
class Cast:
    """The people and organisations of the tests, by name."""

    acme: Organisation
    globex: Organisation
    nordwind: Organisation
    kansai: Organisation
    rival: Organisation
    people: dict[str, User] = field(default_factory=dict)
    partnerships: dict[str, Partnership] = field(default_factory=dict)
    products: dict[str, ProductLine] = field(default_factory=dict)
    tiers: dict[str, Tier] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """The person `name` as queries and services take it."""
        user = self.people[name]
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


_PEOPLE = (
    ("ada", "acme", Role.ADMIN),
    ("carl", "acme", Role.CHANNEL_MANAGER),
    ("arne", "acme", Role.ARBITER),
    ("ines", "acme", Role.INSIDE_SALES),
    ("vera", "acme", Role.VIEWER),
    ("gina", "globex", Role.ADMIN),
    ("nora", "nordwind", Role.PARTNER_ADMIN),
    ("nils", "nordwind", Role.PARTNER_SALES),
    ("kenji", "kansai", Role.PARTNER_ADMIN),
    ("kaori", "kansai", Role.PARTNER_SALES),
    ("rita", "rival", Role.PARTNER_ADMIN),
)


def engage_cast(session: Session) -> Cast:
    """Put the cast on stage: two manufacturers, three partners, their people, products, tiers and territories."""
    organisations = {
        name: factories.organisation(session, name.capitalize(), kind)
        for name, kind in (
            ("acme", OrganisationKind.MANUFACTURER),
            ("globex", OrganisationKind.MANUFACTURER),
            ("nordwind", OrganisationKind.PARTNER),
            ("kansai", OrganisationKind.PARTNER),
            ("rival", OrganisationKind.PARTNER),
        )
    }
    cast = Cast(**organisations)
    for name, organisation, role in _PEOPLE:
        cast.people[name] = factories.user(session, organisations[organisation], role, name)
    cast.tiers = factories.tiers(session, cast.acme)
    other_tiers = factories.tiers(session, cast.globex)
    cast.products["pump"] = factories.product_line(session, cast.acme, "PUMP", "Industrial pumps")
    cast.products["robot"] = factories.product_line(
        session, cast.acme, "ROBOT", "Robot cells", min_tier=cast.tiers["gold"], requires_certification=True
    )
    everything = list(cast.products.values())
    cast.partnerships["nordwind"] = factories.partnership(
        session, cast.acme, cast.nordwind, cast.tiers["platinum"], products=everything, countries=["DE"]
    )
    cast.partnerships["kansai"] = factories.partnership(
        session, cast.acme, cast.kansai, cast.tiers["silver"], products=everything, countries=["DE", "JP"]
    )
    cast.products["drive"] = factories.product_line(session, cast.globex, "DRIVE", "Servo drives")
    cast.partnerships["rival"] = factories.partnership(
        session, cast.globex, cast.rival, other_tiers["gold"], products=[cast.products["drive"]], countries=["DE"]
    )
    session.commit()
    return cast


HEAD_START_OF_SILVER = timedelta(hours=4)
