import inspect
from dataclasses import fields

import numpy as np
import pytest
import torch
from traitlets import TraitError

from attnwidget import AttentionWidget, Trace
from attnwidget.shared import TRAIT_DEFAULTS
from attnwidget.views import State
from attnwidget.widget.keywords import KEYWORDS, TraitKeywords
from attnwidget.widget.selection import Selection
from tests.frames.traces import pair_trace, translation_trace
from tests.trace.layers import layer, stream

PIN = {"side": "key", "index": 2}

TAKEN = [
    ("view", "model", "model"),
    ("layer", -1, 1),
    ("layer", np.int64(1), 1),
    ("layer", torch.tensor(1), 1),
    ("heads", 2, [2]),
    ("heads", -1, [2]),
    ("heads", (2, 0), [2, 0]),
    ("heads", range(3), [0, 1, 2]),
    ("heads", np.array([1, 2]), [1, 2]),
    ("heads", torch.tensor([1]), [1]),
    ("fusion", "max", "max"),
    ("tokens_selected", [PIN, dict(PIN)], [PIN]),
    ("tokens_selected", [{"side": "query", "index": -1}], [{"side": "query", "index": 7}]),
    ("view", "matrix", "matrix"),
    ("view", "trace", "trace"),
    ("discard_ratio", 0.9, 0.9),
    ("discard_ratio", np.float64(0), 0.0),
    ("matrix_mode", "difference", "difference"),
    ("compare_with", {"layer": -1}, {"layer": 1, "head": None, "method": None}),
    (
        "compare_with",
        {"head": np.int64(-1), "method": "attention"},
        {"layer": None, "head": 2, "method": "attention"},
    ),
    ("colormap", "blues", "blues"),
    ("scale", "unit", "unit"),
    ("trace_node", {"level": -1, "index": -1}, {"level": 2, "index": 7}),
    ("trace_via", {"level": 0, "index": np.int64(3)}, {"level": 0, "index": 3}),
    ("hide_special", True, True),
    ("hide_first", True, True),
    ("pair_filter", "ab", "ab"),
    ("coverage", 1, 1.0),
    ("coverage", np.float32(0.5), 0.5),
    ("thumbnails", "matrix", "matrix"),
    ("head_colors", "weight", "weight"),
    ("receptive_field", True, True),
    ("skip_first", True, True),
    ("theme", "dark", "dark"),
]

REFUSED = [
    ("view", "table", "head.*model.*neuron.*matrix.*trace.*table"),
    ("view", None, "head"),
    ("view", "neuron", "holds attention weights only"),
    ("stream", "cross", "one of self, but 'cross'"),
    ("stream", None, "stream"),
    ("layer", 2, "there are 2 layers"),
    ("layer", -3, "there are 2 layers"),
    ("layer", 1.0, "whole number, but 1.0"),
    ("layer", True, "whole number, but True"),
    ("layer", "1", "whole number, but '1'"),
    ("layer", None, "whole number, but None"),
    ("layer", np.arange(2), "whole number"),
    ("heads", [], "at least one entry"),
    ("heads", [3], "there are 3 heads"),
    ("heads", [0, 0], "twice"),
    ("heads", [0, -3], "twice"),
    ("heads", [0.5], "whole numbers"),
    ("heads", "12", "whole numbers"),
    ("heads", {0: 1}, "whole numbers"),
    ("heads", [None], "whole numbers"),
    ("method", "rollup", "attention.*rollup"),
    ("fusion", "sum", "mean.*sum"),
    ("discard_ratio", 1, "from 0 to below 1, but 1"),
    ("discard_ratio", float("nan"), "from 0 to below 1"),
    ("discard_ratio", "0.5", "from 0 to below 1"),
    ("discard_ratio", None, "from 0 to below 1"),
    ("target", "cat", "target must be None"),
    ("target", len, "target"),
    ("target", {"kind": "logit", "where": 2}, "target must be None"),
    ("target", ("logit", 1, 2), "made from arrays"),
    ("matrix_mode", "both", "single.*both"),
    ("compare_with", 3, "None or a dict"),
    ("compare_with", {"stream": "self"}, "None or a dict"),
    ("compare_with", {"layer": 2}, "there are 2 layers"),
    ("compare_with", {"head": 3}, "there are 3 heads"),
    ("compare_with", {"head": 0.5}, "None or a dict"),
    ("compare_with", {"method": "rollup"}, "attention.*rollup"),
    ("compare_with", {"method": 3}, "None or a dict"),
    ("colormap", "jet", "viridis.*jet"),
    ("scale", "log", "fitted.*log"),
    ("trace_node", 3, "None or"),
    ("trace_node", {"level": 1}, "None or"),
    ("trace_node", {"level": 3, "index": 0}, "there are 3 levels"),
    ("trace_node", {"level": 0, "index": 8}, "index 8 is out of range"),
    ("trace_via", {"level": "0", "index": 0}, "None or"),
    ("tokens_selected", PIN, "must be a list"),
    ("tokens_selected", [{"side": "left", "index": 0}], '"query" or "key"'),
    ("tokens_selected", [{"side": "key"}], "index"),
    ("tokens_selected", [{"side": "key", "index": 8}], "there are 8 keys"),
    ("tokens_selected", [{"side": "query", "index": "0"}], "int"),
    ("hide_special", "yes", "bool"),
    ("hide_first", None, "bool"),
    ("pair_filter", "ac", "aa.*ac"),
    ("coverage", 0, "above 0 and up to 1, but 0"),
    ("coverage", 1.01, "up to 1"),
    ("coverage", float("nan"), "up to 1"),
    ("coverage", "0.5", "up to 1"),
    ("coverage", None, "up to 1"),
    ("thumbnails", "dots", "lines"),
    ("head_colors", "size", "importance.*size"),
    ("receptive_field", "yes", "bool"),
    ("skip_first", None, "bool"),
    ("head_colors", "effect", "made from arrays"),
    ("theme", "blue", "dark"),
    ("about", {}, "read-only"),
    ("snapshot", b"", "read-only"),
]

