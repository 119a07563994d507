"""Cuts as data, cuts that are refused, and a model that comes back as it was."""

import copy
import pickle

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.architectures import FALLBACK
from tests.capture.eager_gradients import varied
from tests.capture.test_restoration import ALL, mixed, state
from tests.methods.models import inputs, model


class StopError(Exception):
    pass


@pytest.fixture(scope="module")
def trace() -> aw.Trace:
    return capture(model("llama"), inputs("llama"))


@pytest.mark.parametrize(
    "cut",
    [
        aw.Cut(),
        aw.Cut(1),
        aw.Cut([0, -1], slice(1, None, 2), mode="mean"),
        aw.Cut(np.array([1, 2]), torch.tensor(3), (4, 5), range(3), stream="cross", mode="zero"),
    ],
)
def test_a_cut_is_plain_data(cut):
    assert aw.Cut.from_json(cut.to_json()) == cut
    assert pickle.loads(pickle.dumps(cut)) == cut
    assert len({cut, aw.Cut.from_json(cut.to_json())}) == 1
    assert eval(repr(cut), {"Cut": aw.Cut}) == cut


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"mode": "drop"}, "mode must be one of renormalise, zero, mean"),
        ({"heads": 1.5}, "heads must be a whole number"),
        ({"layers": True}, "layers must be a whole number"),
        ({"keys": "3"}, "keys must be a whole number"),
        ({"keys": []}, r"keys=\[\] chooses none"),
        ({"stream": 3}, "stream must be a name"),
        ({"mode": "mean", "keys": 3}, "whole heads, so queries and keys must be None"),
        ({"mode": "mean", "queries": 3}, "whole heads, so queries and keys must be None"),
    ],
)
def test_what_is_no_cut(given, message):
    with pytest.raises(ValueError, match=message):
        aw.Cut(**given)


@pytest.mark.parametrize(
    ("cuts", "error", "message"),
    [
        ([], ValueError, "cuts is empty"),
        (3, ValueError, "cuts must be a Cut, a mapping"),
        ({"layer": 3}, ValueError, "A cut has the fields"),
        (aw.Cut(3), IndexError, "layer 3 is out of range: there are 3 layers"),
        (aw.Cut(0, -5), IndexError, "head -5 is out of range"),
        (aw.Cut(0, 0, 12), IndexError, "query 12 is out of range"),
        (aw.Cut(keys=12), IndexError, "key 12 is out of range"),
        (aw.Cut(keys=slice(12, None)), ValueError, "chooses none of 12"),
        (aw.Cut(0, 1), ValueError, r'takes all 12 keys.*mode="zero"'),
        (aw.Cut(0, 1, keys=range(12)), ValueError, r'takes all 12 keys.*mode="zero"'),
        (aw.Cut(queries=2, keys=5), ValueError, "takes nothing away"),
        (aw.Cut(keys=1, stream="cross"), ValueError, "stream must be one of self"),
        (
            [aw.Cut(0, keys=range(6)), aw.Cut(0, keys=range(6, 12))],
            ValueError,
            "take every key of a query together",
        ),
    ],
)
def test_what_cannot_be_cut(trace, cuts, error, message):
    with pytest.raises(error, match=message):
        aw.knockout(trace, cuts)


def test_the_advice_works(trace):
    assert aw.knockout(trace, aw.Cut(0, 1, mode="zero")).change
    assert aw.knockout(trace, aw.Cut(queries=5, keys=2)).change
    assert aw.knockout_effects(trace, "edge", query=0).shape == (3, 4, 12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "token"}, "by must be one of key, head, edge"),
        ({"stream": "cross"}, "stream must be one of self"),
        ({"layers": []}, "chooses none of 3"),
        ({"exact": True, "progress": 3}, "progress must be True"),
    ],
)
def test_effects_that_are_refused(trace, options, message):
    with pytest.raises(ValueError, match=message):
        aw.knockout_effects(trace, **options)


def test_an_edge_needs_a_query():
    bert = capture(model("bert"), inputs("bert"))
    with pytest.raises(ValueError, match="Pass query="):
        aw.knockout_effects(bert, "edge")
    assert aw.knockout_effects(bert, "edge", query=0).shape == (3, 4, 12)
    t5 = capture(model("t5"), inputs("t5"))
    with pytest.raises(ValueError, match="are those of 'decoder'"):
        aw.knockout_effects(t5, "edge", stream="encoder")
    assert aw.knockout_effects(t5, "edge").shape == (2, 4, 7)
    assert aw.knockout_effects(t5, "edge", stream="cross").shape == (2, 4, 12)


@pytest.mark.parametrize("architecture", FALLBACK, ids=lambda each: each.name)
def test_models_whose_attention_is_only_read(architecture):
    trace = capture(varied(architecture.model()), architecture.inputs(), target=("hidden", 3))
    with pytest.raises(ValueError, match=r"cannot be cut: only the weights that it returns"):
        aw.knockout(trace, aw.Cut(keys=1))
    with pytest.raises(ValueError, match="cannot be cut"):
        aw.knockout_effects(trace, exact=True)
    assert bool(aw.knockout_effects(trace).any())
    assert bool(aw.counterfactual(trace, replacements=[7], progress=False).any())


@pytest.mark.parametrize(
    "call",
    [
        lambda trace: aw.knockout(trace, aw.Cut(keys=1)),
        lambda trace: aw.knockout_effects(trace, exact=True),
        lambda trace: aw.counterfactual(trace),
        lambda trace: aw.runs_of(trace, "counterfactual"),
    ],
)
def test_without_a_model(trace, call):
    arrays = aw.Trace.from_attentions(torch.full((2, 3, 4, 4), 0.25), list("abcd"))
    for each in (arrays, pickle.loads(pickle.dumps(trace))):
        with pytest.raises(ValueError, match=r"attnwidget\.capture"):
            call(each)
    with pytest.raises(ValueError, match="takes a Trace"):
        call([[1.0]])


def test_a_copy_keeps_its_model(trace):
    assert aw.knockout(copy.deepcopy(trace), aw.Cut(keys=1)).change


def test_the_mean_has_no_trace(trace):
    found = aw.knockout(trace, aw.Cut(0, 1, mode="mean"))
    with pytest.raises(ValueError, match=r'no attention weights describe.*mode="zero"'):
        _ = found.trace


@pytest.mark.parametrize("name", ["llama", "gpt_oss", "t5", "bert"])
@pytest.mark.parametrize("fails", [False, True])
def test_the_model_comes_back_as_it_was(name, fails):
    plain = mixed(ALL[name])
    trace = capture(plain, ALL[name].inputs())
    before = state(plain)

    def stop(_):
        raise StopError

    def run() -> None:
        aw.knockout(trace, aw.Cut(keys=1), target=stop if fails else None)

    def effects() -> None:
        aw.knockout_effects(trace, exact=True, progress=(lambda *_: stop(_)) if fails else False)

    def counterfactual() -> None:
        progress = (lambda done, _: done and stop(done)) if fails else False
        aw.counterfactual(trace, replacements=[5], progress=progress)

    for call in (run, effects, counterfactual):
        if fails:
            with pytest.raises(StopError):
                call()
        else:
            call()
        assert state(plain) == before
