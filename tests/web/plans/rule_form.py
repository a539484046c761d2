"""The form of a routing rule as a browser sends it."""

from __future__ import annotations

from typing import Any

FORM: dict[str, Any] = {
    "name": "Medical",
    "is_active": "y",
    "trigger": "received",
    "junction": "all",
    "destination": "plan",
    "min_tier": "",
    "product": "",
    "score": "",
    "version": 0,
    **{f"if_field_{row}": "" for row in range(1, 7)},
    **{f"if_operator_{row}": "is" for row in range(1, 7)},
    **{f"if_value_{row}": "" for row in range(1, 7)},
    "if_field_1": "industry",
    "if_operator_1": "contains",
    "if_value_1": "medical",
    "if_field_4": "country",
    "if_value_4": "DE, AT",
    "makes_hot": "y",
}
