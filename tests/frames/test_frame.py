import json
import struct

import numpy as np
import pytest
import torch

from attnwidget.frames import Frame

ARRAYS = {
    "bytes": np.arange(3, dtype=np.uint8),
    "shorts": np.array([[1, 65535]], np.uint16),
    "longs": np.array([2**32 - 1], np.uint32),
    "halves": torch.tensor([[0.5, 1.0, 2.0]], dtype=torch.float16),
    "floats": np.array([np.nan, 1e-30], np.float32),
    "none": np.empty((2, 0), np.float32),
}


def parse(data):
    """Read the bytes as docs/developing/wire-format.md describes them, without the package."""
    assert data[:4] == b"AWF1"
    (length,) = struct.unpack_from("<I", data, 4)
    return json.loads(data[8 : 8 + length].decode())


def test_bytes_are_as_documented():
    data = Frame("rows", {"kind": "rows", "word": "ü"}, ARRAYS, {"top": 0.25}).to_bytes()
    header = parse(data)
    assert (header["version"], header["kind"], header["top"]) == (1, "rows", 0.25)
    assert header["want"] == {"kind": "rows", "word": "ü"}
    for described, (name, array) in zip(header["arrays"], ARRAYS.items(), strict=True):
        assert described["name"] == name
        assert described["offset"] % 8 == 0
        expected = np.asarray(array)
        raw = data[described["offset"] :][: expected.nbytes]
        read = np.frombuffer(raw, described["dtype"]).reshape(described["shape"])
        np.testing.assert_array_equal(read, expected)


@pytest.mark.parametrize("length", range(20))
def test_any_length_of_header_leaves_arrays_aligned(length):
    frame = Frame("x", {"pad": "a" * length}, {"a": np.ones(3, np.uint8), "b": np.ones(2, "f4")})
    back = Frame.from_bytes(frame.to_bytes())
    np.testing.assert_array_equal(back.arrays["b"], [1.0, 1.0])
    assert back.want == frame.want


def test_reads_from_a_memoryview():
    data = Frame("x", {}, {"a": np.arange(4, dtype=np.uint16)}).to_bytes()
    np.testing.assert_array_equal(Frame.from_bytes(memoryview(data)).arrays["a"], range(4))


def test_other_dtypes_are_refused():
    with pytest.raises(ValueError, match="'a' has dtype int64"):
        Frame("x", {}, {"a": np.arange(3)}).to_bytes()


@pytest.mark.parametrize("data", [b"", b"AWF1", b"PNG1" + bytes(20)])
def test_foreign_bytes_are_refused(data):
    with pytest.raises(ValueError, match="no frame"):
        Frame.from_bytes(data)


def test_cut_bytes_are_refused():
    data = Frame("x", {}, {"a": np.arange(4, dtype=np.uint16)}).to_bytes()
    with pytest.raises(ValueError, match="smaller than requested"):
        Frame.from_bytes(data[:-3])
