"""The blueprint the pages of this folder are bound to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("slipping", __name__)
