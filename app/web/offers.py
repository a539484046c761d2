"""How offers are drawn: the words and fragments that the board and the claim share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, render_template
from flask_babel import format_time, gettext
from markupsafe import Markup, escape

from app.domain.phrases import Phrase
from app.localisation import value_text, zone_abbreviation
from app.queries.board import GoneLead, LeadCard, OfferView, OwnLead, Standing
from app.web.places import place_name


def init_offers(app: Flask) -> None:
    """Give templates the filters `reason` and `clock_seconds` and the function `offer_template`."""
    app.jinja_env.filters.update(reason=reason_text, clock_seconds=clock_seconds)
    app.jinja_env.globals.update(offer_template=offer_template)


def reason_text(reason: Phrase) -> Markup:
    """Why a partner sees a lead, what it is about in bold, places by name."""
    texts = {
        name: place_name(str(value)) if name == "region" else value_text(value) for name, value in reason.values.items()
    }
    bold = {name: Markup("<b>{}</b>").format(text) for name, text in texts.items()}
    return escape(gettext(reason.template).rstrip(".。")) % bold


def clock_seconds(at: datetime) -> str:
    """A moment of today to the second, in the reader's zone: who was first may be a matter of seconds."""
    return f"{format_time(at, 'HH:mm:ss')} {zone_abbreviation(at)}"


def offer_template(card: LeadCard | OwnLead | GoneLead) -> str:
    """The fragment that draws an offer as it stands."""
    match card:
        case OwnLead():
            return "board/_own_lead.html"
        case GoneLead():
            return "board/_gone_lead.html"
    return "board/_lead_card.html"


def draw_answer(view: OfferView, claimable: int, **more: Any) -> str:
    """An offer's row as it stands after an answer, how many are left to claim, and how many claims are left."""
    row = render_template(offer_template(view.card), card=view.card, now=view.now, similar=view.similar, **more)
    heading = render_template("board/_heading.html", total=claimable, is_out_of_band=True)
    return row + heading + draw_standing(view.standings)


def draw_standing(standings: Iterable[Standing]) -> str:
    """The line about claims held, to be put where it stands on the page, if it does."""
    return render_template("board/_standing.html", standings=tuple(standings), is_out_of_band=True)
