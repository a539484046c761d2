"""Each kind of event as one sentence about an actor, a partner and a person; what else there is to say: `details`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.audit import EventKind
from app.domain.cockpit import ActivityKind
from app.domain.phrases import N_, Phrase
from app.queries.audit.names import AN_ACCOUNT

_SENTENCES = {
    EventKind.LEAD_RECEIVED: N_("The lead was received."),
    EventKind.LEAD_TOUCHED: N_("The same person asked again."),
    EventKind.LEAD_SCORED: N_("The lead was scored."),
    EventKind.LEAD_CORRECTED: N_("%(actor)s corrected the lead."),
    EventKind.LEAD_HELD_FOR_NURTURE: N_("The lead was held for nurture."),
    EventKind.LEAD_RELEASED: N_("The lead was released."),
    EventKind.LEAD_SENT_TO_REVIEW: N_("The lead was put before a person."),
    EventKind.LEAD_REVIEWED: N_("%(actor)s reviewed the lead."),
    EventKind.LEAD_ROUTED: N_("It was decided who may see the lead."),
    EventKind.LEAD_SET_BY_RULE: N_("A routing rule changed the lead."),
    EventKind.LEAD_MATCHED: N_("The lead was matched with %(account)s."),
    EventKind.LEAD_LINKED: N_("%(actor)s linked the lead to %(account)s."),
    EventKind.LEAD_UNLINKED: N_("%(actor)s took the link to %(account)s off the lead."),
    EventKind.REVIEW_UNDONE: N_("%(actor)s took back what had been decided about the lead."),
    EventKind.HIGH_ACTIVITY: N_("Several leads of one company came in within a short time."),
    EventKind.LEAD_ASSIGNED: N_("%(partner)s works the lead now."),
    EventKind.LEAD_REVEALED: N_("The contact data was shown to %(actor)s."),
    EventKind.LEAD_RETURNED: N_("%(actor)s returned the lead."),
    EventKind.LEAD_RETURN_UNDONE: N_("%(actor)s took the return of the lead back."),
    EventKind.LEAD_RE_ROUTED: N_("The lead was taken back from %(partner)s and offered anew."),
    EventKind.LEAD_PLAN_RESUMED: N_("%(actor)s let the lead's plan go on."),
    EventKind.LEADS_REASSIGN_BEGUN: N_("%(actor)s began to move several leads by hand."),
    EventKind.LEADS_REASSIGNED: N_("%(actor)s moved several leads by hand."),
    EventKind.LEAD_STALLED: N_("Nothing has been logged on the lead for long."),
    EventKind.LEAD_NURTURE_TOUCH: N_("It was time to keep in touch with the prospect."),
    EventKind.LEAD_ESCALATED: N_("The lead was escalated: nobody has acted in time."),
    EventKind.LEAD_WON: N_("%(actor)s closed the lead as won."),
    EventKind.LEAD_LOST: N_("%(actor)s closed the lead as lost."),
    EventKind.LEAD_DISQUALIFIED: N_("%(actor)s disqualified the lead."),
    EventKind.LEAD_WITHDRAWN: N_("%(actor)s withdrew the lead."),
    EventKind.LEAD_ERASED: N_("The prospect's data was erased."),
    EventKind.ROUND_OPENED: N_("A round was opened."),
    EventKind.ROUND_CLOSED: N_("The round was closed."),
    EventKind.OFFER_MADE: N_("The lead was offered to %(partner)s."),
    EventKind.OFFER_SEEN: N_("%(partner)s saw the offer."),
    EventKind.OFFER_CLAIMED: N_("%(actor)s claimed the lead for %(partner)s."),
    EventKind.OFFER_ACCEPTED: N_("%(actor)s accepted the lead for %(partner)s."),
    EventKind.OFFER_DECLINED: N_("%(actor)s declined the lead for %(partner)s."),
    EventKind.OFFER_EXPIRED: N_("The offer to %(partner)s expired unanswered."),
    EventKind.OFFER_WITHDRAWN: N_("The offer to %(partner)s was withdrawn."),
    EventKind.CLAIM_REFUSED: N_("A claim by %(actor)s was refused."),
    EventKind.ACTIVITY_LOGGED: N_("%(actor)s logged a contact."),
    EventKind.STAGE_CHANGED: N_("%(actor)s moved the stage."),
    EventKind.FORECAST_CHANGED: N_("%(actor)s changed the forecast."),
    EventKind.FOLLOW_UP_CHANGED: N_("%(actor)s changed the follow-up."),
    EventKind.FOLLOW_UP_PASSED: N_("The follow-up date passed."),
    EventKind.CONTACT_OVERDUE: N_("The time to contact the prospect ran out."),
    EventKind.QUALIFICATION_CHANGED: N_("%(actor)s changed what is known of the contact and the deal."),
    EventKind.CONSENT_GIVEN: N_("The prospect gave consent."),
    EventKind.CONSENT_WITHDRAWN: N_("The prospect withdrew consent."),
    EventKind.IP_ADDRESSES_FORGOTTEN: N_("IP addresses were forgotten, as their time was up."),
    EventKind.INTAKE_IMPORTED: N_("%(actor)s imported a file of leads."),
    EventKind.INTAKE_QUARANTINED: N_("A row could not be read and waits in quarantine."),
    EventKind.INTAKE_RELEASED: N_("%(actor)s released a row from quarantine."),
    EventKind.FORM_CHANGED: N_("%(actor)s changed a web form."),
    EventKind.MANUFACTURER_CREATED: N_("The manufacturer was set up."),
    EventKind.PARTNER_CREATED: N_("%(actor)s added a partner."),
    EventKind.PARTNER_CHANGED: N_("%(actor)s changed a partner."),
    EventKind.PARTNERSHIP_CREATED: N_("%(actor)s began the partnership with %(partner)s."),
    EventKind.PARTNERSHIP_CHANGED: N_("%(actor)s changed the partnership with %(partner)s."),
    EventKind.PARTNERSHIP_PAUSED: N_("%(actor)s paused the partnership with %(partner)s."),
    EventKind.PARTNERSHIP_SUSPENDED: N_("%(actor)s suspended the partnership with %(partner)s."),
    EventKind.PARTNERSHIP_RESUMED: N_("%(actor)s resumed the partnership with %(partner)s."),
    EventKind.PARTNERSHIP_ENDED: N_("%(actor)s ended the partnership with %(partner)s."),
    EventKind.PARTNER_LEADS_MOVED: N_("The leads that %(partner)s worked went to others."),
    EventKind.TIER_CHANGED: N_("%(actor)s changed the tiers."),
    EventKind.PRODUCT_LINE_CREATED: N_("%(actor)s added a product line."),
    EventKind.PRODUCT_LINE_CHANGED: N_("%(actor)s changed a product line."),
    EventKind.PRODUCT_LINE_ENDED: N_("%(actor)s ended a product line."),
    EventKind.TERRITORY_CREATED: N_("%(actor)s added a territory of %(partner)s."),
    EventKind.TERRITORY_CHANGED: N_("%(actor)s changed a territory of %(partner)s."),
    EventKind.TERRITORY_ENDED: N_("%(actor)s ended a territory of %(partner)s."),
    EventKind.AUTHORISATION_CREATED: N_("%(actor)s authorised %(partner)s for a product line."),
    EventKind.AUTHORISATION_ENDED: N_("%(actor)s ended an authorisation of %(partner)s."),
    EventKind.CERTIFICATION_CREATED: N_("%(actor)s added a certification of %(partner)s."),
    EventKind.CERTIFICATION_CHANGED: N_("%(actor)s changed a certification of %(partner)s."),
    EventKind.CERTIFICATION_ENDED: N_("%(actor)s ended a certification of %(partner)s."),
    EventKind.RESPONSE_WARNED: N_("%(partner)s was warned: its response score fell."),
    EventKind.CLAIMS_SUSPENDED: N_("The claims of %(partner)s were suspended."),
    EventKind.SUSPENSION_LIFTED: N_("%(actor)s let %(partner)s claim again."),
    EventKind.TERRITORY_REVIEW_OPENED: N_("The territory of %(partner)s was put before a person."),
    EventKind.TERRITORY_REVIEW_DECIDED: N_("%(actor)s decided about the territory of %(partner)s."),
    EventKind.ACCOUNT_CREATED: N_("%(actor)s added %(account)s."),
    EventKind.ACCOUNT_CHANGED: N_("%(actor)s changed %(account)s."),
    EventKind.ACCOUNT_MERGED: N_("%(actor)s merged another account into %(account)s."),
    EventKind.ACCOUNT_SPLIT: N_("%(actor)s split %(account)s in two."),
    EventKind.ACCOUNT_CHANGE_UNDONE: N_("%(actor)s took back a change of %(account)s."),
    EventKind.ABSENCE_CHANGED: N_("%(actor)s said when %(person)s is away."),
    EventKind.CALENDAR_CHANGED: N_("%(actor)s changed the working time."),
    EventKind.ACCOUNTS_REASSIGNED: N_("%(actor)s gave accounts another owner."),
    EventKind.LEADS_LINKED: N_("%(actor)s linked several leads to %(account)s."),
    EventKind.OPPORTUNITY_CREATED: N_("%(actor)s added an opportunity with %(account)s."),
    EventKind.OPPORTUNITY_CHANGED: N_("%(actor)s changed an opportunity with %(account)s."),
    EventKind.LEADS_REMATCHED: N_("The leads were matched with the accounts again."),
    EventKind.NETWORK_IMPORTED: N_("%(actor)s imported the partner network."),
    EventKind.VISIBILITY_RECOMPUTED: N_("After a change it was decided anew which leads %(partner)s may see."),
    EventKind.PLAN_CHANGED: N_("%(actor)s changed the distribution plan."),
    EventKind.ROUTING_RULE_CHANGED: N_("%(actor)s changed the routing rules."),
    EventKind.SETTINGS_CHANGED: N_("%(actor)s changed the settings."),
    EventKind.USER_CREATED: N_("%(person)s was created as a user."),
    EventKind.USER_INVITED: N_("%(actor)s invited %(person)s."),
    EventKind.USER_JOINED: N_("%(actor)s joined."),
    EventKind.USER_ROLE_CHANGED: N_("%(actor)s changed the role of %(person)s."),
    EventKind.USER_CHANGED: N_("%(actor)s changed what is known of %(person)s."),
    EventKind.USER_DISABLED: N_("%(actor)s disabled the access of %(person)s."),
    EventKind.USER_ENABLED: N_("%(actor)s enabled the access of %(person)s again."),
    EventKind.LOGGED_IN: N_("%(actor)s logged in."),
    EventKind.LOGIN_FAILED: N_("A log-in of %(person)s failed."),
    EventKind.LOGIN_THROTTLED: N_("Log-ins of %(person)s were slowed down after too many failures."),
    EventKind.LOGGED_OUT: N_("%(actor)s logged out."),
    EventKind.SESSION_ENDED: N_("%(actor)s ended a session."),
    EventKind.PASSWORD_RESET_ASKED: N_("A new password was asked for %(person)s."),
    EventKind.PASSWORD_CHANGED: N_("%(actor)s changed the password."),
    EventKind.API_KEY_CREATED: N_("%(actor)s created an API key."),
    EventKind.API_KEY_REVOKED: N_("%(actor)s revoked an API key."),
    EventKind.ACCESS_REFUSED: N_("%(actor)s was refused access."),
    EventKind.DATA_EXPORTED: N_("%(actor)s exported data."),
}
_ACTIVITY_SENTENCES = {
    ActivityKind.CALL: N_("%(actor)s called"),
    ActivityKind.EMAIL: N_("%(actor)s wrote an e-mail"),
    ActivityKind.MEETING: N_("%(actor)s met the prospect"),
    ActivityKind.VISIT: N_("%(actor)s visited the prospect"),
    ActivityKind.MESSAGE: N_("%(actor)s sent a message"),
    ActivityKind.QUOTE: N_("%(actor)s sent a quote"),
    ActivityKind.NOTE: N_("%(actor)s noted"),
}
_FEATURES = {
    "lead": N_("Leads"),
    "round": N_("Rounds"),
    "offer": N_("Offers"),
    "claim": N_("Claims"),
    "activity": N_("Contacts"),
    "cockpit": N_("Cockpit"),
    "consent": N_("Consent"),
    "privacy": N_("Privacy"),
    "intake": N_("Intake"),
    "network": N_("Partner network"),
    "settings": N_("Settings"),
    "identity": N_("People"),
    "security": N_("Security"),
}
Data = Mapping[str, Any]


def features() -> dict[str, Phrase]:
    """The features of the trail's filter, by their key."""
    return {key: Phrase(label) for key, label in _FEATURES.items()}


def sentence(
    kind: EventKind, data: Data, *, actor: object, partner: object, person: object, account: object = AN_ACCOUNT
) -> Phrase:
    """What happened, as one sentence; a kind nobody wrote a sentence for is still told."""
    values: dict[str, object] = {"actor": actor, "partner": partner, "person": person, "account": account}
    if kind is EventKind.ACTIVITY_LOGGED and (template := _activity_sentence(data)):
        return Phrase(template, values)
    template = _SENTENCES.get(kind)
    if kind is EventKind.ABSENCE_CHANGED and "user_id" not in data:
        template = N_("%(actor)s said when %(partner)s is away.")
    if template is None:
        return Phrase(N_("%(actor)s: %(kind)s"), {"actor": actor, "kind": kind.value})
    return Phrase(template, values)


def _activity_sentence(data: Data) -> str | None:
    kind = data.get("kind")
    return _ACTIVITY_SENTENCES.get(ActivityKind(kind)) if kind in list(ActivityKind) else None
