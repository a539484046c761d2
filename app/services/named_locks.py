"""Locks on things that have a name but no row yet; held until the transaction ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger


def lock_names(session: Session, names: Iterable[str]) -> None:
    """Wait until nobody else holds any of these names, then hold them all.

    They are taken in one order, so that two who want several of the same never wait for each other in a ring.
    """
    wanted = sorted({_number(name) for name in names})
    if wanted:
        numbers = func.unnest(wanted, type_=BigInteger).column_valued("number")
        session.execute(select(func.pg_advisory_xact_lock(numbers)))


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
