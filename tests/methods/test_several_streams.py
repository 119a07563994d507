"""Methods through layers ask which stream they are to go through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

import attnwidget as aw


def two_towers() -> aw.Trace:
    torch.manual_seed(0)
    text, vision = (
        aw.Trace.from_attentions(torch.randn(2, 1, size, size).softmax(-1), list("abcde"[:size]))
        for size in (3, 5)
    )
    return aw.Trace(
        (replace(text.stacks[0], name="text"), replace(vision.stacks[0], name="vision"))
    )


@pytest.mark.parametrize(
    "method",
    [aw.rollout, aw.rollout_by_layer, aw.max_flow],
)
def test_a_stream_of_several_has_to_be_named(method: Callable[..., Tensor | float]) -> None:
    trace = two_towers()
    with pytest.raises(ValueError, match=r"text, vision, and nothing.*Pass stream='vision', or an"):
        method(trace)
    for stream in trace.streams:
        alone = method(aw.Trace((trace[stream],)))
        assert torch.equal(torch.as_tensor(method(trace, stream=stream)), torch.as_tensor(alone))


def test_the_widget_goes_through_the_stream_on_the_screen() -> None:
    widget = aw.AttentionWidget(two_towers(), method="rollout", stream="vision", layer=1)
    assert torch.allclose(widget.scores(), aw.rollout(widget.trace, stream="vision"), atol=1e-6)
