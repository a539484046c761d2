"""Building the demo's network through the services a manufacturer uses on screen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock, transaction
from app.domain.audit import EventKind
from app.domain.identity import Role, Viewer
from app.domain.network.drafts import PartnershipDraft, ProductLineDraft
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Organisation, Partnership, Tier, User
from app.queries.network.drafts import OWN_FIELDS, draft_of_partnership
from app.services import identity
from app.services.demo.cast import DEALERS, MAKERS, Dealer, Maker, Member, Standing
from app.services.demo.places import POSTAL_CODES, know_places
from app.services.identity.people import add_user
from app.services.identity.trail import record_about, viewer_of
from app.services.network.authorisations import authorise_partnership, certify_partnership
from app.services.network.catalog import create_product_line
from app.services.network.partnerships import change_partnership, create_partnership
from app.services.network.territories import add_territory_rule
from app.services.network.writing import network_writing

_PLACE = re.compile(r"(?P<no>!?)(?P<area>[A-Z]{2}(?:-\w+)?)(?: (?:(?P<prefix>\w+)\*|(?P<first>\w+)-(?P<last>\w+)))?")


@dataclass(slots=True)
class World:
    """What has been built, by the names of the cast."""

    makers: dict[str, int] = field(default_factory=dict)
    people: dict[str, Viewer] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    partnerships: dict[tuple[str, str], int] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    accounts: dict[tuple[str, str], int] = field(default_factory=dict)

    def head_of(self, maker: str) -> Viewer:
        """The manufacturer's administrator."""
        return next(
            person
            for person in self.people.values()
            if person.organisation_id == self.makers[maker] and person.role is Role.ADMIN
        )


def build_network() -> World:
    """Manufacturers, product lines, partners, people, territories, certifications: everything before the first lead."""
    world = World()
    know_places()
    for maker in MAKERS:
        _build_maker(world, maker)
    for dealer in DEALERS:
        _build_dealer(world, dealer)
    for dealer in DEALERS:
        for standing in dealer.standings:
            _name_people(world, dealer, standing)
    return world


def _partner_code(maker: str, dealer: str) -> str:
    """The partner's number at a manufacturer: its place in the cast."""
    place = [one.key for one in DEALERS].index(dealer) + 1
    return f"{maker[:2].upper()}-{place:03}"


def _build_maker(world: World, maker: Maker) -> None:
    world.makers[maker.key] = identity.create_manufacturer(
        maker.name,
        country=maker.country,
        subdivision=maker.subdivision,
        language=maker.language,
        time_zone=maker.time_zone,
        domain=maker.domain,
        currency=maker.currency,
    )
    for member in maker.people:
        world.people[member.key] = _join(world.makers[maker.key], member, maker.domain)
    head = world.head_of(maker.key)
    with transaction() as session:
        tiers = _tiers(session, head.organisation_id)
    for line in maker.lines:
        draft = ProductLineDraft(
            code=line.code,
            name=line.name,
            min_tier_id=tiers[line.min_tier] if line.min_tier else None,
            requires_certification=line.is_certified,
        )
        world.lines[maker.key, line.code] = create_product_line(actor=head, draft=draft)


def _build_dealer(world: World, dealer: Dealer) -> None:
    for standing in dealer.standings:
        head = world.head_of(standing.maker)
        partnership_id = _enter_programme(world, dealer, standing, head)
        world.partnerships[standing.maker, dealer.key] = partnership_id
        for place in standing.places:
            add_territory_rule(actor=head, partnership_id=partnership_id, rule=read_place(place))
        for code in standing.lines:
            line_id = world.lines[standing.maker, code]
            authorise_partnership(actor=head, partnership_id=partnership_id, product_line_id=line_id)
        _certify(world, standing, partnership_id, head)
    for member in dealer.people:
        world.people[member.key] = _join(world.partners[dealer.key], member, dealer.domain)


