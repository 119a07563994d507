"""How much rollout holds."""

import pytest

import attnwidget as aw
from tests.methods.memory import Memory
from tests.trace.layers import layer, stream

SIZE = 400
MATRIX = 4 * SIZE**2


def projected(count=2, heads=4, size=SIZE):
    return stream(
        *(
            layer(heads=heads, queries=size, keys=size, causal=True, seed=seed, kv_heads=4)
            for seed in range(count)
        )
    )


def peak_of(source, **options):
    with Memory() as memory:
        aw.rollout(source, progress=False, **options)
    return memory.peak


@pytest.mark.parametrize(("count", "heads"), [(1, 4), (2, 8)])
@pytest.mark.parametrize("options", [{}, {"discard_ratio": 0.9}, {"fusion": "max"}])
def test_three_matrices_whatever_the_layers_and_heads(options, count, heads):
    assert peak_of(projected(count, heads), **options) < 3 * MATRIX


def test_plain_arrays_are_not_copied():
    dense = projected(3, 4)
    arrays = [dense.attention(place) for place in range(3)]
    assert peak_of(arrays) < 3 * MATRIX
    assert peak_of([each.double().numpy() for each in arrays]) < 3 * MATRIX


def test_rows_hold_no_matrix():
    size = 1000
    tested = projected(2, 4, size)
    few, rows = peak_of(tested, rows=[0, -1]), peak_of(tested, rows=slice(-20, None))
    assert few < 4 * size**2 / 4
    assert rows - few < 8 * 20 * 4 * size


def test_nothing_is_kept():
    tested = projected()
    before = tested.nbytes
    with Memory() as memory:
        rolled = aw.rollout(tested)
    assert tested.nbytes == before
    assert memory.now == rolled.untyped_storage().nbytes() == MATRIX
