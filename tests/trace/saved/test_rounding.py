"""Files of fewer bits are small, and say how far attention is off."""

import os
import re

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.trace import Trace
from attnwidget.trace.saved.rounding import rounded, rounded_gradients
from tests.trace.layers import layer
from tests.trace.saved.hand_made import TRACES, of


def saved(trace, folder, dtype):
    path = folder / f"{dtype}.safetensors"
    trace.save(path, dtype=dtype)
    return Trace.load(path)


def largest_error(found, expected):
    return max(
        float((found[name].attention(place) - expected[name].attention(place)).abs().max())
        for name in expected.streams
        for place in range(expected[name].num_layers)
    )


@pytest.mark.parametrize(("dtype", "most"), [("float16", 2e-3), ("int8", 5e-2)])
@pytest.mark.parametrize("kind", TRACES)
def test_the_error_is_what_the_note_says(kind, dtype, most, tmp_path):
    trace = TRACES[kind]
    found = saved(trace, tmp_path, dtype)
    error = largest_error(found, trace)
    assert error < most
    if error == 0:
        assert found.notes == trace.notes
        return
    (note,) = found.notes
    said = float(re.search(r"differ by at most (\S+) from", note)[1])
    assert error <= said <= 1.1 * error
    assert note in repr(found)
    assert note in aw.AttentionWidget(found).about["notes"]


@pytest.mark.parametrize("dtype", ["float16", "int8"])
def test_everything_works_on_a_rounded_trace(dtype, tmp_path):
    for name in ("brackets", "induction", "dates"):
        trace = aw.demo(name)
        trace.attention_gradient(0)
        found = saved(trace, tmp_path, dtype)
        for stream in trace.streams:
            pairs = zip(found[stream].layers, trace[stream].layers, strict=True)
            for place, _ in enumerate(pairs):
                one, other = found[stream], trace[stream]
                assert_near(one.attention_gradient(place), other.attention_gradient(place))
                assert_near(one.written(place), other.written(place))
                assert_near(one.scores(place, 0, 2).scaled, other.scores(place, 0, 2).scaled)
                assert_near(one.query(place), other.query(place))
                assert_near(one.value(place), other.value(place))
        assert_near(aw.alti(found), aw.alti(trace))
        assert_near(aw.relevance(found), aw.relevance(trace))
        if not isinstance(trace.readout, str):
            assert_near(aw.logit_contributions(found).heads, aw.logit_contributions(trace).heads)


def assert_near(found, expected):
    assert float((found - expected).abs().max()) < 0.04 * float(expected.abs().max())


def test_files_are_smaller(tmp_path):
    trace = of(layer(queries=256, keys=256, size=64))
    sizes = {}
    for dtype in ("float32", "float16", "int8"):
        saved(trace, tmp_path, dtype)
        sizes[dtype] = os.path.getsize(tmp_path / f"{dtype}.safetensors")
    assert sizes["float16"] < 0.55 * sizes["float32"]
    assert sizes["int8"] < 0.32 * sizes["float32"]


def test_eight_bits_are_saved_again_as_they_are(tmp_path):
    once = saved(TRACES["plain"], tmp_path, "int8")
    twice = saved(once, tmp_path, "float32")
    assert torch.equal(once.attention(1), twice.attention(1))
    assert twice.notes == once.notes
    assert once.nbytes < TRACES["plain"].nbytes


def test_numbers_too_large_for_half_precision_stay(tmp_path):
    large = layer()
    large.value[0, 0, 0] = 1e5
    found = saved(of(large), tmp_path, "float16")
    assert float(found.value(0)[0, 0, 0]) == 1e5
    assert found.value(0).isfinite().all()


def test_codes_are_those_of_hand_work():
    numbers = torch.tensor([[127.0, -63.6, 0.0], [0.0, 0.0, 0.0], [1e-9, 5e-10, -1e-9]])[None]
    found = rounded(numbers, "int8")
    assert found.codes[0].tolist() == [[127, -64, 0], [0, 0, 0], [127, 64, -127]]
    np.testing.assert_allclose(found.scales[0, :, 0], [1.0, 1.0, 1e-9 / 127], rtol=1e-6)
    by_channel = rounded(numbers, "int8", axis=-2)
    assert by_channel.scales.shape == (1, 1, 3)


def test_small_gradients_do_not_vanish():
    gradients = torch.randn(2, 5, 8) * 1e-12
    found = rounded_gradients(gradients, "float16").float()
    torch.testing.assert_close(found, gradients, rtol=2e-3, atol=1e-15)


def test_rows_of_long_texts_are_compared_in_part(tmp_path):
    found = saved(of(layer(queries=1100, keys=1100)), tmp_path, "float16")
    assert re.search(r"in the \d+ of 1,100 rows compared", found.notes[0])


def test_other_dtypes_are_refused(tmp_path):
    with pytest.raises(ValueError, match="dtype must be one of float32, float16, int8"):
        TRACES["plain"].save(tmp_path / "trace.safetensors", dtype="float8")
    assert not any(tmp_path.iterdir())
