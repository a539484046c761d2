"""The plan's form as it is drawn, and the plan it saves."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DistributionPlan
from tests.browsing import Browser
from tests.cast import Cast


def filled(browser: Browser, url: str = "/plan/edit") -> dict[str, Any]:
    """What the form holds as it is drawn, as a browser would send it."""
    html = browser.get(url).text
    form = html[html.index('id="plan-form"') : html.index("</form>", html.index('id="plan-form"'))]
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        held = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if held.get("type") != "checkbox":
            values[held["name"]] = held.get("value", "")
        elif " checked" in tag:
            values.setdefault(held["name"], []).append(held["value"])
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return values


def current(session: Session, cast: Cast) -> DistributionPlan:
    wanted = select(DistributionPlan).where(
        DistributionPlan.manufacturer_id == cast.acme.id, DistributionPlan.is_current
    )
    return session.scalars(wanted).one()
