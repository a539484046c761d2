"""What a person sets for itself."""

from __future__ import annotations

from app.database import transaction
from app.domain.identity import Viewer
from app.domain.people import check_language, check_time_zone, clean_name
from app.models import User


def change_profile(*, name: str, language: str, time_zone: str, is_shortcuts_on: bool, actor: Viewer) -> None:
    """Keep the person's name, language, time zone and whether single keys act. Invalid for what cannot be."""
    name = clean_name(name)
    check_language(language)
    check_time_zone(time_zone)
    with transaction() as session:
        user = session.get_one(User, actor.user_id)
        user.name, user.language, user.time_zone = name, language, time_zone
        user.is_shortcuts_on = is_shortcuts_on


def change_language(*, language: str, actor: Viewer) -> None:
    """Keep the language the person wants to read. Invalid for one that Pullboard does not speak."""
    check_language(language)
    with transaction() as session:
        session.get_one(User, actor.user_id).language = language
