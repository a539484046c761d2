"""What a change of the rules does to open leads, in a sentence or two."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.queries.rule_effects import RuleEffects


def effects_said(effects: RuleEffects) -> str:
    """How many leads are taken from how many partners, and how many may go to more of them; or that none changes."""
    said = []
    if taken := len(effects.taken_ids):
        losing = len(effects.losing_ids)
        partners = ngettext("%(num)s partner", "%(num)s partners", losing)
        said.append(
            ngettext(
                "%(num)s lead that is offered now is taken from %(partners)s within seconds.",
                "%(num)s leads that are offered now are taken from %(partners)s within seconds.",
                taken,
                partners=partners,
            )
        )
    if opened := len(effects.opened_ids):
        said.append(
            ngettext(
                "%(num)s lead may go to more partners than before.",
                "%(num)s leads may go to more partners than before.",
                opened,
            )
        )
    return " ".join(said) or _("No lead that is offered now changes.")
