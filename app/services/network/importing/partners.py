"""partners.csv: partners and their partnerships by code; never linked with a partner of another manufacturer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.domain.errors import Invalid
from app.domain.network.drafts import ORGANISATION_FIELDS, PartnershipDraft
from app.domain.network.files import StatedRow
from app.domain.phrases import N_, Phrase
from app.models import Organisation, Partnership
from app.queries.network.drafts import draft_of_partnership
from app.services.network.importing.lookup import tier_coded, tier_ids
from app.services.network.importing.outcome import RowOutcome
from app.services.network.partnerships import add_partnership, check_opens_again_with, write_partnership
from app.services.network.writing import NetworkWriting
from app.services.network_order import take_network


@dataclass(slots=True)
class _Known:
    """A partnership that is there already; `is_shared` when other manufacturers work with the partner too."""

    partnership: Partnership
    organisation: Organisation
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """A row's partner as it is wanted; the backup is known by code alone until every partner is there."""

    known: _Known | None
    draft: PartnershipDraft
    backup: str | None


class PartnerImport:
    """Creates one organisation and one partnership per new code, and changes those whose code is known.

    What describes a partner that other manufacturers share is left as the partner keeps it.
    """

    def __init__(self, writing: NetworkWriting, rows: Sequence[StatedRow]) -> None:
        self._writing = writing
        self._known = _known_partners(writing)
        self._tiers = tier_ids(writing)
        self._codes = self._known.keys() | {row.key[0] for row in rows}

    def resolve(self, row: StatedRow) -> Resolved:
        """The partner as the row wants it."""
        stated: dict[str, Any] = dict(row.fields)
        backup = stated.pop("backup", None)
        if backup and (backup not in self._codes or backup == stated["code"]):
            raise Invalid(Phrase(N_("“%(code)s” cannot be the backup."), {"code": backup}))
        tier = stated.pop("tier", None)
        known = self._known.get(stated["code"])
        if tier:
            stated["tier_id"] = tier_coded(self._tiers, tier)
        draft = _merged(known, stated, next(iter(self._tiers.values()), 0))
        draft.check()
        if known is not None:
            check_opens_again_with(draft, known.organisation)
        return Resolved(known, draft, backup)

    def write(self, resolved: Sequence[Resolved]) -> list[RowOutcome]:
        """Create the new ones first, so that every backup is there when it is named."""
        ids = {code: known.partnership.id for code, known in self._known.items()}
        added = {item.draft.code: add_partnership(self._writing, item.draft) for item in resolved if item.known is None}
        ids |= {code: partnership.id for code, partnership in added.items()}
        return [self._write(item, added, ids) for item in resolved]

    def _write(self, item: Resolved, added: Mapping[str, Partnership], ids: Mapping[str, int]) -> RowOutcome:
        draft = item.draft
        if item.backup is not None:
            draft = replace(draft, backup_partnership_id=ids[item.backup] if item.backup else None)
        if item.known is not None:
            partnership, organisation = item.known.partnership, item.known.organisation
        else:
            partnership = added[draft.code]
            organisation = self._writing.session.get_one(Organisation, partnership.partner_id)
        has_changed = write_partnership(self._writing, partnership, organisation, draft)
        return RowOutcome.of(is_new=item.known is None, has_changed=has_changed)


def _merged(known: _Known | None, stated: dict[str, Any], lowest_tier_id: int) -> PartnershipDraft:
    if known is None:
        return PartnershipDraft(**{"tier_id": lowest_tier_id} | stated)
    if known.is_shared:
        stated = {name: value for name, value in stated.items() if name not in ORGANISATION_FIELDS}
    return replace(draft_of_partnership(known.partnership, known.organisation), **stated)


def _known_partners(writing: NetworkWriting) -> dict[str, _Known]:
    """The partners there are, locked; the network comes before them, as for every change of a partnership.

    Their organisations too: the head of one may be changing its hours.
    """
    take_network(writing.session, writing.manufacturer_id)
    other = aliased(Partnership)
    shared = exists().where(
        other.partner_id == Partnership.partner_id, other.manufacturer_id != writing.manufacturer_id
    )
    rows = (
        select(Partnership, Organisation, shared)
        .join(Organisation, Organisation.id == Partnership.partner_id)
        .where(Partnership.manufacturer_id == writing.manufacturer_id)
        .order_by(Partnership.id, Organisation.id)
        .with_for_update(of=(Partnership, Organisation), key_share=True)
    )
    found = writing.session.execute(rows)
    return {one.code: _Known(one, organisation, is_shared) for one, organisation, is_shared in found}