def _enter_programme(world: World, dealer: Dealer, standing: Standing, head: Viewer) -> int:
    """Take the partner into a programme; into its second one it goes as the organisation it is already."""
    with transaction() as session:
        tier_id = _tiers(session, head.organisation_id)[standing.tier]
    draft = PartnershipDraft(
        code=_partner_code(standing.maker, dealer.key),
        name=dealer.name,
        tier_id=tier_id,
        status=standing.status,
        max_open_claims=standing.max_open_claims,
        country=dealer.country,
        subdivision=dealer.subdivision,
        postal_code=POSTAL_CODES[dealer.key],
        language=dealer.language,
        time_zone=dealer.time_zone,
        working_hours=dealer.working_hours,
        domain=dealer.domain,
    )
    if dealer.key not in world.partners:
        partnership_id = create_partnership(actor=head, draft=draft)
        with transaction() as session:
            world.partners[dealer.key] = session.get_one(Partnership, partnership_id).partner_id
        return partnership_id
    with network_writing(head) as writing:
        row = Partnership(
            manufacturer_id=head.organisation_id,
            partner_id=world.partners[dealer.key],
            **{name: getattr(draft, name) for name in OWN_FIELDS},
        )
        writing.session.add(row)
        writing.session.flush()
        writing.doubt_eligibility([row.id])
        writing.record(EventKind.PARTNERSHIP_CREATED, partnership_id=row.id, after=draft)
        return row.id


def _certify(world: World, standing: Standing, partnership_id: int, head: Viewer) -> None:
    """Certifications run for three years; days count from the world's now, not from the moment it is built in."""
    with transaction() as session:
        today = read_clock(session).date() + AGE_OF_NETWORK
    for code, days_left in standing.certified:
        until = today + timedelta(days=days_left)
        certify_partnership(
            actor=head,
            partnership_id=partnership_id,
            product_line_id=world.lines[standing.maker, code],
            valid_from=until - timedelta(days=3 * 365),
            valid_until=until,
        )


AGE_OF_NETWORK = timedelta(days=90)
"""How long before now the network is built."""


def _name_people(world: World, dealer: Dealer, standing: Standing) -> None:
    """Once everybody is there: who is alerted at the partner, who looks after it, who stands in for it."""
    head = world.head_of(standing.maker)
    partnership_id = world.partnerships[standing.maker, dealer.key]
    leader = next(member for member in dealer.people if member.role is Role.PARTNER_ADMIN)
    maker = next(maker for maker in MAKERS if maker.key == standing.maker)
    channel = next(member for member in maker.people if member.role is Role.CHANNEL_MANAGER)
    with transaction() as session:
        row = session.get_one(Partnership, partnership_id)
        before = draft_of_partnership(row, session.get_one(Organisation, row.partner_id))
        version = row.version
    draft = replace(
        before,
        sales_manager_id=world.people[leader.key].user_id,
        channel_manager_id=world.people[channel.key].user_id,
        backup_partnership_id=world.partnerships.get((standing.maker, standing.backup)),
    )
    change_partnership(actor=head, partnership_id=partnership_id, version=version, draft=draft)


def _join(organisation_id: int, member: Member, domain: str) -> Viewer:
    """A person who has joined. Nobody knows a password of the demo's people: the personas page signs them in."""
    with transaction() as session:
        address = f"{member.key}@{domain}"
        user: User = add_user(session, organisation_id, email=address, name=member.name, role=member.role)
        user.language = member.language
        user.time_zone = member.time_zone or user.time_zone
        user.invited_at = user.joined_at = read_clock(session)
        session.flush()
        record_about(session, EventKind.USER_JOINED, user, actor=viewer_of(user))
        return viewer_of(user)


def _tiers(session: Session, manufacturer_id: int) -> dict[str, int]:
    rows = session.execute(select(Tier.code, Tier.id).where(Tier.manufacturer_id == manufacturer_id))
    return {row.code: row.id for row in rows}


def read_place(text: str) -> TerritoryRule:
    """A line of the cast's shorthand as a territory's line."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError(f"not a place: {text}")
    area = found["area"]
    return TerritoryRule(
        mode=TerritoryMode.EXCLUDE if found["no"] else TerritoryMode.INCLUDE,
        country=area[:2],
        subdivision=area if "-" in area else None,
        postal_prefix=found["prefix"],
        postal_from=found["first"],
        postal_to=found["last"],
    )
