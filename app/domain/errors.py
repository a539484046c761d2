"""What is not possible, said once for every way in: pages, fragments and the API map these to HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.phrases import N_, Phrase


class DomainError(Exception):
    """A business rule said no. `code` is stable for machines, `phrase` is for people."""

    code = "error"

    def __init__(self, phrase: Phrase, *, code: str | None = None) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """The thing does not exist, or is not this viewer's to know about (HTTP 404)."""

    code = "not_found"

    def __init__(self, phrase: Phrase | None = None) -> None:
        super().__init__(phrase or Phrase(N_("This page does not exist, or it is not yours to see.")))


class Forbidden(DomainError):
    """The viewer may see the thing, but its role may not do this (HTTP 403)."""

    code = "forbidden"

    def __init__(self, phrase: Phrase | None = None) -> None:
        super().__init__(
            phrase or Phrase(N_("Your role does not allow this. Ask an administrator of your organisation."))
        )


class Refused(DomainError):
    """A rule refuses the action in the present state (HTTP 409). `remedy` says what would restore it."""

    code = "refused"

    def __init__(self, phrase: Phrase, *, code: str | None = None, remedy: Phrase | None = None) -> None:
        super().__init__(phrase, code=code)
        self.remedy = remedy


class Invalid(DomainError):
    """The input cannot be used as it is (HTTP 422). `fields` names each field's problem."""

    code = "invalid"

    def __init__(
        self,
        phrase: Phrase,
        *,
        fields: Mapping[str, Phrase] | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(phrase, code=code)
        self.fields = dict(fields or {})
