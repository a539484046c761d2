"""A manufacturer's own routing rules: keeping them, and doing what they say when something happens to a lead."""

from app.services.routing_rules.editing import KeptRule, change_rule, create_rule, move_rule, remove_rule
from app.services.routing_rules.following import follow_rules, note_change, note_changes, prepare_by_rules

__all__ = [
    "KeptRule",
    "change_rule",
    "create_rule",
    "follow_rules",
    "move_rule",
    "note_change",
    "note_changes",
    "prepare_by_rules",
    "remove_rule",
]
