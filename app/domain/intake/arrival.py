"""What arrived: its cells as received, what the way in knows beside them, and what tells one row from another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.domain.intake.fields import LeadField
from app.domain.leads import SourceKind

_FIELD_NAMES = frozenset(field.value for field in LeadField)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the way in knows beside the cells; a cell's own word goes before it.

    `suspicion` is why a submission may not come from a person (the reason it is rejected or kept back); `corrections`
    are cells a person of the manufacturer wrote over the received ones, which stay as they came.
    """

    source_kind: SourceKind = SourceKind.OTHER
    source_name: str = ""
    campaign: str = ""
    country: str = ""
    language: str = ""
    currency: str = ""
    wording_id: int | None = None
    proof: str = ""
    ip_address: str = ""
    is_spam: bool = False
    suspicion: str = ""
    corrections: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What is stored beside the raw cells; only what is set."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, False, {})}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Arrival:
        """What `to_json` stored."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        if "source_kind" in known:
            known["source_kind"] = SourceKind(known["source_kind"])
        return cls(**known)

    def corrected(self, corrections: Mapping[str, str]) -> Arrival:
        """The same arrival with a person's corrections, the latest word counting; a suspicion is thereby cleared."""
        return replace(self, corrections={**self.corrections, **corrections}, suspicion="")

    def suspect(self, reason: str) -> Arrival:
        """The same arrival under suspicion; `reason` is an English template marked with `N_`."""
        return replace(self, suspicion=reason)


def cells_of(
    raw: Mapping[str, str], arrival: Arrival, mapping: Mapping[str, str] | None = None
) -> dict[LeadField, str]:
    """The cells by field: through the file's mapping (field → header) where there is one, then as corrected."""
    received = (
        {field: raw[header] for field, header in mapping.items() if header in raw} if mapping is not None else raw
    )
    cells = {**received, **arrival.corrections}
    return {LeadField(name): str(cell) for name, cell in cells.items() if name in _FIELD_NAMES}


def fingerprint_of(raw: Mapping[str, str]) -> str:
    """What tells one row of a list from another: equal for equal cells under equal headers, in whatever order."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def headers_hash(headers: tuple[str, ...]) -> str:
    """What tells one shape of list from another, so that its mapping can be remembered."""
    return hashlib.sha256("\n".join(sorted(headers)).encode()).hexdigest()
