"""A partner's standing: its company and its partnership are written together, and ended but never deleted."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date

from anyascii import anyascii
from sqlalchemy import func, select

from app.database import clock_now
from app.domain.account_routing.facts import Owner
from app.domain.audit import EventKind
from app.domain.calendars import check_opens_again
from app.domain.departures import RESTING, LeadsChoice, check_leads_choice, leads_go
from app.domain.errors import Invalid, Refused
from app.domain.identity import OrganisationKind, Role, Viewer
from app.domain.network.changes import StaleEdit, changes_between
from app.domain.network.drafts import FIELDS_OF_ELIGIBILITY, ORGANISATION_FIELDS, PartnershipDraft
from app.domain.owners import LEFT
from app.domain.partners import PartnershipStatus
from app.domain.phrases import N_, Phrase
from app.models import Organisation, Partnership, Tier, User
from app.queries.belongings import OF_PARTNERSHIP, count_belongings
from app.queries.holdings import count_worked
from app.queries.manufacturers import working_calendar
from app.queries.network.drafts import OWN_FIELDS, draft_of_partnership, version_of_partnership
from app.services.network.departing import begin_departure, stop_departure
from app.services.network.standing import note_standing, tell_standing
from app.services.network.writing import NetworkWriting, network_writing
from app.services.owners.handing_on import hand_on_partnership
from app.services.owners.holding import lock_belongings_of_partnership

_END_ON_ITS_PAGE = N_("%(name)s owns accounts: end the partnership on its page, and choose who takes them over.")
_NAME_A_SUCCESSOR = N_("%(name)s owns accounts: choose the partner that gets their leads meanwhile.")


def create_partnership(*, actor: Viewer, draft: PartnershipDraft) -> int:
    """Take a partner into the programme: its organisation and its partnership; returns the partnership's id.

    Nobody is invited by this. `Invalid` when the code is taken or a field cannot stand.
    """
    with network_writing(actor) as writing:
        _check(writing, draft)
        return add_partnership(writing, draft).id


def change_partnership(
    *,
    actor: Viewer,
    partnership_id: int,
    version: int,
    draft: PartnershipDraft,
    leads: LeadsChoice | None = None,
    reason: str = "",
) -> None:
    """Change what is known of a partner and its standing. `StaleEdit` when `version` is not the newest.

    What belongs to the partner's own organisation is refused once another manufacturer works with it too. Who pauses or
    suspends a partner that works leads says with `leads` whether they stay with it; `Invalid` at that field otherwise.
    `reason` is why its standing changes; it stays with the manufacturer.
    """
    with network_writing(actor) as writing:
        held = hold_partner(writing, partnership_id)
        partnership, organisation = held.partnership, held.organisation
        _check(writing, draft, partnership)
        check_opens_again_with(draft, organisation)
        held.refuse_edit_of_older(version, draft)
        changes = changes_between(held.draft, draft)
        if changes.touches(ORGANISATION_FIELDS) and is_shared(writing, organisation.id):
            raise Refused(
                Phrase(N_("Another manufacturer works with this partner too: only the partner changes its own data.")),
                code="shared_partner",
                remedy=Phrase(N_("Leave country, postal code, language, time zone, hours and domain as they are.")),
            )
        if draft.status is not partnership.status:
            works_now = count_worked(writing.session, partnership.id)
            check_leads_choice(draft.status, leads, name=partnership.name, works_now=works_now)
        write_partnership(writing, partnership, organisation, draft, leads=leads, reason=reason)


def move_leads(*, actor: Viewer, partnership_id: int) -> None:
    """Let the leads go to others that a paused or suspended partner was left with; `Refused` while it takes part.

    A second call changes nothing.
    """
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        if partnership.status not in RESTING:
            raise Refused(
                Phrase(N_("%(name)s takes part in the programme: its leads stay with it."), {"name": partnership.name}),
                code="partner_takes_part",
                remedy=Phrase(N_("Pause or suspend the partner first.")),
            )
        begin_departure(writing.session, partnership, actor=actor)


def end_partnership(*, actor: Viewer, partnership_id: int, version: int, successor: Owner | None = None) -> None:
    """End a partnership: it is offered nothing more, its open offers go with the recheck, its accounts to `successor`.

    `Invalid` when it owns accounts or open deals and nobody takes them. Leads it works go on one after another as soon
    as this is committed: to the successor, else to its backup, else through their plan. A second call changes nothing.
    """
    with network_writing(actor) as writing:
        belongings = lock_belongings_of_partnership(
            writing.session, writing.manufacturer_id, partnership_id, successor.partnership_id if successor else None
        )
        held = hold_partner(writing, partnership_id)
        ended = replace(held.draft, status=PartnershipStatus.ENDED)
        held.refuse_edit_of_older(version, ended)
        if held.draft == ended:
            return
        hand_on_partnership(writing.session, held.partnership, belongings, successor, actor=actor)
        follower = held.partnership.successor_partnership_id
        ended = replace(ended, successor_partnership_id=follower)
        write_partnership(writing, held.partnership, held.organisation, ended, successor=successor)


def add_partnership(writing: NetworkWriting, draft: PartnershipDraft) -> Partnership:
    """New rows for a checked draft, with their event, inside the caller's transaction."""
    organisation = Organisation(
        kind=OrganisationKind.PARTNER,
        name=draft.name,
        slug=_slug(draft.name),
        **{name: getattr(draft, name) for name in ORGANISATION_FIELDS},
    )
    writing.session.add(organisation)
    writing.session.flush()
    partnership = Partnership(
        manufacturer_id=writing.manufacturer_id,
        partner_id=organisation.id,
        **{name: getattr(draft, name) for name in OWN_FIELDS},
    )
    if draft.status is PartnershipStatus.ENDED:
        partnership.ended_at = clock_now()
    writing.session.add(partnership)
    writing.session.flush()
    writing.doubt_eligibility([partnership.id])
    writing.record(EventKind.PARTNERSHIP_CREATED, partnership_id=partnership.id, after=draft)
    return partnership


