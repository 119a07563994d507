"""What an exported page holds, read by its description in docs/developing/exported-files.md."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from typing import Any

import numpy as np

from attnwidget.frames import Frame

FIRST = re.compile(r'id="attnwidget-data"\s+data-checksum="(\d+)">([^<]*)</script>')
REST = re.compile(r'id="attnwidget-rest">([^<]*)</script>')


def read(html: str) -> tuple[dict[str, Any], list[Frame]]:
    """Return a page's description and its frames."""
    page, first, rest = read_apart(html)
    return page, first + rest


def read_apart(html: str) -> tuple[dict[str, Any], list[Frame], list[Frame]]:
    """Return a page's description, the frames it is drawn from, and the others."""
    first, rest = FIRST.search(html), REST.search(html)
    assert first
    assert rest
    page, frames = unpack(first[2], int(first[1]))
    later = [Frame.from_bytes(block) for block in blocks_of(rest[1], page["rest"])]
    return page, frames, later


def unpack(text: str, checksum: int) -> tuple[dict[str, Any], list[Frame]]:
    """Return a description and the frames after it."""
    page, *frames = blocks_of(text, checksum)
    return json.loads(page), [Frame.from_bytes(frame) for frame in frames]


def blocks_of(text: str, checksum: int) -> list[bytes]:
    data = base64.b64decode(text)
    assert zlib.crc32(data) == checksum
    blocks, rest = [], zlib.decompress(data, -15)
    while rest:
        (length,) = struct.unpack_from("<I", rest)
        blocks.append(rest[8 : 8 + length])
        rest = rest[8 + -(-length // 8) * 8 :]
    return blocks


def scores_of(frame: Frame) -> np.ndarray:
    """Return the scores of a frame of kind "scores"."""
    codes = 16 * frame.arrays["coarse"].astype(int) + frame.arrays["fine"]
    low, high = frame.fields["low"], frame.fields["high"]
    return low + (high - low) * 2e-6 * np.sinh(np.arcsinh(5e5) * codes / 4095)
