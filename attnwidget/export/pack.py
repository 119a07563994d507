"""What a page holds, as text."""

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

DEFLATE_RAW = -15
LEVEL = 6
"""With `zlib.Z_FILTERED`, smaller than level 9 without it, and four times as fast: scores repeat by
chance only, so what counts is how often each byte occurs."""

ALIGNMENT = 8


@dataclass(frozen=True)
class Packed:
    """Blocks as text.

    Attributes
    ----------
    text
        Base64 of the deflated bytes.
    checksum
        CRC-32 of the deflated bytes.
    """

    text: str
    checksum: int


def pack(blocks: Iterable[bytes]) -> Packed:
    """Return blocks as one text.

    Inflated, there is every block after a uint32 of its length, each at a multiple of 8. They are
    deflated as they come, so that they are never held together.
    """
    deflate = zlib.compressobj(
        LEVEL, zlib.DEFLATED, DEFLATE_RAW, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED
    )
    parts = [deflate.compress(_after_its_length(block)) for block in blocks]
    data = b"".join([*parts, deflate.flush()])
    return Packed(base64.b64encode(data).decode(), zlib.crc32(data))


def _after_its_length(block: bytes) -> bytes:
    """Return a block after its length, both filled up."""
    length = len(block).to_bytes(ALIGNMENT, "little")
    return length + block + bytes(-len(block) % ALIGNMENT)
