"""The frame: the data of one drawing, encoded as one byte string."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

VERSION = 1
MAGIC = b"AWF1"
ALIGNMENT = 8
DTYPES = ("uint8", "uint16", "uint32", "float16", "float32")

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Frame:
    """A header and named arrays; docs/developing/wire-format.md describes the bytes.

    Attributes
    ----------
    kind
        The kind of data, such as ``"rows"``.
    want
        The request that the frame answers.
    arrays
        The arrays by name, in the order of the bytes; their dtypes are those of `DTYPES`.
    fields
        The other fields of the header.
    """

    kind: str
    want: Mapping[str, Any]
    arrays: Mapping[str, Array | Tensor]
    fields: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Encode the frame.

        Raises
        ------
        ValueError
            An array has a dtype that frames do not carry, or the header holds NaN.
        """
        arrays = {name: _little_endian(name, array) for name, array in self.arrays.items()}
        start = 0
        while True:
            header = self._header(arrays, start)
            needed = _aligned(len(MAGIC) + 4 + len(header))
            if needed == start:
                break
            start = needed
        parts = [MAGIC, struct.pack("<I", len(header)), header]
        position = len(MAGIC) + 4 + len(header)
        for array in arrays.values():
            parts += [bytes(_aligned(position) - position), array.tobytes()]
            position = _aligned(position) + array.nbytes
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> "Frame":
        """Decode a frame; its arrays are read-only views of `data`.

        Raises
        ------
        ValueError
            `data` is not a frame of this version, or is cut off.
        """
        view = memoryview(data).cast("B")
        if len(view) < len(MAGIC) + 4 or view[: len(MAGIC)] != MAGIC:
            raise ValueError(f"These {len(view)} bytes are no frame: they do not start with AWF1.")
        (length,) = struct.unpack_from("<I", view, len(MAGIC))
        header = json.loads(bytes(view[len(MAGIC) + 4 :][:length]))
        if header.pop("version") != VERSION:
            raise ValueError(f"The frame is not of version {VERSION}.")
        arrays = {
            each["name"]: np.frombuffer(
                view,
                np.dtype(each["dtype"]).newbyteorder("<"),
                count=int(np.prod(each["shape"])),
                offset=each["offset"],
            ).reshape(each["shape"])
            for each in header.pop("arrays")
        }
        return cls(header.pop("kind"), header.pop("want"), arrays, header)

    def _header(self, arrays: Mapping[str, Array], start: int) -> bytes:
        described = []
        for name, array in arrays.items():
            start = _aligned(start)
            described.append(
                {
                    "name": name,
                    "dtype": array.dtype.name,
                    "shape": list(array.shape),
                    "offset": start,
                }
            )
            start += array.nbytes
        header = {"version": VERSION, "kind": self.kind, "want": dict(self.want)}
        header |= {"arrays": described, **self.fields}
        return json.dumps(header, allow_nan=False, separators=(",", ":")).encode()


def _aligned(position: int) -> int:
    return -(-position // ALIGNMENT) * ALIGNMENT


def _little_endian(name: str, array: Array | Tensor) -> Array:
    values = array.detach().cpu().numpy() if isinstance(array, Tensor) else array
    if values.dtype.name not in DTYPES:
        raise ValueError(
            f"The array {name!r} has dtype {values.dtype}; a frame carries {', '.join(DTYPES)}."
        )
    return values.astype(values.dtype.newbyteorder("<"), copy=False)
