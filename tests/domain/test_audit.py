"""The audit trail's vocabulary."""

from __future__ import annotations

import pytest

from app.domain.audit import Audience, EventKind, audience_of


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_names_its_feature_and_an_audience(kind: EventKind) -> None:
    assert kind.feature
    assert kind.feature != kind.value
    assert audience_of(kind) in Audience


@pytest.mark.parametrize(
    ("kind", "audience"),
    [
        (EventKind.ACTIVITY_LOGGED, Audience.SHARED),
        (EventKind.LEAD_ASSIGNED, Audience.SHARED),
        (EventKind.LEAD_ROUTED, Audience.MANUFACTURER),
        (EventKind.OFFER_CLAIMED, Audience.MANUFACTURER),
        (EventKind.OFFER_DECLINED, Audience.MANUFACTURER),
        (EventKind.LOGIN_FAILED, Audience.MANUFACTURER),
        (EventKind.PARTNERSHIP_CHANGED, Audience.MANUFACTURER),
    ],
)
def test_what_other_partners_did_stays_with_the_manufacturer(kind: EventKind, audience: Audience) -> None:
    assert audience_of(kind) is audience
