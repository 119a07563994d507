import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnwidget.frames import Workspace, is_quick, make_frame
from attnwidget.frames import matrix_figures as figures_module
from attnwidget.trace import Trace
from tests.frames.reference import shown
from tests.frames.traces import long_trace, pair_trace, random_weights, translation_trace

SPECIAL = {0, 3, 7}


def matrix(trace, **want):
    return make_frame(Workspace(trace), {"kind": "matrix", **want})


def fused(trace, layer, heads=None, fusion="mean", hidden=(), **sides):
    """Return the matrix of some heads by definition, (n_q, n_k) float64."""
    stack = trace.attention(layer, heads)
    return shown(stack, fusion=fusion, hidden=hidden, **sides)[0][0]


def pooled(values, size, *, magnitude=False):
    """The largest value of each cell, one value at a time."""
    cells = np.full([min(size, count) for count in values.shape], np.nan)
    for (i, j), value in np.ndenumerate(values):
        cell = i * cells.shape[0] // values.shape[0], j * cells.shape[1] // values.shape[1]
        larger = abs(value) > abs(cells[cell]) if magnitude else value > cells[cell]
        if np.isnan(cells[cell]) or larger:
            cells[cell] = value
    return cells


def check_figures(frame, values, *, itself=True):
    np.testing.assert_allclose(frame.arrays["incoming"], values.mean(0), atol=1e-6)
    np.testing.assert_allclose(frame.arrays["outgoing"], values.mean(1), atol=1e-6)
    assert frame.fields["low"] == pytest.approx(values.min(), abs=1e-6)
    assert frame.fields["high"] == pytest.approx(values.max(), abs=1e-6)
    queries, keys, found = np.asarray(frame.arrays["critical"], np.float64)
    places = list(zip(queries.astype(int), keys.astype(int), strict=True))
    assert len(set(places)) == len(places) <= figures_module.STRONGEST
    np.testing.assert_allclose(found, [values[place] for place in places], atol=1e-6)
    others = values.copy()
    if itself:
        np.fill_diagonal(others, 0)
    expected = np.sort(np.abs(others[others != 0]))[::-1][: figures_module.STRONGEST]
    np.testing.assert_allclose(np.abs(found), expected, atol=1e-6)
    assert (np.diff(np.abs(found)) <= 0).all()


@pytest.mark.parametrize("heads", [None, [1], [2, 0]])
@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("hide_special", [False, True])
def test_heads_become_one_matrix(heads, fusion, hide_special):
    trace = pair_trace()
    frame = matrix(trace, layer=1, heads=heads, fusion=fusion, hide_special=hide_special)
    expected = fused(trace, 1, heads, fusion, SPECIAL if hide_special else ())
    np.testing.assert_allclose(frame.arrays["cells"], expected, rtol=6e-4, atol=1e-7)
    check_figures(frame, expected)


def test_the_filter_of_a_pair_leaves_one_block():
    trace = pair_trace()
    frame = matrix(trace, pair_filter="ba")
    expected = fused(trace, 0, queries={4, 5, 6, 7}, keys={0, 1, 2, 3})
    np.testing.assert_allclose(frame.arrays["cells"], expected, rtol=6e-4, atol=1e-7)
    check_figures(frame, expected)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_parts_and_pooling_agree_with_a_dense_matrix(data):
    rows, columns = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    seed = data.draw(st.integers(0, 2**32 - 1))
    layers = [random_weights(2, rows, columns, seed=seed + place) for place in range(2)]
    trace = Trace.from_attentions(
        layers,
        [str(place) for place in range(rows)],
        key_tokens=[str(place) for place in range(columns)],
    )
    spans = [data.draw(st.none() | spans_of(count)) for count in (rows, columns)]
    size = data.draw(st.integers(1, 50))
    minus = data.draw(st.sampled_from([None, {"layer": 1, "fusion": "max"}]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("attnwidget.frames.matrix_of.BLOCK_ELEMENTS", data.draw(st.integers(1, 900)))
        frame = matrix(trace, queries=spans[0], keys=spans[1], size=size, minus=minus)
    expected = fused(trace, 0)
    if minus:
        expected = expected - fused(trace, 1, fusion="max")
    part = expected[tuple(slice(*(span or [None])) for span in spans)]
    cells = np.asarray(frame.arrays["cells"], np.float64)
    np.testing.assert_allclose(
        cells, pooled(part, size, magnitude=minus is not None), rtol=1e-3, atol=1e-6
    )
    check_figures(frame, expected, itself=False)
    assert frame.want["queries"] == spans[0]


def spans_of(count):
    pairs = st.tuples(st.integers(0, count - 1), st.integers(1, count))
    return pairs.filter(lambda pair: pair[0] < pair[1]).map(list)


def test_a_difference_may_be_of_heads_layers_and_fusions():
    trace = pair_trace()
    frame = matrix(
        trace,
        layer=1,
        heads=[2],
        hide_first=True,
        minus={"layer": 0, "heads": [0, 1], "method": "attention", "fusion": "max"},
    )
    first = fused(trace, 1, [2], hidden={0})
    second = fused(trace, 0, [0, 1], "max", hidden={0})
    np.testing.assert_allclose(frame.arrays["cells"], first - second, rtol=1e-3, atol=1e-6)
    check_figures(frame, first - second)
    assert frame.want["minus"] == {
        **{"layer": 0, "heads": [0, 1], "method": "attention", "fusion": "max"}
    }


def test_the_diagonal_of_cross_attention_counts():
    trace = translation_trace()
    frame = matrix(trace, stream="cross", layer=1)
    expected = trace["cross"].attention(1).double().mean(0).numpy()
    check_figures(frame, expected, itself=False)


def test_the_figures_of_a_part_are_those_of_the_whole():
    trace = long_trace(50, causal=True)
    whole, part = matrix(trace), matrix(trace, queries=[10, 20], keys=[0, 5])
    assert part.arrays["cells"].shape == (10, 5)
    for name in ("incoming", "outgoing", "critical"):
        np.testing.assert_array_equal(part.arrays[name], whole.arrays[name])
    assert part.fields == whole.fields


def test_the_figures_are_computed_once(monkeypatch):
    workspace = Workspace(pair_trace())
    make_frame(workspace, {"kind": "matrix", "keys": [0, 4]})
    monkeypatch.setattr("attnwidget.frames.matrix.matrix_figures", None)
    make_frame(workspace, {"kind": "matrix", "keys": [4, 8]})
    with pytest.raises(TypeError):
        make_frame(workspace, {"kind": "matrix", "layer": 1})


def test_only_small_matrices_are_quick():
    assert is_quick(Workspace(pair_trace()), {"kind": "matrix"})
    assert not is_quick(Workspace(long_trace(2000)), {"kind": "matrix"})


def test_progress_tells_rows_and_may_interrupt(monkeypatch):
    monkeypatch.setattr("attnwidget.frames.matrix_of.BLOCK_ELEMENTS", 200)
    told = []
    make_frame(Workspace(long_trace(20)), {"kind": "matrix"}, lambda *news: told.append(news))
    assert told == [(5, 20), (10, 20), (15, 20), (20, 20)] * 2

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_frame(Workspace(long_trace(20)), {"kind": "matrix"}, stop)


def test_bytes_do_not_grow_with_the_square_of_the_text():
    sizes = [len(matrix(long_trace(count), size=16).to_bytes()) for count in (100, 200, 400)]
    assert sizes[2] - sizes[1] < 2.1 * (sizes[1] - sizes[0])
