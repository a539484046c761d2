"""Writing down the companies of the demo's world, with their teams and deals, by the services a person would use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.database import read_clock, transaction
from app.domain.money import Money
from app.domain.network.account_draft import AccountDraft
from app.models import ManufacturerSettings
from app.queries.network.drafts import draft_of_settings
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.team import Place, add_team_member
from app.services.demo.arrivals import CURRENCIES
from app.services.demo.companies import COMPANIES, Company, Deal
from app.services.demo.network import AGE_OF_NETWORK, World
from app.services.demo.prospects import TOWNS
from app.services.network.accounts import create_account
from app.services.network.settings import change_settings


def know_companies(world: World) -> None:
    """All the companies with what is known of them; a parent stands before its subsidiaries."""
    with transaction() as session:
        today = read_clock(session).date() + AGE_OF_NETWORK
    for number, company in enumerate(COMPANIES, start=1):
        head = world.head_of(company.maker)
        account_id = create_account(actor=head, draft=_draft(world, company, f"A{number:03}", today))
        world.accounts[company.maker, company.name] = account_id
        for name, role in company.team:
            place = Place(user_id=world.people[name].user_id, role=role)
            add_team_member(actor=head, account_id=account_id, place=place)
        if company.deal is not None:
            create_opportunity(actor=head, account_id=account_id, draft=_deal(world, company.maker, company.deal))


def name_who_is_told(world: World) -> None:
    """Acme has said who decides reviews, and who hears of executives' leads and of customers in trouble."""
    head = world.head_of("acme")
    with transaction() as session:
        row = session.get_one(ManufacturerSettings, head.organisation_id)
        before, version = draft_of_settings(row), row.version
    draft = replace(
        before,
        reviewer_id=world.people["ines"].user_id,
        sales_vp_id=world.people["viktor"].user_id,
        customer_success_id=world.people["vera"].user_id,
    )
    change_settings(actor=head, version=version, draft=draft)


def _draft(world: World, company: Company, code: str, today: date) -> AccountDraft:
    town = TOWNS[company.town]
    first, last = company.listed_days or (None, None)
    return AccountDraft(
        code=code,
        name=company.name,
        country=town.country,
        city=town.city,
        aliases=company.aliases,
        kana=company.kana,
        english=company.english,
        domains=company.domains,
        networks=company.networks,
        status=company.status,
        flags=company.flags,
        owner_partnership_id=_partnership(world, company.maker, company.partner),
        owner_user_id=world.people[company.seller].user_id if company.seller else None,
        keeps_own_owner=company.keeps_own_owner,
        listed_from=_day(today, first),
        listed_until=_day(today, last),
        listed_owner_partnership_id=_partnership(world, company.maker, company.listed_for),
        listed_note=company.note,
        contract_cents=company.contract * 100 if company.contract else None,
        contract_currency=CURRENCIES[company.maker] if company.contract else None,
        health=company.health,
        has_open_ticket=company.has_open_ticket,
        is_enterprise=company.is_enterprise,
        churned_on=_day(today, -company.churned_days_ago if company.churned_days_ago else None),
        product_line_ids=tuple(world.lines[company.maker, code] for code in company.bought),
        parent_id=world.accounts[company.maker, company.parent] if company.parent else None,
    )


def _deal(world: World, maker: str, deal: Deal) -> OpportunityDraft:
    return OpportunityDraft(
        name=deal.name,
        owner_partnership_id=world.partnerships[maker, deal.partner],
        product_line_id=world.lines[maker, deal.line],
        amount=Money(deal.worth * 100, CURRENCIES[maker]),
    )


def _partnership(world: World, maker: str, dealer: str) -> int | None:
    return world.partnerships[maker, dealer] if dealer else None


def _day(today: date, days: int | None) -> date | None:
    return today + timedelta(days=days) if days is not None else None
