"""The levels of account routing, one function each, in one table: the first that answers wins (domain.md §5, P-07)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.account_routing.facts import AccountFacts, Owner, RouteFacts, shares_product
from app.domain.account_routing.owners import account_owner, customer_owner
from app.domain.account_routing.telling import Informed, people_to_inform
from app.domain.accounts import AccountFlag, AccountLevel, AccountStatus, TeamRole
from app.domain.labels import label_of
from app.domain.leads import ReviewReason
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase


class Destination(StrEnum):
    """Where an account's lead goes."""

    OWNER = "owner"
    REVIEW = "review"
    DISQUALIFIED = "disqualified"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRoute:
    """Whose lead it is, by which level, and why. `reviewer_id` is who a review is best left to."""

    level: AccountLevel
    destination: Destination
    reasons: tuple[Phrase, ...]
    owner: Owner | None = None
    review_reason: ReviewReason | None = None
    reviewer_id: int | None = None
    informed: tuple[Informed, ...] = ()


OWNER_GONE = Phrase(N_("The owner is no longer there and has no successor: the plan decides."))
OWNER_RESTS = Phrase(N_("The owner takes no part at present (%(standing)s), and nobody stands in: the plan decides."))
"""What a route says where the relationship is known and nobody keeps it at present."""


def decide_account_route(facts: RouteFacts) -> AccountRoute:
    """Decide whose lead it is before any plan is looked at: an existing relationship comes first (P-01).

    Levels 0 to 8 are asked in their order and the first that answers ends the evaluation. A level whose owner is gone
    and has no successor and no manager answers with the plan: the relationship is known, but nobody keeps it.
    """
    route = next(filter(None, (level(facts) for level in LEVELS)))
    if route.destination is not Destination.OWNER or route.owner is None:
        return route
    standing = facts.standing(route.owner)
    if standing is None:
        why = _why_nobody(facts.resting.get(route.owner))
        return replace(route, destination=Destination.PLAN, owner=None, reasons=(*route.reasons, why))
    if standing != route.owner:
        instead = _who_instead(facts.resting.get(route.owner))
        route = replace(route, owner=standing, reasons=(*route.reasons, instead))
    return replace(route, informed=people_to_inform(facts, route.level, standing))


def _why_nobody(status: PartnershipStatus | None) -> Phrase:
    """Whether the owner has gone for good, or only takes no part for now."""
    return OWNER_GONE if status is None else replace(OWNER_RESTS, values={"standing": label_of(status)})


def _who_instead(status: PartnershipStatus | None) -> Phrase:
    if status is None:
        return Phrase(N_("The owner is no longer there: its successor or manager stands in."))
    told = N_("The owner takes no part at present (%(standing)s): its successor stands in.")
    return Phrase(told, {"standing": label_of(status)})


def _competitor(facts: RouteFacts) -> AccountRoute | None:
    """Level 0: a competitor never reaches a seller by itself (P-32)."""
    if facts.account is None or facts.account.status is not AccountStatus.COMPETITOR:
        return None
    if facts.is_competitor_disqualified:
        return AccountRoute(
            level=AccountLevel.COMPETITOR,
            destination=Destination.DISQUALIFIED,
            reasons=(Phrase(N_("The company is a competitor, and leads of competitors are disqualified.")),),
        )
    return AccountRoute(
        level=AccountLevel.COMPETITOR,
        destination=Destination.REVIEW,
        review_reason=ReviewReason.COMPETITOR,
        reasons=(Phrase(N_("The company is a competitor.")),),
    )


def _partner_company(facts: RouteFacts) -> AccountRoute | None:
    """Level 1: a partner that asks for itself is its channel manager's (P-33)."""
    is_marked = facts.account is not None and facts.account.status is AccountStatus.PARTNER
    if facts.partner_company is None and not is_marked:
        return None
    partner = facts.partner_company
    return AccountRoute(
        level=AccountLevel.PARTNER_COMPANY,
        destination=Destination.REVIEW,
        review_reason=ReviewReason.PARTNER_COMPANY,
        reviewer_id=partner.channel_manager_id if partner else None,
        reasons=(Phrase(N_("The company is itself a partner: its channel manager decides.")),),
    )


def _strategic(facts: RouteFacts) -> AccountRoute | None:
    """Level 2: a strategic account comes before every other relationship (P-21).

    Where its team has somebody for sales development, that person qualifies the lead before the owner has it (P-25); an
    executive goes to the owner at once.
    """
    why = Phrase(N_("A strategic account."))
    route = _listed(facts, AccountFlag.STRATEGIC, AccountLevel.STRATEGIC, why)
    first = facts.account.members(TeamRole.SALES_DEVELOPMENT) if facts.account else ()
    if route is None or route.destination is not Destination.OWNER or not first or facts.is_executive:
        return route
    qualified = Phrase(N_("Sales development qualifies the lead before its owner takes it over."))
    return _to_owner(AccountLevel.STRATEGIC, Owner(user_id=first[0]), why, qualified)


def _named(facts: RouteFacts) -> AccountRoute | None:
    """Level 3: a named account is its named owner's, customer or not yet (P-20, P-22)."""
    return _listed(facts, AccountFlag.NAMED, AccountLevel.NAMED, Phrase(N_("A named account.")))


def _listed(facts: RouteFacts, flag: AccountFlag, level: AccountLevel, why: Phrase) -> AccountRoute | None:
    account = facts.account
    if account is None or not account.is_listed(flag, facts.today):
        return None
    if account.listed_owner is not None:
        return _to_owner(level, account.listed_owner, why)
    return _to_account_owner(account, level, why)