def write_partnership(
    writing: NetworkWriting,
    partnership: Partnership,
    organisation: Organisation,
    draft: PartnershipDraft,
    *,
    leads: LeadsChoice | None = None,
    successor: Owner | None = None,
    reason: str = "",
) -> bool:
    """Bring rows to a checked draft inside the caller's transaction; False when they are so already.

    Of a partner that takes part no more `leads` says what becomes of those it works, `successor` who takes them over,
    `reason` why; its people are told of every change of its standing.
    """
    changes = changes_between(draft_of_partnership(partnership, organisation), draft)
    if not changes:
        return False
    _check_somebody_follows(writing, partnership, draft)
    for name, value in changes.after.items():
        setattr(organisation if name in ORGANISATION_FIELDS else partnership, name, value)
    partnership.version += 1
    if changes.touches(ORGANISATION_FIELDS):
        organisation.version += 1
    if changes.touches(FIELDS_OF_ELIGIBILITY):
        writing.doubt_eligibility([partnership.id])
    has_new_standing = changes.touches(frozenset({"status"}))
    kind = note_standing(partnership) if has_new_standing else EventKind.PARTNERSHIP_CHANGED
    writing.record(kind, changes, partnership_id=partnership.id, reason=reason.strip())
    if has_new_standing:
        tell_standing(writing.session, partnership, do_leads_go=leads_go(partnership.status, leads))
        _see_to_leads(writing, partnership, leads, successor)
    return True


def check_opens_again_with(draft: PartnershipDraft, organisation: Organisation) -> None:
    """`Invalid` at the hours where these, with the days the partner has closed, come to a year without work."""
    if not organisation.closed_on:
        return
    place = (draft.country, draft.subdivision)
    calendar = working_calendar(draft.time_zone, draft.working_hours, *place, tuple(organisation.closed_on))
    check_opens_again(calendar, map(date.fromisoformat, organisation.closed_on), field="working_hours")


def is_shared(writing: NetworkWriting, organisation_id: int) -> bool:
    """Whether other manufacturers work with the partner too."""
    others = select(func.count()).select_from(Partnership)
    others = others.where(
        Partnership.partner_id == organisation_id, Partnership.manufacturer_id != writing.manufacturer_id
    )
    return bool(writing.session.scalar(others))


