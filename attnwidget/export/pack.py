"""Everything that a page holds, as one text."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from attnwidget.frames import Frame

DEFLATE_RAW = -15
LEVEL = 6
"""With `zlib.Z_FILTERED`, smaller than level 9 without it, and four times as fast: scores repeat by
chance only, so what counts is how often each byte occurs."""

ALIGNMENT = 8


@dataclass(frozen=True)
class Packed:
    """What goes into a page.

    Attributes
    ----------
    text
        Base64 of the deflated bytes.
    checksum
        CRC-32 of the deflated bytes.
    """

    text: str
    checksum: int


def pack(page: Mapping[str, Any], frames: Iterable[Frame]) -> Packed:
    """Return a page's description and frames.

    Inflated, there is a uint32 with the length of a JSON text, the text, then every frame after a
    uint32 of its length; texts and frames start at multiples of 8. Frames are deflated as they
    come, so that they are never held together.
    """
    deflate = zlib.compressobj(
        LEVEL, zlib.DEFLATED, DEFLATE_RAW, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED
    )
    text = json.dumps(page, allow_nan=False, separators=(",", ":")).encode()
    parts = [deflate.compress(_block(text))]
    parts += [deflate.compress(_block(frame.to_bytes())) for frame in frames]
    data = b"".join([*parts, deflate.flush()])
    return Packed(base64.b64encode(data).decode(), zlib.crc32(data))


def _block(data: bytes) -> bytes:
    """Return the data after its length, both filled up."""
    length = len(data).to_bytes(ALIGNMENT, "little")
    return length + data + bytes(-len(data) % ALIGNMENT)
