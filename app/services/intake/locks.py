"""The order at the door: whoever brings the same request waits until the other is in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.domain.intake.duplicates import Request
from app.services.named_locks import lock_names


def lock_requests(
    session: Session, manufacturer_id: int, requests: Iterable[Request], fingerprints: Iterable[str] = ()
) -> None:
    """Hold, until the transaction ends, the right to bring in these requests.

    Two that share an external id, an e-mail address, a telephone or a fingerprint follow one another, so that the
    second finds the lead of the first.
    """
    names = {
        f"{manufacturer_id}/{kind}/{value}"
        for request in requests
        for kind, value in (("id", request.external_id), ("mail", request.email), ("phone", request.phone))
        if value
    } | {f"{manufacturer_id}/row/{fingerprint}" for fingerprint in fingerprints if fingerprint}
    lock_names(session, names)
