"""The names behind the ids of some events, looked up when they are read, as far as the viewer may know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from app.database import db
from app.domain.identity import OrganisationKind, Viewer
from app.domain.phrases import N_, Phrase
from app.models import Event, Organisation, Partnership, User


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in the trail, with its organisation."""

    name: str
    organisation_id: int
    organisation: str
    kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who for one viewer. A partner never reads another partner's name, nor its people's."""

    viewer: Viewer
    people: dict[int, Person] = field(default_factory=dict)
    partners: dict[int, tuple[int, str]] = field(default_factory=dict)

    def actor(self, event: Event) -> Phrase:
        """Who acted: a person with its organisation, the clock, or nobody that may be named."""
        if event.actor_user_id is None:
            return Phrase(N_("Pullboard"))
        person = self.people.get(event.actor_user_id)
        if person is None:
            return Phrase(N_("A person who is gone"))
        if not self._may_know(person.organisation_id, person.kind):
            return Phrase(N_("An earlier partner"))
        return Phrase("%(name)s (%(organisation)s)", {"name": person.name, "organisation": person.organisation})

    def partner(self, event: Event) -> Phrase:
        """Which partner the event is about."""
        found = self.partners.get(event.partnership_id) if event.partnership_id else None
        if found is None:
            return self.actor(event) if event.partnership_id is None else Phrase(N_("a partner"))
        partner_id, name = found
        if not self._may_know(partner_id, OrganisationKind.PARTNER):
            return Phrase(N_("An earlier partner"))
        return Phrase("%(name)s", {"name": name})

    def is_stranger(self, organisation_id: int | None, kind: OrganisationKind = OrganisationKind.PARTNER) -> bool:
        """Whether what this organisation wrote stays unread: another partner's own words."""
        return organisation_id is None or not self._may_know(organisation_id, kind)

    def _may_know(self, organisation_id: int, kind: OrganisationKind) -> bool:
        if self.viewer.is_manufacturer or organisation_id == self.viewer.organisation_id:
            return True
        return kind is OrganisationKind.MANUFACTURER


def names_in(events: Iterable[Event], viewer: Viewer) -> Names:
    """The people and partners that `events` speak of, in two statements."""
    user_ids = {event.actor_user_id for event in events if event.actor_user_id}
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
    )
