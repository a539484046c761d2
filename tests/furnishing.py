"""One of everything that a manufacturer, a partner and a person have, made by the services.

The name of a thing is that of the argument which names it in addresses.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import read_clock
from app.domain.accounts import TeamRole
from app.domain.availability import AbsenceKind
from app.domain.board import BoardFilters
from app.domain.bulk_linking import LeadPattern
from app.domain.distribution import AssignmentEnd, DeclineReason
from app.domain.identity import OneTimePurpose, OrganisationKind
from app.domain.intake.arrival import Arrival
from app.domain.leads import LeadState, LostReason, ReviewReason, SourceKind, Stage
from app.domain.network.drafts import AccountDraft
from app.domain.reassigning import Taker
from app.domain.returns import ReturnReason
from app.domain.review import ReviewDecision
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import RuleActions
from app.domain.submissions import Channel
from app.models import (
    AuthSession,
    Certification,
    DistributionPlan,
    Lead,
    Organisation,
    Partnership,
    ProductLine,
    TerritoryReview,
    TerritoryRule,
    Tier,
)
from app.queries.reassigning import preview_reassign
from app.services import intake
from app.services.accounts.merging import merge_accounts
from app.services.accounts.opportunities import OpportunityDraft, create_opportunity
from app.services.accounts.team import Place, add_team_member
from app.services.availability import set_absence
from app.services.claims import claim_offer, decline_offer
from app.services.distribution.reviewing import open_review
from app.services.identity import create_api_key, start_session
from app.services.identity.links import draw_token, make_link
from app.services.intake.import_run import import_file
from app.services.lead_routing import route_lead
from app.services.network.accounts import create_account
from app.services.reassigning import reassign_leads
from app.services.returning import return_lead
from app.services.reviews import decide_review, link_in_bulk
from app.services.routing_rules import create_rule
from app.services.saved_views import save_view
from tests import factories
from tests.boards import offer_to
from tests.cast import Cast

Things = dict[str, Any]
SCOPES = {
    OrganisationKind.MANUFACTURER: ["leads:read", "leads:write"],
    OrganisationKind.PARTNER: ["board", "claim", "leads"],
}
FILE = (
    "company,email,country,postal code,product,consent\nNeumann KG,a@neumann.example,Germany,80331,{code},any\nX,,,,,\n"
)


def furnish_partner(session: Session, cast: Cast, partner: str, person: str, product: ProductLine) -> Things:
    """A lead the partner works, an offer it may claim, and one of each of its standing's lines."""
    partnership = cast.partnerships[partner]
    won = _routed(session, partnership, product, company=f"Won by {partner} GmbH")
    claim_offer(offer_id=offer_to(session, won, partnership).id, actor=cast.viewer(person))
    waiting = _routed(session, partnership, product, company=f"Waiting for {partner} GmbH")
    declined = _routed(session, partnership, product, company=f"Declined by {partner} GmbH")
    declined_offer = offer_to(session, declined, partnership).id
    decline_offer(offer_id=declined_offer, actor=cast.viewer(person), reason=DeclineReason.NO_CAPACITY)
    returned = _routed(session, partnership, product, company=f"Returned by {partner} GmbH")
    claim_offer(offer_id=offer_to(session, returned, partnership).id, actor=cast.viewer(person))
    return_lead(lead_id=returned.id, actor=cast.viewer(person), reason=ReturnReason.SPAM_OR_TEST)
    return {
        "lead_id": won.id,
        "returned_lead_id": returned.id,
        "won_offer_id": offer_to(session, won, partnership).id,
        "offer_id": offer_to(session, waiting, partnership).id,
        "declined_offer_id": declined_offer,
        "partnership_id": partnership.id,
        "rule_id": _first_id(session, TerritoryRule, TerritoryRule.partnership_id == partnership.id),
        "certification_id": _first_id(session, Certification, Certification.partnership_id == partnership.id),
    }


