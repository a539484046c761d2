"""What the manufacturer sells: product lines, and what each demands of a partner."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.audit import EventKind
from app.domain.identity import Viewer
from app.domain.network.changes import Changes, changes_between
from app.domain.network.drafts import ProductLineDraft
from app.models import Authorisation, ProductLine, Tier
from app.queries.network.drafts import draft_of_product_line
from app.services.network.writing import NetworkWriting, network_writing


def create_product_line(*, actor: Viewer, draft: ProductLineDraft) -> int:
    """Add a product line; returns its id. `Invalid` when its code is taken or a field cannot stand."""
    with network_writing(actor) as writing:
        _check(writing, draft)
        return add_product_line(writing, draft).id


def change_product_line(*, actor: Viewer, product_line_id: int, draft: ProductLineDraft) -> None:
    """Change a product line's code, name or demands; offers to its partners rest until the recheck has looked."""
    with network_writing(actor) as writing:
        line = writing.find(ProductLine, product_line_id, locked=True)
        _check(writing, draft, but_id=line.id)
        write_product_line(writing, line, draft)


def end_product_line(*, actor: Viewer, product_line_id: int) -> None:
    """Take a product line out of the programme: it can no longer be asked for. A second call changes nothing.

    Leads that ask for it, authorisations and certifications stay as they are.
    """
    with network_writing(actor) as writing:
        line = writing.find(ProductLine, product_line_id, locked=True)
        if line.is_active:
            line.is_active = False
            ended = Changes({"is_active": True}, {"is_active": False})
            writing.record(EventKind.PRODUCT_LINE_ENDED, ended, product_line_id=line.id, code=line.code)


def add_product_line(writing: NetworkWriting, draft: ProductLineDraft) -> ProductLine:
    """A new row for a checked draft, with its event, inside the caller's transaction."""
    line = ProductLine(
        manufacturer_id=writing.manufacturer_id,
        code=draft.code,
        name=draft.name,
        min_tier_id=draft.min_tier_id,
        requires_certification=draft.requires_certification,
        is_active=draft.is_active,
    )
    writing.session.add(line)
    writing.session.flush()
    writing.record(EventKind.PRODUCT_LINE_CREATED, product_line_id=line.id, after=draft)
    return line


def write_product_line(writing: NetworkWriting, line: ProductLine, draft: ProductLineDraft) -> bool:
    """Bring a row to a checked draft inside the caller's transaction; False when it is so already."""
    changes = changes_between(draft_of_product_line(line), draft)
    if not changes:
        return False
    for name, value in changes.after.items():
        setattr(line, name, value)
    if changes.touches(frozenset({"min_tier_id", "requires_certification", "is_active"})):
        authorised = select(Authorisation.partnership_id).where(Authorisation.product_line_id == line.id)
        writing.doubt_eligibility(writing.session.scalars(authorised))
    writing.record(EventKind.PRODUCT_LINE_CHANGED, changes, product_line_id=line.id, code=line.code)
    return True


def _check(writing: NetworkWriting, draft: ProductLineDraft, *, but_id: int | None = None) -> None:
    draft.check()
    writing.refuse_taken_code(ProductLine, draft.code, but_id=but_id)
    if draft.min_tier_id is not None:
        writing.find(Tier, draft.min_tier_id)
