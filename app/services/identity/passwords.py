"""Passwords at rest: Argon2id, and the same work whether or not there is anything to compare with."""

from __future__ import annotations

import base64

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()


def _unmatched_hash() -> str:
    """A well-formed hash with today's costs that no password is known to have."""
    salt, digest = (
        base64.b64encode(bytes(length)).rstrip(b"=").decode() for length in (HASHER.salt_len, HASHER.hash_len)
    )
    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


UNMATCHED_HASH = _unmatched_hash()


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return HASHER.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`; with None it takes as long, and is not."""
    try:
        return HASHER.verify(stored or UNMATCHED_HASH, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with lower costs than today's."""
    return HASHER.check_needs_rehash(stored)
