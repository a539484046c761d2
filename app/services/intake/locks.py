"""The order at the door: whoever brings the same request waits until the other is in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from app.domain.intake.duplicates import Request


def lock_requests(
    session: Session, manufacturer_id: int, requests: Iterable[Request], fingerprints: Iterable[str] = ()
) -> None:
    """Hold, until the transaction ends, the right to bring in these requests.

    Two that share an external id, an e-mail address, a telephone or a fingerprint follow one another, so that the
    second finds the lead of the first. Keys are taken in one order: two batches never wait for each other in a ring.
    """
    names = {
        f"{manufacturer_id}/{kind}/{value}"
        for request in requests
        for kind, value in (("id", request.external_id), ("mail", request.email), ("phone", request.phone))
        if value
    } | {f"{manufacturer_id}/row/{fingerprint}" for fingerprint in fingerprints if fingerprint}
    if names:
        keys = func.unnest(sorted(map(_key, names)), type_=BigInteger).column_valued("key")
        session.execute(select(func.pg_advisory_xact_lock(keys)))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
