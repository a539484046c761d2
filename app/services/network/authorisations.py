"""What a partnership may sell: authorisations for product lines, and the dated certifications some lines demand."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.domain.audit import EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Viewer
from app.domain.network.changes import Changes
from app.domain.network.drafts import check_certification
from app.domain.phrases import N_, Phrase
from app.models import Authorisation, Certification, Partnership, ProductLine
from app.services.network.writing import NetworkWriting, network_writing


def authorise_partnership(*, actor: Viewer, partnership_id: int, product_line_id: int) -> None:
    """Let a partnership sell a product line. A second call changes nothing."""
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        line = writing.find(ProductLine, product_line_id)
        if writing.session.get(Authorisation, (partnership.id, line.id)) is None:
            insert_authorisation(writing, partnership.id, line)


def end_authorisation(*, actor: Viewer, partnership_id: int, product_line_id: int) -> None:
    """No longer let a partnership sell a product line; its certifications stay. A second call changes nothing."""
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        line = writing.find(ProductLine, product_line_id)
        authorisation = writing.session.get(Authorisation, (partnership.id, line.id))
        if authorisation is not None:
            writing.session.delete(authorisation)
            writing.doubt_eligibility([partnership.id])
            writing.record(EventKind.AUTHORISATION_ENDED, partnership_id=partnership.id, product_line=line.code)


def certify_partnership(
    *, actor: Viewer, partnership_id: int, product_line_id: int, valid_from: date | None, valid_until: date | None
) -> int:
    """Record that a partnership is certified for a product line, both days included; returns the certification's id."""
    with network_writing(actor) as writing:
        partnership = writing.find(Partnership, partnership_id, locked=True)
        line = writing.find(ProductLine, product_line_id)
        check_certification(valid_from, valid_until)
        _refuse_same_end(writing, partnership.id, line.id, valid_until)
        return insert_certification(writing, partnership.id, line, valid_from, valid_until).id


def change_certification(
    *, actor: Viewer, partnership_id: int, certification_id: int, valid_from: date | None, valid_until: date | None
) -> None:
    """Change the days a certification is valid on."""
    with network_writing(actor) as writing:
        row = _find_certification(writing, partnership_id, certification_id)
        check_certification(valid_from, valid_until)
        _refuse_same_end(writing, row.partnership_id, row.product_line_id, valid_until, but_id=row.id)
        write_certification(writing, row, valid_from, valid_until)


def end_certification(*, actor: Viewer, partnership_id: int, certification_id: int) -> None:
    """Withdraw a certification; the trail keeps it. NotFound when it is gone already."""
    with network_writing(actor) as writing:
        delete_certification(writing, _find_certification(writing, partnership_id, certification_id))


def insert_authorisation(writing: NetworkWriting, partnership_id: int, line: ProductLine) -> None:
    """A new authorisation with its event, inside the caller's transaction."""
    writing.session.add(Authorisation(partnership_id=partnership_id, product_line_id=line.id))
    writing.doubt_eligibility([partnership_id])
    writing.record(EventKind.AUTHORISATION_CREATED, partnership_id=partnership_id, product_line=line.code)


def insert_certification(
    writing: NetworkWriting, partnership_id: int, line: ProductLine, valid_from: date | None, valid_until: date | None
) -> Certification:
    """A new certification with its event, inside the caller's transaction."""
    row = Certification(
        partnership_id=partnership_id, product_line_id=line.id, valid_from=valid_from, valid_until=valid_until
    )
    writing.session.add(row)
    writing.session.flush()
    writing.doubt_eligibility([partnership_id])
    days = Changes(after={"valid_from": valid_from, "valid_until": valid_until})
    writing.record(EventKind.CERTIFICATION_CREATED, days, partnership_id=partnership_id, product_line=line.code)
    return row


def write_certification(
    writing: NetworkWriting, row: Certification, valid_from: date | None, valid_until: date | None
) -> bool:
    """Bring a certification to other days inside the caller's transaction; False when it has them already."""
    before = {"valid_from": row.valid_from, "valid_until": row.valid_until}
    after = {"valid_from": valid_from, "valid_until": valid_until}
    if before == after:
        return False
    row.valid_from, row.valid_until = valid_from, valid_until
    writing.doubt_eligibility([row.partnership_id])
    line = writing.find(ProductLine, row.product_line_id)
    changes = Changes(before, after)
    writing.record(EventKind.CERTIFICATION_CHANGED, changes, partnership_id=row.partnership_id, product_line=line.code)
    return True


def delete_certification(writing: NetworkWriting, row: Certification) -> None:
    """Take a certification out, with its event, inside the caller's transaction."""
    line = writing.find(ProductLine, row.product_line_id)
    days = Changes({"valid_from": row.valid_from, "valid_until": row.valid_until})
    writing.session.delete(row)
    writing.doubt_eligibility([row.partnership_id])
    writing.record(EventKind.CERTIFICATION_ENDED, days, partnership_id=row.partnership_id, product_line=line.code)


def _find_certification(writing: NetworkWriting, partnership_id: int, certification_id: int) -> Certification:
    partnership = writing.find(Partnership, partnership_id, locked=True)
    row = writing.session.get(Certification, certification_id, with_for_update=True)
    if row is None or row.partnership_id != partnership.id:
        raise NotFound
    return row


def _refuse_same_end(
    writing: NetworkWriting,
    partnership_id: int,
    product_line_id: int,
    valid_until: date | None,
    *,
    but_id: int | None = None,
) -> None:
    same = select(Certification.id).where(
        Certification.partnership_id == partnership_id,
        Certification.product_line_id == product_line_id,
        Certification.valid_until == valid_until,
        Certification.id.is_distinct_from(but_id),
    )
    if writing.session.scalar(same) is not None:
        reason = Phrase(N_("There is a certification until that day already."))
        raise Invalid(reason, fields={"valid_until": reason})