SELECTION = sorted({name for name, *_ in REFUSED} - {"about", "snapshot"})


@pytest.fixture
def widget():
    made = AttentionWidget(pair_trace(), layer=1, heads=[1], theme="light", coverage=0.6)
    yield made
    made.close()


def test_a_widget_starts_with_the_shared_defaults():
    widget = AttentionWidget(pair_trace())
    synced = {name for name in widget.traits(sync=True) if not name.startswith("_")}
    selection = synced & set(Selection.class_own_traits()) - {"stream"}
    assert {name: getattr(widget, name) for name in selection} == TRAIT_DEFAULTS


def assign_together(widget, **values):
    with widget.hold_trait_notifications():
        for name, value in values.items():
            setattr(widget, name, value)


def state(widget):
    return {name: getattr(widget, name) for name in SELECTION}


@pytest.mark.parametrize(("name", "value", "stored"), TAKEN)
def test_values_are_taken_and_normalised(widget, name, value, stored):
    setattr(widget, name, value)
    assert getattr(widget, name) == stored
    assert type(getattr(widget, name)) is type(stored)


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_nonsense_is_refused_and_changes_nothing(widget, name, value, message):
    before = state(widget)
    with pytest.raises(TraitError, match=message):
        setattr(widget, name, value)
    assert state(widget) == before


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_one_refused_value_undoes_all_that_are_held(widget, name, value, message):
    before, seen = state(widget), []
    widget.observe(seen.append)
    others = {"theme": "dark", "layer": 0, "fusion": "min"}
    for values in (others | {name: value}, {name: value} | others | {name: value}):
        with pytest.raises(TraitError, match=message):
            assign_together(widget, **values)
    assert state(widget) == before
    assert not seen


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_nonsense_is_refused_by_the_constructor(name, value, message):
    if name in ("about", "snapshot"):
        with pytest.raises(TypeError, match="does not know"):
            AttentionWidget(pair_trace(), **{name: value})
    elif (name, value) not in (("stream", None), ("view", None)):  # the constructor chooses
        with pytest.raises(TraitError, match=message):
            AttentionWidget(pair_trace(), **{name: value})


def test_a_held_stream_is_what_held_values_are_checked_against():
    widget = AttentionWidget(translation_trace())
    assign_together(widget, layer=-1, heads=[-1], stream="cross")
    assert (widget.layer, widget.heads) == (1, [1])
    with pytest.raises(TraitError, match="2 layers"):
        assign_together(widget, stream="decoder", layer=2)
    with pytest.raises(TraitError, match="encoder, decoder, cross, but 'self'"):
        assign_together(widget, layer=0, stream="self")
    assert widget.stream == "cross"


def test_another_stream_clamps_what_it_lacks_before_anyone_sees():
    pins = [{"side": "query", "index": 5}, {"side": "key", "index": 5}]
    widget = AttentionWidget(translation_trace(), layer=2, heads=[3, 0], tokens_selected=pins)
    seen = []

    def look(_change):
        seen.append((widget.stream, widget.layer, widget.heads, widget.tokens_selected))

    widget.observe(look)
    widget.stream = "cross"
    assert set(map(repr, seen)) == {repr(("cross", 1, [0], pins[1:]))}
    widget.stream = "decoder"
    assert widget.tokens_selected == []


def test_heads_that_a_stream_lacks_fall_back_to_all():
    widget = AttentionWidget(translation_trace(), heads=[3])
    widget.stream = "decoder"
    assert widget.heads is None


def test_a_stream_without_projections_leaves_the_neuron_view():
    arrays = translation_trace()
    trace = Trace((stream(layer()), arrays["cross"]))
    widget = AttentionWidget(trace, view="neuron")
    widget.stream = "cross"
    assert widget.view == "head"
    with pytest.raises(TraitError, match="'cross' holds attention weights only"):
        widget.view = "neuron"


def test_pair_filters_need_a_pair():
    widget = AttentionWidget(translation_trace())
    with pytest.raises(TraitError, match="needs a pair of texts"):
        widget.pair_filter = "ab"
    trace = Trace((*pair_trace().stacks, translation_trace()["cross"]))
    widget = AttentionWidget(trace, pair_filter="ab")
    widget.stream = "cross"
    assert widget.pair_filter == "all"


def test_pins_of_two_widgets_are_apart():
    first, second = AttentionWidget(pair_trace()), AttentionWidget(pair_trace())
    first.tokens_selected = [PIN]
    assert second.tokens_selected == []


def test_the_state_holds_every_trait_of_the_selection():
    assert {field.name for field in fields(State)} == set(Selection.class_trait_names(sync=True))


def test_the_defaults_of_the_constructor_are_those_of_the_traits():
    parameters = inspect.signature(AttentionWidget.__init__).parameters
    for name in ("layer", "heads", "method", "fusion"):
        assert parameters[name].default == TRAIT_DEFAULTS[name]
    assert AttentionWidget(pair_trace()).view == TRAIT_DEFAULTS["view"]


def test_every_keyword_has_a_type():
    named = [*inspect.signature(AttentionWidget.__init__).parameters][2:-1]
    assert {*named, *TraitKeywords.__annotations__} == set(KEYWORDS)
