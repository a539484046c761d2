"""Where a partnership may sell: one line of its territory at a time."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.changes import changes_between
from app.domain.network.drafts import check_territory_rule
from app.domain.phrases import N_, Phrase
from app.domain.territories import TerritoryMode, TerritoryRule
from app.models import Partnership
from app.models import TerritoryRule as RuleRow
from app.queries.network.drafts import PLACE_FIELDS, rule_of
from app.services.network.writing import NetworkWriting, network_writing


def add_territory_rule(*, actor: Viewer, partnership_id: int, rule: TerritoryRule) -> int:
    """Add a line to a partnership's territory; returns its id. `Invalid` when it has a line for that place already."""
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        _check(writing, partnership.id, rule)
        return insert_rule(writing, partnership.id, rule).id


def change_territory_rule(*, actor: Viewer, partnership_id: int, rule_id: int, rule: TerritoryRule) -> None:
    """Change one line of a partnership's territory."""
    with network_writing(actor) as writing:
        row = _find_rule(writing, partnership_id, rule_id)
        _check(writing, row.partnership_id, rule, but_id=row.id)
        write_rule(writing, row, rule)


def end_territory_rule(*, actor: Viewer, partnership_id: int, rule_id: int) -> None:
    """Take a line out of a partnership's territory; the trail keeps it. NotFound when it is gone already."""
    with network_writing(actor) as writing:
        row = _find_rule(writing, partnership_id, rule_id)
        writing.session.delete(row)
        writing.doubt_eligibility([row.partnership_id])
        ended = rule_of(row)
        writing.record(EventKind.TERRITORY_ENDED, partnership_id=row.partnership_id, rule_id=row.id, before=ended)


def insert_rule(writing: NetworkWriting, partnership_id: int, rule: TerritoryRule) -> RuleRow:
    """A new row for a checked line, with its event, inside the caller's transaction."""
    row = RuleRow(
        partnership_id=partnership_id,
        manufacturer_id=writing.manufacturer_id,
        is_exclude=rule.mode is TerritoryMode.EXCLUDE,
        **{name: getattr(rule, name) for name in PLACE_FIELDS},
    )
    writing.session.add(row)
    writing.session.flush()
    writing.doubt_eligibility([partnership_id])
    writing.record(EventKind.TERRITORY_CREATED, partnership_id=partnership_id, rule_id=row.id, after=rule)
    return row


def write_rule(writing: NetworkWriting, row: RuleRow, rule: TerritoryRule) -> bool:
    """Bring a row to a checked line inside the caller's transaction; False when it is so already."""
    changes = changes_between(rule_of(row), rule)
    if not changes:
        return False
    row.is_exclude = rule.mode is TerritoryMode.EXCLUDE
    for name in PLACE_FIELDS:
        setattr(row, name, getattr(rule, name))
    writing.doubt_eligibility([row.partnership_id])
    writing.record(EventKind.TERRITORY_CHANGED, changes, partnership_id=row.partnership_id, rule_id=row.id)
    return True


def _find_rule(writing: NetworkWriting, partnership_id: int, rule_id: int) -> RuleRow:
    partnership = writing.find(Partnership, partnership_id, locked=True)
    row = writing.find(RuleRow, rule_id, locked=True)
    if row.partnership_id != partnership.id:
        raise NotFound
    return row


def _check(writing: NetworkWriting, partnership_id: int, rule: TerritoryRule, *, but_id: int | None = None) -> None:
    check_territory_rule(rule)
    places = (getattr(RuleRow, name).is_not_distinct_from(getattr(rule, name)) for name in PLACE_FIELDS)
    same = select(RuleRow.id).where(
        RuleRow.partnership_id == partnership_id, RuleRow.id.is_distinct_from(but_id), *places
    )
    if writing.session.scalar(same.limit(1)) is not None:
        reason = Phrase(N_("There is a line for %(territory)s already."), {"territory": str(rule)})
        raise Invalid(reason, fields={"country": reason})
