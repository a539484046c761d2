"""What the trail knows of a changed plan or routing rule: each part from old to new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.lead_conditions import joined
from app.domain.phrases import N_, Phrase

Data = Mapping[str, Any]


def plan_changed(data: Data) -> list[Phrase]:
    """Each part of the plan from old to new."""
    told = [Phrase(N_("%(field)s: %(value)s"), {"field": Phrase(N_("Version")), "value": data["version"]})]
    if data.get("again"):
        told.append(Phrase(N_("Version %(version)s again"), {"version": data["again"]}))
    if data.get("note"):
        told.append(Phrase("“%(text)s”", {"text": data["note"]}))
    return told + _differences(data)


def rule_changed(data: Data) -> list[Phrase]:
    """Which rule, what was done to it, and each part from old to new."""
    return [
        Phrase(N_("%(field)s: %(value)s"), {"field": data["name"], "value": Phrase.from_json(data["what"])}),
        *[Phrase.from_json(said) for said in data.get("says", ())],
        *_differences(data),
    ]


def set_by_rule(data: Data) -> list[Phrase]:
    """Which rule changed a lead, and each field from old to new."""
    return [Phrase("“%(text)s”", {"text": data["rule"]}), *_differences(data)]


def _differences(data: Data) -> list[Phrase]:
    told = []
    for part in data["differences"]:
        old, new = (
            joined([Phrase.from_json(phrase) for phrase in part[side]], "%(first)s %(next)s")
            for side in ("before", "after")
        )
        told.append(
            Phrase(
                N_("%(field)s: %(old)s → %(new)s"), {"field": Phrase.from_json(part["part"]), "old": old, "new": new}
            )
        )
    return told
