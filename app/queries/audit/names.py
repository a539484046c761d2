"""The names behind the ids of some events, looked up when they are read, as far as the viewer may know them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from app.database import db
from app.domain.identity import OrganisationKind, Viewer
from app.domain.phrases import N_, Phrase
from app.models import Account, Event, Organisation, Partnership, User

AN_ACCOUNT = Phrase(N_("an account"))


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in the trail, with its organisation."""

    name: str
    organisation_id: int
    organisation: str
    kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who for one viewer. A partner never reads another partner's name, its people's, nor an account's."""

    viewer: Viewer
    people: dict[int, Person] = field(default_factory=dict)
    partners: dict[int, tuple[int, str]] = field(default_factory=dict)
    accounts: dict[int, str] = field(default_factory=dict)

    def said_in(self, event: Event) -> dict[str, Phrase]:
        """The names a sentence about `event` may need: who acted, which partner, person or account it is about."""
        return {
            "actor": self.actor(event),
            "partner": self.partner(event),
            "person": self.person(event),
            "account": self.account(event),
        }

    def actor(self, event: Event) -> Phrase:
        """Who acted: a person with its organisation, or Pullboard itself."""
        return self._named(event.actor_user_id) if event.actor_user_id else Phrase(N_("Pullboard"))

    def person(self, event: Event) -> Phrase:
        """Whom the event is about."""
        user_id = person_id(event)
        return self._named(user_id) if user_id else Phrase(N_("somebody"))

    def _named(self, user_id: int) -> Phrase:
        person = self.people.get(user_id)
        if person is None:
            return Phrase(N_("A person who is gone"))
        if not self._may_know(person.organisation_id, person.kind):
            return Phrase(N_("An earlier partner"))
        return Phrase("%(name)s (%(organisation)s)", {"name": person.name, "organisation": person.organisation})

    def partner(self, event: Event) -> Phrase:
        """Which partner the event is about; a lead that no partner works is a direct seller's."""
        if event.partnership_id is None:
            return self.person(event) if person_id(event) else Phrase(N_("a partner"))
        found = self.partners.get(event.partnership_id)
        if found is None:
            return Phrase(N_("a partner"))
        partner_id, name = found
        if not self._may_know(partner_id, OrganisationKind.PARTNER):
            return Phrase(N_("An earlier partner"))
        return Phrase("%(name)s", {"name": name})

    def account(self, event: Event) -> Phrase:
        """Which account the event is about."""
        name = self.accounts.get(account_id(event) or 0)
        return Phrase("%(name)s", {"name": name}) if name else AN_ACCOUNT

    def is_stranger(self, organisation_id: int | None, kind: OrganisationKind = OrganisationKind.PARTNER) -> bool:
        """Whether what this organisation wrote stays unread: another partner's own words."""
        return organisation_id is None or not self._may_know(organisation_id, kind)

    def _may_know(self, organisation_id: int, kind: OrganisationKind) -> bool:
        if self.viewer.is_manufacturer or organisation_id == self.viewer.organisation_id:
            return True
        return kind is OrganisationKind.MANUFACTURER


def person_id(event: Event) -> int | None:
    """The id of the person an event is about."""
    return _id_in(event, "user_id")


def account_id(event: Event) -> int | None:
    """The id of the account an event is about."""
    return _id_in(event, "account_id")


def names_in(events: Collection[Event], viewer: Viewer) -> Names:
    """The people, partners and, for a manufacturer, accounts that `events` speak of, in three statements."""
    user_ids = {user_id for event in events for user_id in (event.actor_user_id, person_id(event)) if user_id}
    partnership_ids = {event.partnership_id for event in events if event.partnership_id}
    people = db.session.execute(
        select(User.id, User.name, User.organisation_id, Organisation.name, Organisation.kind)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id.in_(user_ids))
    ).all()
    partners = db.session.execute(
        select(Partnership.id, Partnership.partner_id, Partnership.name).where(Partnership.id.in_(partnership_ids))
    ).all()
    return Names(
        viewer,
        {row[0]: Person(*row[1:]) for row in people},
        {row[0]: (row[1], row[2]) for row in partners},
        _accounts_in(events, viewer),
    )


def _accounts_in(events: Collection[Event], viewer: Viewer) -> dict[int, str]:
    account_ids = {account_id(event) for event in events} - {None}
    if not account_ids or not viewer.is_manufacturer:
        return {}
    own = select(Account.id, Account.name).where(
        Account.id.in_(account_ids), Account.manufacturer_id == viewer.organisation_id
    )
    return {row[0]: row[1] for row in db.session.execute(own)}


def _id_in(event: Event, key: str) -> int | None:
    found = event.data.get(key)
    return found if isinstance(found, int) else None
