"""The demo's world: made once, whole or not at all, with a past that ends now."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text, update

from app.database import all_or_nothing, clock_now, db, read_clock, transaction
from app.domain.board import BoardFilters
from app.domain.identity import Role
from app.models import Organisation, OutboxMessage, ProcessHeartbeat
from app.services import identity
from app.services.accounts.rematching import run_rematches
from app.services.demo.accounts import know_companies, name_who_is_told
from app.services.demo.arrivals import Door
from app.services.demo.cast import MAKERS
from app.services.demo.history import History
from app.services.demo.lists import LISTS
from app.services.demo.network import AGE_OF_NETWORK, World, build_network
from app.services.demo.prospects import Prospects
from app.services.demo.relationships import OF_KNOWN_COMPANIES
from app.services.demo.rules import keep_rules
from app.services.demo.script import INQUIRIES
from app.services.rechecking import recheck_eligibility
from app.services.saved_views import save_view

MAILED_BEFORE = timedelta(hours=2)
"""Mails older than this count as sent long ago; younger ones go out when the demo starts, and fill its mailbox."""


def seed_world() -> bool:
    """Make the demo's world in an installation that holds nothing yet; False when it holds something.

    One commit at the end: a killed seeding leaves nothing behind, and the next call begins anew.
    """
    with all_or_nothing() as connection:
        with transaction() as session:
            if session.scalar(select(Organisation.id).limit(1)) is not None:
                return False
            now = read_clock(session)
        tell(History(connection, now))
        return True


def reset_world() -> None:
    """Throw everything away and make the demo's world anew, in one commit; who was signed in no longer is."""
    kept = {ProcessHeartbeat.__tablename__}
    tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables if table.name not in kept)
    with all_or_nothing() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        with transaction() as session:
            now = read_clock(session)
        tell(History(connection, now))


def tell(history: History) -> None:
    """Build the network, then let everything happen up to the history's now, inside the caller's one commit."""
    history.set_clock(history.now - AGE_OF_NETWORK)
    world = build_network()
    door = Door(history, world, Prospects())
    door.open_forms()
    know_companies(world)
    name_who_is_told(world)
    keep_rules(world)
    _save_views(world)
    recheck_eligibility()
    run_rematches()
    zones = {maker.key: maker.time_zone for maker in MAKERS}
    for number, inquiry in enumerate((*INQUIRIES, *OF_KNOWN_COMPANIES)):
        exactly = history.ago(hours=inquiry.hours)
        in_office = history.office_hour(zones[inquiry.maker], days_ago=inquiry.days, spread=number)
        history.begin(door.ask(inquiry, door.cells(inquiry)), in_office if inquiry.days else exactly)
    for number, imported in enumerate(LISTS):
        at = history.office_hour(zones[imported.maker], days_ago=imported.days, spread=number)
        history.begin(imported.bring_in(door), at)
    history.run()
    _invite_somebody(world)
    history.stop()
    _settle_mails()


def _save_views(world: World) -> None:
    views = (
        ("nora", "Closing soon", BoardFilters(closing=True), True),
        ("nora", "Hamburg", BoardFilters(region="DE-HH"), False),
        ("lukas", "Roboterzellen", BoardFilters(product=world.lines["acme", "ROBOT"]), True),
        ("kenji", "締切間近", BoardFilters(closing=True), False),
    )
    for name, title, filters, is_mailed in views:
        save_view(actor=world.people[name], name=title, filters=filters, is_mailed=is_mailed)


def _invite_somebody(world: World) -> None:
    """Two invitations are under way: their links wait in the mailbox. One person has left."""
    for name, address, role in (
        ("nora", "lena@nordwind.example", Role.PARTNER_SALES),
        ("ada", "tom@acme.example", Role.INSIDE_SALES),
    ):
        title = address.partition("@")[0].capitalize()
        identity.invite_user(email=address, name=f"{title} Sommer", role=role, actor=world.people[name])
    identity.disable_user(user_id=world.people["hauke"].user_id, actor=world.people["nora"])


def _settle_mails() -> None:
    with transaction() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.created_at < clock_now() - MAILED_BEFORE)
            .values(sent_at=OutboxMessage.due_at)
        )
