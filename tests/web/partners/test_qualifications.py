"""Authorising and certifying a partner."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, object_session

from app.models import Authorisation, Certification
from tests.browsing import Browse
from tests.cast import Cast
from tests.web.network_actions import NetworkAction, OnOneRow, WithForm


def _is_authorised(cast: Cast, session: Session) -> bool:
    key = (cast.partnerships["nordwind"].id, cast.products["pump"].id)
    return session.get(Authorisation, key) is not None


def _certifications(cast: Cast) -> list[Certification]:
    session = object_session(cast.acme)
    assert session is not None
    mine = select(Certification).where(
        Certification.partnership_id == cast.partnerships["nordwind"].id,
        Certification.product_line_id == cast.products["robot"].id,
    )
    return list(session.scalars(mine))


def _certification(cast: Cast) -> Certification:
    return _certifications(cast)[0]


class TestAuthorise(NetworkAction, OnOneRow):
    fragment = "qualifications"

    @pytest.fixture(autouse=True)
    def not_authorised(self, cast: Cast, session: Session) -> None:
        session.execute(delete(Authorisation).where(Authorisation.product_line_id == cast.products["pump"].id))
        session.commit()

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/products/{cast.products['pump'].id}/authorise"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _is_authorised(cast, session)


class TestWithdraw(NetworkAction, OnOneRow):
    fragment = "qualifications"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/products/{cast.products['pump'].id}/withdraw"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return not _is_authorised(cast, session)


class TestCertify(NetworkAction, OnOneRow, WithForm):
    fragment = "qualifications"
    form_id = "qualifications"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/products/{cast.products['pump'].id}/certify"

    def sent(self, cast: Cast) -> dict[str, Any]:
        prefix = f"line-{cast.products['pump'].id}"
        return {f"{prefix}-valid_from": "2026-01-01", f"{prefix}-valid_until": "2027-12-31"}

    def wrong(self, cast: Cast) -> dict[str, Any]:
        return self.sent(cast) | {f"line-{cast.products['pump'].id}-valid_until": "2025-12-31"}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        pump = Certification.product_line_id == cast.products["pump"].id
        found = select(Certification.id).where(pump, Certification.valid_until == date(2027, 12, 31))
        return session.scalar(found) is not None


class TestChangeDays(NetworkAction, OnOneRow, WithForm):
    fragment = "qualifications"
    form_id = "qualifications"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/certifications/{_certification(cast).id}"

    def sent(self, cast: Cast) -> dict[str, Any]:
        return {f"certification-{_certification(cast).id}-valid_until": "2030-06-30"}

    def wrong(self, cast: Cast) -> dict[str, Any]:
        return {f"certification-{_certification(cast).id}-valid_until": ""}

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return _certification(cast).valid_until == date(2030, 6, 30)


class TestWithdrawCertification(NetworkAction, OnOneRow):
    fragment = "qualifications"

    def url(self, cast: Cast) -> str:
        return f"/partners/{cast.partnerships['nordwind'].id}/certifications/{_certification(cast).id}/end"

    def has_worked(self, cast: Cast, session: Session) -> bool:
        return not _certifications(cast)


def test_the_page_says_what_may_be_sold_and_why_not(browse: Browse, cast: Cast) -> None:
    platinum = browse("vera").get(f"/partners/{cast.partnerships['nordwind'].id}/products").text
    silver = browse("vera").get(f"/partners/{cast.partnerships['kansai'].id}/products").text
    assert "Tier too low" in silver and "Tier too low" not in platinum
    assert "Authorise" not in platinum