@dataclass(frozen=True, slots=True)
class HeldPartner:
    """A partner's two rows, locked, and how they stand."""

    partnership: Partnership
    organisation: Organisation
    draft: PartnershipDraft
    version: int

    def refuse_edit_of_older(self, version: int, wanted: PartnershipDraft) -> None:
        """Raise `StaleEdit` when an edit that changes something began from another version than this."""
        if version != self.version and wanted != self.draft:
            raise StaleEdit(theirs=self.draft, yours=wanted, version=self.version)


def hold_partner(writing: NetworkWriting, partnership_id: int) -> HeldPartner:
    """A partner as it is now; its organisation is locked behind the partnership: a head may be changing its hours."""
    partnership = writing.find(Partnership, partnership_id, locked=True)
    organisation = writing.session.get_one(
        Organisation, partnership.partner_id, with_for_update={"key_share": True}, populate_existing=True
    )
    draft = draft_of_partnership(partnership, organisation)
    return HeldPartner(partnership, organisation, draft, version_of_partnership(partnership, organisation))


def _check_somebody_follows(writing: NetworkWriting, partnership: Partnership, draft: PartnershipDraft) -> None:
    """Who owns accounts cannot be suspended without a successor for their leads, nor ended without a new owner."""
    if draft.status not in LEFT or draft.status is partnership.status:
        return
    if draft.status is PartnershipStatus.SUSPENDED and draft.successor_partnership_id is not None:
        return
    if not count_belongings(writing.session, OF_PARTNERSHIP, partnership.id):
        return
    told = _END_ON_ITS_PAGE if draft.status is PartnershipStatus.ENDED else _NAME_A_SUCCESSOR
    reason = Phrase(told, {"name": partnership.name})
    raise Invalid(reason, fields={"successor_partnership_id": reason})


def _see_to_leads(
    writing: NetworkWriting, partnership: Partnership, chosen: LeadsChoice | None, successor: Owner | None
) -> None:
    """Owe the handing on of what nobody else has of a partner that rests, with what it works unless it keeps that."""
    if partnership.status not in RESTING:
        stop_departure(writing.session, partnership)
        return
    keeps_work = not leads_go(partnership.status, chosen)
    begin_departure(writing.session, partnership, successor=successor, actor=writing.actor, keeps_work=keeps_work)


def _check(writing: NetworkWriting, draft: PartnershipDraft, partnership: Partnership | None = None) -> None:
    draft.check()
    writing.refuse_taken_code(Partnership, draft.code, but_id=partnership.id if partnership else None)
    writing.find(Tier, draft.tier_id)
    if draft.backup_partnership_id is not None:
        writing.find(Partnership, draft.backup_partnership_id)
        if partnership is not None and draft.backup_partnership_id == partnership.id:
            reason = Phrase(N_("A partner cannot be its own backup."))
            raise Invalid(reason, fields={"backup_partnership_id": reason})
    if draft.successor_partnership_id is not None:
        writing.find(Partnership, draft.successor_partnership_id)
        if partnership is not None and draft.successor_partnership_id == partnership.id:
            reason = Phrase(N_("A partner cannot be its own successor."))
            raise Invalid(reason, fields={"successor_partnership_id": reason})
    _check_person(
        writing, "channel_manager_id", draft.channel_manager_id, writing.manufacturer_id, Role.CHANNEL_MANAGER
    )
    partner_id = partnership.partner_id if partnership else None
    _check_person(writing, "sales_manager_id", draft.sales_manager_id, partner_id, Role.PARTNER_ADMIN)


def _check_person(
    writing: NetworkWriting, name: str, user_id: int | None, organisation_id: int | None, role: Role
) -> None:
    """Whoever is alerted must be of the right side and able to sign in, and cannot leave before this is committed."""
    if user_id is None:
        return
    lock = {"read": True, "of": User}
    user = writing.session.get(User, user_id, with_for_update=lock, populate_existing=True)
    roles = (role, Role.ADMIN)
    if user is None or user.organisation_id != organisation_id or user.disabled_at or user.role not in roles:
        reason = Phrase(N_("Choose one of the people listed."))
        raise Invalid(reason, fields={name: reason})


def _slug(name: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:40]
    return f"{readable or 'partner'}-{secrets.token_hex(4)}"
