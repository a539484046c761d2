"""What account routing looks at: the lead's account with its owners, team and deals, and the company's past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.account_routing.facts import (
    AccountFacts,
    Ancestor,
    EarlierLead,
    OpenDeal,
    Owner,
    PartnerCompany,
    RouteFacts,
    TeamMember,
)
from app.domain.accounts import AccountFlag, OpportunityState
from app.domain.intake.domains import is_disposable, is_free_mail
from app.domain.leads import LeadState
from app.domain.money import Money
from app.domain.owners import standing_owner, standing_partnership
from app.domain.partners import PartnershipStatus
from app.models import (
    Account,
    AccountProductLine,
    AccountTeamMember,
    Assignment,
    Lead,
    LeadProductLine,
    ManufacturerSettings,
    Opportunity,
    Organisation,
    Partnership,
    ProductLine,
)
from app.queries.owners import partnership_standing, people_standing


def route_facts(session: Session, lead: Lead, *, now: datetime, zone: str, account_id: int | None = None) -> RouteFacts:
    """Gather what the levels ask about a lead, whose account is set already; or as if it were `account_id`'s."""
    settings = session.get_one(ManufacturerSettings, lead.manufacturer_id)
    row = _account_in_use(session, lead.account_id if account_id is None else account_id)
    account = _account_facts(session, row, zone) if row is not None else None
    earlier = _earlier_lead(session, lead, row.id if row is not None else None, zone)
    stand_ins, resting = _who_stands(session, lead.manufacturer_id, _owners(account, earlier))
    return RouteFacts(
        today=now.astimezone(ZoneInfo(zone)).date(),
        account=account,
        partner_company=_partner_company(session, lead),
        earlier_lead=earlier,
        # They are compared with what the account bought and what its deals are about.
        products=_products_of(session, lead) if account is not None else frozenset(),
        department=lead.department,
        is_executive=lead.is_hot,
        sales_vp_id=settings.sales_vp_id,
        customer_success_id=settings.customer_success_id,
        win_back_id=settings.win_back_id,
        churned_months=settings.churned_months,
        contract_threshold=Money(settings.contract_threshold_cents, settings.default_currency),
        is_competitor_disqualified=settings.is_competitor_disqualified,
        stand_ins=stand_ins,
        resting=resting,
    )


def _account_in_use(session: Session, account_id: int | None) -> Account | None:
    """The account, the one it was merged into, or none when it has ended otherwise."""
    asked: set[int] = set()
    while account_id is not None and account_id not in asked:
        asked.add(account_id)
        account = session.get_one(Account, account_id)
        if account.ended_at is None:
            return account
        account_id = account.merged_into_id
    return None


def account_route_facts(session: Session, account_id: int, *, now: datetime, zone: str) -> RouteFacts:
    """What the levels would ask about a lead of an account, whatever product it asks for."""
    row = session.get_one(Account, account_id)
    settings = session.get_one(ManufacturerSettings, row.manufacturer_id)
    account = _account_facts(session, row, zone)
    stand_ins, resting = _who_stands(session, row.manufacturer_id, _owners(account, None))
    return RouteFacts(
        today=now.astimezone(ZoneInfo(zone)).date(),
        account=account,
        churned_months=settings.churned_months,
        contract_threshold=Money(settings.contract_threshold_cents, settings.default_currency),
        is_competitor_disqualified=settings.is_competitor_disqualified,
        stand_ins=stand_ins,
        resting=resting,
    )


def _account_facts(session: Session, row: Account, zone: str) -> AccountFacts:
    has_contract = row.contract_cents is not None and row.contract_currency is not None
    return AccountFacts(
        name=row.name,
        status=row.status,
        flags=frozenset(map(AccountFlag, row.flags)),
        partner=_owner(row.owner_partnership_id, None),
        seller=_owner(None, row.owner_user_id),
        listed_owner=_owner(row.listed_owner_partnership_id, row.listed_owner_user_id),
        listed_from=row.listed_from,
        listed_until=row.listed_until,
        keeps_own_owner=row.keeps_own_owner,
        ancestors=_ancestors(session, row),
        contract=Money(row.contract_cents or 0, row.contract_currency or "") if has_contract else None,
        health=row.health,
        has_open_ticket=row.has_open_ticket,
        is_enterprise=row.is_enterprise,
        bought=_bought(session, row.id),
        churned_on=row.churned_on,
        team=_team(session, row.id),
        deals=_deals(session, row.id, zone),
    )


def _ancestors(session: Session, account: Account) -> tuple[Ancestor, ...]:
    """The companies above, nearest first; a circle ends where it begins."""
    columns = (Account.id, Account.parent_id)
    row = select(*columns).where(Account.id == account.parent_id).cte("row", recursive=True)
    row = row.union(select(*columns).join(row, Account.id == row.c.parent_id))
    above = {one.id: one for one in session.scalars(select(Account).where(Account.id.in_(select(row.c.id))))}
    found: list[Ancestor] = []
    here = account.parent_id
    while here is not None and here in above:
        parent = above.pop(here)
        own = _owner(parent.owner_partnership_id, None) or _owner(None, parent.owner_user_id)
        is_sellers = AccountFlag.DIRECT_SOURCED in parent.flags and parent.owner_user_id is not None
        owner = _owner(None, parent.owner_user_id) if is_sellers else own
        if parent.ended_at is None:
            found.append(Ancestor(name=parent.name, owner=owner))
        here = parent.parent_id
    return tuple(found)


