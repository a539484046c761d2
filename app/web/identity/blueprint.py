"""The blueprint the pages of this folder are bound to."""

from __future__ import annotations

from flask import Blueprint

from app.web.identity.session import keep_alive

blueprint = Blueprint("identity", __name__)
blueprint.after_app_request(keep_alive)
