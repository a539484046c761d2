"""The words of the API: small values that several answers share."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.money import Money

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _refuse_control_characters(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "This text holds characters that cannot be kept.")
    return text


def moment_text(at: datetime) -> str:
    """A moment as the API writes it: ISO 8601, UTC, with Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_none(value: object) -> bool:
    return value is None


T = TypeVar("T")

Moment = Annotated[
    datetime,
    PlainSerializer(moment_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-02T09:30:00.000Z"]}),
]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(_refuse_control_characters)
]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_refuse_control_characters)
]
Shown = Annotated[T | None, Field(exclude_if=_is_none)]
"""A field that is there when it may be shown and is known, and absent otherwise: hidden is never null."""


class Input(BaseModel):
    """What a program sends: a field nobody knows is refused, so that a slip of the pen is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class Amount(BaseModel):
    """Money: a decimal text and an ISO 4217 code."""

    amount: str = Field(pattern=r"^\d{1,12}(\.\d{1,2})?$", examples=["38000.00"])
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])

    @classmethod
    def of(cls, money: Money | None) -> Amount | None:
        """The amount as the API writes it."""
        if money is None:
            return None
        sign = "-" if money.cents < 0 else ""
        return cls.model_construct(
            amount=f"{sign}{abs(money.cents) // 100}.{abs(money.cents) % 100:02}", currency=money.currency
        )


class Named(BaseModel):
    """An organisation or a product line, by id and name."""

    id: int
    name: str


class Cursor(Input):
    """Where a page begins and how long it is."""

    cursor: Line = Field("", description="`next_cursor` of the page before; leave out for the first page.")


def example_of(**values: Any) -> ConfigDict:
    """A model's configuration with one example for the document."""
    return cast("ConfigDict", {"openapi_extra": {"example": values}})
