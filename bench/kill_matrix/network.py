"""A small network, made by the services a manufacturer uses: partners that stay silent, and some that claim."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.database import read_clock, transaction
from app.domain.distribution import RoundKind
from app.domain.identity import Role, Viewer
from app.domain.network.drafts import PartnershipDraft, ProductLineDraft
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import DistributionPlan, Organisation, Partnership, Tier
from app.queries.network.drafts import draft_of_partnership
from app.queries.plans import draft_of_plan
from app.services.identity import create_api_key, create_manufacturer
from app.services.identity.people import add_user
from app.services.identity.trail import viewer_of
from app.services.network.authorisations import authorise_partnership
from app.services.network.catalog import create_product_line
from app.services.network.partnerships import change_partnership, create_partnership
from app.services.network.territories import add_territory_rule
from app.services.plans import save_plan

BOARD_LINE, PUSH_LINE, CLAIM_LINE = "PUMP", "VALVE", "DRIVE"
"""Product lines whose leads begin on the board, with a push, and on the board of those who claim over HTTP."""
SILENT, CLAIMING = 6, 4
NO_CAP = 1_000


@dataclass(frozen=True, slots=True)
class Network:
    """Who acts: the manufacturer's administrator, the silent partners' people, and the claimers' API keys."""

    head: Viewer
    silent: tuple[Viewer, ...]
    partnership_ids: tuple[int, ...]
    keys: dict[int, str]
    """A key by the organisation that claims with it."""


def build_network() -> Network:
    """One manufacturer, six partners that answer nothing, and four whose tools claim."""
    head = _join(create_manufacturer("Fault Works"), Role.ADMIN, "head@works.example")
    lines = {
        code: create_product_line(actor=head, draft=ProductLineDraft(code=code, name=code.capitalize()))
        for code in (BOARD_LINE, PUSH_LINE, CLAIM_LINE)
    }
    silent = [_take_in(head, f"S{number}", [lines[BOARD_LINE], lines[PUSH_LINE]]) for number in range(SILENT)]
    claiming = [_take_in(head, f"C{number}", [lines[CLAIM_LINE]]) for number in range(CLAIMING)]
    for place, (partnership_id, person) in enumerate(silent):
        _name_people(head, partnership_id, person, backup_id=silent[(place + 1) % SILENT][0])
    _push_without_a_board(head)
    keys = {
        person.organisation_id: create_api_key(name="Tool", scopes=["claim"], actor=person).secret
        for _, person in claiming
    }
    return Network(head, tuple(person for _, person in silent), tuple(one for one, _ in silent), keys)


def _join(organisation_id: int, role: Role, email: str) -> Viewer:
    with transaction() as session:
        user = add_user(session, organisation_id, email=email, name=email.partition("@")[0], role=role)
        user.invited_at = user.joined_at = read_clock(session)
        session.flush()
        return viewer_of(user)


def _take_in(head: Viewer, code: str, line_ids: list[int]) -> tuple[int, Viewer]:
    """A partner in the programme, for all of Germany and without caps, with its one person."""
    with transaction() as session:
        tier = session.query(Tier).filter_by(manufacturer_id=head.organisation_id).order_by(Tier.rank.desc()).first()
        assert tier is not None
        tier_id = tier.id
    draft = PartnershipDraft(
        code=code, name=f"Partner {code}", tier_id=tier_id, max_open_claims=NO_CAP, max_claims_per_day=NO_CAP
    )
    partnership_id = create_partnership(actor=head, draft=draft)
    germany = TerritoryRule(mode=TerritoryMode.INCLUDE, country="DE")
    add_territory_rule(actor=head, partnership_id=partnership_id, rule=germany)
    for line_id in line_ids:
        authorise_partnership(actor=head, partnership_id=partnership_id, product_line_id=line_id)
    with transaction() as session:
        partner_id = session.get_one(Partnership, partnership_id).partner_id
    return partnership_id, _join(partner_id, Role.PARTNER_ADMIN, f"{code.lower()}@partners.example")


def _name_people(head: Viewer, partnership_id: int, person: Viewer, *, backup_id: int) -> None:
    """Who is alerted at the partner and at the manufacturer, and who is asked in its place."""
    with transaction() as session:
        row = session.get_one(Partnership, partnership_id)
        before, version = draft_of_partnership(row, session.get_one(Organisation, row.partner_id)), row.version
    draft = replace(
        before, sales_manager_id=person.user_id, channel_manager_id=head.user_id, backup_partnership_id=backup_id
    )
    change_partnership(actor=head, partnership_id=partnership_id, version=version, draft=draft)


def _push_without_a_board(head: Viewer) -> None:
    """A plan whose board is not for valves, so that a lead for those begins with the push."""
    with transaction() as session:
        row = session.query(DistributionPlan).filter_by(manufacturer_id=head.organisation_id, is_current=True).one()
        before, version = draft_of_plan(row), row.version
    boards = frozenset({BOARD_LINE, CLAIM_LINE})
    lines = tuple(
        replace(line, condition=replace(line.condition, products=boards)) if line.kind is RoundKind.BOARD else line
        for line in before.rounds.rounds
    )
    save_plan(actor=head, version=version, draft=replace(before, rounds=replace(before.rounds, rounds=lines)))
