"""Mean ALTI against the mean of ALTI from every layer on, and where it finds the truth."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.registry import refusal
from tests.frames.reference import dense
from tests.methods.models import trace


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("name", ["bert", "gpt2", "llama"])
def test_it_is_the_mean_of_alti_from_every_layer_on(name: str, p: int) -> None:
    captured = trace(name)
    layers = range(captured.num_layers)
    parts = [aw.alti(captured, p=p, layers=slice(first, None)) for first in layers]
    torch.testing.assert_close(
        aw.mean_alti(captured, p=p), torch.stack(parts).mean(0), atol=1e-6, rtol=0
    )


def test_one_layer_is_alti() -> None:
    captured = trace("llama")
    one = slice(1, 2)
    torch.testing.assert_close(aw.mean_alti(captured, layers=one), aw.alti(captured, layers=one))


def test_a_walk_down_by_hand() -> None:
    """Two layers: half of the last token comes from the second, which has all of the first."""
    captured = trace("gpt2")
    lower, upper = (aw.alti(captured, layers=slice(layer, layer + 1)) for layer in (0, 1))
    found = aw.mean_alti(captured, layers=slice(0, 2))
    torch.testing.assert_close(found, (upper + upper @ lower) / 2, atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", ["gemma2", "t5", "bart"])
def test_rows_sum_to_one_and_can_be_computed_alone(name: str) -> None:
    captured = trace(name)
    whole = aw.mean_alti(captured)
    torch.testing.assert_close(whole.sum(-1), torch.ones(len(whole)))
    torch.testing.assert_close(aw.mean_alti(captured, rows=[2, -1]), whole[[2, -1]])
    assert whole.shape == aw.alti(captured).shape


def test_no_token_but_the_first_reads_from_the_first_if_it_is_skipped() -> None:
    found = aw.mean_alti(trace("llama"), skip_first=True)
    assert float(found[1:, 0].abs().max()) == 0
    torch.testing.assert_close(found.sum(-1), torch.ones(len(found)))


def test_the_repeated_word_comes_before_the_one_that_found_it() -> None:
    captured = aw.demo("induction")
    row = aw.mean_alti(captured, rows=-2)[0]
    words = captured.tokens
    assert words[int(row[1:-2].argmax()) + 1] == words[-1]


@pytest.mark.parametrize("layer", [0, 2])
def test_the_widgets_matrix_is_the_same(layer: int) -> None:
    captured = trace("bert")
    want = {"kind": "rows", "method": "mean_alti", "layer": layer, "heads": None, "full": True}
    found = dense(make_frame(Workspace(captured), want), len(captured.tokens))
    expected = aw.mean_alti(captured, layers=slice(0, layer + 1))
    torch.testing.assert_close(torch.from_numpy(found)[0].float(), expected, atol=1e-3, rtol=0)


def test_what_it_needs_is_said() -> None:
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    with pytest.raises(ValueError, match="holds attention weights without"):
        aw.mean_alti(arrays)
    assert "made from attention weights" in (refusal(arrays, arrays["self"], "mean_alti") or "")
    with pytest.raises(IndexError):
        aw.mean_alti(trace("llama"), rows=99)
