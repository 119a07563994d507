"""Streams: sizes, indices, projections, causality, threads."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from attnwidget.trace import DenseLayer, ProjectedLayer, Stream
from attnwidget.trace.softmax import Normaliser
from tests.trace.layers import full, layer, projections, stream, tokens


def test_axes_are_kept_and_negative_layers_count_from_the_end():
    tested = stream(layer(seed=1), layer(seed=2))
    assert tested.attention(0).shape == (4, 7, 7)
    assert tested.attention(0, 1, queries=-1, keys=[0, 3]).shape == (1, 1, 2)
    assert torch.equal(tested.attention(-1), full(layer(seed=2)))
    assert tested.attention(0, [], queries=slice(0, 0)).shape == (0, 0, 7)


def test_projections_are_repeated_for_every_query_head():
    query, key, value = projections(kv_heads=2)
    tested = stream(layer(kv_heads=2, dtype=torch.float16))
    for actual, given in (
        (tested.query(0), query),
        (tested.key(0), key.repeat_interleave(2, 0)),
        (tested.value(0), value.repeat_interleave(2, 0)),
    ):
        assert actual.dtype == torch.float32
        assert torch.equal(actual, given.half().float())


def test_results_can_be_written_to_without_changing_the_trace():
    for each in (layer(), DenseLayer(torch.full((4, 7, 7), 1 / 7))):
        tested = stream(each)
        before = tested.attention(0)
        tested.attention(0).zero_()
        if tested.has_projections:
            tested.query(0).zero_()
            tested.key(0).zero_()
            tested.scores(0, 0, 0).keys.zero_()
            tested.scores(0, 0, 0).query.zero_()
        assert torch.equal(tested.attention(0), before)


@pytest.mark.parametrize("name", ["query", "key", "value"])
def test_dense_streams_say_why_they_have_no_projections(name):
    tested = stream(DenseLayer(torch.full((4, 7, 7), 1 / 7)))
    assert not tested.has_projections
    with pytest.raises(ValueError, match=r"without the queries.*attnwidget\.capture"):
        getattr(tested, name)(0)
    with pytest.raises(ValueError, match=r"attnwidget\.capture"):
        tested.scores(0, 0, 0)


def test_causality_of_projected_and_dense_layers():
    assert stream(layer(causal=True), layer(causal=True)).causal
    assert not stream(layer(causal=True), layer()).causal
    weights = full(layer(causal=True))
    assert stream(DenseLayer(weights)).causal
    weights[3, 0, 6] = 1e-6
    assert not stream(DenseLayer(weights)).causal
    assert not stream(DenseLayer(torch.eye(3, 5)[None])).causal


def test_out_of_range_names_the_axis():
    tested = stream(layer())
    for axis, call in {
        "layer 1": lambda: tested.attention(1),
        "head 4": lambda: tested.attention(0, 4),
        "query 7": lambda: tested.attention(0, queries=7),
        "key -8": lambda: tested.attention(0, keys=-8),
        "layer -2": lambda: tested.query(-2),
        "head 9": lambda: tested.scores(0, 9, 0),
    }.items():
        with pytest.raises(IndexError, match=f"{axis} is out of range"):
            call()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((), tokens(7), tokens(7)), "has no layers"),
        (((layer(), layer(heads=8)), tokens(7), tokens(7)), r"layer 0 has \(4, 7, 7\) and layer 1"),
        (((layer(),), tokens(6), tokens(7)), "7 query positions, but 6 query tokens"),
        (((layer(),), tokens(7), tokens(8)), "7 key positions, but 8 key tokens"),
    ],
)
def test_streams_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Stream("self", *arguments)


def test_shared_memory_counts_once():
    one = layer()
    assert stream(one, one).nbytes == stream(one).nbytes
    assert stream(layer(), layer()).nbytes == 2 * stream(layer()).nbytes


def test_threads_normalise_once_and_agree(monkeypatch):
    calls = []
    normalise = ProjectedLayer._normalise

    def counted(self) -> Normaliser:
        calls.append(self)
        return normalise(self)

    monkeypatch.setattr(ProjectedLayer, "_normalise", counted)
    tested = stream(layer(queries=64, keys=64, causal=True))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: tested.attention(0, keys=slice(63)), range(32)))
    assert len(calls) == 1
    assert all(torch.equal(result, results[0]) for result in results)


def test_full_rows_need_no_normaliser_kept():
    tested = layer(causal=True, sinks=torch.tensor([0.0, 1.0, -1.0, 2.0]), softcap=1.5)
    alone = full(tested)
    assert tested._normaliser.value is None
    tiles = [tested.weights(slice(0, 4), slice(0, 7), [key]) for key in range(7)]
    torch.testing.assert_close(torch.cat(tiles, -1), alone, atol=1e-7, rtol=1e-6)


def test_copies_and_pickles_give_the_same():
    tested = stream(layer(causal=True))
    expected = tested.attention(0)
    for other in (copy.deepcopy(tested), pickle.loads(pickle.dumps(tested))):
        assert torch.equal(other.attention(0), expected)


def test_repr_is_short():
    assert repr(stream(layer())) == "Stream('self', 1 layers x 4 heads, 7 tokens)"
    assert "7 x 3 tokens" in repr(stream(layer(keys=3), name="cross"))
    assert len(repr(layer(queries=500))) < 80
