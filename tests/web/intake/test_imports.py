"""Files on screen: upload, columns, dry run, run, cancel, and what was left out."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.submissions import ImportState
from app.models import LeadImport
from app.services import intake
from tests.browsing import HTMX, Browse, Browser
from tests.cast import Cast
from tests.services.intake.arrivals import CSV_DE, count
from tests.web.intake.actions import DoorAction


def _uploaded(cast: Cast) -> int:
    return intake.upload_import(actor=cast.viewer("ines"), filename="messe.csv", data=CSV_DE)


def _stored(session: Session) -> LeadImport:
    session.rollback()
    return session.scalars(select(LeadImport)).one()


def _columns(cast: Cast, import_id: int, **changes: str) -> dict[str, str]:
    preview = intake.preview_import(viewer=cast.viewer("ines"), import_id=import_id)
    chosen = {f"column-{place}": column.field for place, column in enumerate(preview.columns)}
    return chosen | {"country": "", "source_kind": "trade_fair"} | changes


class TestUpload(DoorAction):
    """POST /intake/imports/new"""

    is_shared = True

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        return "/intake/imports/new"

    def good(self, cast: Cast) -> dict[str, Any]:
        return {"data": CSV_DE}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return {"data": b"%PDF-1.7"}

    def post(self, browser: Browser, url: str, sent: dict[str, Any], **options: Any) -> TestResponse:
        file = {"file": (io.BytesIO(sent["data"]), "messe.csv")}
        return browser.post(url, data=file, content_type="multipart/form-data", **options)

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return count(session, LeadImport) == 1


class TestStart(DoorAction):
    """POST /intake/imports/<id>/mapping, with which the run begins"""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        self.import_id = _uploaded(cast)
        return f"/intake/imports/{self.import_id}/mapping"

    def good(self, cast: Cast) -> dict[str, Any]:
        return _columns(cast, self.import_id, then="run")

    def bad(self, cast: Cast) -> dict[str, Any]:
        return _columns(cast, self.import_id, then="run") | {"column-0": "company", "column-1": "company"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _stored(session).state is ImportState.QUEUED


class TestCancel(DoorAction):
    """POST /intake/imports/<id>/cancel"""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        import_id = _uploaded(cast)
        intake.start_import(actor=cast.viewer("ines"), import_id=import_id, is_dry_run=False)
        return f"/intake/imports/{import_id}/cancel"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _stored(session).state is ImportState.CANCELLED


class TestShape(DoorAction):
    """POST /intake/imports/<id>/shape"""

    @pytest.fixture
    def url(self, session: Session, cast: Cast) -> str:
        return f"/intake/imports/{_uploaded(cast)}/shape"

    def good(self, cast: Cast) -> dict[str, Any]:
        return {"encoding": "cp932", "delimiter": ";"}

    def bad(self, cast: Cast) -> dict[str, Any]:
        return {"encoding": "rot13", "delimiter": ";"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return bool(_stored(session).shape["encoding"] == "cp932")


def test_the_whole_road_on_screen(browse: Browse, cast: Cast, session: Session) -> None:
    browser = browse("ines")
    import_id = _uploaded(cast)
    page = browser.get(f"/intake/imports/{import_id}").text
    assert "cp1252" in page
    assert "Müller &amp; Söhne KG" in page
    assert "“Absurdistan” is not a country we know." in page
    browser.post(f"/intake/imports/{import_id}/mapping", data=_columns(cast, import_id, then="try"))
    running = browser.get(f"/intake/imports/{import_id}/progress", headers=HTMX)
    assert "<progress" in running.text
    assert (
        browser.get(
            f"/intake/imports/{import_id}/progress", headers=HTMX | {"If-None-Match": running.headers["ETag"]}
        ).status_code
        == 304
    )
    intake.advance_import(import_id)
    done = browser.get(f"/intake/imports/{import_id}/progress", headers=HTMX)
    assert done.headers["HX-Redirect"] == f"/intake/imports/{import_id}"
    assert "Nothing has been written." in browser.get(f"/intake/imports/{import_id}").text
    assert count(session) == 0
    assert browser.post(f"/intake/imports/{import_id}/start").status_code == 303
    intake.advance_import(import_id)
    brought_in = browser.get(f"/intake/imports/{import_id}").text
    assert "2 new leads are on their way" in brought_in
    assert re.search(r"Where its leads stand now.*<dt>Received</dt><dd>2</dd>", brought_in, re.DOTALL)
    assert count(session) == 2
    assert "messe.csv" in browser.get("/intake/imports").text


def test_what_was_left_out_is_a_file_of_the_same_kind(browse: Browse, cast: Cast) -> None:
    import_id = _uploaded(cast)
    intake.start_import(actor=cast.viewer("ines"), import_id=import_id, is_dry_run=False)
    intake.advance_import(import_id)
    answer = browse("ines").post(f"/intake/imports/{import_id}/left-out")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Disposition"] == "attachment; filename=messe-errors.csv"
    assert lines[0].endswith(";error")
    assert len(lines) == 2
    assert "D-3" in lines[1]
    assert "Country: “Absurdistan” is not a country we know." in lines[1]
    assert browse("vera").post(f"/intake/imports/{import_id}/left-out").status_code == 403
    assert browse("gina").post(f"/intake/imports/{import_id}/left-out").status_code == 404


def test_a_file_without_a_consent_column_says_what_follows(browse: Browse, cast: Cast) -> None:
    warning = "these leads will be nurtured and offered to nobody."
    assert warning not in browse("ines").get(f"/intake/imports/{_uploaded(cast)}").text
    import_id = intake.upload_import(
        actor=cast.viewer("ines"), filename="bare.csv", data=CSV_DE.replace(b"Einwilligung", b"Lieblingsfarbe")
    )
    assert warning in browse("ines").get(f"/intake/imports/{import_id}").text
