"""Files that travel with a page: packed into one text and out again, so that no server keeps them between two steps."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

LARGEST_PACKED = 3_500_000
"""Somewhat less than the largest form the application reads."""

_LARGEST_UNPACKED = 60_000_000


def pack_files(files: Mapping[str, bytes]) -> str:
    """The files by name as one text."""
    plain = json.dumps({name: data.decode("latin-1") for name, data in files.items()})
    return base64.b64encode(zlib.compress(plain.encode())).decode()


def unpack_files(packed: str) -> dict[str, bytes]:
    """The files again; none when the text was tampered with or grows beyond all measure."""
    try:
        unzip = zlib.decompressobj()
        plain = unzip.decompress(base64.b64decode(packed, validate=True), _LARGEST_UNPACKED)
        if unzip.unconsumed_tail:
            return {}
        return {str(name): data.encode("latin-1") for name, data in json.loads(plain).items()}
    except (binascii.Error, zlib.error, ValueError, AttributeError, TypeError):
        return {}
