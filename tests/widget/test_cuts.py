"""The traits of cuts: what is cut, and the run on the screen."""

from __future__ import annotations

import pytest
import torch
from traitlets import TraitError

import attnwidget as aw
from attnwidget.trace import Trace
from tests.frames.traces import pair_trace

HEAD = aw.Cut(layers=0, heads=1, mode="zero")


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def test_cuts_are_plain_data_with_every_field(induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, cuts=[HEAD, {"keys": [2]}])
    assert widget.cuts == [
        {
            **{"stream": "self", "layers": [0], "heads": [1]},
            **{"queries": None, "keys": None, "mode": "zero"},
        },
        {
            **{"stream": "self", "layers": None, "heads": None},
            **{"queries": None, "keys": [2], "mode": "renormalise"},
        },
    ]
    widget.cuts = HEAD
    assert len(widget.cuts) == 1
    widget.cuts = []
    assert widget.cuts == []


@pytest.mark.parametrize(
    ("cuts", "message"),
    [
        ([aw.Cut(layers=9)], "layer 9 is out of range"),
        ([aw.Cut()], "none is left to share"),
        ([{"mode": "gone"}], "mode must be one of"),
        ([{"rows": [1]}], "A cut has the fields"),
        (["head 1"], "cuts must be a Cut"),
        ([{"keys": [99]}], "key 99 is out of range"),
    ],
)
def test_impossible_cuts_change_nothing(induction: Trace, cuts: object, message: str) -> None:
    widget = aw.AttentionWidget(induction, cuts=[HEAD])
    before = widget.cuts
    with pytest.raises(TraitError, match=message):
        widget.cuts = cuts
    assert widget.cuts == before


def test_arrays_cannot_be_cut() -> None:
    widget = aw.AttentionWidget(pair_trace())
    with pytest.raises(TraitError, match="runs the model again, and this trace has none"):
        widget.cuts = [HEAD]
    assert widget.about["can_cut"] is False


def test_the_run_on_the_screen_is_that_without_the_cuts(induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, layer=1, heads=[0], cuts=[HEAD])
    torch.testing.assert_close(widget.scores(), induction.attention(1, 0))
    widget.run = "after"
    cut = aw.knockout(induction, HEAD).trace
    torch.testing.assert_close(widget.scores(), cut.attention(1, 0))
    assert "without head 1 of layer 0" in widget.to_svg()
    widget.cuts = []
    torch.testing.assert_close(widget.scores(), induction.attention(1, 0))


def test_methods_of_outputs_are_there_in_a_cut_run(induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, layer=1, method="alti", cuts=[HEAD], run="after")
    cut = aw.knockout(induction, HEAD).trace
    torch.testing.assert_close(widget.scores(), aw.alti(cut), atol=1e-5, rtol=0)


@pytest.mark.parametrize("view", ["head", "matrix", "model"])
def test_the_difference_of_both_runs_has_signs(induction: Trace, view: str) -> None:
    widget = aw.AttentionWidget(induction, view, layer=1, cuts=[HEAD], run="difference")
    change = aw.knockout(induction, HEAD).trace.attention(1) - induction.attention(1)
    torch.testing.assert_close(widget.scores(), change.mean(0))
    picture = widget.to_svg()
    assert "change in attention, after − before" in picture
    assert "without head 1 of layer 0" in picture
    assert "less than before" in picture


@pytest.mark.parametrize("view", ["trace", "neuron"])
def test_views_without_differences_show_the_run_that_was_cut(induction: Trace, view: str) -> None:
    widget = aw.AttentionWidget(induction, view, layer=1, cuts=[HEAD], run="difference")
    cut = aw.knockout(induction, HEAD).trace
    torch.testing.assert_close(widget.scores(), cut.attention(1).mean(0))
    picture = widget.to_svg()
    assert "without head 1 of layer 0" in picture
    assert "after − before" not in picture


def test_no_cuts_leave_no_difference(induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, layer=1, run="difference")
    torch.testing.assert_close(widget.scores(), induction.attention(1).mean(0))
