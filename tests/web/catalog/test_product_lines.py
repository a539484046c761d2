"""Adding, changing and ending product lines."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProductLine
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


class TestCreate(NetworkAction, WithForm):
    form = {"name": "Machine vision", "code": "VISION", "is_active": "y"}
    bad = {"code": "PUMP"}
    form_id = "product-line-form"

    def url(self, cast: Cast) -> str:
        return "/products/new"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        found = select(ProductLine.is_active).where(
            ProductLine.name == "Machine vision", ProductLine.manufacturer_id == cast.acme.id
        )
        return bool(session.scalar(found))


class TestChange(NetworkAction, OnOneRow, WithForm):
    form = {"name": "Big pumps", "code": "PUMP", "requires_certification": "y", "is_active": "y"}
    bad = {"name": "  "}
    form_id = "product-line-form"

    def url(self, cast: Cast) -> str:
        return f"/products/{cast.products['pump'].id}/edit"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return cast.products["pump"].requires_certification


class TestEnd(NetworkAction, OnOneRow):
    def url(self, cast: Cast) -> str:
        return f"/products/{cast.products['pump'].id}/end"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return not cast.products["pump"].is_active


def test_everybody_of_the_manufacturer_reads_its_own(browse: Browse, cast: Cast) -> None:
    page = browse("vera").get("/products").text
    assert "Robot cells" in page and "Gold or higher, a valid certification" in page and "Servo drives" not in page
    assert browse("nora").get("/products").status_code == 403
    assert browse("gina").get(f"/products/{cast.products['pump'].id}/edit").status_code == 404


def test_an_empty_list_says_what_to_do_next(browse: Browse, cast: Cast, session: Session) -> None:
    cast.products["drive"].manufacturer_id = cast.acme.id
    assert "No product lines yet" in browse("gina").get("/products").text