def furnish_house(session: Session, cast: Cast, admin: str, partner: Things, product: ProductLine) -> Things:
    """One of everything a manufacturer keeps."""
    actor = cast.viewer(admin)
    house = cast.people[admin].organisation
    slug = f"contact-{house.id}"
    arrival = Arrival(source_kind=SourceKind.PHONE)
    off = RoutingRule("Off", actions=RuleActions(makes_hot=True), is_active=False)
    return (
        partner
        | {
            "account_id": create_account(actor=actor, draft=AccountDraft(code="A-1", name="Hofmann Präzision GmbH")),
            "product_line_id": product.id,
            "tier_id": _first_id(session, Tier, Tier.manufacturer_id == house.id),
            "routing_rule_id": create_rule(actor=actor, rule=off).id,
            "plan_id": _first_id(session, DistributionPlan, DistributionPlan.manufacturer_id == house.id),
            "unopened_partnership_id": _unopened(session, house, product).id,
            "form_id": intake.create_form(actor=actor, slug=slug, values=intake.FormValues(title="Talk to us")),
            "slug": slug,
            "submission_id": intake.receive_submission(
                manufacturer_id=house.id, channel=Channel.MANUAL, raw={"company": "Unreadable"}, arrival=arrival
            ),
            "import_id": intake.upload_import(
                actor=actor, filename="fair.csv", data=FILE.format(code=product.code).encode()
            ),
            "done_import_id": import_file(
                manufacturer_id=house.id, filename="done.csv", data=FILE.format(code=product.code).encode()
            ),
            "filename": "mark.svg",
        }
        | _other_leads(session, house, product)
        | _account_things(cast, admin, product)
        | _question_things(session, cast, admin, product)
        | {"move_id": _moved(session, cast, admin, product)}
        | {"territory_review_id": _territory_review(session, house, partner["partnership_id"]).id}
    )


def _moved(session: Session, cast: Cast, admin: str, product: ProductLine) -> int:
    """A lead that was moved by hand."""
    actor = cast.viewer(admin)
    lead = factories.lead(session, cast.people[admin].organisation, [product], company="Moved GmbH")
    session.commit()
    shown = preview_reassign(viewer=actor, lead_ids=[lead.id], taker=None)
    seen = {one.id: one.standing.to_text() for one in shown.leads}
    return reassign_leads(leads=seen, taker=Taker(user_id=actor.user_id), actor=actor, reason="Knows them", token="x")


def _territory_review(session: Session, house: Organisation, partnership_id: int) -> TerritoryReview:
    """A partner whose territory is put before a person."""
    figures = {"score": 40, "days": 90, "silent": 12, "asked": 12}
    made = TerritoryReview(manufacturer_id=house.id, partnership_id=partnership_id, figures=figures)
    session.add(made)
    session.commit()
    return made


def _account_things(cast: Cast, admin: str, product: ProductLine) -> Things:
    """What an account has: a deal, a person in its team, and a merge that can be taken back."""
    actor = cast.viewer(admin)
    going, staying = (
        create_account(actor=actor, draft=AccountDraft(code=f"M-{number}", name=f"Merged {number} GmbH"))
        for number in (1, 2)
    )
    deal = OpportunityDraft(owner_user_id=actor.user_id, product_line_id=product.id)
    place = Place(user_id=actor.user_id, role=TeamRole.ACCOUNT_MANAGER)
    return {
        "opportunity_id": create_opportunity(actor=actor, account_id=staying, draft=deal),
        "member_id": add_team_member(actor=actor, account_id=staying, place=place),
        "change_id": merge_accounts(actor=actor, account_id=going, into_id=staying),
    }


def _question_things(session: Session, cast: Cast, admin: str, product: ProductLine) -> Things:
    """A question about a lead, one that is answered, and leads linked by a pattern."""
    actor, house = cast.viewer(admin), cast.people[admin].organisation
    account_id = create_account(actor=actor, draft=AccountDraft(code="Q-1", name="Neumann Werke GmbH"))
    candidate = {"account_id": account_id, "score": 75, "signals": []}
    asked, decided = (
        factories.lead(
            session,
            house,
            [product],
            company=company,
            company_key=company.lower(),
            state=LeadState.IN_REVIEW,
            review_reason=ReviewReason.NEAR_MATCH,
        )
        for company in ("Neuman Werke", "Neumann Werk")
    )
    reviews = [
        open_review(session, lead, ReviewReason.NEAR_MATCH, candidates=[candidate]).id for lead in (asked, decided)
    ]
    factories.lead(session, house, [product], company="Neumann Labs", state=LeadState.NURTURING)
    session.commit()
    decide_review(review_id=reviews[1], decision=ReviewDecision.DISQUALIFIED, actor=actor, note="A test")
    return {
        "review_id": reviews[0],
        "decided_review_id": reviews[1],
        "reviewed_lead_id": asked.id,
        "bulk_link_id": link_in_bulk(
            pattern=LeadPattern("Neumann Labs*"), account_id=account_id, actor=actor
        ).change_id,
    }


