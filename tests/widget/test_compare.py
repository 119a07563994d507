"""Two traces beside each other, against the dense weights of both."""

from __future__ import annotations

import pytest
import torch
from traitlets import TraitError

import attnwidget as aw
from attnwidget.frames import ComparedWorkspace, make_frame
from attnwidget.trace import Trace

WORDS = ["a", "b", "c", "d", "e"]


def given(words: list[str], seed: int, layers: int = 2, heads: int = 3) -> Trace:
    """Return a trace of random weights, one row a token."""
    generator = torch.Generator().manual_seed(seed)
    size = len(words)
    weights = torch.rand(layers, heads, size, size, generator=generator).softmax(-1)
    return Trace.from_attentions(list(weights), words, model_name=f"model {seed}")


def test_equal_texts_are_subtracted_whole() -> None:
    a, b = given(WORDS, 1), given(WORDS, 2)
    widget = aw.compare(a, b, layer=1)
    assert widget.run == "difference"
    torch.testing.assert_close(widget.scores(), (b.attention(1) - a.attention(1)).mean(0))
    widget.heads = [2, 0]
    change = b.attention(1, [2, 0]) - a.attention(1, [2, 0])
    torch.testing.assert_close(widget.scores(), change)
    widget.run = "after"
    torch.testing.assert_close(widget.scores(), b.attention(1, [2, 0]))
    widget.run = "before"
    torch.testing.assert_close(widget.scores(), a.attention(1, [2, 0]))


def test_texts_that_differ_are_subtracted_where_they_are_the_same() -> None:
    a, b = given(["a", "b", "x", "d"], 1), given(["new", "a", "b", "y", "z", "d"], 2)
    mine, theirs = [0, 1, 3], [1, 2, 5]
    widget = aw.compare(a, b, view="matrix")
    expected = b.attention(0)[:, theirs][:, :, theirs] - a.attention(0)[:, mine][:, :, mine]
    torch.testing.assert_close(widget.scores(), expected.mean(0))
    assert list(widget.current_stream.queries.text) == ["a", "b", "d"]
    picture = widget.to_svg()
    assert "only in the first: ‘x’ (2)" in picture
    assert "only in the second: ‘new’ (0), ‘y’ (3), ‘z’ (4)" in picture
    widget.run = "after"
    assert len(widget.current_stream.queries) == 6
    torch.testing.assert_close(widget.scores(), b.attention(0).mean(0))


def test_pins_are_not_taken_over_by_other_tokens() -> None:
    a, b = given(["a", "b", "x", "d"], 1), given(["new", "a", "b", "d"], 2)
    widget = aw.compare(a, b, tokens_selected=[{"side": "key", "index": 1}])
    widget.method = "rollout"
    assert len(widget.tokens_selected) == 1
    widget.run = "after"
    assert widget.tokens_selected == []
    widget.tokens_selected = [{"side": "key", "index": 3}]
    with pytest.raises(TraitError, match="key 4 is out of range"):
        widget.tokens_selected = [{"side": "key", "index": 4}]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (given(WORDS, 2, heads=2), "2 layers of 3 heads in the first trace and 2 layers of 2"),
        (given(WORDS, 2, layers=1), "two widgets"),
        (given(["p", "q"], 2), "share no token"),
        (Trace.from_attentions(encoder=[torch.eye(5)[None]], encoder_tokens=WORDS), "the streams"),
    ],
)
def test_what_cannot_be_compared_is_refused(other: Trace, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        aw.compare(given(WORDS, 1), other)


def test_arguments_are_traces() -> None:
    with pytest.raises(TypeError, match="before is of type list"):
        aw.compare([1], given(WORDS, 1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="does not know the keyword 'colour'"):
        aw.compare(given(WORDS, 1), given(WORDS, 2), colour="red")  # type: ignore[call-arg]


def test_captions_files_and_repr_say_what_is_compared() -> None:
    a, b = given(WORDS, 1), given(WORDS, 2)
    widget = aw.compare(a, b)
    assert "model 1 on ‘a b c d e’ and model 2 on ‘a b c d e’, run='difference'" in repr(widget)
    said = "model 2 on ‘a b c d e’ minus model 1 on ‘a b c d e’"
    assert said in widget.to_svg()
    assert "change in attention, after − before" in widget.to_svg()
    widget.run = "after"
    assert "compared with model 1" in widget.to_svg()
    assert widget.to_html()


def test_a_cut_run_is_compared_as_its_knockout() -> None:
    trace = aw.demo("induction")
    cut = aw.Cut(layers=0, heads=1, mode="zero")
    found = aw.knockout(trace, cut)
    workspace = ComparedWorkspace(trace, found.trace)
    frame = make_frame(workspace, {"kind": "knockout", "cuts": []})
    assert frame.fields["value_before"] == pytest.approx(found.value_before, abs=1e-4)
    assert frame.fields["value_after"] == pytest.approx(found.value_after, abs=1e-4)
    before = {each["text"]: each for each in frame.fields["predictions"]}
    for run, entries in (("before", found.before.entries), ("after", found.after.entries)):
        best = entries[0]
        assert before[best.text][run]["probability"] == pytest.approx(best.probability, abs=1e-5)
    assert frame.fields["kl"] == pytest.approx(found.kl, abs=1e-5)
    assert frame.fields["kl"] > 0
    assert frame.fields["no_kl"] == ""
    widget = aw.compare(trace, found.trace, layer=1)
    with pytest.raises(TraitError, match="a cut would be a third run"):
        widget.cuts = [cut]
    change = found.trace.attention(1) - trace.attention(1)
    torch.testing.assert_close(widget.scores(), change.mean(0))


def test_heads_of_a_difference_are_not_coloured_by_their_effect() -> None:
    trace = aw.demo("brackets")
    other = aw.replaced(trace, {1: "("})
    widget = aw.compare(trace, other, view="model", head_colors="effect")
    assert "change in attention, after − before" in widget.to_svg()
    assert "without the head" not in widget.to_svg()
    assert widget.to_html()
