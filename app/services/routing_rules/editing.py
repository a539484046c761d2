"""Keeping a manufacturer's own routing rules: each change by one person, in the trail, over the newest version."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.database import after_commit, clock_now
from app.domain.audit import EventKind
from app.domain.errors import Invalid
from app.domain.identity import MANUFACTURER_ROLES, Viewer
from app.domain.network.changes import StaleEdit
from app.domain.phrases import N_, Phrase
from app.domain.routing_rules import RoutingRule
from app.domain.rule_actions import ActionNames, RuleActions
from app.models import Partnership, ProductLine, Tier, User
from app.models import RoutingRule as RuleRow
from app.queries.routing_rules import action_names, all_rules, rule_of_row
from app.queries.rule_effects import KnownStanding, RuleEffects, known_standings, rule_effects
from app.services.network.writing import NetworkWriting, network_writing, ring_for_recheck
from app.services.network_order import take_network
from app.services.owed_rechecks import owe_for_rules

ADDED, CHANGED, MOVED, REMOVED = N_("added"), N_("changed"), N_("moved"), N_("removed")
_CAUSES = {
    ADDED: N_("The routing rule “%(rule)s” was added."),
    CHANGED: N_("The routing rule “%(rule)s” was changed."),
    MOVED: N_("The routing rule “%(rule)s” was moved."),
    REMOVED: N_("The routing rule “%(rule)s” was removed."),
}
"""What a lead's decision says of a change that it follows from."""


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule as it was kept, and what the change does to open leads."""

    id: int
    effects: RuleEffects


Known = Mapping[uuid.UUID, KnownStanding]


@contextmanager
def _rules_writing(actor: Viewer) -> Iterator[tuple[NetworkWriting, Known]]:
    """One transaction on the actor's rules, and how open leads stand to them.

    Whoever routes a lead reads the rules under the network, so it is taken before anything is written. Routing and
    claiming wait from then on: what takes long with many leads is read before.
    """
    with network_writing(actor) as writing:
        known = known_standings(writing.session, writing.manufacturer_id)
        take_network(writing.session, writing.manufacturer_id)
        yield writing, known


def create_rule(*, actor: Viewer, rule: RoutingRule) -> KeptRule:
    """Add a rule, to be asked after all others. Open leads are offered anew by it within seconds."""
    with _rules_writing(actor) as (writing, known):
        _check(writing, rule)
        before = all_rules(writing.session, writing.manufacturer_id)
        last = select(func.max(RuleRow.position)).where(RuleRow.manufacturer_id == writing.manufacturer_id)
        row = RuleRow(
            manufacturer_id=writing.manufacturer_id,
            position=(writing.session.scalar(last) or 0) + 1,
            **_columns(rule),
        )
        writing.session.add(row)
        writing.session.flush()
        _note(writing, row, ADDED, rule)
        return KeptRule(row.id, _follow(writing, known, row, ADDED, before, [*before, rule_of_row(row)]))


def change_rule(*, actor: Viewer, rule_id: int, version: int, rule: RoutingRule) -> KeptRule:
    """Change a rule. `StaleEdit` when `version` is not the newest; the same again changes nothing."""
    with _rules_writing(actor) as (writing, known):
        row = writing.find(RuleRow, rule_id, locked=True)
        _check(writing, rule)
        rules = all_rules(writing.session, writing.manufacturer_id)
        before = rule_of_row(row)
        if before == rule:
            return KeptRule(rule_id, RuleEffects())
        if row.version != version:
            raise StaleEdit(theirs=before, yours=rule, version=row.version)
        for name, value in _columns(rule).items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = clock_now()
        writing.session.flush()
        _note(writing, row, CHANGED, before, rule)
        after = [rule_of_row(row) if one.id == rule_id else one for one in rules]
        return KeptRule(rule_id, _follow(writing, known, row, CHANGED, rules, after))


def move_rule(*, actor: Viewer, rule_id: int, up: bool) -> KeptRule:
    """Have a rule asked one place earlier or later; at the end of the list it stays where it is."""
    with _rules_writing(actor) as (writing, known):
        row = writing.find(RuleRow, rule_id, locked=True)
        others = select(RuleRow).where(RuleRow.manufacturer_id == writing.manufacturer_id)
        in_order = others.order_by(RuleRow.position, RuleRow.id)
        rows = list(writing.session.scalars(in_order.with_for_update()))
        before = list(map(rule_of_row, rows))
        place = rows.index(row) + (-1 if up else 1)
        if not 0 <= place < len(rows):
            return KeptRule(rule_id, RuleEffects())
        rows.remove(row)
        rows.insert(place, row)
        for position, one in enumerate(rows, 1):
            one.position = position
        _note(writing, row, MOVED, rule_of_row(row))
        return KeptRule(rule_id, _follow(writing, known, row, MOVED, before, list(map(rule_of_row, rows))))


def remove_rule(*, actor: Viewer, rule_id: int) -> KeptRule:
    """Remove a rule; decisions that were made by it keep its name and what it said."""
    with _rules_writing(actor) as (writing, known):
        row = writing.find(RuleRow, rule_id, locked=True)
        before = all_rules(writing.session, writing.manufacturer_id)
        effects = _follow(writing, known, row, REMOVED, before, [one for one in before if one.id != rule_id])
        _note(writing, row, REMOVED, rule_of_row(row))
        writing.session.delete(row)
        return KeptRule(rule_id, effects)


def _follow(
    writing: NetworkWriting,
    known: Known,
    row: RuleRow,
    done: str,
    before: Sequence[RoutingRule],
    after: Sequence[RoutingRule],
) -> RuleEffects:
    """Have every lead of which the rules say another thing now looked at anew, in the same transaction.

    Whoever loses an offer is in doubt at once, so that nobody sees a lead any more that a rule denies it; who may have
    one more has nothing to lose and waits for the look.
    """
    effects = rule_effects(writing.session, writing.manufacturer_id, before, after, known=known)
    writing.doubt_eligibility(effects.losing_ids)
    if effects.changed_ids:
        why = Phrase(_CAUSES[done], {"rule": row.name})
        owe_for_rules(writing.session, writing.manufacturer_id, effects.changed_ids, why)
        after_commit(writing.session, ring_for_recheck)
    return effects


def _columns(rule: RoutingRule) -> dict[str, object]:
    return {
        "name": rule.name.strip(),
        "trigger": rule.trigger.value,
        "conditions": rule.conditions.to_json(),
        "actions": rule.actions.to_json(),
        "is_active": rule.is_active,
    }


def _check(writing: NetworkWriting, rule: RoutingRule) -> None:
    """Raise `Invalid` where the rule makes no sense, or names what is not the manufacturer's own."""
    rule.check()
    actions, own = rule.actions, writing.manufacturer_id
    partner, there = Partnership.manufacturer_id == own, User.disabled_at.is_(None) & User.role.in_(MANUFACTURER_ROLES)
    wanted: tuple[tuple[str, Collection[object], Any, Any, Phrase], ...] = (
        ("only_ids", actions.only_ids, Partnership.id, partner, _PARTNERS),
        ("excluded_ids", actions.excluded_ids, Partnership.id, partner, _PARTNERS),
        ("preferred_ids", actions.preferred_ids, Partnership.id, partner, _PARTNERS),
        ("notified_ids", actions.notified_ids, User.id, (User.organisation_id == own) & there, _PEOPLE),
        ("min_tier", _named(actions.min_tier), Tier.code, Tier.manufacturer_id == own, _TIER),
        ("product", _named(actions.product), ProductLine.code, ProductLine.manufacturer_id == own, _PRODUCT),
    )
    for field, keys, column, is_own, reason in wanted:
        known = set(writing.session.scalars(select(column).where(is_own, column.in_(keys)))) if keys else set()
        if not known.issuperset(keys):
            raise Invalid(reason, fields={field: reason})
    _check_tiers(writing, actions)


