"""Write and open files of tensors in the format safetensors."""

import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from attnwidget.trace.saved.fields import DamagedError

DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.bfloat16: "BF16",
    torch.float16: "F16",
    torch.int64: "I64",
    torch.int8: "I8",
    torch.bool: "BOOL",
}
"""The dtypes that traces have, by their names in the format."""

KEY = "attnwidget"
"""The name of the description among the metadata."""

MAX_HEADER = 100_000_000
"""Most bytes of a header, as the library safetensors reads them."""


ALIGNED = 64
"""Bytes whose multiples most tensors begin at, as in memory."""


@dataclass(frozen=True)
class Entry:
    """A tensor to be written.

    Attributes
    ----------
    dtype, shape
        Those of the tensor.
    make
        Returns it.
    """

    dtype: torch.dtype
    shape: tuple[int, ...]
    make: Callable[[], Tensor]

    @property
    def nbytes(self) -> int:
        """Number of bytes."""
        return self.shape_size * self.dtype.itemsize

    @property
    def shape_size(self) -> int:
        """Number of entries."""
        return torch.Size(self.shape).numel()


def write(path: str | os.PathLike[str], entries: Mapping[str, Entry], description: str) -> None:
    """Write tensors and their description to a file, which is either whole or as before.

    Raises
    ------
    OSError
        The file cannot be written.
    ValueError
        The path is no regular file, or the description is too long.
    """
    whole = Path(os.path.realpath(path))
    if whole.is_dir():
        raise IsADirectoryError(f"{whole} is a folder. Name a file in it: trace.safetensors.")
    if whole.exists() and not stat.S_ISREG(whole.stat().st_mode):
        raise ValueError(f"{whole} is no regular file. Name one, such as trace.safetensors.")
    if not whole.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {whole.parent}. Make it first.")
    order = sorted(entries, key=lambda name: _rank(entries[name]))
    header = _header({name: entries[name] for name in order}, description)
    part = whole.with_name(f".{whole.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(header)
            for name in order:
                _write_tensor(file, entries[name].make())
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)


def _rank(entry: Entry) -> tuple[bool, int]:
    """Return the rank of a tensor, by which each begins where its dtype may, and most are aligned.

    What adds up products of floats may round otherwise where they are not aligned in memory.
    """
    return entry.nbytes % ALIGNED != 0, -entry.dtype.itemsize


def _header(entries: Mapping[str, Entry], description: str) -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt", KEY: description}}
    start = 0
    for name, entry in entries.items():
        stop = start + entry.nbytes
        header[name] = {
            "dtype": DTYPES[entry.dtype],
            "shape": list(entry.shape),
            "data_offsets": [start, stop],
        }
        start = stop
    written = json.dumps(header, separators=(",", ":")).encode()
    written += b" " * (-(8 + len(written)) % ALIGNED)
    if len(written) > MAX_HEADER:
        raise ValueError(
            f"The tokens and names of this trace take {len(written) / 1e6:.0f} MB, and the format "
            f"safetensors holds {MAX_HEADER / 1e6:.0f} MB of them. Save a shorter text."
        )
    return len(written).to_bytes(8, "little") + written


def _write_tensor(file: Any, tensor: Tensor) -> None:
    # Row by row of the first axis: a copy of the whole could be as large as the trace.
    for part in tensor if tensor.ndim > 2 else (tensor,):
        flat = part.detach().cpu().contiguous().flatten()
        file.write(flat.view(torch.uint8).numpy().data)


@dataclass(frozen=True)
class OpenFile:
    """An open file, whose tensors are read where they are used.

    Attributes
    ----------
    description
        What the tensors are.
    names
        The names of the tensors.
    tensor
        Returns a tensor by its name; its numbers are mapped into memory.
    """

    description: str
    names: frozenset[str]
    tensor: Callable[[str], Tensor]


def open_file(path: str | os.PathLike[str]) -> OpenFile:
    """Open a file.

    Raises
    ------
    OSError
        There is no such file, it is a folder, or it may not be read.
    DamagedError
        It is no safetensors file, is not whole, or holds no trace.
    """
    with Path(path).open("rb") as file:  # the system's own words for what cannot be opened
        length = int.from_bytes(file.read(8), "little")
        begin = file.read(1)
    if begin != b"{":
        raise DamagedError("it is no safetensors file")
    try:
        opened: Any = safe_open(os.fspath(path), framework="pt")
    except SafetensorError as error:
        size = Path(path).stat().st_size
        is_cut = length + 8 > size or "not fully covered" in str(error)
        why = f"it is not whole ({size:,} bytes are there)" if is_cut else "its header is wrong"
        raise DamagedError(f"{why}: {error}") from error
    metadata = opened.metadata() or {}
    if KEY not in metadata:
        raise DamagedError(
            "it is a safetensors file that was not made by trace.save, such as a model's"
        )
    return OpenFile(metadata[KEY], frozenset(opened.keys()), opened.get_tensor)