def _customer(facts: RouteFacts) -> AccountRoute | None:
    """Level 4: a customer's lead stays with the account's owner, wherever it comes from (P-03, P-34 to P-36)."""
    account = facts.account
    if account is None or account.status is not AccountStatus.CUSTOMER:
        return None
    why = Phrase(N_("A customer."))
    if account.partner is None and account.seller is None:
        return _to_account_owner(account, AccountLevel.CUSTOMER, why)
    if conflict := _owner_conflict(account, AccountLevel.CUSTOMER):
        return conflict
    found = customer_owner(facts, account)
    return _to_owner(AccountLevel.CUSTOMER, found.owner, why, found.why)


def _open_opportunity(facts: RouteFacts) -> AccountRoute | None:
    """Level 5: who has an open deal with the company goes on with it (P-04): first a deal for the asked product."""
    deals = facts.account.deals if facts.account else ()
    if not deals:
        return None

    def nearness(place: int) -> tuple[bool, date]:
        deal = deals[place]
        return not (deal.product and deal.product in facts.products), deal.opened_on

    deal = deals[min(range(len(deals)), key=nearness)]
    if shares_product(deal.product, facts.products):
        why = Phrase(N_("A deal with this company is open since %(day)s."), {"day": deal.opened_on})
    else:
        why = Phrase(N_("A deal for another product is open since %(day)s."), {"day": deal.opened_on})
    return _to_owner(AccountLevel.OPEN_OPPORTUNITY, deal.owner, why)


def _earlier_lead(facts: RouteFacts) -> AccountRoute | None:
    """Level 6: who owns a prospect, given by a person or by its first lead (P-19); else who worked its last lost lead.

    An owner that somebody has set counts for more than who worked the company once (P-05).
    """
    account = facts.account
    if account is not None and account.status is AccountStatus.PROSPECT:
        works = Phrase(N_("A company somebody works already."))
        if route := _to_account_owner(account, AccountLevel.EARLIER_LEAD, works):
            return route
    if facts.earlier_lead is not None:
        values = {"reference": facts.earlier_lead.reference, "day": facts.earlier_lead.closed_on}
        why = Phrase(N_("An earlier lead of this company, %(reference)s, was closed on %(day)s."), values)
        return _to_owner(AccountLevel.EARLIER_LEAD, facts.earlier_lead.owner, why)
    return None


def _churned(facts: RouteFacts) -> AccountRoute | None:
    """Level 7: a customer who left a short while ago is its last owner's (P-31), an older one a specialist's if any."""
    account = facts.account
    if account is None or account.status is not AccountStatus.CHURNED or account.churned_on is None:
        return None
    if account.churned_on <= months_before(facts.today, facts.churned_months):
        return _won_back(facts)
    why = Phrase(N_("A customer until %(day)s, less than %(months)s months ago."))
    values = {"day": account.churned_on, "months": facts.churned_months}
    return _to_account_owner(account, AccountLevel.CHURNED_RECENT, replace(why, values=values))


def _won_back(facts: RouteFacts) -> AccountRoute | None:
    """Who left long ago is as good as new, unless the manufacturer has a person for winning such customers back."""
    if facts.win_back_id is None:
        return None
    why = Phrase(N_("A customer who left long ago: the person who wins customers back."))
    return _to_owner(AccountLevel.CHURNED_RECENT, Owner(user_id=facts.win_back_id), why)


def _none(facts: RouteFacts) -> AccountRoute:
    """Level 8: no relationship, or none that anybody keeps."""
    if facts.account is None:
        why = Phrase(N_("No known company: the plan decides."))
    else:
        why = Phrase(N_("A known company that nobody works: the plan decides."))
    return AccountRoute(level=AccountLevel.NONE, destination=Destination.PLAN, reasons=(why,))


LEVELS: tuple[Callable[[RouteFacts], AccountRoute | None], ...] = (
    _competitor,
    _partner_company,
    _strategic,
    _named,
    _customer,
    _open_opportunity,
    _earlier_lead,
    _churned,
    _none,
)
"""The levels 0 to 8 of domain.md §5; the last one always answers."""


def _to_account_owner(account: AccountFacts, level: AccountLevel, why: Phrase) -> AccountRoute | None:
    """To the account's owner, else the nearest owner above it in the tree (P-38, T-16); a conflict goes to a person."""
    if conflict := _owner_conflict(account, level):
        return conflict
    found = account_owner(account)
    return _to_owner(level, found.owner, why, found.why) if found else None


def _owner_conflict(account: AccountFacts, level: AccountLevel) -> AccountRoute | None:
    """A subsidiary whose owner is not its parent's, unless that was set so on purpose: never a rule's to decide."""
    own = account.partner or account.seller
    above = next((ancestor for ancestor in account.ancestors if ancestor.owner is not None), None)
    if own is None or above is None or account.keeps_own_owner:
        return None
    if above.owner in (account.partner, account.seller):
        return None
    why = Phrase(N_("%(account)s and its parent %(parent)s have different owners."))
    return AccountRoute(
        level=level,
        destination=Destination.REVIEW,
        review_reason=ReviewReason.OWNER_CONFLICT,
        reasons=(replace(why, values={"account": account.name, "parent": above.name}),),
    )


def _to_owner(level: AccountLevel, owner: Owner, *reasons: Phrase | None) -> AccountRoute:
    return AccountRoute(level=level, destination=Destination.OWNER, owner=owner, reasons=tuple(filter(None, reasons)))


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
