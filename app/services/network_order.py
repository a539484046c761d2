"""The order between routing leads and changing the network: a decision sees the network as it was or as it is.

Without it a lead routed at the moment of a change could keep an offer that nobody looks at again, or miss one for good.
"""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

# Any number will do, as long as both sides ask for the same; these letters spell "netw".
NETWORK_LOCK = 0x6E657477
_HOLD = select(func.pg_advisory_xact_lock_shared(NETWORK_LOCK, bindparam("manufacturer_id", type_=Integer)))


def hold_network(session: Session, manufacturer_id: int) -> None:
    """Keep the manufacturer's network as it is until the transaction ends; many may hold it at once."""
    session.execute(_HOLD, {"manufacturer_id": manufacturer_id})


def take_network(session: Session, manufacturer_id: int) -> None:
    """Wait for every decision under way, and let none begin before this change has been committed."""
    session.execute(select(func.pg_advisory_xact_lock(NETWORK_LOCK, manufacturer_id)))
