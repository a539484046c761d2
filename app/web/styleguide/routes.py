"""The style guide: one page to look at, and the region its htmx example fetches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, render_template
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.money import Money
from app.web.access import public
from app.web.htmx import polled

blueprint = Blueprint("styleguide", __name__, url_prefix="/styleguide")

TIERS = [("silver", "Silver"), ("gold", "Gold")]


class ExampleForm(FlaskForm):
    """One field of each shape."""

    company = StringField("Company", [DataRequired()])
    email = EmailField("E-mail", [DataRequired(), Email()], description="Only the partner who claims the lead sees it.")
    country = SelectField("Country", choices=[("DE", "Germany"), ("JP", "Japan"), ("US", "United States")])
    close_on = DateField("Close in sight")
    need = TextAreaField("What is needed")
    tier = RadioField("Minimum tier", [DataRequired()], choices=TIERS, default="silver")
    lines = SelectMultipleField(
        "Product lines",
        choices=[("servo", "Servo drives"), ("vision", "Machine vision"), ("valves", "Valves")],
        default=["servo"],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    file = FileField("Price list", description="CSV or XLSX, up to 20 MB. Drop it here or choose it.")
    is_hot = BooleanField("Mark as hot", description="Skips head starts and shortens the window to 2 h.")


@blueprint.get("")
@public
def index() -> str:
    """All components."""
    faulty = ExampleForm(prefix="faulty", meta={"csrf": False}, data={"email": "vogel(at)hofmann"})
    faulty.validate()
    return render_template("styleguide/index.html", form=ExampleForm(prefix="fine"), faulty=faulty, **_example_values())


@blueprint.get("/news")
@public
def news() -> Response:
    """The region that the page's polling example asks for; its version never changes."""
    return polled("styleguide-news-1", lambda: render_template("styleguide/_news.html", has_news=True))


def _example_values() -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "now": now,
        "in_minutes": lambda minutes: now + timedelta(minutes=minutes),
        "revenue": Money(84_000_00, "EUR"),
        "has_news": False,
    }
