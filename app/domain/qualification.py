"""Who a contact is in the buying decision, and what is known of the deal (BANT and MEDDIC; P-28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import Invalid, Refused
from app.domain.leads import CLOSED_STATES, LeadState
from app.domain.phrases import N_, Phrase

LONGEST_ANSWER = 500
LONGEST_DEPARTMENT = 200


class ContactRole(StrEnum):
    """The part a contact plays in the prospect's decision."""

    ECONOMIC_BUYER = "economic_buyer"
    DECISION_MAKER = "decision_maker"
    CHAMPION = "champion"
    INFLUENCER = "influencer"
    USER = "user"
    GATEKEEPER = "gatekeeper"


class QualificationField(StrEnum):
    """One thing worth knowing before a deal is forecast: the letters of BANT, then those MEDDIC adds."""

    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"
    METRICS = "metrics"
    DECISION_CRITERIA = "decision_criteria"
    DECISION_PROCESS = "decision_process"
    PAIN = "pain"
    CHAMPION = "champion"
    COMPETITION = "competition"


BANT = (
    QualificationField.BUDGET,
    QualificationField.AUTHORITY,
    QualificationField.NEED,
    QualificationField.TIMING,
)
MEDDIC = tuple(field for field in QualificationField if field not in BANT)


@dataclass(frozen=True, slots=True)
class Qualification:
    """What is known of the contact and the deal, all of it: an empty text is not known."""

    contact_role: ContactRole | None = None
    department: str = ""
    answers: Mapping[QualificationField, str] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Each thing by its name, without blanks around it, as two versions are compared."""
        answers = {one.value: self.answers.get(one, "").strip() for one in QualificationField}
        return {"contact_role": self.contact_role, "department": self.department.strip(), **answers}


def decide_qualification(state: LeadState, known: Qualification) -> dict[str, object]:
    """What is to be kept. Raises `Refused` for a lead that is closed, `Invalid` for a text beyond its length."""
    if state in CLOSED_STATES:
        raise Refused(Phrase(N_("This lead is closed.")), code="closed")
    wanted = known.values()
    longest = {name: LONGEST_DEPARTMENT if name == "department" else LONGEST_ANSWER for name in wanted}
    too_long = {
        name: Phrase(N_("At most %(count)s characters."), {"count": longest[name]})
        for name, text in wanted.items()
        if isinstance(text, str) and len(text) > longest[name]
    }
    if too_long:
        raise Invalid(next(iter(too_long.values())), fields=too_long)
    return wanted
