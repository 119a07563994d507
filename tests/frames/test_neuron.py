import numpy as np
import pytest
import torch

from attnwidget.frames import Workspace, make_frame
from attnwidget.trace import Trace
from tests.frames.traces import pair_trace
from tests.trace.layers import SCALE, layer, stream


def test_every_step_is_there():
    sinks = torch.tensor([0.5, 1.0])
    bias = torch.randn(2, 7, 7, generator=torch.Generator().manual_seed(1))
    made = layer(heads=2, kv_heads=1, causal=True, softcap=2.0, sinks=sinks, bias=bias)
    frame = make_frame(
        Workspace(Trace((stream(made),))), {"kind": "neuron", "head": 1, "query": -2}
    )
    assert frame.want == {"kind": "neuron", "stream": "self", "layer": 0, "head": 1, "query": 5}
    arrays = {name: np.asarray(array, np.float64) for name, array in frame.arrays.items()}
    query, keys = made.query[1, 5].double().numpy(), made.key[0].double().numpy()
    scaled = keys @ query * SCALE
    capped = 2 * np.tanh(scaled / 2)
    may = np.arange(7) <= 5
    powers = np.where(may, np.exp(capped + bias[1, 5].numpy()), 0)
    np.testing.assert_allclose(arrays["query"], query, rtol=1e-6)
    np.testing.assert_allclose(arrays["keys"], keys, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(arrays["scaled"], scaled, rtol=1e-5)
    np.testing.assert_allclose(arrays["capped"], capped, rtol=1e-5)
    np.testing.assert_allclose(arrays["bias"], bias[1, 5], rtol=1e-6)
    np.testing.assert_array_equal(arrays["allowed"], may)
    np.testing.assert_allclose(
        arrays["weights"], powers / (powers.sum() + np.exp(1.0)), rtol=1e-4, atol=1e-9
    )
    assert frame.fields == {"scale": SCALE, "softcap": 2.0, "sink": 1.0}
    assert frame.arrays["keys"].dtype == torch.float16


def test_what_a_model_lacks_is_left_out():
    frame = make_frame(Workspace(Trace((stream(layer()),))), {"kind": "neuron"})
    assert set(frame.arrays) == {"query", "keys", "scaled", "allowed", "weights"}
    assert frame.fields == {"scale": SCALE, "softcap": None, "sink": None}


def test_arrays_have_no_neurons():
    with pytest.raises(ValueError, match="without the queries, keys"):
        make_frame(Workspace(pair_trace()), {"kind": "neuron"})
