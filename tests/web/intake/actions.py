"""The six answers every write of the door gives, asked of each action by inheriting from these."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.browsing import HTMX, Browse, Browser
from tests.cast import Cast


class DoorAction:
    """A POST by one of the manufacturer's people; after it another page is shown."""

    person: ClassVar[str] = "ines"
    wrong_role: ClassVar[str] = "vera"
    is_shared: ClassVar[bool] = False
    """Whether the address holds no id, so that another manufacturer does it to itself."""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        """The address, after what the action needs has been set."""
        raise NotImplementedError

    def good(self, cast: Cast) -> dict[str, Any]:
        """What works."""
        return {}

    def bad(self, cast: Cast) -> dict[str, Any] | None:
        """What is refused with 422; None when nothing can be wrong."""
        return None

    def has_worked(self, cast: Cast, session: Session) -> bool:
        """Whether it was done."""
        raise NotImplementedError

    def post(self, browser: Browser, url: str, sent: dict[str, Any], **options: Any) -> TestResponse:
        """Send it."""
        return browser.post(url, data=sent, **options)

    def test_works(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        answer = self.post(browse(self.person), url, self.good(cast))
        assert answer.status_code == 303, answer.text
        assert self.has_worked(cast, session)
        assert browse(self.person).get(answer.location).status_code == 200

    def test_anonymous_goes_to_the_log_in_page(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        answer = self.post(browse(None), url, self.good(cast))
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/log-in")
        assert not self.has_worked(cast, session)

    def test_an_outsider_finds_nothing(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        if not self.is_shared:
            assert self.post(browse("gina"), url, self.good(cast)).status_code == 404
        assert self.post(browse("nora"), url, self.good(cast)).status_code in (403, 404)
        assert not self.has_worked(cast, session)

    def test_the_wrong_role_is_refused(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        assert self.post(browse(self.wrong_role), url, self.good(cast)).status_code == 403
        assert not self.has_worked(cast, session)

    def test_bad_input_is_drawn_again(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        sent = self.bad(cast)
        if sent is not None:
            answer = self.post(browse(self.person), url, sent)
            assert answer.status_code == 422
            assert "<h1" in answer.text
            assert not self.has_worked(cast, session)

    def test_htmx_is_told_where_to_go(self, browse: Browse, cast: Cast, session: Session, url: str) -> None:
        answer = self.post(browse(self.person), url, self.good(cast), headers=HTMX)
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"].startswith("/")
        assert self.has_worked(cast, session)
