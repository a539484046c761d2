"""What a refusal looks like: problem+json (RFC 9457), for readers of the document and for input that cannot be used."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import Invalid
from app.domain.phrases import N_, Phrase

WHOLE_BODY = "body"


class Problem(BaseModel):
    """Why a request was not done. `code` is stable for programs; `detail` and `remedy` are for people."""

    model_config = ConfigDict(title="Problem")

    type: str = Field("about:blank", description="Always `about:blank`: the status and `code` say it all.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(description="What was refused and by which rule, stable for programs.")
    detail: str = Field(description="The same for people, in the language of the key's person.")
    remedy: str | None = Field(None, description="What would help.")
    number: int | None = Field(None, description="The limit that was reached, when the rule has one.")
    restored_at: str | None = Field(None, description="When the refusal lifts by itself (ISO 8601, UTC).")
    fields: dict[str, str] | None = Field(None, description="What is wrong with each field, by its path.")
    request_id: str = Field(description="Name it when you ask for help.")


_SAID = {
    "missing": N_("This field is missing."),
    "extra_forbidden": N_("There is no such field."),
    "enum": N_("Choose one of: %(expected)s."),
    "literal_error": N_("Choose one of: %(expected)s."),
    "string_type": N_("This must be text."),
    "string_unicode": N_("This text holds characters that do not exist."),
    "control_characters": N_("This text holds characters that cannot be kept."),
    "string_too_long": N_("This text is longer than %(max_length)s characters."),
    "string_too_short": N_("This text is too short."),
    "string_pattern_mismatch": N_("This does not look as it should."),
    "int_type": N_("This must be a whole number."),
    "int_parsing": N_("This must be a whole number."),
    "bool_parsing": N_("This must be true or false."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "too_long": N_("There are more than %(max_length)s of these."),
    "model_type": N_("This must be an object."),
    "model_attributes_type": N_("This must be a JSON object."),
    "partners_mismatch": N_("Name the partners when the scope is `named_partners`, and only then."),
    "list_type": N_("This must be a list."),
}


def refuse_input(error: ValidationError) -> NoReturn:
    """Turn what pydantic found into the error every other way in raises."""
    fields = {_path(found): _phrase(found) for found in reversed(error.errors(include_url=False, include_input=False))}
    raise Invalid(Phrase(N_("Some of the input cannot be used.")), fields=fields)


def problem(description: str, code: str, detail: str, *, status: int = 422, **more: Any) -> dict[str, Any]:
    """A refusal for the document, with an example."""
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
        "request_id": "9f3c2b7d41e84c0e8a6b5d2f7c1e0a93",
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    }


def _path(found: ErrorDetails) -> str:
    return ".".join(map(str, found["loc"])) or WHOLE_BODY


def _phrase(found: ErrorDetails) -> Phrase:
    template = _SAID.get(found["type"])
    if template is None:
        return Phrase(found["msg"].replace("%", "%%"))
    return Phrase(template, {name: str(value) for name, value in found.get("ctx", {}).items()})


NOT_THERE = problem(
    "There is no such thing for this key.",
    "not_found",
    "This page does not exist, or it is not yours to see.",
    status=404,
)