def _check_tiers(writing: NetworkWriting, actions: RuleActions) -> None:
    """Raise `Invalid` where none of the partners that alone may have a lead has the tier the rule asks for."""
    if not actions.only_ids or not actions.min_tier:
        return
    lowest = select(Tier.rank).where(Tier.manufacturer_id == writing.manufacturer_id, Tier.code == actions.min_tier)
    high_enough = (
        select(Partnership.id)
        .join(Tier, Tier.id == Partnership.tier_id)
        .where(Partnership.id.in_(actions.only_ids), Tier.rank >= lowest.scalar_subquery())
    )
    if writing.session.scalar(high_enough.limit(1)) is None:
        raise Invalid(_TOO_LOW, fields={"min_tier": _TOO_LOW})


_PARTNERS = Phrase(N_("Choose partners of your own."))
_PEOPLE = Phrase(N_("Choose colleagues who can sign in."))
_TIER = Phrase(N_("Choose one of your tiers."))
_TOO_LOW = Phrase(N_("None of the partners that may have it is in this tier: nobody would be left."))
_PRODUCT = Phrase(N_("Choose one of your product lines."))


def _named(code: str | None) -> set[str]:
    return {code} if code else set()


def _note(writing: NetworkWriting, row: RuleRow, done: str, *versions: RoutingRule) -> None:
    """Write what was done into the trail."""
    names = action_names(writing.session, writing.manufacturer_id, versions)
    before, after = (_said(rule, names) for rule in (versions[0], versions[-1]))
    differences = [
        {"part": Phrase(part).to_json(), "before": [before[part].to_json()], "after": [after[part].to_json()]}
        for part in before
        if done == CHANGED and before[part] != after[part]
    ]
    writing.record(
        EventKind.ROUTING_RULE_CHANGED,
        name=row.name,
        what=Phrase(done).to_json(),
        rule_id=row.id,
        says=[after[part].to_json() for part in _TELLING] if done in (ADDED, REMOVED) else [],
        differences=differences,
    )


_TELLING = ("When", "Conditions", "Actions")
"""The parts of a rule that are told when it is added or removed."""


def _said(rule: RoutingRule, names: ActionNames) -> dict[str, Phrase]:
    """Each part of a rule in words."""
    return {
        N_("Name"): Phrase("%(name)s", {"name": rule.name}),
        N_("When"): rule.when,
        N_("Conditions"): rule.conditions.phrase,
        N_("Actions"): rule.actions.phrase(names),
        N_("In force"): Phrase(N_("yes") if rule.is_active else N_("no")),
    }
