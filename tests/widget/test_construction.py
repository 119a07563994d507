import gc
import sys
import weakref
from dataclasses import replace

import pytest
import torch

from attnwidget import AttentionWidget, Trace, assets, explore
from attnwidget.frames import Frame
from tests.frames.traces import WORDS, long_trace, pair_trace, random_weights, translation_trace
from tests.widget.comm import connect


def test_arrays_with_tokens_are_enough():
    stack = [random_weights(2, 4, 4), random_weights(2, 4, 4, seed=1)]
    widget = AttentionWidget(stack, tokens=list("abcd"))
    assert widget.trace.tokens == list("abcd")
    cross = [random_weights(2, 3, 4)]
    crossing = AttentionWidget(cross, tokens=list("abc"), key_tokens=list("wxyz"))
    assert crossing.stream == "cross"


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "message"),
    [
        (["a model"], {}, TypeError, r"of type str was given.*explore\(model, text\)"),
        ([None], {}, TypeError, "of type NoneType"),
        ([[random_weights(1, 2, 2)]], {}, ValueError, "needs tokens"),
        ([[random_weights(1, 2, 2)]], {"tokens": ["a"]}, ValueError, "token"),
        ([pair_trace()], {"tokens": WORDS}, TypeError, "tokens of its own"),
        ([pair_trace()], {"colour": 1}, TypeError, "'colour'; it takes .*hide_first.*view"),
    ],
)
def test_wrong_arguments_say_what_to_do(arguments, keywords, error, message):
    with pytest.raises(error, match=message):
        AttentionWidget(*arguments, **keywords)


def test_a_long_text_opens_as_text_and_all_else_with_lines():
    assert AttentionWidget(pair_trace()).view == "head"
    assert AttentionWidget(long_trace(256)).view == "head"
    widget = AttentionWidget(long_trace(257, causal=True))
    assert widget.view == "text"
    want = Frame.from_bytes(widget.snapshot).want
    assert (want["kind"], want["side"], want["index"]) == ("token", "query", 256)
    assert AttentionWidget(long_trace(257), "matrix").view == "matrix"
    patches = [f"r{place // 20} c{place % 20}" for place in range(300)]
    picture = AttentionWidget([random_weights(1, 300, 300)], tokens=patches)
    assert picture.view == "head"


def test_the_trait_of_an_older_notebook_stays_the_head_view():
    assert AttentionWidget.view.default_value == "head"


def test_the_first_stream_is_shown_unless_another_is_named():
    assert AttentionWidget(translation_trace()).stream == "encoder"
    assert AttentionWidget(translation_trace(), stream="cross", layer=-1).layer == 1


def test_explore_splits_its_keywords(monkeypatch):
    seen = {}

    def capture(model, text, text_pair=None, *, tokenizer=None, max_new_tokens=0):
        seen.update(model=model, text=text, pair=text_pair, new=max_new_tokens)
        return pair_trace()

    monkeypatch.setattr(sys.modules["attnwidget.explore"], "capture", capture)
    widget = explore("name", "one", "two", max_new_tokens=3, layer=-1, theme="dark")
    assert seen == {"model": "name", "text": "one", "pair": "two", "new": 3}
    assert (widget.layer, widget.theme) == (1, "dark")
    with pytest.raises(TypeError, match=r"'colour'.*max_new_tokens.*hide_special"):
        explore("name", "one", colour=3)


def test_plain_text_and_repr_say_what_it_is():
    widget = AttentionWidget(Trace(pair_trace().stacks, "MiniLM"), layer=1)
    text = widget._repr_mimebundle_()[0]["text/plain"]
    assert text.startswith("AttentionWidget of MiniLM.")
    assert "Run the cell again" in text
    assert "application/vnd.jupyter.widget-view+json" in widget._repr_mimebundle_()[0]
    assert repr(widget) == "AttentionWidget('MiniLM', view='head', stream='self', layer=1)"


def test_closing_frees_the_trace_and_says_so():
    trace = long_trace(40)
    reference = weakref.ref(trace)
    widget = AttentionWidget(trace)
    comm = connect(widget)
    widget.layer = 0
    del trace
    widget.close()
    gc.collect()
    assert reference() is None
    assert comm.closed
    assert repr(widget) == "AttentionWidget(closed)"
    assert widget.snapshot is None
    with pytest.raises(ValueError, match="was closed"):
        widget.scores()
    widget.close()


def test_a_missing_build_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with pytest.raises(ImportError, match="npm ci && npm run build"):
        assets.asset("widget.js")


def test_tokens_may_be_the_second_argument():
    weights = torch.full((2, 4, 3, 3), 1 / 3)
    for tokens in (["a", "b", "c"], ("a", "b", "c")):
        widget = AttentionWidget(weights, tokens)
        assert widget.trace.tokens == ["a", "b", "c"]
        assert widget.view == "head"


def test_notes_on_the_input_are_said():
    trace = replace(Trace.from_attentions(torch.ones(1, 1, 1, 1), ["a"]), notes=("cut",))
    assert AttentionWidget(trace).about["notes"] == ["cut"]
