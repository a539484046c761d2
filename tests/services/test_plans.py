"""Versions of the plan: one at a time, and two savers at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid
from app.domain.network.changes import StaleEdit
from app.domain.overlap import OverlapPolicy
from app.models import DistributionPlan, ManufacturerSettings
from app.queries.plans import current_plan, list_plans
from app.services.plans import save_plan
from tests.cast import Cast
from tests.races import one_after_the_other


def versions(session: Session, cast: Cast) -> list[tuple[int, bool, OverlapPolicy]]:
    rows = select(DistributionPlan.version, DistributionPlan.is_current, DistributionPlan.overlap)
    found = session.execute(rows.where(DistributionPlan.manufacturer_id == cast.acme.id).order_by("version"))
    return [tuple(row) for row in found]


def test_the_same_plan_again_makes_no_version(session: Session, cast: Cast) -> None:
    carl = cast.viewer("carl")
    draft = current_plan(viewer=carl).draft
    assert save_plan(actor=carl, version=1, draft=draft) == 1
    assert save_plan(actor=carl, version=1, draft=replace(draft, overlap=OverlapPolicy.NEAREST)) == 2
    assert save_plan(actor=carl, version=1, draft=replace(draft, overlap=OverlapPolicy.NEAREST)) == 2
    assert versions(session, cast) == [(1, False, OverlapPolicy.WEIGHTED), (2, True, OverlapPolicy.NEAREST)]
    newest, oldest = list_plans(viewer=carl)
    assert (newest.created_by, len(newest.changes), oldest.created_by, oldest.changes) == ("Carl", 1, None, ())


@pytest.mark.parametrize("name", ["vera", "ines", "nora"])
def test_only_who_writes_the_network_saves(cast: Cast, name: str) -> None:
    draft = current_plan(viewer=cast.viewer("carl")).draft
    with pytest.raises(Forbidden):
        save_plan(actor=cast.viewer(name), version=1, draft=draft)


def test_a_note_has_an_end(cast: Cast) -> None:
    carl = cast.viewer("carl")
    with pytest.raises(Invalid):
        save_plan(actor=carl, version=1, draft=current_plan(viewer=carl).draft, note="x" * 301)


@pytest.mark.covers("W-10")
def test_the_second_of_two_savers_is_refused(app: Flask, committed: Session, committed_cast: Cast) -> None:
    ada, carl = committed_cast.viewer("ada"), committed_cast.viewer("carl")
    draft = current_plan(viewer=carl).draft

    def hold(session: Session) -> object:
        return session.get(ManufacturerSettings, ada.organisation_id, with_for_update=True)

    answers = one_after_the_other(
        app,
        hold,
        lambda: save_plan(actor=ada, version=1, draft=replace(draft, overlap=OverlapPolicy.NEAREST)),
        lambda: save_plan(actor=carl, version=1, draft=replace(draft, overlap=OverlapPolicy.CAPACITY)),
    )
    assert 2 in answers
    (stale,) = [answer for answer in answers if isinstance(answer, StaleEdit)]
    assert stale.version == 2
    assert [version for version, is_current, _ in versions(committed, committed_cast) if is_current] == [2]