def _other_leads(session: Session, house: Organisation, product: ProductLine) -> Things:
    """Leads in the states that no partner sees, and closed ones."""
    states: dict[str, Things] = {
        "nurturing": {"state": LeadState.NURTURING, "score": 10},
        "in_review": {"state": LeadState.IN_REVIEW, "review_reason": ReviewReason.NOBODY_ELIGIBLE},
        "lost": {"state": LeadState.LOST, "stage": Stage.LOST, "lost_reason": LostReason.PRICE},
        "won": {"state": LeadState.WON, "stage": Stage.WON},
    }
    made = {name: factories.lead(session, house, [product], **values) for name, values in states.items()}
    for name in ("lost", "won"):
        partnership = session.scalars(select(Partnership).where(Partnership.manufacturer_id == house.id)).first()
        state = made[name].state
        factories.assignment(
            session, made[name], partnership=partnership, end=AssignmentEnd(name), ended_at=made[name].asked_at
        )
        made[name].state = state
    session.commit()
    return {f"{name}_lead_id": lead.id for name, lead in made.items()}


def furnish_person(session: Session, cast: Cast, name: str, *, colleague: str) -> Things:
    """What only the person has: another browser, a key, a saved view; a colleague, and links mailed to a newcomer."""
    user, actor = cast.people[name], cast.viewer(name)
    start_session(user.id, user_agent="The browser at home")
    newcomer = factories.user(session, user.organisation, user.role, f"new-{name}", joined_at=None)
    links = {"token": (newcomer, OneTimePurpose.INVITATION), "reset_token": (user, OneTimePurpose.PASSWORD_RESET)}
    tokens = {name: draw_token(session, make_link(session, *link)) for name, link in links.items()}
    session.commit()
    scopes = SCOPES[actor.organisation_kind]
    made: Things = {
        "user_id": cast.people[colleague].id,
        "session_id": _first_id(session, AuthSession, AuthSession.user_id == user.id),
        "key_id": create_api_key(name="CRM", scopes=scopes, actor=actor).id,
        "api_key": create_api_key(name="Tests", scopes=scopes, actor=actor).secret,
    }
    later = read_clock(session) + timedelta(days=30)
    made["absence_id"] = set_absence(
        actor=actor, kind=AbsenceKind.PAUSE, user_id=user.id, starts_at=later, ends_at=later + timedelta(days=1)
    )
    if actor.is_partner:
        made["view_id"] = save_view(actor=actor, name="Mine", filters=BoardFilters(hot=True), is_mailed=False)
    return made | tokens


def _routed(session: Session, partnership: Partnership, product: ProductLine, **values: Any) -> Lead:
    """A hot lead (no head starts) that is offered on the board."""
    house = session.get_one(Organisation, partnership.manufacturer_id)
    lead = factories.lead(session, house, [product], is_hot=True, message="Two of them by May.", **values)
    session.commit()
    route_lead(lead_id=lead.id)
    return lead


def _unopened(session: Session, house: Organisation, product: ProductLine) -> Partnership:
    """A partnership with a partner of whom nobody has joined."""
    partner = factories.organisation(session, f"Newcomer{house.id}", OrganisationKind.PARTNER)
    tier = session.scalars(select(Tier).where(Tier.manufacturer_id == house.id).order_by(Tier.rank)).first()
    assert tier
    made = factories.partnership(session, house, partner, tier, products=[product], countries=["AT"])
    session.commit()
    return made


def _first_id(session: Session, model: Any, condition: Any) -> int:
    found = session.scalars(select(model.id).where(condition).order_by(model.id)).first()
    assert found is not None
    return int(found)
