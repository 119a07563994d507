"""Patches that a model puts in an order of its own are named by where they lie in the image."""

from __future__ import annotations

import pytest
import torch
import transformers as tf
from torch import Tensor
from transformers.models.hiera.modeling_hiera import unroll

from attnwidget.capture import capture
from tests.capture.test_windows import pixels, random


def hiera(masked: list[bool], **sizes: object) -> tf.HieraModel:
    config = tf.HieraConfig(
        **{"image_size": [64, 64], "masked_unit_size": [4, 4], **sizes},
        **{"embed_dim": 16, "patch_size": [7, 7], "patch_stride": [4, 4]},
        **{"depths": [2, 1, 1], "num_heads": [1, 2, 2], "num_query_pool": 2},
        masked_unit_attention=masked,
    )
    return random(tf.HieraModel, config)


def names(places: Tensor, columns: int) -> list[str]:
    return [f"r{place // columns} c{place % columns}" for place in places.tolist()]


def pooled(places: Tensor, columns: int) -> Tensor:
    """Return the places of the positions that four each are pooled to, by the model's rule."""
    found = places.view(4, -1)
    cells = found // columns // 2 * (columns // 2) + found % columns // 2
    assert (cells == cells[0]).all()
    return cells[0]


@pytest.mark.parametrize(("rows", "columns"), [(16, 16), (8, 16)])
def test_stages_of_hiera_are_named_by_row_and_column(rows: int, columns: int) -> None:
    model = hiera([True, True, False], image_size=[4 * rows, 4 * columns])
    trace = capture(model, {"pixel_values": pixels(4 * rows, 4 * columns)})
    in_order = torch.arange(rows * columns)
    sizes = [4 * rows, 4 * columns], [4, 4], model.unroll_schedule
    first = unroll(in_order.view(1, -1, 1).float(), *sizes)[0, :, 0].long()
    second = pooled(first, columns)
    third = pooled(second, columns // 2)
    stages = [names(first, columns), names(second, columns // 2), names(third, columns // 4)]
    assert [stream.query_tokens for stream in trace.stacks] == stages
    assert trace.notes == ()  # no stage is a layer without attention
    assert [stream.numbers for stream in trace.stacks] == [None] * 3
    assert [stream.key_tokens for stream in trace.stacks] == [stages[0], *stages[:2]]


def test_positions_are_not_named_by_a_grid_that_they_do_not_fit() -> None:
    """The config's patches are wider than they lie apart, so there are fewer of them."""
    trace = capture(hiera([False, False, False]), {"pixel_values": pixels(64, 64)})
    for stream in trace.stacks:
        assert not any("EXTRA" in name for name in stream.query_tokens)
