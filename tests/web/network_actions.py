"""The answers every write of the network gives, asked of each action by inheriting from these."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy.orm import Session

from tests.browsing import HTMX, Browse
from tests.cast import Cast


class NetworkAction:
    """A POST by the manufacturer's admin or channel manager."""

    form: ClassVar[dict[str, Any]] = {}
    fragment: ClassVar[str] = ""
    """The id of the fragment htmx gets; "" when the answer sends it to another page."""

    def url(self, cast: Cast) -> str:
        raise NotImplementedError

    def sent(self, cast: Cast) -> dict[str, Any]:
        """What the form sends."""
        return self.form

    def has_worked(self, cast: Cast, session: Session) -> bool:
        raise NotImplementedError

    def test_works_for_a_channel_manager(self, browse: Browse, cast: Cast, session: Session) -> None:
        answer = browse("carl").post(self.url(cast), data=self.sent(cast))
        assert answer.status_code == 303
        assert self.has_worked(cast, session)

    def test_anonymous_goes_to_the_log_in_page(self, browse: Browse, cast: Cast, session: Session) -> None:
        answer = browse(None).post(self.url(cast), data=self.sent(cast))
        assert (answer.status_code, answer.location) == (303, "/log-in")
        assert not self.has_worked(cast, session)

    def test_wrong_role_is_refused(self, browse: Browse, cast: Cast, session: Session) -> None:
        for name in ("vera", "ines", "arne", "nora", "rita"):
            assert browse(name).post(self.url(cast), data=self.sent(cast)).status_code == 403
        assert not self.has_worked(cast, session)

    def test_htmx_gets_the_fragment_or_is_sent_on(self, browse: Browse, cast: Cast) -> None:
        answer = browse("ada").post(self.url(cast), data=self.sent(cast), headers=HTMX)
        if self.fragment:
            assert answer.status_code == 200
            assert answer.text.lstrip().startswith(f'<div id="{self.fragment}"')
        else:
            assert answer.status_code == 204
            assert answer.headers["HX-Redirect"].startswith("/")


class OnOneRow:
    """An action on a row of Acme's: for everybody else it is not there."""

    def test_outsider_finds_nothing(self, browse: Browse, cast: Cast, session: Session) -> None:
        assert browse("gina").post(self.url(cast), data=self.sent(cast)).status_code == 404  # type: ignore[attr-defined]
        assert not self.has_worked(cast, session)  # type: ignore[attr-defined]


class WithForm:
    """An action with a form that can be filled in wrongly."""

    bad: ClassVar[dict[str, Any]] = {}
    form_id: ClassVar[str] = ""

    def wrong(self, cast: Cast) -> dict[str, Any]:
        """What the form sends when it is filled in wrongly."""
        return self.sent(cast) | self.bad  # type: ignore[attr-defined, no-any-return]

    def test_bad_input_comes_back_with_the_form(self, browse: Browse, cast: Cast, session: Session) -> None:
        wrong = self.wrong(cast)
        answer = browse("ada").post(self.url(cast), data=wrong)  # type: ignore[attr-defined]
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        fragment = browse("ada").post(self.url(cast), data=wrong, headers=HTMX)  # type: ignore[attr-defined]
        assert fragment.status_code == 422
        assert f'id="{self.form_id}"' in fragment.text and "<html" not in fragment.text
        assert not self.has_worked(cast, session)  # type: ignore[attr-defined]
