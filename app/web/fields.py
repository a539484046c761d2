"""Form fields and readers that several features use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from app.domain.account_routing.facts import Owner
from app.domain.errors import Invalid
from app.domain.network.values import read_list, read_subdivision
from app.localisation import phrase_text

Choices = Iterable[tuple[Any, str]]


def reading(read: Callable[[str], object]) -> Callable[[Any], Any]:
    """A field's filter that reads its text as the domain does; what cannot be read stands at the field as its fault."""

    def read_or_tell(text: object) -> object:
        if text is not None and not isinstance(text, str):
            return text
        try:
            return read(text or "")
        except Invalid as error:
            raise ValueError(phrase_text(error.phrase)) from error

    return read_or_tell


def tidy(text: str | None) -> str:
    """A field's filter: no blanks around, single ones within."""
    return " ".join((text or "").split())


def with_none(choices: Choices, none: str) -> list[tuple[str, str]]:
    """The choices of an `IdField` that may be left open, with the words for that."""
    return [("", none), *((str(value), label) for value, label in choices)]


class IdField(SelectField):
    """One row of a list by its id, or None."""

    def __init__(self, label: Any = None, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, coerce=_id_or_none, choices=[], **values)


class OwnerField(SelectField):
    """A partner or one of the manufacturer's own people, or None; its choices come from `owner_choices`."""

    def __init__(self, label: Any = None, validators: Any = None, **values: Any) -> None:
        super().__init__(label, validators, coerce=_owner_or_none, choices=[], **values)


def owner_choices(people: Choices, partners: Choices, nobody: str) -> list[tuple[str, str]]:
    """The choices of an `OwnerField`, people first, with the words for none chosen yet."""
    named = [(f"person-{user_id}", name) for user_id, name in people]
    return [("", nobody), *named, *((f"partner-{partnership_id}", name) for partnership_id, name in partners)]


class SubdivisionField(StringField):
    """A subdivision's code, or its name in the form's `country`; kept as the code."""

    def pre_validate(self, form: BaseForm) -> None:
        """Read it: only now the country is known."""
        try:
            self.data = read_subdivision(self.data or "", form["country"].data)
        except Invalid as error:
            raise ValidationError(phrase_text(error.phrase)) from error


class LinesField(TextAreaField):
    """Several texts, one on each line, as a tuple."""

    def _value(self) -> str:
        return self.data if isinstance(self.data, str) else "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines."""
        if valuelist:
            self.data: Any = read_list(valuelist[0])


class VersionField(IntegerField):
    """The version an edit began from; hidden."""

    widget = HiddenInput()

    def __init__(self, **values: Any) -> None:
        super().__init__("", [InputRequired()], **values)


def _owner_or_none(value: object) -> Owner | None:
    """The owner behind a choice. A select compares and draws choices by it, so it answers for owners too."""
    if value in (None, "", "None") or isinstance(value, Owner):
        return value if isinstance(value, Owner) else None
    kind, _dash, number = str(value).partition("-")
    if kind not in ("partner", "person"):
        raise ValueError("neither a partner nor a person")
    return Owner(partnership_id=int(number)) if kind == "partner" else Owner(user_id=int(number))


def _id_or_none(value: object) -> int | None:
    return None if value in (None, "", "None") else int(str(value))