def _bought(session: Session, account_id: int) -> frozenset[str]:
    codes = select(ProductLine.code).join(AccountProductLine, AccountProductLine.product_line_id == ProductLine.id)
    return frozenset(session.scalars(codes.where(AccountProductLine.account_id == account_id)))


def _team(session: Session, account_id: int) -> tuple[TeamMember, ...]:
    rows = session.execute(
        select(AccountTeamMember.user_id, AccountTeamMember.role, AccountTeamMember.department, ProductLine.code)
        .outerjoin(ProductLine, ProductLine.id == AccountTeamMember.product_line_id)
        .where(AccountTeamMember.account_id == account_id)
        .order_by(AccountTeamMember.id)
    )
    return tuple(TeamMember(user_id, role, department, code or "") for user_id, role, department, code in rows)


def _deals(session: Session, account_id: int, zone: str) -> tuple[OpenDeal, ...]:
    rows = session.execute(
        select(Opportunity.owner_partnership_id, Opportunity.owner_user_id, Opportunity.opened_at, ProductLine.code)
        .outerjoin(ProductLine, ProductLine.id == Opportunity.product_line_id)
        .where(Opportunity.account_id == account_id, Opportunity.state == OpportunityState.OPEN)
        .order_by(Opportunity.opened_at, Opportunity.id)
    )
    return tuple(
        OpenDeal(owner=owner, opened_on=_day(opened_at, zone), product=code or "")
        for partnership_id, user_id, opened_at, code in rows
        if (owner := _owner(partnership_id, user_id)) is not None
    )


def _earlier_lead(session: Session, lead: Lead, account_id: int | None, zone: str) -> EarlierLead | None:
    """The company's latest lost lead that somebody worked: by its account, else by its own domain."""
    same = []
    if account_id is not None:
        same.append(Lead.account_id == account_id)
    domain = lead.company_domain
    if domain and not is_free_mail(domain) and not is_disposable(domain):
        same.append(and_(Lead.company_domain == domain, Lead.account_id.is_(None)))
    if not same:
        return None
    row = session.execute(
        select(Lead, Assignment.partnership_id, Assignment.user_id)
        .join(Assignment, Assignment.lead_id == Lead.id)
        .where(Lead.manufacturer_id == lead.manufacturer_id, Lead.id != lead.id, Lead.state == LeadState.LOST)
        .where(or_(*same), Lead.closed_at.is_not(None))
        .order_by(Lead.closed_at.desc(), Assignment.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    earlier, partnership_id, user_id = row
    closed_at = earlier.closed_at or earlier.received_at
    owner = _owner(partnership_id, user_id if partnership_id is None else None)
    if owner is None:
        return None
    return EarlierLead(reference=earlier.reference, owner=owner, closed_on=_day(closed_at, zone))


def _partner_company(session: Session, lead: Lead) -> PartnerCompany | None:
    """The partner whose own domain the lead writes from."""
    if not lead.company_domain or is_free_mail(lead.company_domain):
        return None
    row = session.execute(
        select(Partnership.name, Partnership.channel_manager_id)
        .join(Organisation, Organisation.id == Partnership.partner_id)
        .where(
            Partnership.manufacturer_id == lead.manufacturer_id,
            Partnership.status != PartnershipStatus.ENDED,
            Organisation.domain == lead.company_domain,
        )
        .limit(1)
    ).one_or_none()
    return PartnerCompany(name=row.name, channel_manager_id=row.channel_manager_id) if row is not None else None


def _products_of(session: Session, lead: Lead) -> frozenset[str]:
    codes = select(ProductLine.code).join(LeadProductLine, LeadProductLine.product_line_id == ProductLine.id)
    return frozenset(session.scalars(codes.where(LeadProductLine.lead_id == lead.id)))


def _owners(account: AccountFacts | None, earlier: EarlierLead | None) -> list[Owner]:
    """Everybody a level may answer with."""
    owners = [earlier.owner] if earlier is not None else []
    if account is not None:
        entered = (account.partner, account.seller, account.listed_owner, *(one.owner for one in account.ancestors))
        owners += [owner for owner in entered if owner is not None]
        owners += [deal.owner for deal in account.deals]
        owners += [Owner(user_id=member.user_id) for member in account.team]
    return owners


def _who_stands(
    session: Session, manufacturer_id: int, owners: Iterable[Owner]
) -> tuple[dict[Owner, Owner | None], dict[Owner, PartnershipStatus]]:
    """Who stands in for each owner who is gone; and those partners that only take no part at present."""
    owners = set(owners)
    people = people_standing(session, manufacturer_id, {one.user_id for one in owners if one.user_id is not None})
    ids = {one.partnership_id for one in owners if one.partnership_id is not None}
    partnerships = partnership_standing(session, ids)
    found: dict[Owner, Owner | None] = {}
    for owner in owners:
        if owner.user_id is not None:
            standing = _owner(None, standing_owner(owner.user_id, people))
        else:
            standing = _owner(standing_partnership(owner.partnership_id, partnerships), None)
        if standing != owner:
            found[owner] = standing
    resting: dict[Owner, PartnershipStatus] = {
        Owner(partnership_id=one): status
        for one in ids & partnerships.keys()
        if (status := partnerships[one].status) not in (PartnershipStatus.ACTIVE, PartnershipStatus.ENDED, None)
    }
    return found, resting


def _owner(partnership_id: int | None, user_id: int | None) -> Owner | None:
    if partnership_id is not None:
        return Owner(partnership_id=partnership_id)
    return Owner(user_id=user_id) if user_id is not None else None


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
