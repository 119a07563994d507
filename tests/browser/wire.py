"""Messages between the test page and Python: JSON and binary buffers in one byte string.

Layout: uint32 length of the header, the header (JSON, UTF-8), then the buffers one after another.
The header's `"buffers"` lists their lengths. The header is padded so that the first buffer starts
at an odd offset: a front end that ignores `byteOffset` or expects alignment fails here and not in
somebody's notebook.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]


def encode(message: Message, buffers: Sequence[bytes | memoryview] = ()) -> bytes:
    """Pack a message and its buffers."""
    lengths = [memoryview(buffer).nbytes for buffer in buffers]
    header = json.dumps({**message, "buffers": lengths}).encode()
    header += b" " * ((len(header) + 1) % 2)
    return struct.pack("<I", len(header)) + header + b"".join(bytes(buffer) for buffer in buffers)


def decode(body: bytes) -> tuple[Message, list[memoryview]]:
    """Unpack what `encode` (or its twin in bridge.js) packed."""
    (length,) = struct.unpack_from("<I", body)
    message = json.loads(body[4 : 4 + length])
    buffers, offset = [], 4 + length
    for size in message.pop("buffers"):
        buffers.append(memoryview(body)[offset : offset + size])
        offset += size
    return message, buffers
