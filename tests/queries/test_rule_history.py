"""The history of routing rules among all else that is in the trail."""

from __future__ import annotations

from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.domain.audit import EventKind
from app.models import Event
from app.queries.rule_history import latest_changes, rule_history
from app.services.routing_rules import remove_rule
from tests.cast import Cast
from tests.ruling import keep


def test_a_change_is_found_by_its_own_index(session: Session, cast: Cast) -> None:
    """However long the trail is, and also by a plan that is kept prepared."""
    remove_rule(actor=cast.viewer("carl"), rule_id=keep(cast, makes_hot=True, name="Short"))
    others = {"manufacturer_id": cast.acme.id, "kind": EventKind.LEAD_RECEIVED, "data": {}}
    session.execute(insert(Event), [others] * 2000)
    session.execute(text("ANALYZE event"))
    statement = latest_changes(cast.acme.id).compile(
        dialect=postgresql.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True}
    )
    plan = session.scalars(text(f"EXPLAIN {statement}".replace(":", "\\:"))).all()
    assert any("ix_event_rules" in line for line in plan), plan
    prepared = str(latest_changes(cast.acme.id).compile(compile_kwargs={"render_postcompile": True}))
    assert f"'{EventKind.ROUTING_RULE_CHANGED}'" in prepared
    assert [str(one.what) for one in rule_history(viewer=cast.viewer("vera"))] == ["Short: removed", "Short: added"]
