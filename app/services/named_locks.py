"""Locks on things that have a name but no row yet; held until the transaction ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

_NUMBERS = func.unnest(bindparam("numbers", type_=ARRAY(BigInteger)), type_=BigInteger).column_valued("number")
_LOCK = select(func.pg_advisory_xact_lock(_NUMBERS))


def lock_names(session: Session, names: Iterable[str]) -> None:
    """Wait until nobody else holds any of these names, then hold them all.

    They are taken in one order, so that two who want several of the same never wait for each other in a ring.
    """
    wanted = sorted({_number(name) for name in names})
    if wanted:
        session.execute(_LOCK, {"numbers": wanted})


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
