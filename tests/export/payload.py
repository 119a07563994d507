"""What an exported page holds, read by its description in docs/internals.md."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from typing import Any

import numpy as np

from attnwidget.frames import Frame

DATA = re.compile(r'id="attnwidget-data"\s+data-checksum="(\d+)">([^<]*)</script>')


def read(html: str) -> tuple[dict[str, Any], list[Frame]]:
    """Return a page's description and its frames."""
    found = DATA.search(html)
    assert found
    return unpack(found[2], int(found[1]))


def unpack(text: str, checksum: int) -> tuple[dict[str, Any], list[Frame]]:
    """Return what a page is given."""
    data = base64.b64decode(text)
    assert zlib.crc32(data) == checksum
    blocks, rest = [], zlib.decompress(data, -15)
    while rest:
        (length,) = struct.unpack_from("<I", rest)
        blocks.append(rest[8 : 8 + length])
        rest = rest[8 + -(-length // 8) * 8 :]
    return json.loads(blocks[0]), [Frame.from_bytes(block) for block in blocks[1:]]


def scores_of(frame: Frame) -> np.ndarray:
    """Return the scores of a frame of kind "scores"."""
    codes = 16 * frame.arrays["coarse"].astype(int) + frame.arrays["fine"]
    low, high = frame.fields["low"], frame.fields["high"]
    return low + (high - low) * 2e-6 * np.sinh(np.arcsinh(5e5) * codes / 4095)
